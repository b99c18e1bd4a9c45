//! A run of the kit: finds out what a server speaks, and plays every case in every version, several at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::case::Case;
use super::outcome::{Outcome, Run, Verdict};
use super::player::{Agreement, Setting, Target, play};
use super::profile::Profile;
use super::transcript::{Area, Data, Need, ParseError};
use crate::client::{ClientError, Connection, Login};
use crate::generated::{Value, Version};

/// What a run is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address that the report names.
    pub address: String,
    /// The user and the password; without them the server is taken to let everybody in.
    pub user: Option<(String, String)>,
    /// The versions to try; absent is every one that the server accepts.
    pub versions: Option<Vec<Version>>,
    /// The queries as the server wants them.
    pub profile: Profile,
    /// How many cases are played at once.
    pub connections: usize,
    /// How long to wait for an answer.
    pub patience: Duration,
    /// How long nothing has to come to be silence.
    pub silence: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: "localhost:7687".to_owned(),
            user: None,
            versions: None,
            profile: Profile::default(),
            connections: 8,
            patience: Duration::from_secs(10),
            silence: Duration::from_millis(200),
        }
    }
}

/// How far a run is.
#[derive(Clone, Debug)]
pub enum Progress {
    /// The server was looked at: what it speaks, and how many cases there are.
    Found {
        /// What it calls itself.
        server: Option<String>,
        /// The versions that are tried.
        versions: Vec<Version>,
        /// The number of cases, over all versions.
        cases: usize,
    },
    /// A case was played.
    Played(Box<Outcome>),
}

