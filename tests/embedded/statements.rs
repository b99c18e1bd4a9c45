//! Statements do what they do in Neo4j, or are refused.

use boltwright::backend::ResultKind;
use boltwright::generated::{Counters, ErrorCode, Value};

use super::harness::{in_memory, int, ints, map, node, text};

#[tokio::test]
async fn something_added_to_a_list_keeps_the_list() {
    let client = in_memory();
    client.run("CREATE (:N {l: [1], s: 'a', i: 5})").await;
    for (statement, expected) in [
        ("MATCH (n:N) SET n.l = n.l + 2 RETURN n.l", ints(&[1, 2])),
        ("MATCH (n:N) SET n.l = n.l + [3] RETURN n.l", ints(&[1, 2, 3])),
        ("MATCH (n:N) SET n.l = 0 + n.l RETURN n.l", ints(&[0, 1, 2, 3])),
        ("MATCH (n:N) SET n.l = n.l + 4 + [5] + 6 RETURN n.l", ints(&[0, 1, 2, 3, 4, 5, 6])),
        ("MATCH (n:N) SET n.i = n.i + 1 RETURN n.i", int(6)),
        ("MATCH (n:N) SET n.i = n.i + 1 + 2 RETURN n.i", int(9)),
        ("MATCH (n:N) SET n.s = n.s + 'b' RETURN n.s", text("ab")),
        ("MATCH (n:N) SET n.s = n.s + 1 + '!' RETURN n.s", text("ab1!")),
        ("MATCH (n:N) SET n.i = n.i + null RETURN n.i", Value::Null),
        ("MATCH (n:N) SET n.missing = n.missing + 1 RETURN n.missing", Value::Null),
        ("MATCH (n:N) SET n.new = coalesce(n.new, []) + 'x' RETURN n.new", Value::List(vec![text("x")])),
        ("MERGE (n:N) ON MATCH SET n.l = n.l + 7 RETURN last(n.l)", int(7)),
        ("RETURN reduce(l = [], x IN [1, 2] | l + x) AS l", ints(&[1, 2])),
    ] {
        assert_eq!(client.run(statement).await.value(), &expected, "{statement}");
    }
}

