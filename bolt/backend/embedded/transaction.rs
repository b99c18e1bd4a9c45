//! A transaction at the engine: the side that blocks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use grafeo_adapters::query::cypher::{self, Statement};
use grafeo_common::types::Value;
use grafeo_common::utils::error::Error;
use grafeo_engine::auth::Role;
use grafeo_engine::database::{QueryResult, WriteCounters};
use grafeo_engine::{GrafeoDB, Session};

use crate::backend::{AccessMode, Bookmark, ResultKind, Summary};
use crate::generated::{Counters, ErrorCode};
use crate::wire::Failure;

use super::databases::Target;
use super::elements::{RESERVED, Resolver};
use super::front::kinds::{self, Reading};
use super::front::{self, Command, Name, Parameters, Query, ROW_PREFIX, Source, Wanted, Work, quoted};
use super::rows::Rows;
use super::{Shared, bookmarks, errors, plan};

/// Who runs it, and how.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) shared: Arc<Shared>,
    pub(super) user: String,
    pub(super) mode: AccessMode,
    pub(super) address: String,
    /// What tx.getMetaData() gives.
    pub(super) metadata: Value,
    pub(super) clock: Clock,
}

/// How long the transaction may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) end: Option<Instant>,
    pub(super) by_client: bool,
    pub(super) limit: Duration,
}

/// An open transaction.
pub(super) struct Transaction {
    pub(super) context: Context,
    pub(super) target: Target,
    pub(super) session: Session,
    /// What takes back the schema changes, since the engine does not.
    pub(super) undo: Vec<String>,
    /// What cannot be taken back, and waits for the commit.
    pub(super) at_commit: Vec<AtCommit>,
    pub(super) changed: bool,
    ran: bool,
}

/// A change that takes effect when the transaction commits.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum AtCommit {
    /// Drop the index of that name.
    DropIndex(String),
    /// Drop the constraint of that name.
    DropConstraint(String),
    /// Create a database, in place of one of the same name if need be.
    CreateDatabase { name: String, if_not_exists: bool, replace: bool },
    /// Drop a database.
    DropDatabase { name: String, if_exists: bool },
}

impl Clock {
    /// The time that is left, if it is limited.
    pub(super) fn left(&self) -> Result<Option<Duration>, Failure> {
        let Some(end) = self.end else { return Ok(None) };
        match end.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => Ok(Some(left)),
            _ => Err(self.is_up()),
        }
    }

    /// What a transaction fails with whose time is up.
    pub(super) fn is_up(&self) -> Failure {
        let milliseconds = self.limit.as_millis();
        let (code, whose) = if self.by_client {
            (ErrorCode::TransactionTransactionTimedOutClientConfiguration, "the client's timeout")
        } else {
            (ErrorCode::TransactionTransactionTimedOut, "the database's timeout")
        };
        let message =
            format!("The transaction took longer than {milliseconds} ms, {whose}, and was rolled back. Do less in it, or allow more time.");
        Failure::new(code, message)
    }
}

impl Transaction {
    /// Begins a transaction.
    pub(super) fn begin(context: Context, target: Target) -> Result<Self, Failure> {
        let session = session(&target.database().engine, context.mode)?;
        Ok(Self { context, target, session, undo: Vec::new(), at_commit: Vec::new(), changed: false, ran: false })
    }

    /// Commits; what the statements did is on the disk then.
    pub(super) fn commit(&mut self) -> Result<Bookmark, Failure> {
        self.context.clock.left()?;
        self.session.commit().map_err(|error| errors::failure(&error))?;
        self.undo.clear();
        for change in std::mem::take(&mut self.at_commit) {
            self.make(&change)?;
        }
        let database = self.target.database();
        let commits = if self.changed { database.committed() } else { database.commits() };
        Ok(bookmarks::make(self.target.name(), commits))
    }

    /// Takes everything back.
    pub(super) fn rollback(&mut self) {
        if let Err(error) = self.session.rollback() {
            tracing::debug!(%error, "nothing to roll back");
        }
        self.at_commit.clear();
        self.undo_schema();
    }

