//! What can go wrong around the drivers: one sentence that says what to do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What can go wrong around the drivers.
#[derive(Debug, Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file is not written as it should be.
    #[error("{}: {reason}", path.display())]
    Text {
        /// Which.
        path: PathBuf,
        /// What is wrong in it.
        reason: String,
    },
    /// A tool is missing.
    #[error("`{0}` is needed for a driver and does not start: {1}")]
    Tool(String, io::Error),
    /// A tool has failed.
    #[error("{command} failed:\n{output}")]
    Failed {
        /// What was called.
        command: String,
        /// What it said.
        output: String,
    },
    /// A server did not start.
    #[error("{command} did not start within 30 seconds; it said:\n{output}")]
    Server {
        /// What was called.
        command: String,
        /// What it said.
        output: String,
    },
    /// No release is called so.
    #[error(
        "no release is called '{given}'; a release is a language and a version that tests/drivers/releases.yaml lists, such as python:6.4.1, python:5.28 or python"
    )]
    Release {
        /// What was asked for.
        given: String,
    },
    /// No scenario is called so.
    #[error("no scenario is called '{given}'; tests/drivers/scenarios.yaml lists them")]
    Scenario {
        /// What was asked for.
        given: String,
    },
}

impl Error {
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }

    pub(crate) fn text(path: &Path) -> impl FnOnce(&dyn std::fmt::Display) -> Self {
        move |reason| Self::Text { path: path.to_owned(), reason: reason.to_string() }
    }
}
