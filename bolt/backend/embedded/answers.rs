//! The tables that the engine does not have, worded as Neo4j words them.

use std::sync::Arc;

use grafeo_common::types::Value;

use crate::generated::ErrorCode;
use crate::wire::Failure;

use super::front::{ConstraintKind, Databases, Need, PROCEDURES, Parameters, Source};
use super::names;
use super::transaction::Transaction;

/// What we are, as opposed to what the handshake says for the sake of drivers.
const NAME: &str = "Boltwright";
/// How long a routing table may be kept, in seconds.
const TTL: i64 = 300;

impl Transaction {
    /// The rows of a table as the engine takes them: a list of maps.
    pub(super) fn table(&mut self, need: &Need, parameters: &Parameters) -> Result<Value, Failure> {
        let arguments = self.arguments(need, parameters)?;
        let rows = match &need.source {
            Source::Databases(which) => self.databases(which, parameters)?,
            Source::Indexes { ours } => {
                if *ours && !self.target.is_system() {
                    self.index_rows()?
                } else {
                    Vec::new()
                }
            }
            Source::Constraints(_) if self.target.is_system() => Vec::new(),
            Source::Constraints(kind) => self.constraint_rows(*kind)?,
            Source::CurrentUser => vec![vec![string(&self.context.user), roles(), Value::Bool(false), Value::Bool(false), Value::Null]],
            Source::DbmsCurrentUser => vec![vec![string(&self.context.user), roles(), list([])]],
            Source::Procedures => procedures(),
            Source::Components => {
                vec![vec![string(NAME), list([string(env!("CARGO_PKG_VERSION"))]), string("community")]]
            }
            Source::Visualization => self.visualization()?,
            Source::Ping => vec![vec![Value::Bool(true)]],
            Source::Nothing => Vec::new(),
            Source::SetMetaData => {
                self.context.metadata = match arguments.first() {
                    Some(metadata @ Value::Map(_)) => metadata.clone(),
                    _ => return Err(Failure::new(ErrorCode::ProcedureProcedureCallFailed, "tx.setMetaData() takes a map.")),
                };
                Vec::new()
            }
            Source::GetMetaData => vec![vec![self.context.metadata.clone()]],
            Source::Connections => self.connections(),
            Source::RoutingTable | Source::Servers => vec![vec![Value::Int64(TTL), self.servers(&arguments)?]],
        };
        let (columns, _) = need.source.columns();
        let maps = rows.into_iter().map(|row| map(columns.iter().copied().zip(row)));
        Ok(Value::List(maps.collect()))
    }

    fn arguments(&self, need: &Need, parameters: &Parameters) -> Result<Vec<Value>, Failure> {
        let Some(arguments) = &need.arguments else { return Ok(Vec::new()) };
        let result = self.execute(&format!("RETURN {arguments} AS arguments"), parameters.clone())?;
        match result.rows().first().and_then(|row| row.first()) {
            Some(Value::List(arguments)) => Ok(arguments.to_vec()),
            _ => Ok(Vec::new()),
        }
    }

    fn databases(&self, which: &Databases, parameters: &Parameters) -> Result<Vec<Vec<Value>>, Failure> {
        let wanted = match which {
            Databases::All => None,
            Databases::Default | Databases::Home => Some(names::DEFAULT.to_owned()),
            Databases::Named(name) => Some(names::canonical(name)),
            Databases::Parameter(parameter) => match parameters.get(parameter) {
                Some(Value::String(name)) => Some(names::canonical(name)),
                _ => return Err(Failure::new(ErrorCode::StatementParameterMissing, format!("Expected parameter(s): {parameter}"))),
            },
        };
        let mut all = self.context.shared.databases.names();
        all.push(names::SYSTEM.to_owned());
        let chosen = all.into_iter().filter(|name| wanted.as_ref().is_none_or(|wanted| wanted == name));
        Ok(chosen.map(|name| self.database_row(&name)).collect())
    }

    fn database_row(&self, name: &str) -> Vec<Value> {
        let is_default = Value::Bool(name == names::DEFAULT);
        let kind = if name == names::SYSTEM { "system" } else { "standard" };
        let committed = self.context.shared.databases.target(Some(name)).map_or(0, |target| target.database().commits());
        vec![
            string(name),
            string(kind),
            list([]),
            string("read-write"),
            string(&self.context.address),
            string("primary"),
            Value::Bool(true),
            string("online"),
            string("online"),
            string(""),
            is_default.clone(),
            is_default,
            list([]),
            string(name),
            string(&self.context.address),
            string("grafeo"),
            Value::Int64(i64::try_from(committed).unwrap_or(i64::MAX)),
            Value::Int64(0),
        ]
    }

