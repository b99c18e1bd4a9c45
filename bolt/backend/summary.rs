//! What a backend says at the end of a result.

use std::borrow::Cow;

use crate::generated::{Counters, DiagnosticRecord, NotificationCode, Plan, Status};

/// What a statement has come to. Times, bookmark, database and result status are the server's to add.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What the statement did.
    pub kind: ResultKind,
    /// What it changed.
    pub counters: Counters<'static>,
    /// How it would be run, where it asked for that.
    pub plan: Option<Plan<'static>>,
    /// How it was run, where it asked for that.
    pub profile: Option<Plan<'static>>,
    /// What its author should know.
    pub notifications: Vec<Status<'static>>,
}

impl Summary {
    /// The summary of a statement of this kind with nothing more to say.
    #[must_use]
    pub fn new(kind: ResultKind) -> Self {
        Self { kind, counters: Counters::default(), plan: None, profile: None, notifications: Vec::new() }
    }
}

/// What a statement did: drivers require one of these.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResultKind {
    /// It read.
    Read,
    /// It wrote and returned nothing.
    Write,
    /// It wrote and returned rows.
    ReadWrite,
    /// It changed the schema, or administered something.
    Schema,
}

impl ResultKind {
    /// As the protocol spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "r",
            Self::Write => "w",
            Self::ReadWrite => "rw",
            Self::Schema => "s",
        }
    }
}

/// A notification in the words of the specification.
#[must_use]
pub fn notification(code: NotificationCode) -> Status<'static> {
    Status {
        gql_status: Some(Cow::Borrowed(code.gql_status())),
        status_description: Some(Cow::Borrowed(code.description())),
        neo4j_code: Some(Cow::Borrowed(code.code())),
        title: Some(Cow::Borrowed(code.title())),
        description: Some(Cow::Borrowed(code.sentence())),
        diagnostic_record: DiagnosticRecord {
            severity: Some(Cow::Borrowed(code.severity())),
            classification: Some(Cow::Borrowed(code.category())),
            ..DiagnosticRecord::default()
        },
        ..Status::default()
    }
}
