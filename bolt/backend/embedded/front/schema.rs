//! The usual forms of `CREATE` and `DROP` for indexes and constraints, of every Neo4j since 3.5.

use super::Refusal;
use super::command::{condition, finished};
use super::lexer::Tokens;

/// A command about the schema.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Schema {
    /// Creates an index.
    CreateIndex {
        /// Its name, where given.
        name: Option<String>,
        /// Whether one that exists is left as it is.
        if_not_exists: bool,
        /// The label.
        label: String,
        /// The properties.
        properties: Vec<String>,
    },
    /// Asks for the index of labels or types that is always there.
    CreateLookupIndex {
        /// Whether it may be there already.
        if_not_exists: bool,
    },
    /// Creates a constraint.
    CreateConstraint {
        /// Its name, where given.
        name: Option<String>,
        /// Whether one that exists is left as it is.
        if_not_exists: bool,
        /// What it demands.
        kind: ConstraintKind,
        /// Of which label.
        label: String,
        /// Of which properties.
        properties: Vec<String>,
    },
    /// Drops an index.
    DropIndex {
        /// Which.
        which: Which,
        /// Whether one that does not exist is no error.
        if_exists: bool,
    },
    /// Drops a constraint.
    DropConstraint {
        /// Which.
        which: Which,
        /// Whether one that does not exist is no error.
        if_exists: bool,
    },
}

/// An index or a constraint that exists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Which {
    /// By its name.
    Named(String),
    /// By what it covers, as before Neo4j 4.
    Over {
        /// The label.
        label: String,
        /// The properties.
        properties: Vec<String>,
        /// What it demands, if it is a constraint.
        kind: Option<ConstraintKind>,
    },
}

/// What a constraint demands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ConstraintKind {
    /// No two nodes alike.
    Unique,
    /// The property is there.
    NotNull,
    /// Both.
    NodeKey,
}

impl ConstraintKind {
    /// As the engine words it.
    pub(crate) fn demand(self) -> &'static str {
        match self {
            Self::Unique => "IS UNIQUE",
            Self::NotNull => "IS NOT NULL",
            Self::NodeKey => "IS NODE KEY",
        }
    }
}

/// The schema command that the statement is, if it is one.
pub(super) fn read(tokens: &Tokens<'_>) -> Result<Option<Schema>, Refusal> {
    let create = tokens.is_word(0, "CREATE");
    let kinds = ["RANGE", "TEXT", "POINT", "BTREE", "LOOKUP", "FULLTEXT", "VECTOR"];
    let kind = kinds.into_iter().find(|kind| tokens.is_word(1, kind) && tokens.is_word(2, "INDEX"));
    let from = 1 + usize::from(kind.is_some());
    let reader = Reader { tokens, at: from + 1 };
    if tokens.is_word(from, "INDEX") {
        if create { reader.create_index(kind) } else { reader.drop(false) }.map(Some)
    } else if tokens.is_word(from, "CONSTRAINT") {
        if create { reader.create_constraint() } else { reader.drop(true) }.map(Some)
    } else {
        Ok(None)
    }
}

/// A command being read.
struct Reader<'a, 'q> {
    tokens: &'a Tokens<'q>,
    at: usize,
}

impl Reader<'_, '_> {
    fn create_index(mut self, kind: Option<&str>) -> Result<Schema, Refusal> {
        match kind {
            Some("FULLTEXT" | "VECTOR") => {
                return Err(Refusal::Unsupported(format!(
                    "{} indexes are not supported by the embedded database. What works: CREATE INDEX [name] FOR (n:Label) ON (n.property).",
                    kind.unwrap_or_default()
                )));
            }
            Some("LOOKUP") => {
                let if_not_exists = (0..self.tokens.len()).any(|index| self.tokens.are_words(index, &["IF", "NOT", "EXISTS"]));
                return Ok(Schema::CreateLookupIndex { if_not_exists });
            }
            _ => {}
        }
        // CREATE INDEX ON :Label(property)
        if self.takes_word("ON") {
            let (label, properties) = self.old_target()?;
            return self.end(Schema::CreateIndex { name: None, if_not_exists: false, label, properties });
        }
        let (name, if_not_exists) = self.name_and_condition("FOR")?;
        self.word("FOR")?;
        let (variable, label) = self.entity("indexes")?;
        self.word("ON")?;
        let properties = self.properties(&variable)?;
        self.options();
        self.end(Schema::CreateIndex { name, if_not_exists, label, properties })
    }

