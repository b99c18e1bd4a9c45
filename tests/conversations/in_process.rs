//! Our own server without sockets: each connection is a stream in memory, with the embedded database behind it.

use std::fmt::Write;
use std::future::ready;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use boltwright::backend::embedded::Embedded;
use boltwright::conform::player::{self, Connection, Received};
use boltwright::conform::profile::Profile;
use boltwright::conform::transcript::{Data, Transcript};
use boltwright::generated::ErrorCode;
use boltwright::server::auth::{Authenticator, Verdict};
use boltwright::server::{Service, Settings};
use boltwright::session::{Credentials, Identity};
use boltwright::wire::Failure;
use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::Runtime;
use tokio::time::timeout;

const USER: &str = "conversation";
const PASSWORD: &str = "correct";

/// Only one user, and a password that can be wrong.
struct OneUser;

impl Authenticator for OneUser {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'_>) -> Verdict<'a> {
        let right = credentials.scheme() == Some("basic")
            && credentials.principal() == Some(USER)
            && credentials.secret() == Some(PASSWORD.as_bytes());
        let identity = Identity { user: USER.to_owned(), credentials_expired: false };
        Box::pin(ready(if right { Ok(identity) } else { Err(Failure::new(ErrorCode::SecurityUnauthorized, "no")) }))
    }
}

/// Bytes that a stream in memory holds before its writer waits.
const BUFFER: usize = 64 << 10;

/// The server, on threads of its own.
#[derive(Clone)]
struct InProcess {
    runtime: Arc<Runtime>,
    service: Arc<Service<Embedded>>,
}

impl player::Server for InProcess {
    type Connection = InMemory;

    fn connect(&mut self) -> io::Result<InMemory> {
        let (ours, theirs) = tokio::io::duplex(BUFFER);
        let service = Arc::clone(&self.service);
        self.runtime.spawn(async move { service.serve(theirs).await });
        Ok(InMemory { runtime: Arc::clone(&self.runtime), stream: ours })
    }

    fn credentials(&self) -> Vec<(String, Data)> {
        let text = |key: &str, value: &str| (key.to_owned(), Data::String(value.to_owned()));
        vec![text("scheme", "basic"), text("principal", USER), text("credentials", PASSWORD)]
    }

    fn silence(&self) -> Duration {
        Duration::from_millis(50)
    }
}

struct InMemory {
    runtime: Arc<Runtime>,
    stream: DuplexStream,
}

impl Connection for InMemory {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let all = async { timeout(Duration::from_secs(5), self.stream.write_all(bytes)).await? };
        self.runtime.block_on(all)
    }

    fn receive(&mut self, input: &mut BytesMut, patience: Duration) -> io::Result<Received> {
        let read = async { timeout(patience, self.stream.read_buf(input)).await };
        match self.runtime.block_on(read) {
            Ok(Ok(0)) => Ok(Received::Closed),
            Ok(Ok(_)) => Ok(Received::Bytes),
            Ok(Err(error)) => Err(error),
            Err(_) => Ok(Received::Nothing),
        }
    }
}

/// Plays every conversation in each of its versions, and gives what went otherwise as a text.
pub(crate) fn play_all(conversations: &[(String, Transcript)]) -> (usize, String) {
    let runtime = Arc::new(Runtime::new().unwrap());
    let service = Service::new(
        Embedded::in_memory().unwrap().with_abandoned_limit(PLAYERS),
        OneUser,
        Settings::default(),
        "localhost:7687".to_owned(),
    );
    let server = InProcess { runtime, service: Arc::new(service) };
    let profile = Profile::load(include_str!("../../bolt/backend/embedded/profile.yaml")).unwrap();
    let cases: Vec<_> = conversations
        .iter()
        .flat_map(|(name, transcript)| transcript.versions.iter().map(move |version| (name, transcript, version)))
        .filter(|(_, transcript, version)| profile.hinders(transcript, *version).is_none())
        .collect();
    let (next, report) = (AtomicUsize::new(0), Mutex::new(String::new()));
    thread::scope(|scope| {
        for _ in 0..PLAYERS {
            let mut server = server.clone();
            let (cases, next, report) = (&cases, &next, &report);
            scope.spawn(move || {
                while let Some((name, transcript, version)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = format!("{name} at {version}");
                    if let Err(deviation) = player::play(transcript, *version, &run, &mut server) {
                        writeln!(report.lock().unwrap(), "{name}.script, {deviation}\n").unwrap();
                    }
                }
            });
        }
    });
    (cases.len(), report.into_inner().unwrap())
}

/// How many conversations are played at once: most of their time they wait.
const PLAYERS: usize = 24;
