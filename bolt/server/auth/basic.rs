//! Names and passwords, from a users file that is read again when it changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::rate::Attempts;
use super::{Authenticator, Users, UsersError, Verdict};
use crate::generated::ErrorCode;
use crate::session::{Credentials, Identity};
use crate::wire::Failure;

/// The scheme `basic`, with the users of a file.
#[derive(Debug)]
pub struct Basic {
    path: PathBuf,
    users: Mutex<Loaded>,
    attempts: Mutex<Attempts>,
    /// One check takes a lot of memory and a processor.
    checks: Semaphore,
}

#[derive(Debug)]
struct Loaded {
    users: Arc<Users>,
    stamp: Option<Stamp>,
}

/// What tells a changed file: each write makes a new one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    file: u64,
}

impl Basic {
    /// Reads the users file.
    ///
    /// # Errors
    /// When it cannot be read, or has no user.
    pub fn new(path: &Path) -> Result<Self, UsersError> {
        let stamp = stamp(path);
        let users = Users::read(path)?;
        if users.is_empty() {
            return Err(UsersError::Empty { path: path.to_owned() });
        }
        let checks = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            path: path.to_owned(),
            users: Mutex::new(Loaded { users: Arc::new(users), stamp }),
            attempts: Mutex::default(),
            checks: Semaphore::new(checks),
        })
    }

    /// The users as the file has them now. A file that cannot be read leaves the ones before in force.
    fn users(&self) -> Arc<Users> {
        let mut loaded = lock(&self.users);
        let stamp = stamp(&self.path);
        if loaded.stamp != stamp {
            loaded.stamp = stamp;
            match Users::read(&self.path) {
                Ok(users) => {
                    tracing::info!(file = %self.path.display(), "users read again");
                    loaded.users = Arc::new(users);
                }
                Err(error) => tracing::error!("the users from before stay in force: {error}"),
            }
        }
        Arc::clone(&loaded.users)
    }

    async fn check(&self, credentials: &Credentials<'_>) -> Result<Identity, Failure> {
        let (Some("basic"), Some(name), Some(secret)) = (credentials.scheme(), credentials.principal(), credentials.secret()) else {
            return Err(unauthorized(
                "Expected the scheme 'basic' with a principal and credentials, as text. Configure the driver with basic authentication.",
            ));
        };
        // Taken first, so that a hundred guesses at once do not slip by before the first is counted.
        let _check = self.checks.acquire().await.map_err(|_| unauthorized("The server is about to stop."))?;
        if lock(&self.attempts).must_wait(name, Instant::now()) {
            let message = "Too many wrong passwords for this user. Wait for five seconds and try again.";
            return Err(Failure::new(ErrorCode::SecurityAuthenticationRateLimit, message));
        }

        let users = self.users();
        let (user, password) = (name.to_owned(), secret.to_vec());
        let right = spawn_blocking(move || users.verify(&user, &password)).await.unwrap_or(false);
        if right {
            lock(&self.attempts).right(name);
            Ok(Identity { user: name.to_owned(), credentials_expired: false })
        } else {
            lock(&self.attempts).wrong(name, Instant::now());
            Err(unauthorized("The user or the password is wrong. Check both, and mind that the case of letters counts."))
        }
    }
}

impl Authenticator for Basic {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'_>) -> Verdict<'a> {
        Box::pin(self.check(credentials))
    }
}

fn unauthorized(message: &str) -> Failure {
    Failure::new(ErrorCode::SecurityUnauthorized, message)
}

/// What is behind these locks is whole at every moment, also after a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let file = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let file = 0;
    Some(Stamp { modified: metadata.modified().ok(), length: metadata.len(), file })
}
