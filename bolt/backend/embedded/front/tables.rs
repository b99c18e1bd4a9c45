//! `SHOW` commands and procedures that the engine does not have: they become queries over a table that comes in as a
//! parameter, so that YIELD, WHERE, ORDER BY and RETURN behind them do what they always do.

use super::clauses;
use super::edit::Edits;
use super::lexer::{Kind, Tokens};
use super::prefix;
use super::properties::quoted;
use super::schema::ConstraintKind;
use super::{Query, Refusal};

/// What the variables that hold a table's rows are called; they never show in a result.
pub(crate) const ROW_PREFIX: &str = "boltwright__row";

/// A table that a statement reads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Need {
    /// The parameter it comes in as.
    pub(crate) parameter: String,
    /// Which table.
    pub(crate) source: Source,
    /// The procedure's arguments, as an expression for the engine that makes a list.
    pub(crate) arguments: Option<String>,
}

/// The tables.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    /// `SHOW DATABASES`, `SHOW DATABASE name`, `SHOW DEFAULT DATABASE`, `SHOW HOME DATABASE`
    Databases(Databases),
    /// `SHOW INDEXES`; none of the kinds that the embedded database lacks.
    Indexes {
        /// Whether the indexes there are belong to it.
        ours: bool,
    },
    /// `SHOW CONSTRAINTS`, of one kind or of all.
    Constraints(Option<ConstraintKind>),
    /// `SHOW CURRENT USER`
    CurrentUser,
    /// `SHOW PROCEDURES`
    Procedures,
    /// `dbms.components()`
    Components,
    /// `dbms.showCurrentUser()`
    DbmsCurrentUser,
    /// `db.schema.visualization()`
    Visualization,
    /// `db.ping()`
    Ping,
    /// `db.awaitIndexes()` and its like: there is nothing to wait for.
    Nothing,
    /// `tx.setMetaData()`
    SetMetaData,
    /// `tx.getMetaData()`
    GetMetaData,
    /// `dbms.listConnections()`
    Connections,
    /// `dbms.routing.getRoutingTable()` and `dbms.cluster.routing.getRoutingTable()`
    RoutingTable,
    /// `dbms.cluster.routing.getServers()`
    Servers,
}

/// Which databases.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Databases {
    /// All of them.
    All,
    /// The default one.
    Default,
    /// The user's.
    Home,
    /// One by its name.
    Named(String),
    /// One by a parameter.
    Parameter(String),
}

/// The procedures answered here, and the statement type that Neo4j gives each.
pub(crate) const PROCEDURES: [(&str, Source); 14] = [
    ("db.awaitIndex", Source::Nothing),
    ("db.awaitIndexes", Source::Nothing),
    ("db.ping", Source::Ping),
    ("db.schema.visualization", Source::Visualization),
    ("dbms.cluster.routing.getRoutingTable", Source::RoutingTable),
    ("dbms.cluster.routing.getServers", Source::Servers),
    ("dbms.components", Source::Components),
    ("dbms.listConnections", Source::Connections),
    ("dbms.routing.getRoutingTable", Source::RoutingTable),
    ("dbms.showCurrentUser", Source::DbmsCurrentUser),
    ("tx.getMetaData", Source::GetMetaData),
    ("tx.setMetaData", Source::SetMetaData),
    ("db.resampleIndex", Source::Nothing),
    ("db.resampleOutdatedIndexes", Source::Nothing),
];

