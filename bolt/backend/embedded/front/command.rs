//! Commands about databases and the schema, told from queries by their first words.

use super::lexer::{Kind, Tokens};
use super::schema::{self, Schema};
use super::{Refusal, prefix};

/// A command.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Command {
    /// `CREATE [OR REPLACE] DATABASE name [IF NOT EXISTS]`
    CreateDatabase {
        /// Its name.
        name: Name,
        /// Whether one that exists is left as it is.
        if_not_exists: bool,
        /// Whether one that exists is dropped first.
        replace: bool,
    },
    /// `DROP DATABASE name [IF EXISTS]`
    DropDatabase {
        /// Its name.
        name: Name,
        /// Whether one that does not exist is no error.
        if_exists: bool,
    },
    /// A command about indexes or constraints.
    Schema(Schema),
}

/// A name in a command.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Name {
    /// As written.
    Written(String),
    /// The value of this parameter.
    Parameter(String),
}

/// The command that the statement is, if it is one.
pub(super) fn read(tokens: &Tokens<'_>) -> Result<Option<Command>, Refusal> {
    let create = tokens.is_word(0, "CREATE");
    if !create && !tokens.is_word(0, "DROP") {
        return administration(tokens).map(|()| None);
    }
    let replace = create && tokens.are_words(1, &["OR", "REPLACE"]);
    let from = if replace { 3 } else { 1 };
    let from = from + usize::from(tokens.is_word(from, "STANDARD"));
    if tokens.is_word(from, "DATABASE") {
        return database(tokens, from + 1, create, replace).map(Some);
    }
    if ["USER", "ROLE", "ALIAS", "COMPOSITE", "SERVER", "IMMUTABLE", "AUTH"].iter().any(|word| tokens.is_word(from, word)) {
        return Err(unsupported(tokens));
    }
    Ok(schema::read(tokens)?.map(Command::Schema))
}

fn database(tokens: &Tokens<'_>, from: usize, create: bool, replace: bool) -> Result<Command, Refusal> {
    let (name, end) = match tokens.parameter(from) {
        Some(parameter) => (Name::Parameter(parameter), from + 1),
        None => prefix::dotted(tokens, from)
            .map(|(name, end)| (Name::Written(name), end))
            .ok_or_else(|| Refusal::Syntax("Expected the name of a database behind DATABASE.".to_owned()))?,
    };
    let (condition, end) =
        if create { condition(tokens, end, &["IF", "NOT", "EXISTS"]) } else { condition(tokens, end, &["IF", "EXISTS"]) };
    if replace && condition {
        return Err(Refusal::Syntax("OR REPLACE and IF NOT EXISTS cannot be used together.".to_owned()));
    }
    // Nothing here is ever waited for, and there are no stores to choose between.
    let end = if tokens.is_word(end, "OPTIONS") { tokens.closing(end + 1) + 1 } else { end };
    let end = if tokens.are_words(end, &["DESTROY", "DATA"]) { end + 2 } else { end };
    let end = if tokens.is_word(end, "NOWAIT") { end + 1 } else { end };
    let end = if tokens.is_word(end, "WAIT") {
        let number = tokens.at(end + 1).is_some_and(|token| token.kind == Kind::Number);
        let end = end + 1 + usize::from(number);
        end + usize::from(["SECONDS", "SECOND", "SEC"].iter().any(|word| tokens.is_word(end, word)))
    } else {
        end
    };
    finished(tokens, end)?;
    Ok(if create {
        Command::CreateDatabase { name, if_not_exists: condition, replace }
    } else {
        Command::DropDatabase { name, if_exists: condition }
    })
}

/// Whether `words` stand at `from`, and the index behind them.
pub(super) fn condition(tokens: &Tokens<'_>, from: usize, words: &[&str]) -> (bool, usize) {
    if tokens.are_words(from, words) { (true, from + words.len()) } else { (false, from) }
}

/// Fails when the statement goes on at `end`.
pub(super) fn finished(tokens: &Tokens<'_>, end: usize) -> Result<(), Refusal> {
    match tokens.at(end) {
        None => Ok(()),
        Some(token) => Err(Refusal::Syntax(format!(
            "Invalid input '{}' at offset {}: expected the end of the command.",
            tokens.of(token),
            token.start
        ))),
    }
}

/// Administration that is not served.
fn administration(tokens: &Tokens<'_>) -> Result<(), Refusal> {
    let first = ["ALTER", "GRANT", "DENY", "REVOKE", "RENAME", "START", "STOP", "ENABLE", "DEALLOCATE", "REALLOCATE", "TERMINATE"]
        .iter()
        .any(|word| tokens.is_word(0, word) && tokens.at(1).is_some_and(|token| token.kind == Kind::Word));
    if first { Err(unsupported(tokens)) } else { Ok(()) }
}

fn unsupported(tokens: &Tokens<'_>) -> Refusal {
    let words: Vec<&str> = tokens.all().iter().take(2).map(|&token| tokens.of(token)).collect();
    Refusal::Administration(words.join(" ").to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, reworded};
    use super::super::{Parameters, Work, prepare};
    use super::*;

    fn command(statement: &str) -> Command {
        match prepare(statement, &Parameters::new()).unwrap().work {
            Work::Command(command) => command,
            Work::Query(query) => panic!("{query:?}"),
        }
    }

    #[test]
    fn databases_are_created_and_dropped() {
        assert_eq!(
            command("create database `my-db` IF NOT EXISTS OPTIONS {a: 1} WAIT 5 SECONDS;"),
            Command::CreateDatabase { name: Name::Written("my-db".to_owned()), if_not_exists: true, replace: false }
        );
        assert_eq!(
            command("CREATE OR REPLACE DATABASE $name NOWAIT"),
            Command::CreateDatabase { name: Name::Parameter("name".to_owned()), if_not_exists: false, replace: true }
        );
        assert_eq!(
            command("DROP DATABASE a.b IF EXISTS DESTROY DATA"),
            Command::DropDatabase { name: Name::Written("a.b".to_owned()), if_exists: true }
        );
    }

    #[test]
    fn other_administration_is_refused() {
        for statement in
            ["CREATE USER a SET PASSWORD 'b'", "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'", "GRANT ROLE a TO b", "STOP DATABASE a"]
        {
            assert!(matches!(refused(statement), Refusal::Administration(_)), "{statement}");
        }
    }

    #[test]
    fn creating_nodes_is_no_command() {
        reworded("CREATE (database) RETURN database");
        reworded("CREATE (:User)-[:ROLE]->()");
    }
}
