//! What can be set about a server.

use std::time::Duration;

use crate::generated::Version;
use crate::wire::chunk;

/// What can be set about a server; the defaults are those of the command.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the server calls itself: drivers want `Neo4j/` and a dotted version, and compare it whole.
    pub agent: String,
    /// The address that clients are told, `host:port`; none is the one it listens on.
    pub advertise: Option<String>,
    /// The versions it speaks.
    pub versions: Vec<Version>,
    /// How long a client may take from the connect to the end of authentication.
    pub authentication_timeout: Duration,
    /// How long a transaction may take whose client says nothing about it; none is without end.
    pub transaction_timeout: Option<Duration>,
    /// How often a busy connection says that it is alive.
    pub keep_alive: Duration,
    /// How many connections there may be at once.
    pub connections: usize,
    /// The most that a message may hold once the client is authenticated, in bytes.
    pub message_limit: usize,
    /// Bytes of output that are collected before they are sent.
    pub output_mark: usize,
    /// How many results may be open at once in a transaction.
    pub open_results: usize,
    /// How long requests that are under way may take when the server stops.
    pub grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            agent: "Neo4j/5.26.0".to_owned(),
            advertise: None,
            versions: Version::ALL.to_vec(),
            authentication_timeout: Duration::from_secs(30),
            transaction_timeout: None,
            keep_alive: Duration::from_secs(60),
            connections: 1000,
            message_limit: chunk::LIMIT,
            output_mark: 64 << 10,
            open_results: 1000,
            grace: Duration::from_secs(10),
        }
    }
}
