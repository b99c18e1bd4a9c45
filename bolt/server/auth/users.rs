//! The users file: one user a line, `name:hash`, where the hash is argon2id in PHC form. Lines that start with `#` are comments.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{self, PasswordHash, PasswordHashString, PasswordHasher, PasswordVerifier, SaltString};
use thiserror::Error;

/// Users and what their passwords are checked against.
#[derive(Clone, Debug, Default)]
pub struct Users(BTreeMap<UserName, PasswordHashString>);

/// The name of a user: not empty, without colons, control characters and blanks at its ends, so that it fits in a line.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct UserName(String);

/// Why the users file is of no use.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UsersError {
    /// It cannot be read.
    #[error("cannot read the users file {}: {source}; 'boltwright user add NAME --users {}' makes one", path.display(), path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// It cannot be written.
    #[error("cannot write the users file {}: {source}; check that its directory exists and is yours", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// A line that is no user.
    #[error("{}:{line}: expected 'name:$argon2id$…', one user a line; set the password anew with 'boltwright user add NAME --users {}'", path.display(), path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },

    /// It has no user.
    #[error("the users file {} has no user; 'boltwright user add NAME --users {}' adds one", path.display(), path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },

    /// A name that cannot be one.
    #[error("'{name}' cannot be the name of a user; use one without colons and control characters, and without blanks at its ends")]
    Name {
        /// The name.
        name: String,
    },

    /// A password that cannot be hashed.
    #[error("the password cannot be used: {0}; choose another one")]
    Password(password_hash::Error),
}

impl UserName {
    /// Takes a name, if it can be one.
    ///
    /// # Errors
    /// When it would not fit in a line of the file.
    pub fn new(name: &str) -> Result<Self, UsersError> {
        let fits =
            !name.is_empty() && !name.starts_with('#') && name.trim() == name && !name.contains(|c: char| c == ':' || c.is_control());
        if fits { Ok(Self(name.to_owned())) } else { Err(UsersError::Name { name: name.to_owned() }) }
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Users {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, or a line is no user.
    pub fn read(path: &Path) -> Result<Self, UsersError> {
        let text = fs::read_to_string(path).map_err(|source| UsersError::Read { path: path.to_owned(), source })?;
        let lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|(line, user)| parse(user).ok_or_else(|| UsersError::Line { path: path.to_owned(), line }))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Writes the file, readable for its owner only. Who reads it meanwhile sees the old one or the new one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), UsersError> {
        let mut text = "# The users of boltwright, one a line: name:hash. Change it with 'boltwright user'.\n".to_owned();
        for (name, hash) in &self.0 {
            text.push_str(&format!("{name}:{}\n", hash.as_str()));
        }
        replace(path, text.as_bytes()).map_err(|source| UsersError::Write { path: path.to_owned(), source })
    }

    /// Adds a user, or gives an old one a new password. Says whether the user is new.
    ///
    /// # Errors
    /// When the password cannot be hashed.
    pub fn set(&mut self, name: UserName, password: &[u8]) -> Result<bool, UsersError> {
        let salt = SaltString::generate(&mut OsRng);
        let hash = Argon2::default().hash_password(password, &salt).map_err(UsersError::Password)?.serialize();
        Ok(self.0.insert(name, hash).is_none())
    }

    /// Removes a user. Says whether there was one.
    pub fn remove(&mut self, name: &UserName) -> bool {
        self.0.remove(name).is_some()
    }

    /// Whether this is the password of the user. It takes as long for a user that does not exist.
    ///
    /// This computes for a long time, as it should.
    #[must_use]
    pub fn verify(&self, name: &str, password: &[u8]) -> bool {
        let known = UserName::new(name).ok().and_then(|name| self.0.get(&name));
        let Some(hash) = known.or_else(|| self.0.values().next()) else {
            return false;
        };
        let right = Argon2::default().verify_password(password, &hash.password_hash()).is_ok();
        right && known.is_some()
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &UserName> {
        self.0.keys()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn parse(line: &str) -> Option<(UserName, PasswordHashString)> {
    let (name, hash) = line.split_once(':')?;
    let hash = PasswordHash::new(hash).ok()?;
    (hash.algorithm == argon2::ARGON2ID_IDENT && hash.hash.is_some()).then_some(())?;
    Some((UserName::new(name).ok()?, hash.serialize()))
}

/// Writes beside the file first, and moves it there in one step.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = write_private(&beside, content).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is left of it is of no use; that it may not be there at all is no further trouble.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_that_was_written_is_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("users");
        let mut users = Users::default();
        assert!(users.set(UserName::new("alice").unwrap(), b"secret").unwrap());
        users.write(&path).unwrap();

        let users = Users::read(&path).unwrap();
        assert!(users.verify("alice", b"secret"));
        assert!(!users.verify("alice", b"Secret"));
        assert!(!users.verify("bob", b"secret"));
        assert!(!users.verify("", b""));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("users");
        fs::write(&path, "").unwrap();
        Users::default().write(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_fits_in_a_line() {
        for name in ["", " a", "a:b", "a\nb", "#a"] {
            assert!(UserName::new(name).is_err(), "{name:?}");
        }
        assert_eq!(UserName::new("Ada Lovelace").unwrap().to_string(), "Ada Lovelace");
    }

    #[test]
    fn a_line_that_is_no_user_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("users");
        fs::write(&path, "# users\n\nalice:secret\n").unwrap();
        let message = Users::read(&path).unwrap_err().to_string();
        assert!(message.contains("users:3: expected"), "{message}");
    }
}
