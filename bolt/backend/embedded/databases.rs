//! The databases: each a graph of its own, with indexes and constraints of its own.
//!
//! Each one is an engine of its own rather than a named graph of one engine: named graphs share their indexes and
//! constraints, so that a constraint made in one database would refuse data in another.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use grafeo_common::utils::error::Error;
use grafeo_engine::{Config, DurabilityMode, GrafeoDB};

use crate::generated::ErrorCode;
use crate::wire::Failure;

use super::elements;
use super::{errors, names};

/// The file that a database's graph is in.
const FILE: &str = "graph.grafeo";

/// Why the databases cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory cannot be read or written.
    #[error("cannot use the directory {} for databases: {reason}", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// A database in it cannot be opened.
    #[error("cannot open the database '{name}': {reason}")]
    Database {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
}

/// All databases.
#[derive(Clone, Debug)]
pub(super) struct Databases {
    directory: Option<PathBuf>,
    open: Arc<RwLock<BTreeMap<String, Arc<Database>>>>,
}

/// One of them.
pub(super) struct Database {
    pub(super) name: String,
    pub(super) engine: GrafeoDB,
    /// Grows with each commit, also over restarts: it starts from the clock.
    commits: AtomicU64,
    /// Whether anything in it may have a property with one of the names that the engine hides.
    hidden_properties: AtomicBool,
    directory: Option<PathBuf>,
}

/// What a client may work on.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// The database for administration; the default one lends it its engine.
    System(Arc<Database>),
    /// A graph.
    Graph(Arc<Database>),
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Databases {
    pub(super) fn open(directory: &Path) -> Result<Self, OpenError> {
        let fault = |reason| OpenError::Directory { directory: directory.to_owned(), reason };
        fs::create_dir_all(directory).map_err(fault)?;
        let mut open = BTreeMap::new();
        for entry in fs::read_dir(directory).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let name = entry.file_name().into_string().ok().and_then(|name| names::new(&name).ok());
            if let Some(name) = name.filter(|_| entry.path().join(FILE).exists()) {
                open.insert(name.clone(), Arc::new(Database::open(name, Some(entry.path()))?));
            }
        }
        if !open.contains_key(names::DEFAULT) {
            let default = Database::open(names::DEFAULT.to_owned(), Some(directory.join(names::DEFAULT)))?;
            open.insert(names::DEFAULT.to_owned(), Arc::new(default));
        }
        Ok(Self { directory: Some(directory.to_owned()), open: Arc::new(RwLock::new(open)) })
    }

    pub(super) fn in_memory() -> Result<Self, OpenError> {
        let default = Arc::new(Database::open(names::DEFAULT.to_owned(), None)?);
        Ok(Self { directory: None, open: Arc::new(RwLock::new([(names::DEFAULT.to_owned(), default)].into())) })
    }

    /// The database of a name; none and an empty one are the default.
    pub(super) fn target(&self, name: Option<&str>) -> Result<Target, Failure> {
        let name = name.filter(|name| !name.is_empty()).unwrap_or(names::DEFAULT);
        let canonical = names::canonical(name);
        if canonical == names::SYSTEM {
            return Ok(Target::System(self.get(names::DEFAULT)?));
        }
        self.get(&canonical).map(Target::Graph)
    }

    fn get(&self, name: &str) -> Result<Arc<Database>, Failure> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned().ok_or_else(|| names::unknown(name))
    }

    /// The names of all, in order; `system` is not among them.
    pub(super) fn names(&self) -> Vec<String> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Whether creating a database would: not when it is there already and may be.
    pub(super) fn creates(&self, name: &str, if_not_exists: bool, replace: bool) -> Result<bool, Failure> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        creatable(&open, name, if_not_exists, replace).map(|name| name.is_some())
    }

    /// Creates a database. Whether it did.
    pub(super) fn create(&self, name: &str, if_not_exists: bool, replace: bool) -> Result<bool, Failure> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let Some(name) = creatable(&open, name, if_not_exists, replace)? else { return Ok(false) };
        if let Some(database) = open.remove(&name) {
            database.delete()?;
        }
        let directory = self.directory.as_ref().map(|directory| directory.join(&name));
        let database = Database::open(name.clone(), directory)
            .map_err(|error| Failure::new(ErrorCode::DatabaseUnableToStartDatabase, error.to_string()))?;
        open.insert(name, Arc::new(database));
        Ok(true)
    }

    /// Whether dropping a database would: not when it is not there and need not be.
    pub(super) fn drops(&self, name: &str, if_exists: bool) -> Result<bool, Failure> {
        let canonical = names::canonical(name);
        if canonical == names::DEFAULT || canonical == names::SYSTEM {
            let message = format!("The database '{canonical}' cannot be dropped: the server needs it.");
            return Err(Failure::new(ErrorCode::StatementUnsupportedOperationError, message));
        }
        match self.open.read().unwrap_or_else(PoisonError::into_inner).contains_key(&canonical) {
            false if !if_exists => Err(names::unknown(name)),
            there => Ok(there),
        }
    }

    /// Drops a database. Whether it did.
    pub(super) fn drop(&self, name: &str, if_exists: bool) -> Result<bool, Failure> {
        self.drops(name, if_exists)?;
        match self.open.write().unwrap_or_else(PoisonError::into_inner).remove(&names::canonical(name)) {
            Some(database) => database.delete().map(|()| true),
            None => Ok(false),
        }
    }
}

