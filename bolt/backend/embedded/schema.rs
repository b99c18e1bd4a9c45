//! Indexes and constraints: commands as Neo4j answers them, and the lists of what there is.

use grafeo_common::types::Value;

use crate::generated::{Counters, ErrorCode};
use crate::wire::Failure;

use super::errors;
use super::front::{ConstraintKind, Schema, Which, quoted};
use super::transaction::{AtCommit, Transaction};

/// An index that exists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) properties: Vec<String>,
}

/// A constraint that exists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Constraint {
    pub(super) name: String,
    pub(super) kind: ConstraintKind,
    pub(super) label: String,
    pub(super) properties: Vec<String>,
}

impl Index {
    /// The command that creates it.
    pub(super) fn command(&self) -> String {
        format!("CREATE INDEX {} FOR (n:{}) ON ({})", quoted(&self.name), quoted(&self.label), listed(&self.properties))
    }
}

impl Constraint {
    /// The command that creates it.
    pub(super) fn command(&self) -> String {
        let (name, label) = (quoted(&self.name), quoted(&self.label));
        format!("CREATE CONSTRAINT {name} FOR (n:{label}) REQUIRE ({}) {}", listed(&self.properties), self.kind.demand())
    }
}

impl Transaction {
    /// Does what a schema command says.
    pub(super) fn change_schema(&mut self, schema: &Schema) -> Result<Counters<'static>, Failure> {
        match schema {
            Schema::CreateIndex { name, if_not_exists, label, properties } => {
                let name = name.clone().unwrap_or_else(|| format!("index_{label}_{}", properties.join("_")));
                let index = Index { name, label: label.clone(), properties: properties.clone() };
                self.create_index(&index, *if_not_exists)
            }
            Schema::CreateLookupIndex { if_not_exists: true } => Ok(Counters::default()),
            Schema::CreateLookupIndex { if_not_exists: false } => {
                let message = "There already exists an index on all labels and on all relationship types: both are always indexed.";
                Err(Failure::new(ErrorCode::SchemaEquivalentSchemaRuleAlreadyExists, message))
            }
            Schema::CreateConstraint { name, if_not_exists, kind, label, properties } => {
                let name = name.clone().unwrap_or_else(|| format!("constraint_{label}_{}_{}", properties.join("_"), suffix(*kind)));
                let constraint = Constraint { name, kind: *kind, label: label.clone(), properties: properties.clone() };
                self.create_constraint(&constraint, *if_not_exists)
            }
            Schema::DropIndex { which, if_exists } => {
                let known = self.indexes()?.into_iter().find(|index| which.is(&index.name, &index.label, &index.properties, None));
                match known {
                    Some(index) => {
                        self.later(AtCommit::DropIndex(index.name));
                        Ok(Counters { indexes_removed: 1, contains_updates: true, ..Counters::default() })
                    }
                    None if *if_exists => Ok(Counters::default()),
                    None => Err(Failure::new(ErrorCode::SchemaIndexDropFailed, "Unable to drop index: no such index.")),
                }
            }
            Schema::DropConstraint { which, if_exists } => {
                let known =
                    self.constraints()?.into_iter().find(|known| which.is(&known.name, &known.label, &known.properties, Some(known.kind)));
                match known {
                    Some(constraint) => {
                        self.later(AtCommit::DropConstraint(constraint.name));
                        Ok(Counters { constraints_removed: 1, contains_updates: true, ..Counters::default() })
                    }
                    None if *if_exists => Ok(Counters::default()),
                    None => Err(Failure::new(ErrorCode::SchemaConstraintDropFailed, "Unable to drop constraint: no such constraint.")),
                }
            }
        }
    }

    fn create_index(&mut self, index: &Index, if_not_exists: bool) -> Result<Counters<'static>, Failure> {
        let same = |known: &Index| known.label == index.label && known.properties == index.properties;
        let known = self.indexes()?.into_iter().find(|known| known.name == index.name || same(known));
        let named = self.constraints()?.into_iter().any(|known| known.name == index.name);
        match known {
            Some(_) if if_not_exists => return Ok(Counters::default()),
            Some(known) if same(&known) && known.name == index.name => {
                let message = format!("An equivalent index already exists, '{}'.", known.name);
                return Err(Failure::new(ErrorCode::SchemaEquivalentSchemaRuleAlreadyExists, message));
            }
            Some(known) if same(&known) => {
                let message = format!("There already exists the same index, called '{}'.", known.name);
                return Err(Failure::new(ErrorCode::SchemaIndexAlreadyExists, message));
            }
            Some(known) => {
                let message = format!("There already exists an index called '{}'.", known.name);
                return Err(Failure::new(ErrorCode::SchemaIndexWithNameAlreadyExists, message));
            }
            None if named && if_not_exists => return Ok(Counters::default()),
            None if named => {
                let message = format!("There already exists a constraint called '{}'.", index.name);
                return Err(Failure::new(ErrorCode::SchemaConstraintWithNameAlreadyExists, message));
            }
            None => {}
        }
        let undo = format!("DROP INDEX {}", quoted(&index.name));
        self.alter(&index.command(), undo, ErrorCode::SchemaIndexCreationFailed)?;
        Ok(Counters { indexes_added: 1, contains_updates: true, ..Counters::default() })
    }

    fn create_constraint(&mut self, constraint: &Constraint, if_not_exists: bool) -> Result<Counters<'static>, Failure> {
        let same = |known: &Constraint| {
            known.label == constraint.label && known.properties == constraint.properties && known.kind == constraint.kind
        };
        let known = self.constraints()?.into_iter().find(|known| known.name == constraint.name || same(known));
        match known {
            Some(_) if if_not_exists => return Ok(Counters::default()),
            Some(known) if same(&known) && known.name == constraint.name => {
                let message = format!("An equivalent constraint already exists, '{}'.", known.name);
                return Err(Failure::new(ErrorCode::SchemaEquivalentSchemaRuleAlreadyExists, message));
            }
            Some(known) if same(&known) => {
                let message = format!("There already exists the same constraint, called '{}'.", known.name);
                return Err(Failure::new(ErrorCode::SchemaConstraintAlreadyExists, message));
            }
            Some(known) => {
                let message = format!("There already exists a constraint called '{}'.", known.name);
                return Err(Failure::new(ErrorCode::SchemaConstraintWithNameAlreadyExists, message));
            }
            None => {}
        }
        self.check_existing(constraint)?;
        let undo = format!("DROP CONSTRAINT {}", quoted(&constraint.name));
        self.alter(&constraint.command(), undo, ErrorCode::SchemaConstraintCreationFailed)?;
        Ok(Counters { constraints_added: 1, contains_updates: true, ..Counters::default() })
    }

    /// Fails when nodes that are there break the constraint: the engine looks at new ones only.
    fn check_existing(&self, constraint: &Constraint) -> Result<(), Failure> {
        let label = quoted(&constraint.label);
        let properties: Vec<String> = constraint.properties.iter().map(|property| format!("n.{}", quoted(property))).collect();
        let any_missing = properties.iter().map(|property| format!("{property} IS NULL")).collect::<Vec<_>>().join(" OR ");
        let values = properties.iter().zip(0..).map(|(property, number)| format!("{property} AS p{number}")).collect::<Vec<_>>().join(", ");
        let missing = format!("MATCH (n:{label}) WHERE {any_missing} RETURN n LIMIT 1");
        let twice = format!("MATCH (n:{label}) WHERE NOT ({any_missing}) WITH {values}, count(*) AS c WHERE c > 1 RETURN c LIMIT 1");
        let checks = match constraint.kind {
            ConstraintKind::Unique => vec![twice],
            ConstraintKind::NotNull => vec![missing],
            ConstraintKind::NodeKey => vec![missing, twice],
        };
        for check in checks {
            let found = self.session.execute_cypher(&check).map_err(|error| errors::failure(&error))?;
            if !found.is_empty() {
                let message =
                    format!("Unable to create the constraint '{}': nodes with the label '{}' break it.", constraint.name, constraint.label);
                return Err(Failure::new(ErrorCode::SchemaConstraintCreationFailed, message));
            }
        }
        Ok(())
    }

    /// Runs a schema command of the engine, which takes effect at once.
    fn alter(&mut self, command: &str, undo: String, code: ErrorCode) -> Result<(), Failure> {
        self.session.execute_cypher(command).map_err(|error| Failure::new(code, errors::failure(&error).message))?;
        self.undo.push(undo);
        self.changed = true;
        Ok(())
    }

    /// Leaves a change to the commit, since a rollback could not bring back what is dropped.
    fn later(&mut self, change: AtCommit) {
        self.at_commit.push(change);
        self.changed = true;
    }

    /// All indexes.
    pub(super) fn indexes(&self) -> Result<Vec<Index>, Failure> {
        let result = self.session.execute_cypher("SHOW INDEXES").map_err(|error| errors::failure(&error))?;
        let mut indexes: Vec<Index> = Vec::new();
        for row in result.rows() {
            let [name, _, label, property, ..] = row.as_slice() else { continue };
            let (name, label, property) = (text(name), text(label), text(property));
            match indexes.iter_mut().find(|index| index.name == name) {
                Some(index) => index.properties.push(property),
                None => indexes.push(Index { name, label, properties: vec![property] }),
            }
        }
        indexes.retain(|index| !self.at_commit.contains(&AtCommit::DropIndex(index.name.clone())));
        Ok(indexes)
    }

    /// All constraints.
    pub(super) fn constraints(&self) -> Result<Vec<Constraint>, Failure> {
        let result = self.session.execute_cypher("SHOW CONSTRAINTS").map_err(|error| errors::failure(&error))?;
        let constraints = result.rows().iter().filter_map(|row| {
            let [name, kind, label, properties, ..] = row.as_slice() else { return None };
            let kind = match text(kind).as_str() {
                "UNIQUE" => ConstraintKind::Unique,
                "NOT NULL" => ConstraintKind::NotNull,
                "NODE KEY" => ConstraintKind::NodeKey,
                _ => return None,
            };
            let properties = text(properties).split(", ").map(str::to_owned).collect();
            Some(Constraint { name: text(name), kind, label: text(label), properties })
        });
        let constraints = constraints.filter(|constraint| !self.at_commit.contains(&AtCommit::DropConstraint(constraint.name.clone())));
        Ok(constraints.collect())
    }
}

impl Which {
    fn is(&self, name: &str, label: &str, properties: &[String], kind: Option<ConstraintKind>) -> bool {
        match self {
            Self::Named(wanted) => wanted == name,
            Self::Over { label: wanted, properties: over, kind: demanded } => wanted == label && over == properties && *demanded == kind,
        }
    }
}

fn suffix(kind: ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::Unique => "unique",
        ConstraintKind::NotNull => "exists",
        ConstraintKind::NodeKey => "key",
    }
}

fn listed(properties: &[String]) -> String {
    properties.iter().map(|property| format!("n.{}", quoted(property))).collect::<Vec<_>>().join(", ")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