impl Source {
    /// Its columns: the ones that show without being asked for, and how many those are.
    pub(crate) fn columns(&self) -> (&'static [&'static str], usize) {
        match self {
            Self::Databases(_) => (
                &[
                    "name",
                    "type",
                    "aliases",
                    "access",
                    "address",
                    "role",
                    "writer",
                    "requestedStatus",
                    "currentStatus",
                    "statusMessage",
                    "default",
                    "home",
                    "constituents",
                    "databaseID",
                    "serverID",
                    "store",
                    "lastCommittedTxn",
                    "replicationLag",
                ],
                13,
            ),
            Self::Indexes { .. } => (
                &[
                    "id",
                    "name",
                    "state",
                    "populationPercent",
                    "type",
                    "entityType",
                    "labelsOrTypes",
                    "properties",
                    "indexProvider",
                    "owningConstraint",
                    "lastRead",
                    "readCount",
                    "trackedSince",
                    "options",
                    "failureMessage",
                    "createStatement",
                ],
                12,
            ),
            Self::Constraints(_) => (
                &[
                    "id",
                    "name",
                    "type",
                    "entityType",
                    "labelsOrTypes",
                    "properties",
                    "ownedIndex",
                    "propertyType",
                    "options",
                    "createStatement",
                ],
                8,
            ),
            Self::CurrentUser => (&["user", "roles", "passwordChangeRequired", "suspended", "home"], 5),
            Self::Procedures => (&["name", "description", "mode", "worksOnSystem"], 4),
            Self::Components => (&["name", "versions", "edition"], 3),
            Self::DbmsCurrentUser => (&["username", "roles", "flags"], 3),
            Self::Visualization => (&["nodes", "relationships"], 2),
            Self::Ping => (&["success"], 1),
            Self::Nothing | Self::SetMetaData => (&[], 0),
            Self::GetMetaData => (&["metadata"], 1),
            Self::Connections => {
                (&["connectionId", "connectTime", "connector", "username", "userAgent", "serverAddress", "clientAddress"], 7)
            }
            Self::RoutingTable | Self::Servers => (&["ttl", "servers"], 2),
        }
    }

    fn shown(&self) -> &'static [&'static str] {
        let (all, shown) = self.columns();
        &all[..shown]
    }
}

/// What rewording the calls has found.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) needs: Vec<Need>,
    pub(super) columns: Option<Vec<String>>,
    pub(super) only_tables: bool,
}

/// The query that a `SHOW` command becomes.
pub(super) fn show(tokens: &Tokens<'_>) -> Result<Option<Query>, Refusal> {
    if !tokens.is_word(0, "SHOW") {
        return Ok(None);
    }
    let (source, end) = shown(tokens)?;
    let row = format!("{ROW_PREFIX}0");
    let unwind = format!("UNWIND ${row} AS {row}");
    let mut columns: Vec<String> = source.shown().iter().map(|&name| name.to_owned()).collect();
    let text = if end == tokens.len() {
        format!("{unwind} RETURN {}", projection(&row, source.shown().iter().map(|&name| (name, name))))
    } else if tokens.is_word(end, "WHERE") {
        let rest = tokens.between(end, tokens.len());
        let all = projection(&row, source.shown().iter().map(|&name| (name, name)));
        format!("{unwind} WITH {all} {rest} RETURN {}", list(&columns))
    } else if tokens.is_word(end, "YIELD") {
        let (items, behind) = yielded(tokens, end + 1, &source)?;
        columns = items.iter().map(|(_, alias)| alias.clone()).collect();
        let items = projection(&row, items.iter().map(|(name, alias)| (*name, alias.as_str())));
        let rest = tokens.between(behind, tokens.len());
        let returns = (behind..tokens.len()).any(|index| clauses::starting(tokens, index) == Some("RETURN"));
        if returns {
            let written = super::columns::read(tokens);
            let text = format!("{unwind} WITH {items} {rest}");
            return Ok(Some(query(text, written, row, source)));
        }
        format!("{unwind} WITH {items} {rest} RETURN {}", list(&columns))
    } else {
        return Err(Refusal::Syntax(format!(
            "Invalid input '{}': expected YIELD, WHERE or the end of the command.",
            tokens.at(end).map_or("", |token| tokens.of(token))
        )));
    };
    Ok(Some(query(text, Some(columns), row, source)))
}

fn query(text: String, columns: Option<Vec<String>>, parameter: String, source: Source) -> Query {
    Query { text, columns, needs: vec![Need { parameter, source, arguments: None }], only_tables: true }
}

