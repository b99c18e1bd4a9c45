//! Which queries calls and `SHOW` become.

use super::super::tests::refused;
use super::super::{Parameters, Work, prepare};
use super::*;

fn query(statement: &str) -> Query {
    match prepare(statement, &Parameters::new()).unwrap().work {
        Work::Query(query) => query,
        Work::Command(command) => panic!("{command:?}"),
    }
}

#[test]
fn a_call_alone_returns_its_columns() {
    let components = query("CALL dbms.components()");
    assert_eq!(
        components.text,
        "UNWIND $boltwright__row0 AS boltwright__row0 RETURN boltwright__row0.`name` AS `name`, \
         boltwright__row0.`versions` AS `versions`, boltwright__row0.`edition` AS `edition`"
    );
    assert_eq!(components.columns.unwrap(), ["name", "versions", "edition"]);
    assert!(components.only_tables);
    assert_eq!(query("call DBMS.Components YIELD edition AS e, name").columns.unwrap(), ["e", "name"]);
}

#[test]
fn a_call_inside_a_query_keeps_what_is_there() {
    assert_eq!(
        query("MATCH (n) CALL tx.getMetaData() YIELD metadata AS m WHERE m.a = 1 RETURN n, m").text,
        "MATCH (n) UNWIND $boltwright__row0 AS boltwright__row0 WITH *, boltwright__row0.`metadata` AS `m` WHERE m.a = 1 RETURN n, m"
    );
    assert!(!query("MATCH (n) CALL tx.getMetaData() YIELD metadata RETURN n").only_tables);
    let filtered = query("CALL dbms.components() YIELD name WHERE name = 'x'");
    assert!(filtered.text.ends_with("AS `name` WHERE name = 'x' RETURN `name`"), "{}", filtered.text);
    assert!(matches!(refused("CALL dbms.components() RETURN 1"), Refusal::Semantic(_)));
}

#[test]
fn arguments_become_a_list_and_old_parameters_new_ones() {
    let routing = query("CALL dbms.cluster.routing.getRoutingTable({context})");
    assert_eq!(routing.needs[0].arguments.as_deref().unwrap(), "[$`context`]");
    let routing = query("CALL dbms.routing.getRoutingTable($context, $database)");
    assert_eq!(routing.needs[0].arguments.as_deref().unwrap(), "[$context, $database]");
    assert_eq!(query("CALL tx.setMetaData({a: {b: 1}})").needs[0].arguments.as_deref().unwrap(), "[{a: {b: 1}}]");
}

#[test]
fn a_call_that_gives_nothing_leaves_the_statement() {
    let set = query("CALL tx.setMetaData({a: 1})");
    assert_eq!((set.text.as_str(), set.needs.len()), ("", 1));
    assert_eq!(query("CALL db.awaitIndexes(300)").text, "");
}

#[test]
fn show_takes_yield_where_and_return() {
    assert!(query("SHOW DATABASES").text.contains("RETURN boltwright__row0.`name` AS `name`, "));
    assert!(
        query("SHOW INDEXES YIELD name, type WHERE type = 'RANGE' RETURN count(*) AS c").text.ends_with(
            "WITH boltwright__row0.`name` AS `name`, boltwright__row0.`type` AS `type` WHERE type = 'RANGE' RETURN count(*) AS c"
        )
    );
    assert_eq!(query("SHOW INDEXES YIELD name, type RETURN count(*) AS c").columns.unwrap(), ["c"]);
    assert!(query("SHOW CONSTRAINTS YIELD * ORDER BY name").text.ends_with(" AS `createStatement` ORDER BY name RETURN `id`, `name`, `type`, `entityType`, `labelsOrTypes`, `properties`, `ownedIndex`, `propertyType`, `options`, `createStatement`"));
    assert_eq!(query("SHOW DATABASE neo4j WHERE default").needs[0].source, Source::Databases(Databases::Named("neo4j".to_owned())));
    assert_eq!(query("SHOW VECTOR INDEXES").needs[0].source, Source::Indexes { ours: false });
    assert_eq!(query("SHOW NODE KEY CONSTRAINTS").needs[0].source, Source::Constraints(Some(ConstraintKind::NodeKey)));
    assert!(matches!(refused("SHOW USERS"), Refusal::Unsupported(_)));
    assert!(matches!(refused("SHOW DATABASES YIELD nope"), Refusal::Syntax(_)));
}
