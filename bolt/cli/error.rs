//! What goes wrong on the command line: one sentence that says what to do.

use std::io;
use std::path::PathBuf;

use boltwright::conform::known::KnownError;
use boltwright::conform::profile::ProfileError;
use boltwright::conform::report::ReportError;
use boltwright::conform::run::RunError;
use boltwright::conform::transcript::ParseError;
use boltwright::generated::Version;
use boltwright::server::BindError;
use boltwright::server::auth::UsersError;
use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum CliError {
    #[error(transparent)]
    Bind(#[from] BindError),

    #[error(transparent)]
    Users(#[from] UsersError),

    #[error("cannot open the database in {}: {source}", path.display())]
    Data { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },

    #[error("cannot start: {0}; check the limits of this machine on threads and open files")]
    Runtime(io::Error),

    #[error("'{given}' is no log level: {reason}; use error, warn, info, debug or trace, or directives such as 'info,boltwright=debug'")]
    Log { given: String, reason: String },

    #[error("cannot read the password: {0}; type it at the prompt, or send it as one line to the standard input")]
    Password(io::Error),

    #[error("the password is empty; choose one")]
    NoPassword,

    #[error("the two passwords differ; try again")]
    Typo,

    #[error("{} has no user '{name}'; 'boltwright user list --users {}' shows those it has", path.display(), path.display())]
    NoSuchUser { name: String, path: PathBuf },

    #[error("{0} and {1} are in the wrong order; the older version comes first")]
    Order(Version, Version),

    #[error("{count} {} found in {}", if *count == 1 { "mistake" } else { "mistakes" }, path.display())]
    Mistakes { count: usize, path: PathBuf },

    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },

    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },

    #[error("{}: {source}", path.display())]
    Known { path: PathBuf, source: KnownError },

    #[error("{}: {source}", path.display())]
    Profile { path: PathBuf, source: ProfileError },

    #[error("there is no password for '{user}'; put it into the environment variable {variable}, or name another one with --password-env")]
    PasswordMissing { user: String, variable: String },

    #[error("the password in the environment variable {variable} is no text in UTF-8")]
    PasswordText { variable: String },

    #[error("there is no case '{name}'; --list shows those there are")]
    NoSuchCase { name: String },

    #[error(transparent)]
    Run(#[from] RunError),

    #[error(transparent)]
    Case(#[from] ParseError),

    #[error(transparent)]
    Report(#[from] ReportError),

    #[error("{count} {} unexpectedly different", if *count == 1 { "answer is" } else { "answers are" })]
    Differs { count: usize },

    #[error("cannot write the answer: {0}")]
    Output(io::Error),

    /// Whoever reads the answer has read enough.
    #[error("nobody reads the answer")]
    PipeClosed,
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::PipeClosed } else { Self::Output(error) }
    }
}