/// What SHOW is to show, and the index behind it.
fn shown(tokens: &Tokens<'_>) -> Result<(Source, usize), Refusal> {
    let any = |index: usize, words: &[&str]| words.iter().any(|word| tokens.is_word(index, word));
    if any(1, &["DATABASES"]) {
        return Ok((Source::Databases(Databases::All), 2));
    }
    if any(2, &["DATABASE"]) && any(1, &["DEFAULT", "HOME"]) {
        let which = if any(1, &["HOME"]) { Databases::Home } else { Databases::Default };
        return Ok((Source::Databases(which), 3));
    }
    if any(1, &["DATABASE"]) {
        if let Some(parameter) = tokens.parameter(2) {
            return Ok((Source::Databases(Databases::Parameter(parameter)), 3));
        }
        return match prefix::dotted(tokens, 2).filter(|_| !any(2, &["YIELD", "WHERE"])) {
            Some((name, end)) => Ok((Source::Databases(Databases::Named(name)), end)),
            None => Ok((Source::Databases(Databases::All), 2)),
        };
    }
    if tokens.are_words(1, &["CURRENT", "USER"]) {
        return Ok((Source::CurrentUser, 3));
    }
    if any(1, &["PROCEDURE", "PROCEDURES"]) {
        let end = if tokens.is_word(2, "EXECUTABLE") { 3 } else { 2 };
        return Ok((Source::Procedures, end));
    }
    let indexes = ["INDEX", "INDEXES"];
    if any(1, &indexes) {
        return Ok((Source::Indexes { ours: true }, 2));
    }
    if any(2, &indexes) && any(1, &["ALL", "RANGE", "BTREE", "TEXT", "POINT", "LOOKUP", "FULLTEXT", "VECTOR"]) {
        return Ok((Source::Indexes { ours: any(1, &["ALL", "RANGE", "BTREE"]) }, 3));
    }
    if let Some(constraints) = (1..5).find(|&index| any(index, &["CONSTRAINT", "CONSTRAINTS"])) {
        let words: Vec<String> = (1..constraints).filter_map(|index| tokens.name(index)).map(|word| word.to_uppercase()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let kind = match words.as_slice() {
            [] | ["ALL"] => None,
            ["UNIQUE" | "UNIQUENESS"] | ["NODE", "UNIQUE" | "UNIQUENESS"] => Some(ConstraintKind::Unique),
            ["KEY"] | ["NODE", "KEY"] => Some(ConstraintKind::NodeKey),
            ["EXIST" | "EXISTENCE"] | ["NODE", .., "EXIST" | "EXISTENCE"] => Some(ConstraintKind::NotNull),
            _ => {
                return Err(Refusal::Unsupported(format!(
                    "SHOW {} CONSTRAINTS: the embedded database has no such constraints.",
                    words.join(" ")
                )));
            }
        };
        return Ok((Source::Constraints(kind), constraints + 1));
    }
    let words = tokens.between(1, tokens.len().min(3));
    Err(Refusal::Unsupported(format!(
        "SHOW {words} is not supported. What works: SHOW DATABASES, SHOW INDEXES, SHOW CONSTRAINTS, SHOW PROCEDURES, SHOW CURRENT USER."
    )))
}

/// Rewords every call of a procedure that is answered here.
pub(super) fn calls(tokens: &Tokens<'_>, edits: &mut Edits<'_>) -> Result<Calls, Refusal> {
    let mut found = Calls::default();
    for index in 0..tokens.len() {
        if clauses::starting(tokens, index) != Some("CALL") || tokens.is_sign(index + 1, "{") {
            continue;
        }
        let Some((name, behind)) = prefix::dotted(tokens, index + 1) else {
            continue;
        };
        let Some(source) = PROCEDURES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)).map(|(_, source)| source.clone()) else {
            continue;
        };
        call(tokens, index, behind, source, &mut found, edits)?;
    }
    const WITHOUT_A_GRAPH: [&str; 9] = ["CALL", "YIELD", "WHERE", "RETURN", "ORDER", "SKIP", "LIMIT", "WITH", "UNWIND"];
    found.only_tables = !found.needs.is_empty()
        && (0..tokens.len()).filter_map(|index| clauses::starting(tokens, index)).all(|clause| WITHOUT_A_GRAPH.contains(&clause));
    Ok(found)
}

