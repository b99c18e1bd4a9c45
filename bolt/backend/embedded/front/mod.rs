//! The statement front: what stands between a statement as Neo4j knows it and the embedded engine.
//!
//! It answers nothing itself. It splits a statement into tokens ([`lexer`]) and decides, rule by rule and each in a
//! file of its own: which database it is for, whether only its plan is wanted ([`prefix`]), whether it is a command
//! about databases or the schema ([`command`], [`schema`]), which procedures and `SHOW` commands it wants tables from
//! ([`tables`]), what the engine would answer wrongly in silence ([`refuse`], [`temporal`]), and how to word
//! the rest so that the engine does what Neo4j does ([`append`], [`create`], [`properties`]).

mod append;
mod clauses;
mod columns;
mod command;
mod create;
mod edit;
pub(crate) mod kinds;
mod lexer;
mod prefix;
mod properties;
mod refuse;
mod schema;
mod tables;
mod temporal;

use std::collections::HashMap;

use grafeo_common::types::Value;

pub(crate) use command::{Command, Name};
pub(crate) use prefix::Wanted;
pub(crate) use properties::quoted;
pub(crate) use schema::{ConstraintKind, Schema, Which};
pub(crate) use tables::{Databases, Need, PROCEDURES, ROW_PREFIX, Source};

use edit::Edits;
use lexer::Tokens;

/// The parameters of a statement, as the engine takes them.
pub(crate) type Parameters = HashMap<String, Value>;

/// Why a statement is not run.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Refusal {
    /// It is not a statement.
    #[error("{0}")]
    Syntax(String),
    /// It says what cannot be meant.
    #[error("{0}")]
    Semantic(String),
    /// It wants what the embedded database cannot do, or would do wrongly.
    #[error("{0}")]
    Unsupported(String),
    /// It is for administrators of a server with more to it.
    #[error("Unsupported administration command: {0}.")]
    Administration(String),
    /// A value has a type that cannot be used there.
    #[error("{0}")]
    Type(String),
    /// A parameter is missing.
    #[error("Expected parameter(s): {0}")]
    MissingParameter(String),
}

/// A statement, ready to be answered.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The database that a leading `USE` names.
    pub(crate) database: Option<String>,
    /// Whether to run it, to explain it, or both.
    pub(crate) wanted: Wanted,
    /// What to do.
    pub(crate) work: Work,
}

/// What a statement asks for.
#[derive(Debug)]
pub(crate) enum Work {
    /// A query for the engine.
    Query(Query),
    /// A command about databases or the schema.
    Command(Command),
}

/// A query, worded for the engine.
#[derive(Debug)]
pub(crate) struct Query {
    /// Its text.
    pub(crate) text: String,
    /// The names of its columns as the client wrote them, where they can be told.
    pub(crate) columns: Option<Vec<String>>,
    /// The tables it reads that the engine does not have, as parameters.
    pub(crate) needs: Vec<Need>,
    /// Whether it asks for nothing but such tables.
    pub(crate) only_tables: bool,
}

/// Reads a statement.
pub(crate) fn prepare(text: &str, parameters: &Parameters) -> Result<Prepared, Refusal> {
    let tokens = Tokens::new(text)?;
    let prefix = prefix::read(&tokens)?;
    let body = prefix.body(&tokens)?;
    let tokens = Tokens::new(body)?;
    let work = match command::read(&tokens)? {
        Some(command) => Work::Command(command),
        None => Work::Query(query(&tokens, parameters)?),
    };
    Ok(Prepared { database: prefix.database, wanted: prefix.wanted, work })
}

fn query(tokens: &Tokens<'_>, parameters: &Parameters) -> Result<Query, Refusal> {
    let mut edits = Edits::new(tokens.text());
    if let Some(tables) = tables::show(tokens)? {
        return Ok(tables);
    }
    refuse::check(tokens)?;
    temporal::check(tokens, parameters)?;
    let columns = columns::read(tokens);
    create::join(tokens, &mut edits);
    properties::spread(tokens, parameters, &mut edits)?;
    append::keep_lists(tokens, &mut edits);
    let calls = tables::calls(tokens, &mut edits)?;
    Ok(Query { text: edits.apply(), columns: calls.columns.or(columns), needs: calls.needs, only_tables: calls.only_tables })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that `statement` becomes.
    pub(super) fn reworded(statement: &str) -> String {
        match prepare(statement, &Parameters::new()).unwrap().work {
            Work::Query(query) => query.text,
            Work::Command(command) => panic!("{command:?}"),
        }
    }

    /// Why `statement` is refused.
    pub(super) fn refused(statement: &str) -> Refusal {
        refused_with(statement, &Parameters::new())
    }

    /// Why `statement` is refused with these parameters.
    pub(super) fn refused_with(statement: &str, parameters: &Parameters) -> Refusal {
        match prepare(statement, parameters) {
            Err(refusal) => refusal,
            Ok(prepared) => panic!("{statement} is taken: {prepared:?}"),
        }
    }

    #[test]
    fn what_needs_no_rule_stays_as_it_is() {
        for statement in [
            "MATCH (n:Person {name: $name}) WHERE n.age > 3 RETURN n, n.age + 1 AS older ORDER BY older",
            "RETURN 'CREATE (a) CREATE (b) SET n.l = n.l + 1' AS s /* LOAD CSV date('x') */ , 1",
        ] {
            assert_eq!(reworded(statement), statement);
        }
    }

    #[test]
    fn an_empty_statement_is_a_syntax_error() {
        for statement in ["", "  ", ";", "// nothing", "EXPLAIN", "USE neo4j"] {
            assert!(matches!(refused(statement), Refusal::Syntax(_)), "{statement}");
        }
    }
}
