//! What may be wrong with a conversation's text.

use thiserror::Error;

/// A mistake in a conversation.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("line {line}: {problem}")]
pub struct ParseError {
    /// The line it is in, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// Something else was expected.
    #[error("expected {expected}, got '{got}'")]
    Expected {
        /// What was expected.
        expected: &'static str,
        /// What stands there.
        got: String,
    },
    /// The header lacks a key.
    #[error("the header has no '{key}'")]
    Missing {
        /// The key.
        key: &'static str,
    },
    /// A key that the header does not know, or a value that the key does not take.
    #[error("the header has '{key}: {value}', which means nothing")]
    Header {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// A message that no version has.
    #[error("no message is named '{name}'")]
    UnknownMessage {
        /// Its name.
        name: String,
    },
    /// A structure that no version has.
    #[error("no structure is named '{name}'")]
    UnknownStructure {
        /// Its name.
        name: String,
    },
    /// A pattern in what the client sends.
    #[error("'{got}' is a pattern, which cannot be sent")]
    NotSendable {
        /// The pattern.
        got: String,
    },
}