    fn create_constraint(mut self) -> Result<Schema, Refusal> {
        let old = self.tokens.is_word(self.at, "ON") && self.tokens.is_sign(self.at + 1, "(");
        let (name, if_not_exists) = if old { (None, false) } else { self.name_and_condition("FOR")? };
        let (kind, label, properties) = self.constraint()?;
        self.options();
        self.end(Schema::CreateConstraint { name, if_not_exists, kind, label, properties })
    }

    /// `FOR (n:Label) REQUIRE n.property IS UNIQUE`, or with ON and ASSERT as before Neo4j 5.
    fn constraint(&mut self) -> Result<(ConstraintKind, String, Vec<String>), Refusal> {
        if !self.takes_word("ON") {
            self.word("FOR")?;
        }
        let (variable, label) = self.entity("constraints")?;
        if !self.takes_word("ASSERT") {
            self.word("REQUIRE")?;
        }
        if self.takes_word("exists") {
            let properties = self.properties(&variable)?;
            return Ok((ConstraintKind::NotNull, label, properties));
        }
        let properties = self.properties(&variable)?;
        self.word("IS")?;
        let kind = if self.takes_word("UNIQUE") || self.takes_words(&["NODE", "UNIQUE"]) {
            ConstraintKind::Unique
        } else if self.takes_words(&["NODE", "KEY"]) || self.takes_word("KEY") {
            ConstraintKind::NodeKey
        } else if self.takes_words(&["NOT", "NULL"]) {
            ConstraintKind::NotNull
        } else if self.tokens.is_sign(self.at, "::") || self.tokens.is_word(self.at, "TYPED") {
            return Err(Refusal::Unsupported("Constraints on the type of a property are not supported by the embedded database. What works: IS UNIQUE, IS NOT NULL, IS NODE KEY.".to_owned()));
        } else {
            return Err(self.unexpected("UNIQUE, NOT NULL or NODE KEY"));
        };
        Ok((kind, label, properties))
    }

    fn drop(mut self, constraint: bool) -> Result<Schema, Refusal> {
        let over_target =
            self.tokens.is_word(self.at, "ON") && (self.tokens.is_sign(self.at + 1, ":") || self.tokens.is_sign(self.at + 1, "("));
        let which = if over_target && constraint {
            let (kind, label, properties) = self.constraint()?;
            Which::Over { label, properties, kind: Some(kind) }
        } else if over_target {
            self.at += 1;
            let (label, properties) = self.old_target()?;
            Which::Over { label, properties, kind: None }
        } else {
            Which::Named(self.name()?)
        };
        let (if_exists, at) = condition(self.tokens, self.at, &["IF", "EXISTS"]);
        self.at = at;
        self.end(if constraint { Schema::DropConstraint { which, if_exists } } else { Schema::DropIndex { which, if_exists } })
    }

    fn name_and_condition(&mut self, next: &str) -> Result<(Option<String>, bool), Refusal> {
        let conditional = |at: usize| self.tokens.are_words(at, &["IF", "NOT", "EXISTS"]);
        let on_old_target = |at: usize| self.tokens.is_word(at, "ON") && self.tokens.is_sign(at + 1, "(");
        let unnamed = self.tokens.is_word(self.at, next) || conditional(self.at) || on_old_target(self.at);
        let name = if unnamed { None } else { Some(self.name()?) };
        let (if_not_exists, at) = condition(self.tokens, self.at, &["IF", "NOT", "EXISTS"]);
        self.at = at;
        Ok((name, if_not_exists))
    }