    fn make(&self, change: &AtCommit) -> Result<(), Failure> {
        let schema = |command: String, code| {
            let done = self.target.database().engine.session().execute_cypher(&command);
            done.map(drop).map_err(|error| Failure::new(code, errors::failure(&error).message))
        };
        let databases = &self.context.shared.databases;
        match change {
            AtCommit::DropIndex(name) => schema(format!("DROP INDEX {}", quoted(name)), ErrorCode::SchemaIndexDropFailed),
            AtCommit::DropConstraint(name) => schema(format!("DROP CONSTRAINT {}", quoted(name)), ErrorCode::SchemaConstraintDropFailed),
            AtCommit::CreateDatabase { name, if_not_exists, replace } => databases.create(name, *if_not_exists, *replace).map(drop),
            AtCommit::DropDatabase { name, if_exists } => databases.drop(name, *if_exists).map(drop),
        }
    }

    fn undo_schema(&mut self) {
        for statement in std::mem::take(&mut self.undo).into_iter().rev() {
            if let Err(error) = self.target.database().engine.session().execute_cypher(&statement) {
                tracing::warn!(%error, statement, "a schema change could not be taken back");
            }
        }
    }

    /// Runs a statement.
    pub(super) fn run(&mut self, text: &str, parameters: Parameters) -> Result<Rows, Failure> {
        let prepared = front::prepare(text, &parameters)?;
        if let Some(name) = &prepared.database {
            self.switch(name)?;
        }
        self.ran = true;
        let left = self.context.clock.left()?;
        self.session.set_query_timeout(left);
        match prepared.work {
            Work::Command(command) => self.command(&command, &parameters, prepared.wanted),
            Work::Query(query) => {
                if RESERVED.iter().any(|name| text.contains(name)) || parameters.values().any(mentions_reserved) {
                    self.target.database().may_hide_properties();
                }
                self.query(&query, parameters, prepared.wanted)
            }
        }
    }

    /// Goes to the database that a leading USE names.
    fn switch(&mut self, name: &str) -> Result<(), Failure> {
        let target = self.context.shared.databases.target(Some(name))?;
        if target.name() == self.target.name() {
            return Ok(());
        }
        if self.ran {
            return Err(Failure::new(
                ErrorCode::StatementInvalidTargetDatabaseError,
                format!("This transaction is on the database '{}', so USE {name} is not possible in it.", self.target.name()),
            ));
        }
        self.session = session(&target.database().engine, self.context.mode)?;
        self.target = target;
        Ok(())
    }

    fn command(&mut self, command: &Command, parameters: &Parameters, wanted: Wanted) -> Result<Rows, Failure> {
        if self.context.mode == AccessMode::Read {
            return Err(access_mode("a change of the schema or of databases"));
        }
        if wanted == Wanted::Plan {
            return Ok(Rows::none(Summary::new(ResultKind::Schema)));
        }
        let counters = match command {
            Command::Schema(_) if self.target.is_system() => return Err(not_on_system()),
            Command::Schema(schema) => self.change_schema(schema)?,
            Command::CreateDatabase { name, if_not_exists, replace } => {
                let name = Self::administered(name, parameters)?;
                let creates = self.context.shared.databases.creates(&name, *if_not_exists, *replace)?;
                self.at_commit.push(AtCommit::CreateDatabase { name, if_not_exists: *if_not_exists, replace: *replace });
                system_updates(creates)
            }
            Command::DropDatabase { name, if_exists } => {
                let name = Self::administered(name, parameters)?;
                let drops = self.context.shared.databases.drops(&name, *if_exists)?;
                self.at_commit.push(AtCommit::DropDatabase { name, if_exists: *if_exists });
                system_updates(drops)
            }
        };
        Ok(Rows::none(Summary { counters, ..Summary::new(ResultKind::Schema) }))
    }