fn call(
    tokens: &Tokens<'_>,
    index: usize,
    name_end: usize,
    source: Source,
    found: &mut Calls,
    edits: &mut Edits<'_>,
) -> Result<(), Refusal> {
    let Some(start) = tokens.at(index).map(|token| token.start) else {
        return Ok(());
    };
    let mut end = name_end;
    let mut arguments = None;
    if tokens.is_sign(name_end, "(") {
        let close = tokens.closing(name_end);
        arguments = (close > name_end + 1).then(|| argument_list(tokens, name_end + 1, close));
        end = close + 1;
    }
    let row = format!("{ROW_PREFIX}{}", found.needs.len());
    let first = index == 0 || tokens.is_sign(index - 1, "{") || tokens.is_word(index - 1, "UNION");
    let yields = tokens.is_word(end, "YIELD");
    let (items, behind) = if yields {
        yielded(tokens, end + 1, &source)?
    } else {
        (source.shown().iter().map(|&name| (name, name.to_owned())).collect(), end)
    };
    let last = behind >= tokens.len();
    if source.shown().is_empty() {
        edits.replace(start, tokens.before(end).map_or(start, |token| token.end), "");
        found.needs.push(Need { parameter: row, source, arguments });
        return Ok(());
    }
    let alone = first && last;
    if !yields && !alone {
        return Err(Refusal::Semantic(
            "Procedure call inside a query does not support naming results implicitly (name explicitly using `YIELD` instead).".to_owned(),
        ));
    }
    let with = if alone { "RETURN" } else { "WITH" };
    let keep = if first { "" } else { "*, " };
    let items_text = projection(&row, items.iter().map(|(name, alias)| (*name, alias.as_str())));
    let replaced_to = tokens.before(behind).map_or(start, |token| token.end);
    edits.replace(start, replaced_to, format!("UNWIND ${row} AS {row} {with} {keep}{items_text}"));
    let columns: Vec<String> = items.into_iter().map(|(_, alias)| alias).collect();
    let ends_in_filter =
        first && (behind..tokens.len()).all(|index| !matches!(clauses::starting(tokens, index), Some(clause) if clause != "WHERE"));
    if first && !last && ends_in_filter {
        edits.append(format!(" RETURN {}", list(&columns)));
    }
    if first && ends_in_filter {
        found.columns = Some(columns);
    }
    found.needs.push(Need { parameter: row, source, arguments });
    Ok(())
}

/// The arguments as a list; `{name}` is a parameter, as drivers of Bolt 1 to 3 write it.
fn argument_list(tokens: &Tokens<'_>, from: usize, close: usize) -> String {
    let mut edits = Edits::new(tokens.text());
    for index in from..close {
        let (Some(open), Some(closing)) = (tokens.at(index), tokens.at(index + 2)) else {
            continue;
        };
        if let Some(name) = tokens.name(index + 1).filter(|_| open.kind == Kind::Open('{') && closing.kind == Kind::Close('}')) {
            edits.replace(open.start, closing.end, format!("${}", quoted(&name)));
        }
    }
    // Both sides of the arguments are cut off again.
    let (Some(first), Some(last)) = (tokens.at(from), tokens.before(close)) else {
        return "[]".to_owned();
    };
    edits.replace(0, first.start, "[");
    edits.replace(last.end, tokens.text().len(), "]");
    edits.apply()
}

/// Columns with their new names.
type Items = Vec<(&'static str, String)>;

/// The columns behind YIELD, and the index behind them.
fn yielded(tokens: &Tokens<'_>, from: usize, source: &Source) -> Result<(Items, usize), Refusal> {
    let (all, _) = source.columns();
    if tokens.is_sign(from, "*") {
        return Ok((all.iter().map(|&name| (name, name.to_owned())).collect(), from + 1));
    }
    let mut items = Vec::new();
    let mut at = from;
    loop {
        let name = tokens.name(at).ok_or_else(|| Refusal::Syntax("Expected the name of a column behind YIELD.".to_owned()))?;
        let known = all.iter().find(|&&known| known == name);
        let known = *known.ok_or_else(|| Refusal::Syntax(format!("Unknown procedure output: `{name}`. There are: {}.", all.join(", "))))?;
        let alias = tokens.is_word(at + 1, "AS").then(|| tokens.name(at + 2)).flatten();
        at += if alias.is_some() { 3 } else { 1 };
        items.push((known, alias.unwrap_or(name)));
        if !tokens.is_sign(at, ",") {
            return Ok((items, at));
        }
        at += 1;
    }
}

fn projection<'a>(row: &str, items: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let items: Vec<String> = items.map(|(name, alias)| format!("{row}.{} AS {}", quoted(name), quoted(alias))).collect();
    items.join(", ")
}

fn list(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
    columns.join(", ")
}

#[cfg(test)]
mod tests;