    /// `(n:Label)`; a relationship is refused.
    fn entity(&mut self, what: &str) -> Result<(String, String), Refusal> {
        self.sign("(")?;
        if self.tokens.is_sign(self.at, ")") {
            return Err(Refusal::Unsupported(format!(
                "The embedded database has no {what} on relationships, only on nodes: FOR (n:Label)."
            )));
        }
        let variable = self.name()?;
        self.sign(":")?;
        let label = self.name()?;
        self.sign(")")?;
        Ok((variable, label))
    }

    /// `n.a`, `(n.a)` or `(n.a, n.b)`.
    fn properties(&mut self, variable: &str) -> Result<Vec<String>, Refusal> {
        let bracketed = self.tokens.is_sign(self.at, "(");
        self.at += usize::from(bracketed);
        let mut properties = Vec::new();
        loop {
            if self.name()? != variable {
                self.at -= 1;
                return Err(self.unexpected(&format!("`{variable}`")));
            }
            self.sign(".")?;
            properties.push(self.name()?);
            if !bracketed {
                return Ok(properties);
            }
            if !self.tokens.is_sign(self.at, ",") {
                self.sign(")")?;
                return Ok(properties);
            }
            self.at += 1;
        }
    }

    /// `:Label(a, b)`
    fn old_target(&mut self) -> Result<(String, Vec<String>), Refusal> {
        self.sign(":")?;
        let label = self.name()?;
        self.sign("(")?;
        let mut properties = vec![self.name()?];
        while self.tokens.is_sign(self.at, ",") {
            self.at += 1;
            properties.push(self.name()?);
        }
        self.sign(")")?;
        Ok((label, properties))
    }

    /// Options choose how an index is kept, never what a query returns.
    fn options(&mut self) {
        if self.tokens.is_word(self.at, "OPTIONS") {
            self.at = self.tokens.closing(self.at + 1) + 1;
        }
    }

    fn name(&mut self) -> Result<String, Refusal> {
        let name = self.tokens.name(self.at).ok_or_else(|| self.unexpected("a name"))?;
        self.at += 1;
        Ok(name)
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.takes_words(&[word])
    }

    fn takes_words(&mut self, words: &[&str]) -> bool {
        let takes = self.tokens.are_words(self.at, words);
        if takes {
            self.at += words.len();
        }
        takes
    }

    fn word(&mut self, word: &str) -> Result<(), Refusal> {
        if self.takes_word(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    fn sign(&mut self, sign: &str) -> Result<(), Refusal> {
        if self.tokens.is_sign(self.at, sign) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.unexpected(&format!("'{sign}'")))
        }
    }

    fn end(self, schema: Schema) -> Result<Schema, Refusal> {
        finished(self.tokens, self.at).map(|()| schema)
    }

