//! Statements that nobody waits for any more.
//!
//! The engine cannot stop a statement before its time is up. When a connection is reset or lost, its statement is left to
//! itself: it ends some time later, and what it did is rolled back. How many do so at a time is counted and limited.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::generated::ErrorCode;
use crate::wire::Failure;

/// The count of them.
#[derive(Debug)]
pub(super) struct Abandoned {
    count: AtomicUsize,
    limit: AtomicUsize,
}

impl Abandoned {
    pub(super) const fn new(limit: usize) -> Self {
        Self { count: AtomicUsize::new(0), limit: AtomicUsize::new(limit) }
    }

    pub(super) fn set_limit(&self, limit: usize) {
        self.limit.store(limit, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Fails when there are so many that no other statement may start.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let (count, limit) = (self.count(), self.limit.load(Ordering::Relaxed));
        if count < limit {
            return Ok(());
        }
        Err(Failure::new(
            ErrorCode::RequestNoThreadsAvailable,
            format!(
                "{count} abandoned statements still run, and no more than {limit} may. Try again later, and give long statements a timeout."
            ),
        ))
    }
}

/// One piece of blocking work, seen from both of its sides.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Phase {
    Running,
    Abandoned,
    Ended,
}

/// The side that waits. Dropped before the work has ended, it counts it as abandoned.
pub(super) struct Waiting {
    phase: Arc<Mutex<Phase>>,
    abandoned: Arc<Abandoned>,
}

/// The side that works. Dropped, the work has ended.
pub(super) struct Working {
    phase: Arc<Mutex<Phase>>,
    abandoned: Arc<Abandoned>,
}

/// Both sides of a piece of work.
pub(super) fn watched(abandoned: &Arc<Abandoned>) -> (Waiting, Working) {
    let phase = Arc::new(Mutex::new(Phase::Running));
    let waiting = Waiting { phase: Arc::clone(&phase), abandoned: Arc::clone(abandoned) };
    (waiting, Working { phase, abandoned: Arc::clone(abandoned) })
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if *phase == Phase::Running {
            *phase = Phase::Abandoned;
            self.abandoned.count.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if *phase == Phase::Abandoned {
            self.abandoned.count.fetch_sub(1, Ordering::AcqRel);
        }
        *phase = Phase::Ended;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_counts_from_when_it_is_abandoned_until_it_ends() {
        let abandoned = Arc::new(Abandoned::new(1));
        let (waiting, working) = watched(&abandoned);
        assert!(abandoned.check().is_ok());
        drop(waiting);
        assert_eq!(abandoned.count(), 1);
        assert_eq!(abandoned.check().unwrap_err().code, ErrorCode::RequestNoThreadsAvailable);
        drop(working);
        assert_eq!(abandoned.count(), 0);
    }

    #[test]
    fn work_that_ends_in_time_is_never_counted() {
        let abandoned = Arc::new(Abandoned::new(1));
        let (waiting, working) = watched(&abandoned);
        drop(working);
        drop(waiting);
        assert_eq!(abandoned.count(), 0);
    }
}
