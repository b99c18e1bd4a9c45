//! Greeting a client, and the transaction commands that versions without transaction messages send as statements.

use std::borrow::Cow;

use super::machine::Served;
use super::results::Kind;
use super::session::{Session, Task, transaction_failed};
use super::transaction::Transaction;
use super::{Opening, Work, metadata};
use crate::backend::Bookmark;
use crate::generated::request::Hello;
use crate::generated::{Dialect, ErrorCode, HelloSuccess, Hints, LogonSuccess, RequestKind, RunSuccess, TransactionExtra, Value};
use crate::wire::Failure;
use crate::wire::packstream::Dictionary;

impl Session {
    /// The client says what it is, and in some versions who its user is.
    pub(super) fn hello<'f>(&mut self, hello: Hello<'f>, served: Served) -> Option<Work<'f>> {
        let extra = hello.extra;
        self.notifications = metadata::filter(extra.notifications_minimum_severity, extra.disabled_notifications);
        self.dialect = Dialect { utc: self.dialect.utc || extra.patch_bolt.iter().any(|patch| patch == UTC), ..self.dialect };
        if served.authenticates() {
            return self.authenticate(extra.auth, RequestKind::Hello, served);
        }
        self.welcome(RequestKind::Hello, served, false);
        None
    }

    /// Answers the message that the client introduced itself or its user with.
    pub(super) fn welcome(&mut self, request: RequestKind, served: Served, credentials_expired: bool) {
        if request == RequestKind::Logon {
            let advertised_address = Some(self.config.advertised_address.clone().into());
            return self.succeed(served, |writer| {
                LogonSuccess { credentials_expired, advertised_address, ..LogonSuccess::default() }.encode(writer)
            });
        }
        let patched = self.dialect.utc && !Dialect::new(self.agreed.version).utc;
        let success = HelloSuccess {
            server: Cow::Owned(self.config.agent.clone()),
            connection_id: Some(Cow::Owned(self.config.connection_id.clone())),
            hints: Some(Hints {
                connection_recv_timeout_seconds: Some(self.config.recv_timeout_seconds),
                // We make no use of it.
                telemetry_enabled: Some(false),
                // A server that stands alone is always the right one to ask: a driver may skip the question after the home database.
                ssr_enabled: Some(true),
                ..Hints::default()
            }),
            patch_bolt: if patched { vec![Cow::Borrowed(UTC)] } else { Vec::new() },
            protocol_version: self.agreed.manifest.then(|| self.agreed.version.to_string().into()),
            credentials_expired,
            ..HelloSuccess::default()
        };
        self.succeed(served, |writer| success.encode(writer));
    }

    /// A transaction command that came as a statement.
    pub(super) fn command<'f>(&mut self, command: RequestKind, parameters: &Dictionary<'f>, served: Served) -> Option<Work<'f>> {
        let failure = match (command, &self.transaction) {
            (RequestKind::Begin, Transaction::None) => match bookmarks(parameters) {
                Ok(bookmarks) => {
                    let extra = TransactionExtra { bookmarks, ..TransactionExtra::default() };
                    return Some(self.begin(Opening::new(extra, false, &self.notifications), served, true));
                }
                Err(failure) => failure,
            },
            (RequestKind::Begin, _) => semantic("Nested transactions are not supported: commit or roll back the open one first."),
            (RequestKind::Commit, Transaction::Open(_)) => return self.await_outcome(served, Task::Commit { spelled: true }, Work::Commit),
            (RequestKind::Commit, Transaction::None) => semantic("No current transaction to commit: begin one first."),
            (RequestKind::Commit, _) => {
                self.fail(served, &transaction_failed());
                self.end_transaction();
                return None;
            }
            (_, Transaction::Open(_)) => return self.await_outcome(served, Task::Rollback { spelled: true }, Work::Rollback),
            (_, _) => {
                self.end_transaction();
                self.command_done(served, None, 0);
                return None;
            }
        };
        self.fail(served, &failure);
        None
    }

    /// A transaction command that came as a statement is answered as one: with a result, which is there to be pulled.
    pub(super) fn command_done(&mut self, served: Served, bookmark: Option<Bookmark>, elapsed: u64) {
        self.results.open(Kind::Command { bookmark });
        self.succeed(served, |writer| RunSuccess { t_first: metadata::integer(elapsed), ..RunSuccess::default() }.encode(writer));
    }
}

/// The patch that sends date-times as UTC.
const UTC: &str = "utc";

fn semantic(message: &str) -> Failure {
    Failure::new(ErrorCode::StatementSemanticError, message)
}

/// The bookmarks among the parameters of a transaction that begins: `bookmarks`, or else `bookmark`.
fn bookmarks<'f>(parameters: &Dictionary<'f>) -> Result<Vec<Cow<'f, str>>, Failure> {
    let invalid = || {
        Failure::new(
            ErrorCode::TransactionInvalidBookmark,
            "Expected bookmarks as strings: 'bookmarks' is a list of them, 'bookmark' is one.",
        )
    };
    match (parameters.get("bookmarks"), parameters.get("bookmark")) {
        (Some(Value::List(bookmarks)), _) => bookmarks
            .iter()
            .filter(|bookmark| **bookmark != Value::Null)
            .map(|bookmark| match bookmark {
                Value::String(bookmark) => Ok(bookmark.clone()),
                _ => Err(invalid()),
            })
            .collect(),
        (None | Some(Value::Null), None | Some(Value::Null)) => Ok(Vec::new()),
        (None | Some(Value::Null), Some(Value::String(bookmark))) => Ok(vec![bookmark.clone()]),
        _ => Err(invalid()),
    }
}