/// The name of the database that would be created; none when it is there already and may be.
fn creatable(open: &BTreeMap<String, Arc<Database>>, name: &str, if_not_exists: bool, replace: bool) -> Result<Option<String>, Failure> {
    let canonical = names::canonical(name);
    let there = open.contains_key(&canonical) || canonical == names::SYSTEM;
    if there && if_not_exists {
        return Ok(None);
    }
    if there && (!replace || canonical == names::SYSTEM) {
        let message = format!("Failed to create the specified database '{canonical}': Database already exists.");
        return Err(Failure::new(ErrorCode::DatabaseExistingDatabaseFound, message));
    }
    names::new(name).map(Some)
}

impl Database {
    fn open(name: String, directory: Option<PathBuf>) -> Result<Self, OpenError> {
        let config = match &directory {
            Some(directory) => {
                fs::create_dir_all(directory).map_err(|reason| OpenError::Directory { directory: directory.clone(), reason })?;
                // What is committed is on the disk before the client hears of it.
                Config::persistent(directory.join(FILE)).with_wal_durability(DurabilityMode::Sync)
            }
            None => Config::in_memory(),
        };
        let fault = |reason: Error| OpenError::Database { name: name.clone(), reason: reason.to_string() };
        let engine = GrafeoDB::with_config(config).map_err(fault)?;
        let keys = engine.session().execute_cypher("CALL db.propertyKeys()").map_err(fault)?;
        let hidden = keys.iter().flatten().any(|key| key.as_str().is_some_and(|key| elements::RESERVED.contains(&key)));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self {
            engine,
            commits: AtomicU64::new(u64::try_from(now.as_millis()).unwrap_or_default()),
            hidden_properties: AtomicBool::new(hidden),
            directory,
            name,
        })
    }

    /// Closes it for good.
    fn delete(&self) -> Result<(), Failure> {
        self.engine.close().map_err(|error| errors::failure(&error))?;
        match &self.directory {
            Some(directory) => fs::remove_dir_all(directory).map_err(|error| {
                let message =
                    format!("The database '{}' is closed, but its directory {} remains: {error}.", self.name, directory.display());
                Failure::new(ErrorCode::GeneralUnknownError, message)
            }),
            None => Ok(()),
        }
    }

    /// The number after the latest commit.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    /// Counts a commit that changed something.
    pub(super) fn committed(&self) -> u64 {
        self.commits.fetch_add(1, Ordering::AcqRel) + 1
    }

    pub(super) fn has_hidden_properties(&self) -> bool {
        self.hidden_properties.load(Ordering::Relaxed)
    }

    /// Notes that a statement mentions such a property.
    pub(super) fn may_hide_properties(&self) {
        self.hidden_properties.store(true, Ordering::Relaxed);
    }
}

impl Target {
    /// The database whose engine does the work.
    pub(super) fn database(&self) -> &Arc<Database> {
        let (Self::System(database) | Self::Graph(database)) = self;
        database
    }

    /// What clients call it.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::System(_) => names::SYSTEM,
            Self::Graph(database) => &database.name,
        }
    }

    pub(super) fn is_system(&self) -> bool {
        matches!(self, Self::System(_))
    }
}
