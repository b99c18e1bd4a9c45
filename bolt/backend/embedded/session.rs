//! Sessions: the side that waits while a [transaction](super::transaction) blocks.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::backend::{Access, AccessMode, BackendSession, Bookmark, Opened, Progress, RowWriter, Summary, TransactionSettings};
use crate::generated::{ErrorCode, Value};
use crate::wire::Failure;
use crate::wire::packstream::Dictionary;

use super::abandoned;
use super::databases::Target;
use super::transaction::{Clock, Context, Transaction};
use super::{Rows, Shared, bookmarks, values};

/// One transaction's worth of work on the embedded database.
#[derive(Debug)]
pub struct EmbeddedSession {
    shared: Arc<Shared>,
    target: Target,
    /// The name of the database that the work is on, by a leading USE possibly another one.
    database: String,
    user: String,
    address: String,
    mode: AccessMode,
    _connection: Connection,
    state: State,
}

/// Where the work stands.
enum State {
    New,
    Open(Box<Transaction>),
    /// A statement runs, has failed, or was left to itself; or the transaction is over.
    Gone,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::New => "New",
            Self::Open(_) => "Open",
            Self::Gone => "Gone",
        })
    }
}

impl EmbeddedSession {
    pub(super) fn open(shared: Arc<Shared>, access: &Access<'_>) -> Result<Self, Failure> {
        if let Some(other) = access.impersonated {
            let message = format!("The embedded database has no users of its own, so nobody can act as '{other}'.");
            return Err(Failure::new(ErrorCode::StatementArgumentError, message));
        }
        let target = shared.databases.target(access.database)?;
        Ok(Self {
            database: target.name().to_owned(),
            target,
            user: access.user.to_owned(),
            address: access.address.to_owned(),
            mode: access.mode,
            _connection: shared.connections.add(access.user),
            state: State::New,
            shared,
        })
    }

    /// Does blocking work on the transaction, on a thread for it. Dropped meanwhile, the work is left to itself, and what it
    /// did is rolled back when it ends.
    async fn blocking<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Transaction) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let State::Open(mut transaction) = std::mem::replace(&mut self.state, State::Gone) else {
            return Err(Failure::new(ErrorCode::TransactionTransactionNotFound, "The transaction is over."));
        };
        let (waiting, working) = abandoned::watched(&self.shared.abandoned);
        let done = tokio::task::spawn_blocking(move || {
            // The transaction goes first: the work is over when it is rolled back.
            let working = working;
            let result = work(&mut transaction);
            match result {
                Ok(value) => Ok((value, transaction, working)),
                Err(failure) => {
                    transaction.rollback();
                    drop(transaction);
                    drop(working);
                    Err(failure)
                }
            }
        });
        let result = done.await;
        let outcome = match result {
            Ok(Ok((value, transaction, working))) => {
                drop(working);
                self.state = State::Open(transaction);
                Ok(value)
            }
            Ok(Err(failure)) => Err(failure),
            Err(panic) => Err(Failure::new(ErrorCode::GeneralUnknownError, format!("The embedded database has failed: {panic}."))),
        };
        drop(waiting);
        outcome
    }
}

impl BackendSession for EmbeddedSession {
    type Cursor = Rows;

    fn database(&self) -> &str {
        &self.database
    }

    async fn begin(&mut self, settings: TransactionSettings<'_>) -> Result<(), Failure> {
        bookmarks::check(&settings.bookmarks)?;
        let limit = settings.timeout.or(self.shared.timeout);
        let clock = Clock {
            end: limit.and_then(|limit| Instant::now().checked_add(limit)),
            by_client: settings.timeout.is_some(),
            limit: limit.unwrap_or(Duration::MAX),
        };
        let context = Context {
            shared: Arc::clone(&self.shared),
            user: self.user.clone(),
            mode: self.mode,
            address: self.address.clone(),
            metadata: values::to_engine(Value::from(settings.metadata))?,
            clock,
        };
        self.state = State::Open(Box::new(Transaction::begin(context, self.target.clone())?));
        Ok(())
    }

    async fn run(&mut self, query: &str, parameters: Dictionary<'_>) -> Result<Opened<Rows>, Failure> {
        self.shared.abandoned.check()?;
        let parameters = values::parameters(parameters)?;
        let query = query.to_owned();
        let run = move |transaction: &mut Transaction| {
            let rows = transaction.run(&query, parameters)?;
            Ok((rows, transaction.target.name().to_owned()))
        };
        let (mut cursor, database) = self.blocking(run).await?;
        self.database = database;
        Ok(Opened { columns: std::mem::take(&mut cursor.columns), cursor })
    }

    async fn fetch(&mut self, cursor: &mut Rows, rows: &mut RowWriter<'_>) -> Result<Progress, Failure> {
        cursor.write(rows)
    }

    async fn discard(&mut self, cursor: Rows) -> Result<Summary, Failure> {
        Ok(cursor.into_summary())
    }

    async fn commit(&mut self) -> Result<Bookmark, Failure> {
        let bookmark = self.blocking(Transaction::commit).await?;
        self.state = State::Gone;
        Ok(bookmark)
    }

    async fn rollback(&mut self) -> Result<(), Failure> {
        self.blocking(|transaction| {
            transaction.rollback();
            Ok(())
        })
        .await?;
        self.state = State::Gone;
        Ok(())
    }

    async fn cancel(mut self) {
        if matches!(self.state, State::Open(_)) {
            let rolled_back = self.rollback().await;
            if let Err(failure) = rolled_back {
                tracing::debug!(%failure, "a cancelled transaction");
            }
        }
    }
}

/// The open sessions.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections {
    open: Arc<Mutex<BTreeMap<u64, (String, SystemTime)>>>,
    next: Arc<AtomicU64>,
}

/// One of them, open as long as this is there.
#[derive(Debug)]
struct Connection {
    id: u64,
    all: Connections,
}

impl Connections {
    fn add(&self, user: &str) -> Connection {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (user.to_owned(), SystemTime::now()));
        Connection { id, all: self.clone() }
    }

    /// Number, user, and since when.
    pub(super) fn list(&self) -> Vec<(u64, String, String)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter().map(|(id, (user, since))| (*id, user.clone(), moment(*since))).collect()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// A moment as ISO 8601 writes it.
fn moment(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    let (year, month, day) = values::civil(seconds / 86_400);
    let clock = seconds % 86_400;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z", clock / 3600, clock / 60 % 60, clock % 60, since.subsec_millis())
}
