//! Slows down whoever guesses passwords.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Wrong passwords by name.
#[derive(Debug, Default)]
pub(super) struct Attempts(HashMap<String, Wrong>);

#[derive(Clone, Copy, Debug)]
struct Wrong {
    count: u32,
    last: Instant,
}

/// Wrong passwords in a row before a name has to wait.
const ALLOWED: u32 = 3;

/// How long it has to wait, also with the right one.
const PAUSE: Duration = Duration::from_secs(5);

/// Names that are remembered, so that made-up ones cannot fill the memory.
const NAMES: usize = 1000;

impl Attempts {
    /// Whether this name has to wait.
    pub(super) fn must_wait(&self, name: &str, now: Instant) -> bool {
        self.0.get(name).is_some_and(|wrong| wrong.count >= ALLOWED && now.duration_since(wrong.last) < PAUSE)
    }

    /// The password was wrong.
    pub(super) fn wrong(&mut self, name: &str, now: Instant) {
        self.0.retain(|_, wrong| now.duration_since(wrong.last) < PAUSE);
        if let Some(wrong) = self.0.get_mut(name) {
            *wrong = Wrong { count: wrong.count + 1, last: now };
        } else {
            if self.0.len() >= NAMES {
                // Names that were guessed at once or twice give way, so that a flood of them hides no others.
                self.0.retain(|_, wrong| wrong.count >= ALLOWED);
            }
            if self.0.len() < NAMES {
                self.0.insert(name.to_owned(), Wrong { count: 1, last: now });
            }
        }
    }

    /// The password was right.
    pub(super) fn right(&mut self, name: &str) {
        self.0.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_wrong_passwords_make_a_name_wait_for_five_seconds() {
        let (mut attempts, start) = (Attempts::default(), Instant::now());
        for _ in 0..2 {
            attempts.wrong("alice", start);
            assert!(!attempts.must_wait("alice", start));
        }
        attempts.wrong("alice", start);
        assert!(attempts.must_wait("alice", start + Duration::from_millis(4_999)));
        assert!(!attempts.must_wait("bob", start));
        assert!(!attempts.must_wait("alice", start + PAUSE));
    }

    #[test]
    fn a_right_password_clears_the_count() {
        let (mut attempts, start) = (Attempts::default(), Instant::now());
        attempts.wrong("alice", start);
        attempts.wrong("alice", start);
        attempts.right("alice");
        attempts.wrong("alice", start);
        assert!(!attempts.must_wait("alice", start));
    }

    #[test]
    fn made_up_names_do_not_fill_the_memory() {
        let (mut attempts, start) = (Attempts::default(), Instant::now());
        for name in 0..NAMES + 100 {
            attempts.wrong(&name.to_string(), start);
        }
        assert!(attempts.0.len() <= NAMES);
        attempts.wrong("later", start + PAUSE);
        assert_eq!(attempts.0.len(), 1);
    }
}
