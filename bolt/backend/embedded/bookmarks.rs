//! Bookmarks: a database's name and a number that grows with each of its commits.
//!
//! There is one server, so whatever is committed is visible at once: a bookmark is only checked to be one of ours.

use std::borrow::Cow;

use crate::backend::Bookmark;
use crate::generated::ErrorCode;
use crate::wire::Failure;

const PREFIX: &str = "boltwright:";

/// The bookmark of a database after so many commits.
pub(super) fn make(database: &str, commits: u64) -> Bookmark {
    Bookmark(format!("{PREFIX}{database}:{commits}"))
}

/// Fails at the first that is none of ours.
pub(super) fn check(bookmarks: &[Cow<'_, str>]) -> Result<(), Failure> {
    match bookmarks.iter().find(|bookmark| !is_ours(bookmark)) {
        None => Ok(()),
        Some(other) => Err(Failure::new(
            ErrorCode::TransactionInvalidBookmark,
            format!("'{other}' is not a bookmark of this server. Start without bookmarks, or with those that this server gave."),
        )),
    }
}

fn is_ours(bookmark: &str) -> bool {
    let parts = bookmark.strip_prefix(PREFIX).and_then(|rest| rest.rsplit_once(':'));
    parts.is_some_and(|(database, commits)| !database.is_empty() && commits.parse::<u64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_are_accepted_and_nonsense_is_refused() {
        let Bookmark(ours) = make("neo4j", 7);
        assert!(check(&[ours.into()]).is_ok());
        for nonsense in ["nonsense", "", "boltwright:neo4j", "boltwright::7", "boltwright:neo4j:x", "FB:abc"] {
            let failure = check(&[nonsense.into()]).unwrap_err();
            assert_eq!(failure.code, ErrorCode::TransactionInvalidBookmark, "{nonsense}");
        }
    }
}
