//! The embedded database: [`Embedded`] serves property graphs out of the engine grafeo, in a directory or in memory.
//!
//! Statements go through the statement front, which rewords, refuses or answers what the engine would not do as Neo4j
//! does. Values go through the value mapping, which gives back exactly what was stored. What the engine blocks
//! on runs on tokio's threads for blocking work. `docs/embedded.md` says what the whole can and cannot do.

mod abandoned;
mod answers;
mod bookmarks;
mod databases;
mod elements;
mod errors;
mod front;
mod names;
mod plan;
mod rows;
mod schema;
mod session;
mod transaction;
mod values;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::generated::RoutingTable;
use crate::wire::Failure;

use super::{Access, Backend, Routing, alone};
use abandoned::Abandoned;
use databases::Databases;
use session::Connections;

pub use databases::OpenError;
pub use rows::Rows;
pub use session::EmbeddedSession;

/// How long a transaction may take whose client sets no time of its own.
const TIMEOUT: Duration = Duration::from_secs(600);
/// How many statements may run on that nobody waits for any more.
const ABANDONED: usize = 16;

/// The embedded database. Clones are the same database.
#[derive(Clone, Debug)]
pub struct Embedded {
    shared: Arc<Shared>,
}

/// What all sessions share.
#[derive(Debug)]
struct Shared {
    databases: Databases,
    timeout: Option<Duration>,
    abandoned: Arc<Abandoned>,
    connections: Connections,
}

impl Embedded {
    /// Opens the databases in a directory, which is created where it is missing.
    ///
    /// # Errors
    /// When the directory cannot be read or written, or a database in it is damaged or open elsewhere.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        Ok(Self::new(Databases::open(directory)?))
    }

    /// Opens an empty database in memory. It is gone with its last clone.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self, OpenError> {
        Ok(Self::new(Databases::in_memory()?))
    }

    fn new(databases: Databases) -> Self {
        let abandoned = Arc::new(Abandoned::new(ABANDONED));
        Self { shared: Arc::new(Shared { databases, timeout: Some(TIMEOUT), abandoned, connections: Connections::default() }) }
    }

    /// Sets how long a transaction may take whose client sets no time of its own; none is without end. It also bounds how long
    /// the engine works on a statement that nobody waits for any more, since it cannot be stopped.
    #[must_use]
    pub fn with_timeout(self, timeout: Option<Duration>) -> Self {
        let Self { shared } = self;
        let shared = Shared {
            databases: shared.databases.clone(),
            timeout,
            abandoned: Arc::clone(&shared.abandoned),
            connections: shared.connections.clone(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Sets how many statements may run on that nobody waits for any more. While there are so many, new ones are refused.
    #[must_use]
    pub fn with_abandoned_limit(self, limit: usize) -> Self {
        self.shared.abandoned.set_limit(limit);
        self
    }

    /// How many statements run on that nobody waits for any more: their connections were reset or lost.
    #[must_use]
    pub fn abandoned(&self) -> usize {
        self.shared.abandoned.count()
    }
}

impl Backend for Embedded {
    type Session = EmbeddedSession;

    async fn open(&self, access: Access<'_>) -> Result<EmbeddedSession, Failure> {
        EmbeddedSession::open(Arc::clone(&self.shared), &access)
    }

    async fn route(&self, request: Routing<'_>) -> Result<RoutingTable<'static>, Failure> {
        bookmarks::check(&request.bookmarks)?;
        self.shared.databases.target(request.database)?;
        // A client that names its database is told the name as it spelled it.
        let db = request.database.is_none().then_some(names::DEFAULT.into());
        Ok(RoutingTable { db, ..alone(request.address) })
    }
}
