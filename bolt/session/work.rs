//! What a session wants done by others: by the authenticator or by the backend.

use std::borrow::Cow;

use super::Credentials;
use crate::backend::{Access, AccessMode, Bookmark, NotificationFilter, Summary, TransactionSettings};
use crate::generated::{TransactionExtra, Value};
use crate::wire::packstream::Dictionary;

/// Something to be done. It borrows from the message it came in, and its outcome goes to the method of [`Session`](super::Session) that
/// is named with it, or as a failure to [`Session::failed`](super::Session::failed).
#[derive(Debug)]
#[non_exhaustive]
pub enum Work<'f> {
    /// Check who the user is: [`authenticated`](super::Session::authenticated).
    Authenticate(Credentials<'f>),
    /// Begin a transaction of the client's own: [`begun`](super::Session::begun).
    Begin(Opening<'f>),
    /// Run a statement: [`opened`](super::Session::opened).
    Run {
        /// The transaction around it alone, to be begun first; none if it belongs to the client's own.
        opening: Option<Opening<'f>>,
        /// The statement.
        query: Cow<'f, str>,
        /// Its parameters.
        parameters: Dictionary<'f>,
    },
    /// Fetch rows into [`rows`](super::Session::rows) until the demand is met, [`paused`](super::Session::paused), or nothing is left,
    /// [`finished`](super::Session::finished). A transaction around this statement alone is committed first.
    Fetch {
        /// The number of the result.
        result: i64,
    },
    /// Drop all rows that are left: [`finished`](super::Session::finished), likewise.
    Discard {
        /// The number of the result.
        result: i64,
    },
    /// Commit the client's transaction: [`committed`](super::Session::committed).
    Commit,
    /// Roll the client's transaction back: [`rolled_back`](super::Session::rolled_back).
    Rollback,
    /// Say which servers write, read and route: [`routed`](super::Session::routed).
    Route(RouteRequest<'f>),
}

/// A transaction to be opened and begun.
#[derive(Clone, Debug)]
pub struct Opening<'f> {
    /// The database; none is the user's own.
    pub database: Option<Cow<'f, str>>,
    /// The user to act as instead.
    pub impersonated: Option<Cow<'f, str>>,
    /// Whether it may write.
    pub mode: AccessMode,
    /// The rest.
    pub settings: TransactionSettings<'f>,
}

impl<'f> Opening<'f> {
    /// As the backend wants to know it.
    #[must_use]
    pub fn access<'a>(&'a self, user: &'a str, address: &'a str) -> Access<'a> {
        let Self { database, impersonated, mode, .. } = self;
        Access { user, impersonated: impersonated.as_deref(), database: database.as_deref(), mode: *mode, address }
    }

    pub(super) fn new(extra: TransactionExtra<'f>, auto_commit: bool, before: &NotificationFilter) -> Self {
        let notifications = super::metadata::filter(extra.notifications_minimum_severity, extra.disabled_notifications).or(before);
        let milliseconds = extra.tx_timeout.and_then(|timeout| u64::try_from(timeout).ok()).filter(|timeout| *timeout > 0);
        Self {
            database: extra.db.filter(|database| !database.is_empty()),
            impersonated: extra.imp_user,
            mode: if extra.mode.as_deref() == Some("r") { AccessMode::Read } else { AccessMode::Write },
            settings: TransactionSettings {
                auto_commit,
                timeout: milliseconds.map(std::time::Duration::from_millis),
                metadata: extra.tx_metadata.unwrap_or_default(),
                bookmarks: extra.bookmarks,
                notifications,
            },
        }
    }
}

/// A routing table that is asked for.
#[derive(Clone, Debug)]
pub struct RouteRequest<'f> {
    /// The database; none is the user's own.
    pub database: Option<Cow<'f, str>>,
    /// The user to act as instead.
    pub impersonated: Option<Cow<'f, str>>,
    /// The routing context of the driver's URL.
    pub context: Dictionary<'f>,
    /// The table must not be older than these.
    pub bookmarks: Vec<Cow<'f, str>>,
}

impl RouteRequest<'_> {
    /// The address that the client came by, as the routing context tells it.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self.context.get("address") {
            Some(Value::String(address)) if !address.is_empty() => Some(address),
            _ => None,
        }
    }
}

/// A result that has come to its end.
#[derive(Clone, Debug)]
pub struct Finished<'a> {
    /// What the backend has to say about it.
    pub summary: Summary,
    /// Where the database stands, if a transaction around this statement alone was committed.
    pub bookmark: Option<Bookmark>,
    /// The database that it ran on.
    pub database: &'a str,
    /// Milliseconds since the statement was opened.
    pub elapsed: u64,
}
