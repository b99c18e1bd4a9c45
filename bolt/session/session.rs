//! The session: requests in, answers into the output, work for the backend in between.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::BytesMut;

use super::inbox::kind_of;
use super::machine::{Machine, Served, Step};
use super::results::{Kind, Results, Rows};
use super::transaction::{OpenTransaction, Transaction};
use super::{Credentials, Finished, Identity, Opening, RouteRequest, Work, metadata};
use crate::backend::{Bookmark, NotificationFilter, RowWriter, Tally};
use crate::generated::request::{self, Request};
use crate::generated::{
    BeginSuccess, CommitSuccess, Dialect, EmptySuccess, ErrorCode, PullExtra, RequestKind, RouteSuccess, RoutingTable, RunSuccess, Signal,
    State, Summary, response, spelled,
};
use crate::wire::Failure;
use crate::wire::chunk::{self, ChunkError};
use crate::wire::handshake::Agreed;
use crate::wire::packstream::{DecodeError, DecodeErrorKind, Dictionary, EncodeError, Origin, Reader, Writer};

/// One connection's protocol life.
///
/// [`handle`](Self::handle) takes a message. If it gives back [`Work`], that is done and its outcome told before the next message is
/// handed in. Everything that is to be sent collects in [`output`](Self::output).
#[derive(Debug)]
pub struct Session {
    pub(super) config: SessionConfig,
    pub(super) machine: Machine,
    pub(super) agreed: Agreed,
    pub(super) dialect: Dialect,
    pub(super) output: BytesMut,
    pub(super) pending: Option<Pending>,
    pub(super) user: Option<Arc<str>>,
    /// What HELLO said; a transaction may say otherwise.
    pub(super) notifications: NotificationFilter,
    pub(super) transaction: Transaction,
    pub(super) results: Results,
    /// What is asked for while no result is: no row.
    nothing: Tally,
}

/// What a session has to know of the server around it.
#[derive(Clone, Debug)]
pub struct SessionConfig {
    /// What the server calls itself: drivers want `Neo4j/` and a dotted version.
    pub agent: String,
    /// The name of this connection, for logs on both sides.
    pub connection_id: String,
    /// The address that the server is known by, `host:port`.
    pub advertised_address: String,
    /// Seconds of silence after which a client may take the connection for dead. The server says something before, as long as it is busy.
    pub recv_timeout_seconds: i64,
    /// Bytes of output after which rows make a pause, so that they can be sent.
    pub output_mark: usize,
    /// The most that a message may hold once the client is authenticated.
    pub message_limit: usize,
    /// How many results may be open at once in a transaction.
    pub open_results: usize,
}

/// A request whose outcome is awaited.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) served: Served,
    pub(super) task: Task,
}

/// What is awaited, and what its answer needs.
#[derive(Debug)]
pub(super) enum Task {
    Authentication { credentials_in: RequestKind },
    Begin(OpenTransaction),
    Run(Option<OpenTransaction>),
    Rows(i64),
    Commit { spelled: bool },
    Rollback { spelled: bool },
    Route { database: Option<String> },
}

impl Session {
    /// A session for a connection that has agreed on a version.
    #[must_use]
    pub fn new(agreed: Agreed, config: SessionConfig) -> Self {
        Self {
            config,
            machine: Machine::new(agreed.version),
            agreed,
            dialect: Dialect::new(agreed.version),
            output: BytesMut::new(),
            pending: None,
            user: None,
            notifications: NotificationFilter::default(),
            transaction: Transaction::None,
            results: Results::default(),
            nothing: Tally::default(),
        }
    }

