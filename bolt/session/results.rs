//! The open results of a connection, by their number.

use crate::backend::{Bookmark, Tally};

/// The results of one transaction.
#[derive(Debug, Default)]
pub(super) struct Results {
    open: Vec<OpenResult>,
    /// How many were opened.
    opened: i64,
}

/// A result that is not read to its end.
#[derive(Debug)]
pub(super) struct OpenResult {
    pub(super) id: i64,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Rows from the backend.
    Rows(Rows),
    /// What a transaction command of a version without transaction messages has come to.
    Command { bookmark: Option<Bookmark> },
}

/// What is known of the rows of a result.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) columns: usize,
    pub(super) tally: Tally,
    /// The client has asked for rows, not only discarded them.
    pub(super) pulled: bool,
}

impl Results {
    /// Opens a result and numbers it.
    pub(super) fn open(&mut self, kind: Kind) -> i64 {
        let id = self.opened;
        self.opened += 1;
        self.open.push(OpenResult { id, kind });
        id
    }

    /// The number that is meant; -1 is the result opened last, also when that is finished.
    pub(super) const fn resolve(&self, qid: i64) -> i64 {
        if qid == LAST { self.opened - 1 } else { qid }
    }

    pub(super) fn find(&mut self, id: i64) -> Option<&mut OpenResult> {
        self.open.iter_mut().find(|result| result.id == id)
    }

    pub(super) fn close(&mut self, id: i64) -> Option<OpenResult> {
        let position = self.open.iter().position(|result| result.id == id)?;
        Some(self.open.remove(position))
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Forgets all, and starts to count again.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The numbers of those that are open.
    pub(super) fn numbers(&self) -> impl Iterator<Item = i64> {
        self.open.iter().map(|result| result.id)
    }
}

/// What stands for the result opened last.
const LAST: i64 = -1;
