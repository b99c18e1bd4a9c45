//! Names of databases: compared without regard to case, and safe as names of directories.

use crate::generated::ErrorCode;
use crate::wire::Failure;

/// The database of whoever names none.
pub(super) const DEFAULT: &str = "neo4j";
/// The database that administration is done on.
pub(super) const SYSTEM: &str = "system";

/// The one spelling of a name.
pub(super) fn canonical(name: &str) -> String {
    name.to_lowercase()
}

/// The one spelling of a name for a new database, if it may be one.
pub(super) fn new(name: &str) -> Result<String, Failure> {
    let name = canonical(name);
    let fault = if !(3..=63).contains(&name.len()) {
        "is not 3 to 63 characters long"
    } else if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        "does not start with a letter from a to z"
    } else if !name.chars().all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || ".-".contains(character)) {
        "has other characters than letters from a to z, digits, dots and dashes"
    } else if name.starts_with(SYSTEM) {
        "starts with 'system'"
    } else {
        return Ok(name);
    };
    Err(Failure::new(ErrorCode::StatementArgumentError, format!("'{name}' cannot be the name of a database: it {fault}.")))
}

/// The failure that there is no such database.
pub(super) fn unknown(name: &str) -> Failure {
    let message = format!("Graph not found: {name}. There is no database of this name.");
    Failure::new(ErrorCode::DatabaseDatabaseNotFound, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_in_small_letters() {
        assert_eq!(new("My-Db.1").unwrap(), "my-db.1");
    }

    #[test]
    fn names_that_would_leave_the_directory_are_refused() {
        for name in ["..", "../x", "a/b", "ab", "1ab", "_ab", "system2", "añb", &"a".repeat(64)] {
            assert!(new(name).is_err(), "{name}");
        }
    }
}