    /// Takes one message, with so many interrupts waiting behind it. It answers by itself, or gives back what is to be done first.
    pub fn handle<'f>(&mut self, message: &'f [u8], interrupts_behind: usize) -> Option<Work<'f>> {
        let version = self.agreed.version;
        let Some(kind) = kind_of(message, version) else {
            self.unreadable(message);
            return None;
        };
        let state = self.machine.state();
        match self.machine.receive(kind, interrupts_behind) {
            Step::Refused => self.refuse(kind, state),
            Step::Ignored => {
                self.interrupt_if_interrupted();
                self.ignore();
            }
            Step::Served(served) => match Request::decode(&mut Reader::new(message, self.dialect, Origin::Client)) {
                Ok(request) => return self.serve(request, kind, served),
                Err(error) => self.malformed(&error),
            },
        }
        None
    }

    /// What is to be sent. Whoever sends it takes it out.
    pub const fn output(&mut self) -> &mut BytesMut {
        &mut self.output
    }

    /// Nothing is answered any more: what is in the output goes out, and the connection is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.machine.state() == State::CLOSED
    }

    /// Whether the client has said who its user is, and was believed.
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        self.user.is_some()
    }

    /// The user who is logged on.
    #[must_use]
    pub fn user(&self) -> Option<Arc<str>> {
        self.user.clone()
    }

    /// The most that the next message may hold.
    #[must_use]
    pub fn message_limit(&self) -> usize {
        if self.is_authenticated() { self.config.message_limit } else { chunk::LIMIT_BEFORE_AUTHENTICATION }
    }

    /// Whether a transaction is open. When it no longer is, whatever the backend still has of it is cancelled.
    #[must_use]
    pub fn in_transaction(&self) -> bool {
        self.transaction.open().is_some()
    }

    /// Whether the end of the result that is being fetched is the end of the transaction, which is to be committed then.
    #[must_use]
    pub fn commits_at_end(&self) -> bool {
        self.transaction.is_auto_commit()
    }

    /// Whether an outcome is awaited.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        self.pending.is_some()
    }

    /// What was asked for has failed, or was interrupted.
    pub fn failed(&mut self, failure: &Failure) {
        if let Some(pending) = self.pending.take() {
            self.fail(pending.served, failure);
        }
    }

    /// The client is who it says.
    pub fn authenticated(&mut self, identity: Identity) {
        if let Some(Pending { served, task: Task::Authentication { credentials_in } }) = self.pending.take() {
            self.user = Some(identity.user.into());
            self.welcome(credentials_in, served, identity.credentials_expired);
        }
    }

    /// The transaction has begun, on this database.
    pub fn begun(&mut self, database: &str, elapsed: u64) {
        let Some(Pending { served, task: Task::Begin(transaction) }) = self.pending.take() else {
            return;
        };
        let db = transaction.tells_database.then(|| database.to_owned().into());
        let spelled = transaction.spelled;
        self.transaction = Transaction::Open(transaction);
        if spelled {
            self.command_done(served, None, elapsed);
        } else {
            self.succeed(served, |writer| BeginSuccess { db, ..BeginSuccess::default() }.encode(writer));
        }
    }

    /// The statement runs on this database, and its result has these columns.
    pub fn opened(&mut self, columns: &[String], database: &str, elapsed: u64) -> Option<i64> {
        let Some(Pending { served, task: Task::Run(opening) }) = self.pending.take() else {
            return None;
        };
        let auto_commit = opening.is_some();
        let db = opening.as_ref().filter(|opening| opening.tells_database).map(|_| database.to_owned().into());
        if let Some(transaction) = opening {
            self.transaction = Transaction::Open(transaction);
            self.results.clear();
        }
        let id = self.results.open(Kind::Rows(Rows { columns: columns.len(), tally: Tally::default(), pulled: false }));
        let success = RunSuccess {
            fields: columns.iter().map(|column| Cow::Borrowed(column.as_str())).collect(),
            t_first: metadata::integer(elapsed),
            qid: Some(id).filter(|_| !auto_commit),
            db,
            ..RunSuccess::default()
        };
        self.succeed(served, |writer| success.encode(writer));
        Some(id)
    }

    /// Where the rows that were asked for are written to. Without a fetch under way, it wants none.
    pub fn rows(&mut self) -> RowWriter<'_> {
        let rows = match self.pending {
            Some(Pending { task: Task::Rows(id), .. }) => self.results.find(id),
            _ => None,
        };
        let Some(Kind::Rows(Rows { columns, tally, .. })) = rows.map(|result| &mut result.kind) else {
            self.nothing = Tally { demand: Some(0), ..Tally::default() };
            return RowWriter::new(&mut self.output, self.dialect, 0, &mut self.nothing, 0);
        };
        RowWriter::new(&mut self.output, self.dialect, *columns, tally, self.config.output_mark)
    }

    /// Whether more rows are asked for than were fetched so far.
    #[must_use]
    pub fn demands_rows(&mut self) -> bool {
        let Some(Pending { task: Task::Rows(id), .. }) = self.pending else {
            return false;
        };
        matches!(self.results.find(id).map(|result| &result.kind), Some(Kind::Rows(rows)) if rows.tally.demand != Some(0))
    }

    /// The demand is met, and rows are left.
    pub fn paused(&mut self) {
        if let Some(Pending { served, task: Task::Rows(_) }) = self.pending.take() {
            self.succeed(served, |writer| Summary { has_more: true, ..Summary::default() }.encode(writer));
        }
    }

    /// The result has come to its end.
    pub fn finished(&mut self, finished: Finished<'_>) {
        let Some(Pending { served, task: Task::Rows(id) }) = self.pending.take() else {
            return;
        };
        let closed = self.results.close(id);
        let Some(Kind::Rows(rows)) = closed.map(|result| result.kind) else {
            return;
        };
        let auto_commit = self.transaction.is_auto_commit();
        let filter = self.transaction.open().map(|transaction| transaction.notifications.clone()).unwrap_or_default();
        if auto_commit {
            self.transaction = Transaction::None;
        }
        let bookmarks = auto_commit && self.tells_bookmarks();
        let summary = metadata::summary(finished, &rows, &filter, bookmarks);
        self.succeed(served, |writer| summary.encode(writer));
    }

    /// The transaction is committed.
    pub fn committed(&mut self, bookmark: Bookmark, elapsed: u64) {
        let Some(Pending { served, task: Task::Commit { spelled } }) = self.pending.take() else {
            return;
        };
        self.end_transaction();
        if spelled {
            self.command_done(served, Some(bookmark), elapsed);
        } else {
            let bookmark = metadata::bookmark(bookmark);
            self.succeed(served, |writer| CommitSuccess { bookmark, ..CommitSuccess::default() }.encode(writer));
        }
    }

    /// The transaction is rolled back.
    pub fn rolled_back(&mut self, elapsed: u64) {
        let Some(Pending { served, task: Task::Rollback { spelled } }) = self.pending.take() else {
            return;
        };
        self.end_transaction();
        if spelled {
            self.command_done(served, None, elapsed);
        } else {
            self.succeed(served, |writer| EmptySuccess::default().encode(writer));
        }
    }

    /// These servers write, read and route.
    pub fn routed(&mut self, table: RoutingTable<'static>) {
        if let Some(Pending { served, task: Task::Route { database } }) = self.pending.take() {
            // As the client spells it, which looks it up by that; a client that named none learns here which one is its own.
            let db = database.map(Cow::Owned).or_else(|| table.db.clone());
            let success = RouteSuccess { rt: RoutingTable { db, ..table }, ..RouteSuccess::default() };
            self.succeed(served, |writer| success.encode(writer));
        }
    }

    /// The time of the transaction ran out while the client asked for nothing; its next request is told.
    pub fn expire(&mut self, failure: Failure) {
        self.transaction.expire(failure);
        self.results.clear();
    }

    /// The next message is over the limit. What follows cannot be told apart any more.
    pub fn too_large(&mut self, error: &ChunkError) {
        let hint =
            if self.is_authenticated() { "Send less in one message." } else { "Authenticate first; before that, messages are small." };
        self.close_with(&Failure::new(ErrorCode::RequestInvalid, format!("Expected a shorter message: {error}. {hint}")));
    }

    /// The client has stopped sending inside a message.
    pub fn truncated(&mut self) {
        let message = "Expected the rest of a message, but the client ended the connection inside it. Send whole messages, ended by 00 00.";
        self.close_with(&Failure::new(ErrorCode::RequestInvalidFormat, message));
    }

    fn serve<'f>(&mut self, request: Request<'f>, kind: RequestKind, served: Served) -> Option<Work<'f>> {
        match kind.signal() {
            Some(Signal::Close) => {
                self.machine.close();
                return None;
            }
            Some(Signal::Interrupt) => {
                self.end_transaction();
                self.succeed(served, |writer| EmptySuccess::default().encode(writer));
                return None;
            }
            None => {}
        }
        if let Transaction::Expired { failure, .. } = &self.transaction {
            let failure = failure.clone();
            self.fail(served, &failure);
            return None;
        }
        match request {
            Request::Hello(hello) => self.hello(hello, served),
            Request::Logon(logon) => self.authenticate(logon.auth, kind, served),
            Request::Run(run) => self.run(run, served),
            Request::Pull(pull) => self.rows_of(&pull.extra, served, true),
            Request::Discard(discard) => self.rows_of(&discard.extra, served, false),
            Request::Begin(begin) => Some(self.begin(Opening::new(begin.extra, false, &self.notifications), served, false)),
            Request::Commit(_) => self.await_outcome(served, Task::Commit { spelled: false }, Work::Commit),
            Request::Rollback(_) => self.await_outcome(served, Task::Rollback { spelled: false }, Work::Rollback),
            Request::Route(route) => self.route(route, served),
            Request::Logoff(_) => {
                self.user = None;
                self.succeed(served, |writer| EmptySuccess::default().encode(writer));
                None
            }
            // Whatever else the specification has: it leads to its state, and there is nothing to do for it.
            _ => {
                self.succeed(served, |writer| EmptySuccess::default().encode(writer));
                None
            }
        }
    }

    pub(super) fn await_outcome<'f>(&mut self, served: Served, task: Task, work: Work<'f>) -> Option<Work<'f>> {
        self.pending = Some(Pending { served, task });
        Some(work)
    }

    pub(super) fn authenticate<'f>(&mut self, token: Dictionary<'f>, credentials_in: RequestKind, served: Served) -> Option<Work<'f>> {
        self.await_outcome(served, Task::Authentication { credentials_in }, Work::Authenticate(Credentials::new(token)))
    }

    fn run<'f>(&mut self, run: request::Run<'f>, served: Served) -> Option<Work<'f>> {
        let request::Run { query, parameters, extra, .. } = run;
        if let Some(command) = spelled(self.agreed.version, &query) {
            return self.command(command, &parameters, served);
        }
        match &self.transaction {
            Transaction::None => {
                let opening = Opening::new(extra, true, &self.notifications);
                let transaction = Self::transaction(&opening, false);
                self.await_outcome(served, Task::Run(Some(transaction)), Work::Run { opening: Some(opening), query, parameters })
            }
            Transaction::Open(_) if self.results.len() < self.config.open_results => {
                self.await_outcome(served, Task::Run(None), Work::Run { opening: None, query, parameters })
            }
            Transaction::Open(_) => {
                let message =
                    format!("{} results of this transaction are open, and no more may be. Read or discard some first.", self.results.len());
                self.fail(served, &Failure::new(ErrorCode::RequestInvalid, message));
                None
            }
            Transaction::Broken | Transaction::Expired { .. } => {
                self.fail(served, &transaction_failed());
                None
            }
        }
    }

    pub(super) fn begin<'f>(&mut self, opening: Opening<'f>, served: Served, spelled: bool) -> Work<'f> {
        let transaction = Self::transaction(&opening, spelled);
        self.results.clear();
        self.pending = Some(Pending { served, task: Task::Begin(transaction) });
        Work::Begin(opening)
    }

    fn transaction(opening: &Opening<'_>, spelled: bool) -> OpenTransaction {
        OpenTransaction {
            auto_commit: opening.settings.auto_commit,
            spelled,
            tells_database: opening.database.is_none(),
            notifications: opening.settings.notifications.clone(),
        }
    }

    fn rows_of<'f>(&mut self, extra: &PullExtra<'_>, served: Served, pulls: bool) -> Option<Work<'f>> {
        let id = self.results.resolve(extra.qid);
        let Some(result) = self.results.find(id) else {
            let open = metadata::listed(self.results.numbers());
            let message = format!("No such statement: {id}. Expected the number of an open result, {open}.");
            self.fail(served, &Failure::new(ErrorCode::RequestInvalidFormat, message));
            return None;
        };
        match &mut result.kind {
            Kind::Rows(rows) => {
                let demand = u64::try_from(extra.n).ok();
                rows.pulled |= pulls;
                rows.tally.demand = demand;
                rows.tally.discards = !pulls;
                let work = if pulls || demand.is_some() { Work::Fetch { result: id } } else { Work::Discard { result: id } };
                self.await_outcome(served, Task::Rows(id), work)
            }
            Kind::Command { bookmark } => {
                let bookmark = bookmark.take().and_then(metadata::bookmark);
                self.results.close(id);
                self.succeed(served, |writer| Summary { bookmark, ..Summary::default() }.encode(writer));
                None
            }
        }
    }

    fn route<'f>(&mut self, route: request::Route<'f>, served: Served) -> Option<Work<'f>> {
        let request::Route { routing, bookmarks, extra, .. } = route;
        let request = RouteRequest { database: extra.db, impersonated: extra.imp_user, context: routing, bookmarks };
        let database = request.database.as_deref().map(str::to_owned);
        self.await_outcome(served, Task::Route { database }, Work::Route(request))
    }

    /// Whether a statement in a transaction of its own is answered with a bookmark: where transactions are messages.
    fn tells_bookmarks(&self) -> bool {
        RequestKind::Commit.exists_in(self.agreed.version)
    }

    pub(super) fn end_transaction(&mut self) {
        self.transaction = Transaction::None;
        self.results.clear();
    }

    // Answers.

    pub(super) fn succeed(&mut self, served: Served, metadata: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) {
        let written = self.answer(|writer| response::Success::write(writer, metadata));
        match written {
            Ok(()) => self.machine.succeed(served, !self.results.is_empty()),
            Err(error) => self.fail(served, &Failure::from(error)),
        }
    }

    pub(super) fn fail(&mut self, served: Served, failure: &Failure) {
        self.machine.fail(served);
        self.drop_transaction();
        self.answer_failure(failure);
    }

    fn ignore(&mut self) {
        // An IGNORED has nothing in it that could not be written.
        let _ = self.answer(response::Ignored::write);
    }

    fn refuse(&mut self, kind: RequestKind, state: State) {
        let version = self.agreed.version;
        let accepted = metadata::listed(Machine::at(version, state).accepted().map(|kind| kind.name(version)));
        let (kind, state) = (kind.name(version), state.name(version));
        let message = format!(
            "Expected {accepted} in the state {state} of Bolt {version}, got {kind}. Connect anew and send messages in their order."
        );
        self.close_with(&Failure::new(ErrorCode::RequestInvalid, message));
    }

    /// What starts as no request of this version.
    fn unreadable(&mut self, message: &[u8]) {
        let version = self.agreed.version;
        let mut reader = Reader::new(message, self.dialect, Origin::Client);
        match reader.structure_header() {
            Ok((_, tag)) => {
                let message = format!(
                    "Expected a request of Bolt {version}, got a message with the tag {tag:02X}, which is none. Use a version that has it."
                );
                self.close_with(&Failure::new(ErrorCode::RequestInvalid, message));
            }
            Err(error) => self.malformed(&error),
        }
    }

    fn malformed(&mut self, error: &DecodeError) {
        let code = match error.kind {
            DecodeErrorKind::FieldCount { .. } | DecodeErrorKind::TrailingBytes { .. } | DecodeErrorKind::UnexpectedEnd { .. } => {
                ErrorCode::RequestInvalidFormat
            }
            _ => ErrorCode::RequestInvalid,
        };
        let failure = Failure::new(code, format!("The message cannot be read: {error}."));
        if error.ends_early() {
            self.close_with(&failure);
        } else {
            self.machine.malformed();
            self.drop_transaction();
            self.answer_failure(&failure);
        }
    }

    fn close_with(&mut self, failure: &Failure) {
        self.machine.close();
        self.drop_transaction();
        self.answer_failure(failure);
    }

    fn drop_transaction(&mut self) {
        self.transaction.failed();
        self.results.clear();
    }

    /// An interrupt that is not yet here has already ended what was open.
    fn interrupt_if_interrupted(&mut self) {
        if self.machine.state() == State::INTERRUPTED {
            self.end_transaction();
        }
    }

    fn answer_failure(&mut self, failure: &Failure) {
        let metadata = failure.metadata();
        // A failure is text and numbers: every version can carry it.
        let _ = self.answer(|writer| response::Failure::write(writer, |writer| metadata.encode(writer)));
    }

    pub(super) fn answer(&mut self, write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> Result<(), EncodeError> {
        let start = chunk::begin_message(&mut self.output);
        let written = write(&mut Writer::new(&mut self.output, self.dialect));
        match written {
            Ok(()) => chunk::end_message(&mut self.output, start),
            Err(_) => self.output.truncate(start),
        }
        written
    }
}

pub(super) fn transaction_failed() -> Failure {
    let message = "A statement of this transaction failed, so that it can only be rolled back. Send ROLLBACK, or RESET.";
    Failure::new(ErrorCode::TransactionTransactionMarkedAsFailed, message)
}
