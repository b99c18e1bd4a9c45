//! What a connection has open at the backend: a transaction and its results.

use std::time::Duration;

use tokio::time::Instant;

use crate::backend::BackendSession;
use crate::generated::ErrorCode;
use crate::wire::Failure;

/// A transaction at the backend.
pub(super) struct Open<S: BackendSession> {
    pub(super) session: S,
    pub(super) results: Vec<OpenResult<S::Cursor>>,
    limit: Option<Limit>,
}

/// A result of it.
pub(super) struct OpenResult<C> {
    pub(super) id: i64,
    pub(super) cursor: C,
    pub(super) since: Instant,
}

/// How long it may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    time: Duration,
    /// The client has said so, not the server.
    by_client: bool,
    end: Option<Instant>,
}

impl Limit {
    /// From now on, what the client says, or else the server.
    pub(super) fn new(client: Option<Duration>, server: Option<Duration>) -> Option<Self> {
        let time = client.or(server)?;
        Some(Self { time, by_client: client.is_some(), end: Instant::now().checked_add(time) })
    }

    /// When it is over; a time without end never is.
    pub(super) const fn end(self) -> Option<Instant> {
        self.end
    }

    /// What a transaction fails with that takes longer.
    pub(super) fn failure(self) -> Failure {
        let milliseconds = self.time.as_millis();
        let (code, whose) = if self.by_client {
            (ErrorCode::TransactionTransactionTimedOutClientConfiguration, "the client's timeout")
        } else {
            (ErrorCode::TransactionTransactionTimedOut, "the server's timeout")
        };
        let message =
            format!("The transaction took longer than {milliseconds} ms, {whose}, and was rolled back. Do less in it, or allow more time.");
        Failure::new(code, message)
    }
}

impl<S: BackendSession> Open<S> {
    pub(super) const fn new(session: S, limit: Option<Limit>) -> Self {
        Self { session, results: Vec::new(), limit }
    }

    /// When its time is up.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.limit.and_then(Limit::end)
    }

    /// What it fails with, if its time is up.
    pub(super) fn time_is_up(&self) -> Option<Failure> {
        let limit = self.limit?;
        (limit.end? <= Instant::now()).then(|| limit.failure())
    }

    /// Where a result is among the open ones.
    pub(super) fn position(&self, id: i64) -> Option<usize> {
        self.results.iter().position(|result| result.id == id)
    }

    /// The session alone, for its last call.
    pub(super) fn into_session(self) -> S {
        self.session
    }
}