/// Why there was nothing to be tried.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// Nobody is there.
    #[error("cannot connect to {address}: {source}; is the server running, and is this its address?")]
    Connect {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// Connections are taken, and no version is accepted.
    #[error("{address} accepts no version of Bolt, and at {version} said: {source}")]
    NoVersion {
        /// The address.
        address: String,
        /// The version that was tried last.
        version: Version,
        /// What became of it.
        source: ClientError,
    },
    /// The credentials are not taken.
    #[error("cannot log on at Bolt {version}: {source}; give the right --user and password, or none for a server without users")]
    LogOn {
        /// The version.
        version: Version,
        /// Why.
        source: ClientError,
    },
    /// Not one case has the name that was asked for.
    #[error("no case is of that name; --list shows them")]
    NoCase,
    /// The specification holds a conversation that cannot be read.
    #[error(transparent)]
    Case(#[from] ParseError),
}

/// Plays every case whose name is asked for against a server.
///
/// # Errors
/// When nothing could be tried: nobody is there, no version is accepted, the credentials are wrong, or no case is asked for.
pub async fn run<T: Target>(
    target: Arc<T>,
    options: &Options,
    asked_for: impl Fn(&str) -> bool,
    mut progress: impl FnMut(&Progress),
) -> Result<Run, RunError> {
    let accepted = accepted(&*target, options).await?;
    let server = greet(&*target, options, &accepted).await?;
    let mut plays = Vec::new();
    for (version, agreement) in &accepted {
        for case in Case::named(*version, &asked_for)? {
            plays.push(Play { case, version: *version, agreement: *agreement });
        }
    }
    if plays.is_empty() {
        return Err(RunError::NoCase);
    }
    let versions: Vec<_> = accepted.iter().map(|(version, _)| *version).collect();
    progress(&Progress::Found { server: server.clone(), versions: versions.clone(), cases: plays.len() });

    let mut outcomes = Vec::with_capacity(plays.len());
    let shared = Arc::new(Shared {
        target,
        setting: setting(options),
        open: options.user.is_none(),
        plays,
        next: AtomicUsize::new(0),
        silent: Silent::default(),
    });
    let (sender, mut played) = mpsc::channel(options.connections.max(1));
    let mut players = JoinSet::new();
    for _ in 0..options.connections.max(1) {
        players.spawn(player(Arc::clone(&shared), sender.clone()));
    }
    drop(sender);
    while let Some((index, outcome)) = played.recv().await {
        let played = Progress::Played(Box::new(outcome));
        progress(&played);
        if let Progress::Played(outcome) = played {
            outcomes.push((index, *outcome));
        }
    }
    outcomes.sort_by_key(|(index, _)| *index);
    let mut outcomes: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    let place = |outcome: &Outcome| Area::named(&outcome.area);
    outcomes.sort_by(|one, other| (place(one), &one.name, one.version).cmp(&(place(other), &other.name, other.version)));
    Ok(Run { address: options.address.clone(), server, versions, outcomes })
}

/// One case in one version.
#[derive(Debug)]
struct Play {
    case: Case,
    version: Version,
    agreement: Agreement,
}

/// What the players have in common.
struct Shared<T> {
    target: Arc<T>,
    setting: Setting,
    /// Nobody has to log on, so that wrong credentials are right.
    open: bool,
    plays: Vec<Play>,
    next: AtomicUsize,
    silent: Silent,
}

async fn player<T: Target>(shared: Arc<Shared<T>>, played: mpsc::Sender<(usize, Outcome)>) {
    loop {
        let index = shared.next.fetch_add(1, Ordering::Relaxed);
        let Some(this) = shared.plays.get(index) else { return };
        let verdict = verdict(&shared, this).await;
        let transcript = &this.case.transcript;
        let outcome = Outcome {
            name: this.case.name.clone(),
            area: transcript.area.name().to_owned(),
            title: transcript.title.clone(),
            version: this.version,
            source: transcript.source,
            why: transcript.why.clone(),
            verdict,
        };
        if played.send((index, outcome)).await.is_err() {
            return;
        }
    }
}

async fn verdict<T: Target>(shared: &Shared<T>, this: &Play) -> Verdict {
    let transcript = &this.case.transcript;
    if shared.open && transcript.needs.contains(&Need::Authentication) {
        return Verdict::NotRun("it needs a server with users, and no user was given".to_owned());
    }
    let Some(patience) = shared.silent.patience(shared.setting.patience) else {
        return Verdict::NotRun(format!("the server was silent {SILENT_MOST} times where an answer was due, and was given up"));
    };
    let setting = Setting { patience, ..shared.setting.clone() };
    let run = format!("{} at {}", this.case.name, this.version);
    let verdict = play(&*shared.target, &setting, transcript, this.version, this.agreement, &run).await;
    if matches!(&verdict, Verdict::Deviated(deviation) if deviation.got.is_silence()) {
        shared.silent.count();
    }
    verdict
}

/// How often the server was silent where an answer was due: whoever never answers must not hold a run up for hours.
#[derive(Debug, Default)]
struct Silent(AtomicUsize);

/// From here on a server is waited for less long.
const SILENT_OFTEN: usize = 25;

/// From here on a server is not asked any more.
const SILENT_MOST: usize = 500;

/// The least that a server is waited for.
const PATIENCE_LEAST: Duration = Duration::from_secs(1);

impl Silent {
    fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How long to wait for an answer; nothing when it is not worth it.
    fn patience(&self, asked: Duration) -> Option<Duration> {
        match self.0.load(Ordering::Relaxed) {
            ..SILENT_OFTEN => Some(asked),
            SILENT_OFTEN..SILENT_MOST => Some(asked.min(PATIENCE_LEAST)),
            _ => None,
        }
    }
}

fn setting(options: &Options) -> Setting {
    let credentials = credentials(options).into_iter().map(|(key, value)| (key.to_owned(), Data::String(value.to_owned()))).collect();
    Setting { credentials, profile: options.profile.clone(), patience: options.patience, silence: options.silence }
}

/// The versions that the server accepts, and how: each alone, as old clients propose them, or else out of the manifest.
async fn accepted<T: Target>(target: &T, options: &Options) -> Result<Vec<(Version, Agreement)>, RunError> {
    let wanted = options.versions.as_deref().unwrap_or(Version::ALL);
    let (mut accepted, mut last) = (Vec::new(), None);
    for version in Version::ALL.iter().copied().filter(|version| wanted.contains(version)) {
        for agreement in [Agreement::Proposed, Agreement::Manifest] {
            match agree(target, options, version, agreement).await? {
                Ok(_) => {
                    accepted.push((version, agreement));
                    break;
                }
                // A server without manifests, or one that has none with this version in it.
                Err(source) => last = Some((version, source)),
            }
        }
    }
    match last {
        Some((version, source)) if accepted.is_empty() => Err(RunError::NoVersion { address: options.address.clone(), version, source }),
        _ => Ok(accepted),
    }
}

async fn agree<T: Target>(
    target: &T,
    options: &Options,
    version: Version,
    agreement: Agreement,
) -> Result<Result<Connection<T::Transport>, ClientError>, RunError> {
    let failed = |source| RunError::Connect { address: options.address.clone(), source };
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    let transport = timeout(options.patience, target.connect()).await.map_err(late).flatten().map_err(failed)?;
    let agreed = timeout(options.patience, Connection::agree(transport, agreement.handshake(version))).await;
    Ok(agreed.unwrap_or_else(|_| Err(ClientError::Closed { request: "the handshake" })))
}

/// Logs on once, to learn what the server calls itself, and that the credentials are right.
async fn greet<T: Target>(target: &T, options: &Options, accepted: &[(Version, Agreement)]) -> Result<Option<String>, RunError> {
    let mut refused = None;
    for (version, agreement) in accepted.iter().rev().copied() {
        let Ok(mut connection) = agree(target, options, version, agreement).await? else { continue };
        let auth = credentials(options).into_iter().map(|(key, value)| (key, Value::from(value))).collect();
        let login = Login { user_agent: "boltwright/conform", auth, routing: None };
        match timeout(options.patience, connection.log_on(&login)).await {
            Ok(Ok(hello)) => return Ok(Some(hello.server.into_owned())),
            Ok(Err(source @ ClientError::Failed { .. })) => refused = Some((version, source)),
            // Whatever else is wrong here, the cases tell.
            Ok(Err(_)) | Err(_) => {}
        }
    }
    refused.map_or(Ok(None), |(version, source)| Err(RunError::LogOn { version, source }))
}

/// What is sent to log on.
fn credentials(options: &Options) -> Vec<(&'static str, &str)> {
    match &options.user {
        None => vec![("scheme", "none")],
        Some((user, password)) => vec![("scheme", "basic"), ("principal", user), ("credentials", password)],
    }
}
