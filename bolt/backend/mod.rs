//! What a database implements to be served: [`Backend`] for the database, [`BackendSession`] for one transaction's worth of work.
//!
//! A backend never sees a version of the protocol: it takes and gives the newest vocabulary, and what a connection's version cannot
//! say is left out behind its back. `examples/minimal_backend.rs` is a complete one.

#[cfg(feature = "embedded")]
pub mod embedded;
mod rows;
mod summary;

use std::borrow::Cow;
use std::time::Duration;

pub use rows::{RowWriter, Tally};
pub use summary::{ResultKind, Summary, notification};

use crate::generated::{RoutingServers, RoutingTable, Status};
use crate::wire::Failure;
use crate::wire::packstream::Dictionary;

/// A database.
///
/// The methods return futures and are written as `async fn` in an implementation. Every future may be dropped before it is done:
/// then the client has reset the connection, has gone away, or its time has run out.
pub trait Backend: Send + Sync + 'static {
    /// One transaction's worth of work.
    type Session: BackendSession;

    /// Opens one transaction's worth of work for a user, a database and an access mode. [`BackendSession::begin`] follows.
    ///
    /// A user or a database that does not exist, or a user who may not, is a failure here.
    fn open(&self, access: Access<'_>) -> impl Future<Output = Result<Self::Session, Failure>> + Send;

    /// Says which servers write, read and route. What is there already answers for a server that stands alone.
    fn route(&self, request: Routing<'_>) -> impl Future<Output = Result<RoutingTable<'static>, Failure>> + Send {
        let table = alone(request.address);
        async move { Ok(table) }
    }
}

/// One transaction's worth of work: it begins, runs statements, and is committed, rolled back or cancelled.
///
/// Calls come one at a time. After a failure of any of them comes [`cancel`](Self::cancel) and nothing else.
pub trait BackendSession: Send + Sized + 'static {
    /// An open result: what is needed to go on fetching its rows.
    type Cursor: Send + 'static;

    /// The name of the database that this works on. Clients that named none are told it.
    fn database(&self) -> &str;

    /// Begins the transaction: the client's own, or one around a single statement. What is there already is for a backend to which the
    /// settings make no difference.
    fn begin(&mut self, settings: TransactionSettings<'_>) -> impl Future<Output = Result<(), Failure>> + Send {
        drop(settings);
        async { Ok(()) }
    }

    /// Runs a statement and opens its result. Several results may be open at once inside a transaction of the client's own.
    fn run(&mut self, query: &str, parameters: Dictionary<'_>) -> impl Future<Output = Result<Opened<Self::Cursor>, Failure>> + Send;

    /// Writes rows as long as the [writer wants more](RowWriter::wants_more), and then returns.
    ///
    /// It is awaited once per demand and once per filled buffer, not once per row. [`Progress::More`] promises that there is at
    /// least one more row; whoever finds the rows at an end returns [`Progress::Done`], also when the demand ends with them.
    fn fetch(&mut self, cursor: &mut Self::Cursor, rows: &mut RowWriter<'_>) -> impl Future<Output = Result<Progress, Failure>> + Send;

    /// Drops the rows that are left, without computing them.
    fn discard(&mut self, cursor: Self::Cursor) -> impl Future<Output = Result<Summary, Failure>> + Send;

    /// Commits. Results that are still open are dropped before.
    ///
    /// This is not interrupted: neither a reset nor a client that goes away drops its future.
    fn commit(&mut self) -> impl Future<Output = Result<Bookmark, Failure>> + Send;

    /// Rolls back at the client's request. The session is dropped then, which is all that happens here by itself.
    fn rollback(&mut self) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// Ends the work and rolls back: after a failure, a reset, a timeout or a lost client. Whatever future ran was dropped before.
    ///
    /// The connection waits for it only for a moment; what takes longer goes on beside it. Where nobody can be waited for (the server
    /// stops), a session is dropped without it: that has to roll back as well, and is all that happens here by itself.
    fn cancel(self) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// Who wants to work, where and how.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// The user who is logged on.
    pub user: &'a str,
    /// The user to act as instead.
    pub impersonated: Option<&'a str>,
    /// The database; none is the user's own.
    pub database: Option<&'a str>,
    /// Whether there may be writes.
    pub mode: AccessMode,
    /// The address that this server is known by, `host:port`.
    pub address: &'a str,
}

/// Whether a transaction may write.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AccessMode {
    /// It only reads; a write is a failure.
    Read,
    /// It reads and writes.
    #[default]
    Write,
}

/// How a transaction is to be run.
#[derive(Clone, Debug, Default)]
pub struct TransactionSettings<'a> {
    /// The transaction is around a single statement and is committed behind its last row.
    pub auto_commit: bool,
    /// How long it may take. The server ends it after that time; a backend that can stop a statement by itself does so too.
    pub timeout: Option<Duration>,
    /// Notes that the client attaches to it.
    pub metadata: Dictionary<'a>,
    /// It must see at least what these stand for.
    pub bookmarks: Vec<Cow<'a, str>>,
    /// The notifications that the client wants. What it does not want is also left out behind the backend's back; a backend that
    /// heeds this saves itself the work.
    pub notifications: NotificationFilter,
}