    /// The name in a command about databases.
    fn administered(name: &Name, parameters: &Parameters) -> Result<String, Failure> {
        match name {
            Name::Written(name) => Ok(name.clone()),
            Name::Parameter(parameter) => match parameters.get(parameter) {
                Some(Value::String(name)) => Ok(name.to_string()),
                Some(_) => {
                    Err(Failure::new(ErrorCode::StatementTypeError, format!("Expected parameter ${parameter} to have type String.")))
                }
                None => Err(Failure::new(ErrorCode::StatementParameterMissing, format!("Expected parameter(s): {parameter}"))),
            },
        }
    }

    fn query(&mut self, query: &Query, mut parameters: Parameters, wanted: Wanted) -> Result<Rows, Failure> {
        if self.target.is_system() && !query.only_tables {
            return Err(not_on_system());
        }
        for need in &query.needs {
            let table = self.table(need, &parameters)?;
            parameters.insert(need.parameter.clone(), table);
        }
        let kind_of_tables = query.needs.iter().map(|need| kind(&need.source)).next_back();
        if query.text.trim().is_empty() {
            return Ok(Rows::none(Summary::new(kind_of_tables.unwrap_or(ResultKind::Read))));
        }
        let statement = cypher::parse(&query.text).map_err(|error| errors::failure(&error))?;
        if matches!(statement, Statement::Schema(_) | Statement::ShowCurrentGraphType) {
            return Err(Failure::new(
                ErrorCode::StatementUnsupportedOperationError,
                "This command is not supported by the embedded database.",
            ));
        }
        let reading = kinds::read(&statement)?;
        if reading.writes && self.context.mode == AccessMode::Read {
            return Err(access_mode("a write"));
        }
        let kind = match (reading.writes, returns(&statement)) {
            (false, _) => kind_of_tables.filter(|_| query.only_tables).unwrap_or(ResultKind::Read),
            (true, true) => ResultKind::ReadWrite,
            (true, false) => ResultKind::Write,
        };
        match wanted {
            Wanted::Plan => self.explain(query, parameters, kind),
            Wanted::Result => self.result(query, parameters, &reading, kind),
            Wanted::Profile => {
                let profile = self.profile(query, &parameters)?;
                let mut rows = self.result(query, parameters, &reading, kind)?;
                rows.set_profile(profile);
                Ok(rows)
            }
        }
    }

    fn result(&mut self, query: &Query, parameters: Parameters, reading: &Reading, kind: ResultKind) -> Result<Rows, Failure> {
        let result = self.execute(&query.text, parameters)?;
        self.changed |= result.counters.contains_updates();
        let summary = Summary { counters: counters(&result.counters), ..Summary::new(kind) };
        let seen = |name: &&String| !name.starts_with(ROW_PREFIX);
        let places: Vec<usize> = (0..result.columns.len()).filter(|&place| seen(&&result.columns[place])).collect();
        let columns = match &query.columns {
            Some(columns) if columns.len() == places.len() => columns.clone(),
            _ => result.columns.iter().filter(seen).cloned().collect(),
        };
        let shapes: Vec<_> = places.iter().map(|&place| (place, reading.columns.shape(place, &result.columns[place]))).collect();
        let resolver = Resolver {
            session: &self.session,
            hidden_properties: self.target.database().has_hidden_properties(),
            drawn: query.needs.iter().any(|need| need.source == Source::Visualization),
        };
        let mut rows = result.into_rows();
        for row in &mut rows {
            for (place, shape) in &shapes {
                if let Some(value) = row.get_mut(*place) {
                    resolver.resolve(value, shape)?;
                }
            }
        }
        Ok(Rows::new(columns, places, rows, summary))
    }

    /// The plan, and nothing run.
    fn explain(&self, query: &Query, parameters: Parameters, kind: ResultKind) -> Result<Rows, Failure> {
        let result = self.execute(&format!("EXPLAIN {}", query.text), parameters)?;
        let text = result.rows().first().and_then(|row| row.first()).and_then(Value::as_str).unwrap_or_default();
        let summary = Summary { plan: plan::explained(text), ..Summary::new(kind) };
        Ok(Rows::new(query.columns.clone().unwrap_or_default(), Vec::new(), Vec::new(), summary))
    }

