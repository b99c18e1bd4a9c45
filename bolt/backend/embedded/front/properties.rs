//! `CREATE (n:Label $properties)`: the engine takes no map there but one it can read, so the parameter is spread out.

use grafeo_common::types::Value;

use super::edit::Edits;
use super::lexer::{Kind, Tokens};
use super::{Parameters, Refusal, clauses};

/// Writes `(n:Label $p)` as ``(n:Label {`a`: $`p`.`a`})`` in CREATE clauses.
pub(super) fn spread(tokens: &Tokens<'_>, parameters: &Parameters, edits: &mut Edits<'_>) -> Result<(), Refusal> {
    let mut under_way: Vec<Option<&'static str>> = Vec::new();
    for index in 0..tokens.len() {
        let token = tokens.all()[index];
        under_way.resize(token.depth + 1, None);
        if let Some(clause) = clauses::starting(tokens, index) {
            under_way[token.depth] = Some(clause);
        }
        let in_create = token.depth > 0 && under_way[token.depth - 1] == Some("CREATE");
        let ends_pattern = tokens.is_sign(index + 1, ")") || tokens.is_sign(index + 1, "]");
        let behind_a_name =
            tokens.before(index).is_some_and(|before| matches!(before.kind, Kind::Word | Kind::Quoted | Kind::Open('(' | '[')));
        let Some(name) = tokens.parameter(index).filter(|_| in_create && ends_pattern && behind_a_name) else {
            continue;
        };
        let map = match parameters.get(&name) {
            Some(Value::Map(map)) => map,
            Some(_) => {
                return Err(Refusal::Type(format!("Parameter `{name}` is used as the properties of a pattern, so it must be a map.")));
            }
            None => return Err(Refusal::MissingParameter(name)),
        };
        let entries: Vec<String> = map.keys().map(|key| format!("{0}: ${1}.{0}", quoted(key.as_str()), quoted(&name))).collect();
        edits.replace(token.start, token.end, format!("{{{}}}", entries.join(", ")));
    }
    Ok(())
}

/// A name in back-ticks.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::tests::{refused, refused_with};
    use super::super::{Work, prepare};
    use super::*;

    #[test]
    fn a_map_of_properties_is_spread_out() {
        let map = [("name".into(), Value::from("A")), ("a b".into(), Value::from(1_i64))].into();
        let parameters = Parameters::from([("p".to_owned(), Value::Map(Arc::new(map)))]);
        let prepared = prepare("CREATE (a:A $p)-[:R $p]->(b {x: f($p)}) RETURN id($p)", &parameters).unwrap();
        let Work::Query(query) = prepared.work else { panic!() };
        let map = "{`a b`: $`p`.`a b`, `name`: $`p`.`name`}";
        assert_eq!(query.text, format!("CREATE (a:A {map})-[:R {map}]->(b {{x: f($p)}}) RETURN id($p)"));
    }

    #[test]
    fn anything_but_a_map_is_refused() {
        assert!(matches!(refused("CREATE (a $p)"), Refusal::MissingParameter(name) if name == "p"));
        let parameters = Parameters::from([("p".to_owned(), Value::from(1_i64))]);
        assert!(matches!(refused_with("CREATE (a $p)", &parameters), Refusal::Type(_)));
    }
}