/// Which notifications a client wants.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NotificationFilter {
    /// The least severity: `OFF`, `WARNING` or `INFORMATION`; none leaves it to the server.
    pub minimum_severity: Option<String>,
    /// The kinds that it does not want, in capitals; none leaves it to the server.
    pub disabled: Option<Vec<String>>,
}

impl NotificationFilter {
    /// Whether the client wants this notification.
    #[must_use]
    pub fn admits(&self, notification: &Status<'_>) -> bool {
        let severity = notification.diagnostic_record.severity.as_deref().unwrap_or_default();
        let kind = notification.diagnostic_record.classification.as_deref().unwrap_or_default();
        let severe_enough = match self.minimum_severity.as_deref() {
            Some("OFF") => false,
            Some("WARNING") => severity == "WARNING",
            _ => true,
        };
        severe_enough && !self.disabled.iter().flatten().any(|disabled| disabled == kind)
    }

    /// These wishes, and where they say nothing, the ones before.
    #[must_use]
    pub fn or(self, before: &Self) -> Self {
        Self {
            minimum_severity: self.minimum_severity.or_else(|| before.minimum_severity.clone()),
            disabled: self.disabled.or_else(|| before.disabled.clone()),
        }
    }
}

/// A statement that runs.
#[derive(Clone, Debug)]
pub struct Opened<C> {
    /// The names of its columns; none is a statement that returns nothing.
    pub columns: Vec<String>,
    /// What its rows are fetched with.
    pub cursor: C,
}

/// How far a fetch has come.
#[allow(clippy::large_enum_variant, reason = "there is one summary a result, and it is taken apart at once")]
#[derive(Clone, Debug)]
pub enum Progress {
    /// The writer wants no more now, and at least one more row is left.
    More,
    /// That was the last row.
    Done(Summary),
}

/// Where a database stands after a commit; a later transaction that is given it sees at least that. May be empty.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Bookmark(pub String);

/// What a routing table is asked for.
#[derive(Clone, Debug)]
pub struct Routing<'a> {
    /// The user who is logged on.
    pub user: &'a str,
    /// The user to act as instead.
    pub impersonated: Option<&'a str>,
    /// The database; none is the user's own.
    pub database: Option<&'a str>,
    /// The address that the client came by, or else the one that this server is known by.
    pub address: &'a str,
    /// The routing context of the driver's URL.
    pub context: Dictionary<'a>,
    /// The table must not be older than these.
    pub bookmarks: Vec<Cow<'a, str>>,
}

/// The routing table of a server that stands alone: it writes, reads and routes.
#[must_use]
pub fn alone(address: &str) -> RoutingTable<'static> {
    let server =
        |role| RoutingServers { addresses: vec![address.to_owned().into()], role: Cow::Borrowed(role), ..RoutingServers::default() };
    RoutingTable { ttl: ROUTING_TTL, servers: ["WRITE", "READ", "ROUTE"].map(server).into(), ..RoutingTable::default() }
}

/// Seconds that a routing table may be kept.
const ROUTING_TTL: i64 = 300;