    fn unexpected(&self, expected: &str) -> Refusal {
        let got = self
            .tokens
            .at(self.at)
            .map_or_else(|| "the end of the command".to_owned(), |token| format!("'{}' at offset {}", self.tokens.of(token), token.start));
        Refusal::Syntax(format!("Invalid input: expected {expected}, got {got}."))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::refused;
    use super::super::{Command, Parameters, Work, prepare};
    use super::*;

    fn schema(statement: &str) -> Schema {
        match prepare(statement, &Parameters::new()).unwrap().work {
            Work::Command(Command::Schema(schema)) => schema,
            other => panic!("{other:?}"),
        }
    }

    fn index(name: Option<&str>, if_not_exists: bool, properties: &[&str]) -> Schema {
        Schema::CreateIndex {
            name: name.map(str::to_owned),
            if_not_exists,
            label: "P".to_owned(),
            properties: properties.iter().map(|&property| property.to_owned()).collect(),
        }
    }

    #[test]
    fn the_usual_forms_of_an_index_are_read() {
        assert_eq!(schema("CREATE INDEX i FOR (n:P) ON (n.a)"), index(Some("i"), false, &["a"]));
        assert_eq!(
            schema("create range index `i j` if not exists for (n:P) on (n.a, n.`b c`) OPTIONS {x: {}}"),
            index(Some("i j"), true, &["a", "b c"])
        );
        assert_eq!(schema("CREATE INDEX IF NOT EXISTS FOR (n:P) ON (n.a)"), index(None, true, &["a"]));
        assert_eq!(schema("CREATE INDEX ON :P(a, b)"), index(None, false, &["a", "b"]));
        assert_eq!(schema("DROP INDEX i IF EXISTS"), Schema::DropIndex { which: Which::Named("i".to_owned()), if_exists: true });
        assert_eq!(
            schema("CREATE LOOKUP INDEX l IF NOT EXISTS FOR (n) ON EACH labels(n)"),
            Schema::CreateLookupIndex { if_not_exists: true }
        );
    }

    #[test]
    fn the_usual_forms_of_a_constraint_are_read() {
        let unique = |name: Option<&str>, if_not_exists, kind, properties: &[&str]| Schema::CreateConstraint {
            name: name.map(str::to_owned),
            if_not_exists,
            kind,
            label: "P".to_owned(),
            properties: properties.iter().map(|&property| property.to_owned()).collect(),
        };
        assert_eq!(
            schema("CREATE CONSTRAINT c IF NOT EXISTS FOR (n:P) REQUIRE n.a IS UNIQUE"),
            unique(Some("c"), true, ConstraintKind::Unique, &["a"])
        );
        assert_eq!(
            schema("CREATE CONSTRAINT FOR (n:P) REQUIRE (n.a, n.b) IS NODE KEY"),
            unique(None, false, ConstraintKind::NodeKey, &["a", "b"])
        );
        assert_eq!(schema("CREATE CONSTRAINT ON (n:P) ASSERT n.a IS UNIQUE"), unique(None, false, ConstraintKind::Unique, &["a"]));
        assert_eq!(
            schema("CREATE CONSTRAINT c ON (n:P) ASSERT n.a IS NOT NULL"),
            unique(Some("c"), false, ConstraintKind::NotNull, &["a"])
        );
        assert_eq!(schema("CREATE CONSTRAINT ON (n:P) ASSERT exists(n.a)"), unique(None, false, ConstraintKind::NotNull, &["a"]));
        assert_eq!(
            schema("DROP CONSTRAINT ON (n:P) ASSERT n.a IS UNIQUE"),
            Schema::DropConstraint {
                which: Which::Over { label: "P".to_owned(), properties: vec!["a".to_owned()], kind: Some(ConstraintKind::Unique) },
                if_exists: false
            }
        );
    }

    #[test]
    fn what_the_engine_has_not_is_refused() {
        for statement in [
            "CREATE FULLTEXT INDEX f FOR (n:P) ON EACH [n.a]",
            "CREATE VECTOR INDEX v FOR (n:P) ON (n.a)",
            "CREATE INDEX FOR ()-[r:R]-() ON (r.a)",
            "CREATE CONSTRAINT FOR ()-[r:R]-() REQUIRE r.a IS UNIQUE",
            "CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: STRING",
        ] {
            assert!(matches!(refused(statement), Refusal::Unsupported(_)), "{statement}");
        }
    }

    #[test]
    fn broken_forms_say_what_was_expected() {
        assert_eq!(refused("CREATE INDEX i FOR (n:P) ON (m.a)").to_string(), "Invalid input: expected `n`, got 'm' at offset 29.");
        assert!(matches!(refused("DROP INDEX i WHEN i"), Refusal::Syntax(_)));
    }
}
