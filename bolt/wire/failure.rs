//! A failure as every layer passes it on: a code of the specification, a sentence, and what led to it.

use std::borrow::Cow;
use std::fmt;

use crate::generated::{Cause, DiagnosticRecord, ErrorCode, FailureMetadata};
use crate::wire::packstream::EncodeError;

/// Why a request failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// The code, by which drivers decide what to do.
    pub code: ErrorCode,
    /// What was expected, what came, and what to do about it.
    pub message: String,
    /// What led to it.
    pub cause: Option<Box<Self>>,
}

impl Failure {
    /// A failure with its sentence.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), cause: None }
    }

    /// The same failure with what led to it.
    #[must_use]
    pub fn because(mut self, cause: Self) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// What a FAILURE says of it; each version shows what it can.
    #[must_use]
    pub fn metadata(&self) -> FailureMetadata<'_> {
        FailureMetadata {
            code: Cow::Borrowed(self.code.code()),
            message: Some(Cow::Borrowed(&self.message)),
            gql_status: Some(Cow::Borrowed(self.code.gql_status())),
            description: Some(Cow::Borrowed(self.code.description())),
            diagnostic_record: self.diagnostic_record(),
            cause: self.cause.as_deref().map(Self::as_cause),
            ..FailureMetadata::default()
        }
    }

    fn as_cause(&self) -> Cause<'_> {
        Cause {
            gql_status: Cow::Borrowed(self.code.gql_status()),
            description: Cow::Borrowed(self.code.description()),
            message: Some(Cow::Borrowed(&self.message)),
            diagnostic_record: self.diagnostic_record(),
            cause: self.cause.as_deref().map(Self::as_cause).map(Box::new),
            ..Cause::default()
        }
    }

    fn diagnostic_record(&self) -> DiagnosticRecord<'static> {
        let classification = Some(Cow::Borrowed(self.code.classification().name()));
        DiagnosticRecord { classification, ..DiagnosticRecord::default() }
    }
}

impl From<EncodeError> for Failure {
    /// A value that a connection cannot carry.
    fn from(error: EncodeError) -> Self {
        Self::new(
            ErrorCode::RequestInvalid,
            format!("The answer cannot be sent: {error}. Ask for something else, or use a newer version of Bolt."),
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.code(), self.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
