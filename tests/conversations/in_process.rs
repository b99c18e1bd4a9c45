//! Our own server without sockets: each connection is a stream in memory, with the embedded database behind it.

use std::fmt::Write;
use std::future::ready;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use boltwright::backend::embedded::Embedded;
use boltwright::conform::outcome::{Deviation, Verdict};
use boltwright::conform::player::Target;
use boltwright::conform::profile::Profile;
use boltwright::conform::run::{Options, run};
use boltwright::generated::ErrorCode;
use boltwright::server::auth::{Authenticator, Verdict as Identified};
use boltwright::server::{Service, Settings};
use boltwright::session::{Credentials, Identity};
use boltwright::wire::Failure;
use tokio::io::DuplexStream;

const USER: &str = "conversation";
const PASSWORD: &str = "correct";

/// Only one user, and a password that can be wrong.
struct OneUser;

impl Authenticator for OneUser {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'_>) -> Identified<'a> {
        let right = credentials.scheme() == Some("basic")
            && credentials.principal() == Some(USER)
            && credentials.secret() == Some(PASSWORD.as_bytes());
        let identity = Identity { user: USER.to_owned(), credentials_expired: false };
        Box::pin(ready(if right { Ok(identity) } else { Err(Failure::new(ErrorCode::SecurityUnauthorized, "no")) }))
    }
}

/// Bytes that a stream in memory holds before its writer waits.
const BUFFER: usize = 64 << 10;

/// The server.
struct InProcess(Arc<Service<Embedded>>);

impl Target for InProcess {
    type Transport = DuplexStream;

    async fn connect(&self) -> io::Result<DuplexStream> {
        let (ours, theirs) = tokio::io::duplex(BUFFER);
        let service = Arc::clone(&self.0);
        tokio::spawn(async move { service.serve(theirs).await });
        Ok(ours)
    }
}

/// Plays every case in each of its versions, and gives what went otherwise as a text.
pub(crate) async fn play_all() -> (usize, String) {
    let database = Embedded::in_memory().unwrap().with_abandoned_limit(PLAYERS);
    let service = Service::new(database, OneUser, Settings::default(), "localhost:7687".to_owned());
    let options = Options {
        user: Some((USER.to_owned(), PASSWORD.to_owned())),
        profile: Profile::load(include_str!("../../bolt/backend/embedded/profile.yaml")).unwrap(),
        connections: PLAYERS,
        silence: Duration::from_millis(50),
        ..Options::default()
    };
    let run = run(Arc::new(InProcess(Arc::new(service))), &options, |_| true, |_| {}).await.unwrap();
    let mut report = String::new();
    for outcome in &run.outcomes {
        match &outcome.verdict {
            Verdict::Passed => {}
            Verdict::Deviated(deviation) => {
                let Deviation { line, sent, expected, got, .. } = deviation;
                let sent: Vec<_> = sent.iter().map(|sent| sent.text.as_str()).collect();
                let (name, version, sent, got) = (&outcome.name, outcome.version, sent.join("\n  "), &got.text);
                writeln!(report, "{name} at {version}, line {line}:\n  {sent}\n  expected {expected}\n  got {got}\n").unwrap();
            }
            // What the embedded database cannot do is in its profile.
            Verdict::NotRun(reason) if reason.contains("profile") => {}
            Verdict::NotRun(reason) => writeln!(report, "{} at {}: not run, {reason}\n", outcome.name, outcome.version).unwrap(),
        }
    }
    (run.outcomes.len(), report)
}

/// How many conversations are played at once: most of their time they wait.
const PLAYERS: usize = 24;