    fn index_rows(&self) -> Result<Vec<Vec<Value>>, Failure> {
        let indexes = self.indexes()?.into_iter().zip(1..);
        Ok(indexes
            .map(|(index, id)| {
                let command = index.command();
                vec![
                    Value::Int64(id),
                    string(&index.name),
                    string("ONLINE"),
                    Value::Float64(100.0),
                    string("RANGE"),
                    string("NODE"),
                    list([string(&index.label)]),
                    list(index.properties.iter().map(|property| string(property))),
                    string("grafeo-hash"),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    map([]),
                    string(""),
                    string(&command),
                ]
            })
            .collect())
    }

    fn constraint_rows(&self, wanted: Option<ConstraintKind>) -> Result<Vec<Vec<Value>>, Failure> {
        let constraints = self.constraints()?.into_iter().zip(1..);
        Ok(constraints
            .filter(|(constraint, _)| wanted.is_none_or(|wanted| wanted == constraint.kind))
            .map(|(constraint, id)| {
                let kind = match constraint.kind {
                    ConstraintKind::Unique => "UNIQUENESS",
                    ConstraintKind::NotNull => "NODE_PROPERTY_EXISTENCE",
                    ConstraintKind::NodeKey => "NODE_KEY",
                };
                let command = constraint.command();
                vec![
                    Value::Int64(id),
                    string(&constraint.name),
                    string(kind),
                    string("NODE"),
                    list([string(&constraint.label)]),
                    list(constraint.properties.iter().map(|property| string(property))),
                    Value::Null,
                    Value::Null,
                    map([]),
                    string(&command),
                ]
            })
            .collect())
    }

    /// A node for each label and a relationship for each way that types join labels, none of them in the graph.
    fn visualization(&self) -> Result<Vec<Vec<Value>>, Failure> {
        if self.target.is_system() {
            return Ok(vec![vec![list([]), list([])]]);
        }
        let labels = self.execute("CALL db.labels()", Parameters::new())?;
        let labels: Vec<String> = labels.rows().iter().filter_map(|row| row.first()?.as_str().map(str::to_owned)).collect();
        let number = |label: &str| labels.iter().zip(1..).find(|(known, _)| *known == label).map(|(_, number)| -number);
        let nodes = labels.iter().filter_map(|label| {
            let entries = [("name", string(label)), ("indexes", list([])), ("constraints", list([]))];
            let element = [("_id", Value::Int64(number(label)?)), ("_labels", list([string(label)]))];
            Some(map(entries.into_iter().chain(element)))
        });
        let nodes: Vec<Value> = nodes.collect();
        let joins = self.execute(
            "MATCH (a)-[r]->(b) WITH DISTINCT labels(a) AS f, type(r) AS t, labels(b) AS g UNWIND f AS from UNWIND g AS to RETURN DISTINCT from, t AS kind, to",
            Parameters::new(),
        )?;
        let relationships = joins.rows().iter().zip(1..).filter_map(|(row, id)| {
            let [from, kind, to] = row.as_slice() else { return None };
            Some(map([
                ("name", kind.clone()),
                ("_id", Value::Int64(-id)),
                ("_type", kind.clone()),
                ("_source", Value::Int64(number(from.as_str()?)?)),
                ("_target", Value::Int64(number(to.as_str()?)?)),
            ]))
        });
        Ok(vec![vec![list(nodes), list(relationships)]])
    }

    fn connections(&self) -> Vec<Vec<Value>> {
        let connections = self.context.shared.connections.list();
        let rows = connections.into_iter().map(|(id, user, since)| {
            vec![
                string(&format!("bolt-{id}")),
                string(&since),
                string("bolt"),
                string(&user),
                string(""),
                string(&self.context.address),
                string(""),
            ]
        });
        rows.collect()
    }

    /// This server in all three roles, by the address that the client came by.
    fn servers(&self, arguments: &[Value]) -> Result<Value, Failure> {
        if let Some(Value::String(database)) = arguments.get(1) {
            self.context.shared.databases.target(Some(database))?;
        }
        let address = match arguments.first() {
            Some(Value::Map(context)) => context.get("address").and_then(Value::as_str),
            _ => None,
        };
        let address = string(address.unwrap_or(&self.context.address));
        let server = |role: &str| map([("addresses", list([address.clone()])), ("role", string(role))]);
        Ok(list(["WRITE", "READ", "ROUTE"].map(server)))
    }
}

fn procedures() -> Vec<Vec<Value>> {
    let ours = PROCEDURES.iter().map(|(name, _)| *name);
    let mut names: Vec<&str> = ours.chain(["db.labels", "db.propertyKeys", "db.relationshipTypes"]).collect();
    names.sort_unstable();
    names.into_iter().map(|name| vec![string(name), string(""), string("READ"), Value::Bool(!name.starts_with("db."))]).collect()
}

fn roles() -> Value {
    list([string("admin")])
}

fn string(text: &str) -> Value {
    Value::from(text)
}

fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(items.into_iter().collect())
}

fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::Map(Arc::new(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
}