#[tokio::test]
async fn what_would_be_silently_wrong_is_refused() {
    let client = in_memory();
    client.run("CREATE (:A {x: 1})-[:R]->(:B {y: 2})").await;
    for (statement, part) in [
        ("MATCH (a:A)-[r:R]->(b:B) SET r = b", "properties(…)"),
        ("MATCH (a:A), (b:B) SET a += b", "properties(…)"),
        ("UNWIND [1, 2] AS x RETURN percentileDisc(x, $p)", "percentileDisc(n.x, 0.5)"),
        ("UNWIND [1, 2] AS x RETURN percentileCont(x, $p)", "percentileCont(n.x, 0.5)"),
        ("RETURN date('2020-W01-1')", "plain ISO literal"),
        ("RETURN date('2020-060')", "plain ISO literal"),
        ("RETURN datetime('2020-01-01T00:00:00[Europe/Berlin]')", "plain ISO literal"),
        ("RETURN localdatetime('2020-01-01T00:00:00.123456789')", "plain ISO literal"),
        ("RETURN date({year: 2020})", "map of components"),
        ("RETURN date.truncate('year', date())", "date.truncate()"),
        ("RETURN duration.between(date(), date())", "duration.between()"),
        ("RETURN date() + duration('P1D')", "arithmetic"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", "LOAD CSV"),
        ("RETURN point({x: 1, y: 2})", "as a parameter"),
    ] {
        let failure = client.failure_with(statement, [("p", Value::Float(0.5))]).await;
        assert_eq!(failure.code, ErrorCode::StatementUnsupportedOperationError, "{statement}: {failure}");
        assert!(failure.message.contains(part), "{statement}: {failure}");
    }
    let failure = client.failure_with("RETURN date($p)", [("p", text("2020-W01-1"))]).await;
    assert_eq!(failure.code, ErrorCode::StatementUnsupportedOperationError);
    let copied = client.run("MATCH (a:A)-[r:R]->(b:B) SET r = properties(b) RETURN r.y").await;
    assert_eq!(copied.value(), &int(2));
}

#[tokio::test]
async fn a_script_of_many_creates_is_one_statement() {
    let client = in_memory();
    let mut script = String::new();
    for index in 0..200 {
        script.push_str(&format!("CREATE (n{index}:Movie {{title: 'CREATE ({index})', n: {index}}})\n"));
        if index > 0 {
            script.push_str(&format!("CREATE (n{index})-[:FOLLOWS {{roles: ['x']}}]->(n{})\n", index - 1));
        }
    }
    script.push_str("WITH n199 AS a MATCH (a)-[:FOLLOWS]->(m) RETURN m.n");
    let outcome = client.run(&script).await;
    assert_eq!(outcome.value(), &int(198));
    assert_eq!(outcome.summary.counters.nodes_created, 200);
    assert_eq!(outcome.summary.counters.relationships_created, 199);
}

#[tokio::test]
async fn a_map_of_properties_may_be_a_parameter_of_create() {
    let client = in_memory();
    let properties = map([("name", text("A")), ("a b", ints(&[1]))]);
    let outcome = client.run_with("CREATE (n:A:B $p)-[r:R $p]->() RETURN n, r.name", [("p", properties)]).await;
    assert_eq!(node(&outcome.rows[0][0]).properties.get("a b"), Some(&ints(&[1])));
    assert_eq!(outcome.rows[0][1], text("A"));
}

#[tokio::test]
async fn too_deep_nesting_is_a_clear_error() {
    let client = in_memory();
    let nested = |depth: usize| format!("RETURN {}1{} AS x", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(client.run(&nested(60)).await.value(), &int(1));
    let failure = client.failure(&nested(65)).await;
    assert_eq!(failure.code, ErrorCode::StatementSyntaxError);
    assert!(failure.message.contains("64"), "{failure}");
}

#[tokio::test]
async fn columns_are_named_as_they_were_written() {
    let outcome = in_memory().run("UNWIND [1] AS x RETURN x+1, \"it\", [y IN [x] | y] AS `a b`, count( * )").await;
    assert_eq!(outcome.columns, ["x+1", "\"it\"", "a b", "count( * )"]);
    assert_eq!(in_memory().run("WITH 1 AS a RETURN *").await.columns, ["a"]);
}

#[tokio::test]
async fn errors_have_the_codes_of_neo4j() {
    let client = in_memory();
    client.run("CREATE (:P {id: 1})-[:R]->(:Q)").await;
    for (statement, code) in [
        ("", ErrorCode::StatementSyntaxError),
        ("RETRN 1", ErrorCode::StatementSyntaxError),
        ("RETURN 1; RETURN 2", ErrorCode::StatementSyntaxError),
        ("RETURN 'a", ErrorCode::StatementSyntaxError),
        ("RETURN n", ErrorCode::StatementSyntaxError),
        ("RETURN nope(1)", ErrorCode::StatementSyntaxError),
        ("RETURN $missing", ErrorCode::StatementParameterMissing),
        ("RETURN 1 / 0", ErrorCode::StatementArithmeticError),
        ("RETURN 9223372036854775807 + 1", ErrorCode::StatementArithmeticError),
        ("CALL nope.nope()", ErrorCode::ProcedureProcedureNotFound),
        ("MATCH (p:P) DELETE p", ErrorCode::SchemaConstraintValidationFailed),
        ("USE nowhere RETURN 1", ErrorCode::DatabaseDatabaseNotFound),
    ] {
        let failure = client.failure(statement).await;
        assert_eq!(failure.code, code, "{statement}: {failure}");
        assert!(!failure.message.is_empty());
    }
}

#[tokio::test]
async fn counters_say_what_changed() {
    let client = in_memory();
    let created = client.run("CREATE (:A:B {x: 1, y: 2})-[:R {z: 3}]->(:C)").await.summary;
    let expected = Counters {
        nodes_created: 2,
        relationships_created: 1,
        properties_set: 3,
        labels_added: 3,
        contains_updates: true,
        ..Counters::default()
    };
    assert_eq!((created.kind, created.counters), (ResultKind::Write, expected));
    let changed = client.run("MATCH (a:A) SET a.x = 2 REMOVE a:B RETURN a").await.summary;
    assert_eq!(changed.kind, ResultKind::ReadWrite);
    assert_eq!((changed.counters.properties_set, changed.counters.labels_removed), (1, 1));
    let deleted = client.run("MATCH (a:A) DETACH DELETE a").await.summary;
    assert_eq!((deleted.counters.nodes_deleted, deleted.counters.relationships_deleted), (1, 1));
    let read = client.run("MATCH (n) RETURN n").await.summary;
    assert_eq!((read.kind, read.counters), (ResultKind::Read, Counters::default()));
    assert_eq!(client.run("MATCH (n:None) SET n.x = 1").await.summary.kind, ResultKind::Write);
}

#[tokio::test]
async fn a_plan_runs_nothing_and_a_profile_runs_once() {
    let client = in_memory();
    let explained = client.run("EXPLAIN CREATE (n:N) RETURN n").await;
    let plan = explained.summary.plan.unwrap();
    assert!(explained.rows.is_empty() && explained.columns == ["n"]);
    assert!(!plan.children.is_empty() && plan.operator_type.ends_with("@grafeo"), "{plan:?}");
    assert_eq!(explained.summary.kind, ResultKind::ReadWrite);
    let profiled = client.run("PROFILE CREATE (n:N) RETURN n.x AS x").await;
    assert_eq!(profiled.rows.len(), 1);
    assert_eq!(profiled.summary.counters.nodes_created, 1);
    let profile = profiled.summary.profile.unwrap();
    assert!(profile.rows.is_some() && profile.db_hits.is_some(), "{profile:?}");
    assert_eq!(client.run("MATCH (n:N) RETURN count(n)").await.value(), &int(1));
}

/// What docs/embedded.md says cannot be caught.
#[tokio::test]
async fn differences_that_cannot_be_caught_are_as_documented() {
    let client = in_memory();
    for (expression, engine) in [
        ("'1' = 1", Value::Boolean(true)),
        ("[1, null] = [1, null]", Value::Boolean(true)),
        ("{a: null} = {a: null}", Value::Boolean(true)),
        ("none(x IN [null] WHERE x = 1)", Value::Boolean(true)),
        ("all(x IN [1, null] WHERE x = 1)", Value::Boolean(false)),
        ("1 + 'a'", Value::Null),
        ("2 * 'a'", Value::Null),
        ("[1] + 2", Value::Null),
        ("percentileDisc(1, 0.5)", Value::Float(1.0)),
        ("datetime('2020-01-01T00:00:00Z') = datetime('2020-01-01T01:00:00+01:00')", Value::Boolean(true)),
    ] {
        assert_eq!(client.run(&format!("RETURN {expression} AS x")).await.value(), &engine, "{expression}");
    }
    // Neo4j refuses these.
    client.run("MERGE (n:X {id: null})").await;
    client.run("CREATE (n:Y {map: {a: 1}, mixed: [1, 'a', null]})").await;
    let deleted = client.run("MATCH (n:Y) DELETE n RETURN n").await;
    assert_eq!(deleted.value(), &Value::Null);
}
