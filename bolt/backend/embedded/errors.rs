//! Failures of the engine and of the statement front as Neo4j codes.

use grafeo_common::utils::error::{ConstraintKind, Error, QueryErrorKind, TransactionError};

use crate::generated::ErrorCode;
use crate::wire::Failure;

use super::front::Refusal;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let code = match &refusal {
            Refusal::Syntax(_) => ErrorCode::StatementSyntaxError,
            Refusal::Semantic(_) => ErrorCode::StatementSemanticError,
            Refusal::Unsupported(_) => ErrorCode::StatementUnsupportedOperationError,
            Refusal::Administration(_) => ErrorCode::StatementUnsupportedAdministrationCommand,
            Refusal::Type(_) => ErrorCode::StatementTypeError,
            Refusal::MissingParameter(_) => ErrorCode::StatementParameterMissing,
        };
        Self::new(code, refusal.to_string())
    }
}

/// What the engine says, as a failure.
pub(super) fn failure(error: &Error) -> Failure {
    let (code, message) = match error {
        Error::Query(query) => {
            let code = query_code(query.kind, &query.message);
            let mut message = query.message.trim_start_matches("[Cypher] ").to_owned();
            if let Some(span) = query.span {
                message.push_str(&format!(" (line {}, column {} (offset: {}))", span.line, span.column, span.start));
            }
            if let Some(hint) = query.hint.as_ref().filter(|_| query.kind != QueryErrorKind::Timeout) {
                message.push_str(&format!(" {hint}"));
            }
            return Failure::new(code, message);
        }
        Error::Transaction(transaction) => (transaction_code(transaction), error.to_string()),
        Error::Constraint { kind: ConstraintKind::Limit, message } => (ErrorCode::StatementArgumentError, message.to_string()),
        Error::Constraint { message, .. } => (ErrorCode::SchemaConstraintValidationFailed, message.to_string()),
        Error::TypeMismatch(_) => (ErrorCode::StatementTypeError, error.to_string()),
        Error::InvalidValue(message) => (ErrorCode::StatementArgumentError, message.clone()),
        Error::NodeNotFound(_) | Error::EdgeNotFound(_) => (ErrorCode::StatementEntityNotFound, error.to_string()),
        Error::PropertyNotFound(_) | Error::LabelNotFound(_) => (ErrorCode::StatementPropertyNotFound, error.to_string()),
        Error::Corruption(_) => (ErrorCode::GeneralStorageDamageDetected, error.to_string()),
        _ => (ErrorCode::GeneralUnknownError, error.to_string()),
    };
    Failure::new(code, message)
}

fn query_code(kind: QueryErrorKind, message: &str) -> ErrorCode {
    match kind {
        QueryErrorKind::Lexer | QueryErrorKind::Syntax => ErrorCode::StatementSyntaxError,
        QueryErrorKind::InvalidReference if message.starts_with("Missing parameter") => ErrorCode::StatementParameterMissing,
        QueryErrorKind::InvalidReference if message.starts_with("unknown procedure") => ErrorCode::ProcedureProcedureNotFound,
        // Neo4j counts names that nothing is known by, and calls with a wrong number of arguments, as errors of syntax.
        QueryErrorKind::InvalidReference | QueryErrorKind::Semantic => ErrorCode::StatementSyntaxError,
        QueryErrorKind::NumericOutOfRange | QueryErrorKind::DivisionByZero => ErrorCode::StatementArithmeticError,
        QueryErrorKind::InvalidValueType | QueryErrorKind::ValuesNotComparable | QueryErrorKind::InvalidCharacterValueForCast => {
            ErrorCode::StatementTypeError
        }
        QueryErrorKind::NegativeLimit | QueryErrorKind::InvalidTimeZoneDisplacement => ErrorCode::StatementArgumentError,
        QueryErrorKind::Unsupported => ErrorCode::StatementUnsupportedOperationError,
        // The caller knows whose time it was.
        QueryErrorKind::Timeout => ErrorCode::TransactionTransactionTimedOut,
        _ => ErrorCode::StatementExecutionFailed,
    }
}

fn transaction_code(error: &TransactionError) -> ErrorCode {
    match error {
        TransactionError::Aborted
        | TransactionError::Conflict
        | TransactionError::WriteConflict(_)
        | TransactionError::SerializationFailure(_)
        | TransactionError::Deadlock => ErrorCode::TransactionDeadlockDetected,
        TransactionError::Timeout => ErrorCode::TransactionTransactionTimedOut,
        TransactionError::ReadOnly => ErrorCode::StatementAccessMode,
        TransactionError::DatabaseClosed => ErrorCode::GeneralDatabaseUnavailable,
        // Nothing of the commit was written.
        TransactionError::LogWriteFailed(_) => ErrorCode::GeneralDatabaseUnavailable,
        _ => ErrorCode::TransactionTransactionCommitFailed,
    }
}

/// Whether the engine ran out of the time it was given.
pub(super) fn is_timeout(error: &Error) -> bool {
    matches!(error, Error::Query(query) if query.kind == QueryErrorKind::Timeout)
        || matches!(error, Error::Transaction(TransactionError::Timeout))
}
