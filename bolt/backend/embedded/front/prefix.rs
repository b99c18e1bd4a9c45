//! What may lead a statement: `USE db` and `:USE db`, `EXPLAIN` and `PROFILE`, `CYPHER` with its options.

use super::Refusal;
use super::lexer::{Kind, Tokens};

/// Whether a statement is to be run, to be explained, or both.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Wanted {
    /// Its result.
    #[default]
    Result,
    /// Its plan, and nothing run.
    Plan,
    /// Its result, and how it came about.
    Profile,
}

/// What leads a statement.
#[derive(Debug, Default)]
pub(super) struct Prefix {
    pub(super) database: Option<String>,
    pub(super) wanted: Wanted,
    /// The token behind it.
    from: usize,
}

/// Reads what leads a statement.
pub(super) fn read(tokens: &Tokens<'_>) -> Result<Prefix, Refusal> {
    let mut prefix = Prefix::default();
    loop {
        let from = prefix.from;
        if tokens.is_word(from, "USE") || tokens.is_sign(from, ":") && tokens.is_word(from + 1, "USE") {
            let start = from + 1 + usize::from(tokens.is_sign(from, ":"));
            let (database, end) =
                dotted(tokens, start).ok_or_else(|| Refusal::Syntax("USE needs the name of a database behind it.".to_owned()))?;
            if tokens.is_sign(end, "(") {
                return Err(Refusal::Unsupported("USE takes the name of a database, not a function.".to_owned()));
            }
            prefix.database = Some(database);
            prefix.from = end + usize::from(tokens.is_sign(end, ";"));
        } else if tokens.is_word(from, "EXPLAIN") {
            prefix.wanted = Wanted::Plan;
            prefix.from += 1;
        } else if tokens.is_word(from, "PROFILE") {
            prefix.wanted = Wanted::Profile;
            prefix.from += 1;
        } else if tokens.is_word(from, "CYPHER") {
            prefix.from = options(tokens, from + 1);
        } else {
            return Ok(prefix);
        }
    }
}

/// The end of `CYPHER 5 runtime=slotted`: no option changes a result.
fn options(tokens: &Tokens<'_>, mut from: usize) -> usize {
    loop {
        if tokens.at(from).is_some_and(|token| token.kind == Kind::Number) {
            from += 1;
        } else if tokens.is_sign(from + 1, "=") {
            from += 3;
        } else {
            return from;
        }
    }
}

/// A name that may have dots in it, and the index behind it.
pub(super) fn dotted(tokens: &Tokens<'_>, start: usize) -> Option<(String, usize)> {
    let mut name = tokens.name(start)?;
    let mut end = start + 1;
    while let Some(part) = tokens.is_sign(end, ".").then(|| tokens.name(end + 1)).flatten() {
        name.push('.');
        name.push_str(&part);
        end += 2;
    }
    Some((name, end))
}

impl Prefix {
    /// The statement without what leads it and without the `;` that ends it.
    pub(super) fn body<'q>(&self, tokens: &Tokens<'q>) -> Result<&'q str, Refusal> {
        let mut end = tokens.len();
        while end > self.from && tokens.is_sign(end - 1, ";") {
            end -= 1;
        }
        if end <= self.from {
            return Err(Refusal::Syntax("Unexpected end of input: expected a statement.".to_owned()));
        }
        if let Some(between) = (self.from..end).find(|&index| tokens.is_sign(index, ";")) {
            let offset = tokens.at(between).map_or(0, |token| token.start);
            return Err(Refusal::Syntax(format!(
                "Expected exactly one statement per query but got more: the first ends at offset {offset}."
            )));
        }
        Ok(tokens.between(self.from, end))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, reworded};
    use super::super::{Parameters, prepare};
    use super::*;

    fn prefixed(statement: &str) -> (Option<String>, Wanted) {
        let prepared = prepare(statement, &Parameters::new()).unwrap();
        (prepared.database, prepared.wanted)
    }

    #[test]
    fn use_names_the_database() {
        assert_eq!(prefixed("USE movies RETURN 1").0.unwrap(), "movies");
        assert_eq!(prefixed(":use `my-db`; RETURN 1").0.unwrap(), "my-db");
        assert_eq!(prefixed("EXPLAIN USE a.b RETURN 1"), (Some("a.b".to_owned()), Wanted::Plan));
        assert_eq!(prefixed("RETURN 'USE x'").0, None);
        assert!(matches!(refused("USE graph.byName('x') RETURN 1"), Refusal::Unsupported(_)));
    }

    #[test]
    fn explain_and_profile_are_taken_off() {
        assert_eq!(prefixed("explain MATCH (n) RETURN n").1, Wanted::Plan);
        assert_eq!(prefixed("PROFILE MATCH (n) RETURN n").1, Wanted::Profile);
        assert_eq!(reworded("PROFILE MATCH (n) RETURN n"), "MATCH (n) RETURN n");
    }

    #[test]
    fn cypher_options_are_taken_off() {
        assert_eq!(reworded("CYPHER 5 runtime=slotted planner = cost MATCH (n) RETURN n;"), "MATCH (n) RETURN n");
    }

    #[test]
    fn two_statements_are_refused() {
        assert!(matches!(refused("RETURN 1; RETURN 2"), Refusal::Syntax(_)));
        assert_eq!(reworded("RETURN ';' ; ;"), "RETURN ';'");
    }
}
