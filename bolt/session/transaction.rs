//! The transaction of a connection.

use crate::backend::NotificationFilter;
use crate::wire::Failure;

/// What a connection has in the way of a transaction.
#[derive(Debug, Default)]
pub(super) enum Transaction {
    /// Nothing.
    #[default]
    None,
    /// One that is open at the backend.
    Open(OpenTransaction),
    /// One whose time ran out while nobody asked: the next request is told.
    Expired { failure: Failure, spelled: bool },
    /// One that was begun as a statement and has failed. The client, which may take note of the failure and go on, has still to end it.
    Broken,
}

/// A transaction that is open at the backend.
#[derive(Debug)]
pub(super) struct OpenTransaction {
    /// It is around one statement.
    pub(super) auto_commit: bool,
    /// It was begun by a statement, not by a message.
    pub(super) spelled: bool,
    /// The client named no database, and is told which one it is.
    pub(super) tells_database: bool,
    /// The notifications that the client wants.
    pub(super) notifications: NotificationFilter,
}

impl Transaction {
    pub(super) const fn open(&self) -> Option<&OpenTransaction> {
        match self {
            Self::Open(transaction) => Some(transaction),
            _ => None,
        }
    }

    pub(super) fn is_auto_commit(&self) -> bool {
        self.open().is_some_and(|transaction| transaction.auto_commit)
    }

    /// What is left of it after a failure.
    pub(super) fn failed(&mut self) {
        *self = match self {
            Self::Open(OpenTransaction { spelled: true, .. }) | Self::Expired { spelled: true, .. } | Self::Broken => Self::Broken,
            _ => Self::None,
        };
    }

    /// Its time ran out while nobody asked.
    pub(super) fn expire(&mut self, failure: Failure) {
        if let Self::Open(transaction) = self {
            *self = Self::Expired { failure, spelled: transaction.spelled };
        }
    }
}
