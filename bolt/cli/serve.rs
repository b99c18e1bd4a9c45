//! `boltwright serve`: the server.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use boltwright::backend::Backend;
use boltwright::backend::embedded::Embedded;
use boltwright::generated::Version;
use boltwright::server::auth::{Authenticator, Basic, Open};
use boltwright::server::{Server, Settings};
use clap::Args;
use tracing_subscriber::EnvFilter;

use super::error::CliError;

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// The address to listen on; port 0 takes one that is free
    #[arg(long, value_name = "HOST:PORT", env = "BOLTWRIGHT_LISTEN", default_value = "127.0.0.1:7687")]
    listen: String,

    /// The directory that the database is kept in
    #[arg(long, value_name = "DIR", env = "BOLTWRIGHT_DATA", default_value = "data")]
    data: PathBuf,

    /// Keep the database in memory; it is gone when the server ends
    #[arg(long, env = "BOLTWRIGHT_MEMORY", conflicts_with = "data")]
    memory: bool,

    /// The users who may come in, as 'boltwright user' writes them
    ///
    /// Without it everybody may, but only from this machine.
    #[arg(long, value_name = "FILE", env = "BOLTWRIGHT_USERS")]
    users: Option<PathBuf>,

    /// What the server calls itself to drivers
    #[arg(long, value_name = "NAME/VERSION", env = "BOLTWRIGHT_AGENT", default_value = "Neo4j/5.26.0")]
    agent: String,

    /// The address that clients are told, where it is not the one listened on
    #[arg(long, value_name = "HOST:PORT", env = "BOLTWRIGHT_ADVERTISE")]
    advertise: Option<String>,

    /// What to log: error, warn, info, debug, trace, or directives
    #[arg(long, value_name = "LEVEL", env = "BOLTWRIGHT_LOG", default_value = "info")]
    log: String,

    /// The versions of Bolt to speak: one, or the oldest and the newest
    #[arg(long, value_name = "V|V-V", env = "BOLTWRIGHT_BOLT", value_parser = versions)]
    bolt: Option<Versions>,

    /// Seconds that a transaction may take whose client says nothing about it; 0 is without end
    #[arg(long, value_name = "SECONDS", env = "BOLTWRIGHT_TRANSACTION_TIMEOUT", default_value_t = 600)]
    transaction_timeout: u64,

    /// How many connections there may be at once
    #[arg(long, value_name = "NUMBER", env = "BOLTWRIGHT_CONNECTIONS", default_value_t = 1000)]
    connections: usize,
}

/// Versions of Bolt, oldest first.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Versions(Vec<Version>);

fn versions(text: &str) -> Result<Versions, String> {
    let version = |text: &str| text.trim().parse::<Version>().map_err(|error| error.to_string());
    let (oldest, newest) = match text.split_once('-') {
        Some((oldest, newest)) => (version(oldest)?, version(newest)?),
        None => (version(text)?, version(text)?),
    };
    let versions: Vec<_> = Version::ALL.iter().copied().filter(|version| (oldest..=newest).contains(version)).collect();
    if versions.is_empty() { Err(format!("{oldest} is newer than {newest}; the oldest comes first")) } else { Ok(Versions(versions)) }
}

impl Serve {
    pub(crate) fn run(self) -> Result<(), CliError> {
        let filter = EnvFilter::try_new(&self.log).map_err(|error| CliError::Log { given: self.log.clone(), reason: error.to_string() })?;
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(io::stderr().is_terminal()).init();

        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::Runtime)?;
        let served = runtime.block_on(async {
            let (backend, place) = self.backend()?;
            match &self.users {
                Some(users) => {
                    let note = format!("{place}, users in {}", users.display());
                    self.serve(backend, Basic::new(users)?, &note).await
                }
                None => self.serve(backend, Open, &format!("{place}, no authentication, this machine only")).await,
            }
        });
        // A statement that cannot be stopped is not waited for.
        runtime.shutdown_timeout(Duration::from_secs(1));
        served
    }

    /// The database, and a word about where it is.
    fn backend(&self) -> Result<(Embedded, String), CliError> {
        let (opened, place) = if self.memory {
            (Embedded::in_memory(), "in memory".to_owned())
        } else {
            (Embedded::open(&self.data), format!("data in {}", self.data.display()))
        };
        let backend = opened.map_err(|source| CliError::Data { path: self.data.clone(), source: source.into() })?;
        Ok((backend.with_timeout(self.transaction_timeout()), place))
    }

    fn transaction_timeout(&self) -> Option<Duration> {
        Some(self.transaction_timeout).filter(|seconds| *seconds > 0).map(Duration::from_secs)
    }

    async fn serve(&self, backend: impl Backend, authenticator: impl Authenticator, note: &str) -> Result<(), CliError> {
        let server = Server::bind(&self.listen, backend, authenticator, self.settings()).await?;
        let stop = asked_to_stop().map_err(CliError::Runtime)?;
        writeln!(io::stdout(), "Bolt: listening on bolt://{} ({note})", server.local_address())?;
        io::stdout().flush()?;
        server.run(stop).await;
        tracing::info!("stopped");
        Ok(())
    }

    fn settings(&self) -> Settings {
        let defaults = Settings::default();
        Settings {
            agent: self.agent.clone(),
            advertise: self.advertise.clone(),
            versions: self.bolt.clone().map_or(defaults.versions, |Versions(versions)| versions),
            transaction_timeout: self.transaction_timeout(),
            connections: self.connections,
            ..defaults
        }
    }
}

/// Waits for Ctrl-C, or for whatever else asks a process to end. It listens for that from now on, not only once it is awaited.
#[cfg(unix)]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        tracing::info!("stopping: no new connections, open transactions are rolled back");
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        tracing::info!("stopping: no new connections, open transactions are rolled back");
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_versions_has_all_between_its_ends() {
        let Versions(all) = versions("5.4-5.7").unwrap();
        assert_eq!(all.iter().map(Version::to_string).collect::<Vec<_>>(), ["5.4", "5.6", "5.7"]);
        assert_eq!(versions("3").unwrap().0.len(), 1);
        assert!(versions("5.5").is_err());
        assert!(versions("5.1-4.4").is_err());
    }
}