    /// How the statement runs. The engine gives no rows with a profile, so it is run for its profile first and taken back.
    fn profile(&self, query: &Query, parameters: &Parameters) -> Result<crate::generated::Plan<'static>, Failure> {
        const SAVEPOINT: &str = "boltwright_profile";
        self.session.savepoint(SAVEPOINT).map_err(|error| errors::failure(&error))?;
        let result = self.execute(&format!("PROFILE {}", query.text), parameters.clone())?;
        self.session.rollback_to_savepoint(SAVEPOINT).map_err(|error| errors::failure(&error))?;
        let profile = result.profile.as_ref().map(|profile| plan::profiled(&profile.root));
        Ok(profile.unwrap_or_default())
    }

    pub(super) fn execute(&self, text: &str, parameters: Parameters) -> Result<QueryResult, Failure> {
        self.session.execute_cypher_with_params(text, parameters).map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &Error) -> Failure {
        if errors::is_timeout(error) { self.context.clock.is_up() } else { errors::failure(error) }
    }
}

impl Drop for Transaction {
    /// The engine's session rolls back when it is dropped.
    fn drop(&mut self) {
        self.undo_schema();
    }
}

/// A session of the engine with its transaction begun.
fn session(engine: &GrafeoDB, mode: AccessMode) -> Result<Session, Failure> {
    let mut session = match mode {
        AccessMode::Read => engine.session_with_role(Role::ReadOnly),
        AccessMode::Write => engine.session(),
    };
    session.begin_transaction().map_err(|error| errors::failure(&error))?;
    Ok(session)
}

/// Whether the statement returns columns.
fn returns(statement: &Statement) -> bool {
    match statement {
        Statement::Query(query) => query.clauses.iter().any(|clause| matches!(clause, cypher::Clause::Return(_))),
        Statement::Union { queries, .. } => {
            queries.iter().any(|query| query.clauses.iter().any(|clause| matches!(clause, cypher::Clause::Return(_))))
        }
        _ => false,
    }
}

fn counters(counters: &WriteCounters) -> Counters<'static> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    Counters {
        nodes_created: number(counters.nodes_created),
        nodes_deleted: number(counters.nodes_deleted),
        relationships_created: number(counters.edges_created),
        relationships_deleted: number(counters.edges_deleted),
        properties_set: number(counters.properties_set),
        labels_added: number(counters.labels_added),
        labels_removed: number(counters.labels_removed),
        contains_updates: counters.contains_updates(),
        ..Counters::default()
    }
}

fn system_updates(done: bool) -> Counters<'static> {
    Counters { system_updates: i64::from(done), contains_system_updates: done, ..Counters::default() }
}

/// The type that Neo4j gives a statement that reads such a table.
fn kind(source: &Source) -> ResultKind {
    match source {
        Source::Indexes { .. } | Source::Constraints(_) | Source::Procedures | Source::Visualization | Source::Nothing | Source::Ping => {
            ResultKind::Read
        }
        _ => ResultKind::Schema,
    }
}

/// Whether a map in the value has a key that the engine uses itself.
fn mentions_reserved(value: &Value) -> bool {
    match value {
        Value::Map(map) => map.iter().any(|(key, value)| RESERVED.contains(&key.as_str()) || mentions_reserved(value)),
        Value::List(values) => values.iter().any(mentions_reserved),
        _ => false,
    }
}

fn access_mode(what: &str) -> Failure {
    Failure::new(
        ErrorCode::StatementAccessMode,
        format!("The transaction is for reading only, and this is {what}. Open it for writing instead."),
    )
}

fn not_on_system() -> Failure {
    Failure::new(
        ErrorCode::StatementSyntaxError,
        "Not a recognised system command or procedure. This statement can only be run on another database than 'system'.",
    )
}
