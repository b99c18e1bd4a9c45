//! Nodes, relationships and paths come back as such from wherever a statement returns them.

use boltwright::generated::{ErrorCode, Value};

use super::harness::{Client, in_memory, int, map, node, relationship, text};

async fn graph() -> Client {
    let client = in_memory();
    client.run("CREATE (a:Person:Author {name: 'A', age: 1})-[:KNOWS {since: 2020}]->(b:Person {name: 'B'})").await;
    client
}

#[tokio::test]
async fn a_node_has_its_labels_its_properties_and_the_id_that_element_id_gives() {
    let outcome = graph().await.run("MATCH (n:Author) RETURN n, id(n), elementId(n)").await;
    let found = node(&outcome.rows[0][0]);
    assert_eq!(found.labels, ["Person", "Author"]);
    assert_eq!(found.properties.get("name"), Some(&text("A")));
    assert_eq!(found.properties.len(), 2);
    assert_eq!(outcome.rows[0][1], int(found.id));
    assert_eq!(outcome.rows[0][2], Value::from(found.element_id.unwrap().into_owned()));
}

#[tokio::test]
async fn an_element_is_found_again_by_its_element_id() {
    let client = graph().await;
    let id = client.run("MATCH (n:Author) RETURN elementId(n)").await.value().clone();
    let found = client.run_with("MATCH (n) WHERE elementId(n) = $id RETURN n.name", [("id", id)]).await;
    assert_eq!(found.value(), &text("A"));
    let id = client.run("MATCH ()-[r]->() RETURN elementId(r)").await.value().clone();
    let found = client.run_with("MATCH ()-[r]->() WHERE elementId(r) = $id RETURN r", [("id", id.clone())]).await;
    assert_eq!(Value::from(relationship(found.value()).element_id.unwrap()), id);
}

#[tokio::test]
async fn a_relationship_names_its_type_and_its_ends() {
    let outcome = graph().await.run("MATCH (a)-[r]->(b) RETURN a, r, b, startNode(r), endNode(r)").await;
    let row = &outcome.rows[0];
    let (from, found, to) = (node(&row[0]), relationship(&row[1]), node(&row[2]));
    assert_eq!((found.start_node_id, found.end_node_id), (from.id, to.id));
    assert_eq!((found.start_node_element_id, found.end_node_element_id), (from.element_id, to.element_id));
    assert_eq!(found.type_, "KNOWS");
    assert_eq!(found.properties.get("since"), Some(&int(2020)));
    assert_eq!((&row[3], &row[4]), (&row[0], &row[2]));
}

#[tokio::test]
async fn a_path_says_which_way_it_walks() {
    let client = graph().await;
    let forwards = client.run("MATCH p = (:Author)-[:KNOWS]->() RETURN p").await;
    let Value::Path(path) = forwards.value() else { panic!("{forwards:?}") };
    assert_eq!((path.nodes.len(), path.rels.len(), path.indices.as_slice()), (2, 1, [1, 1].as_slice()));
    assert_eq!(path.nodes[0].properties.get("name"), Some(&text("A")));
    assert_eq!(path.rels[0].type_, "KNOWS");
    let backwards = client.run("MATCH p = (b)<-[:KNOWS]-(:Author) RETURN p").await;
    let Value::Path(path) = backwards.value() else { panic!("{backwards:?}") };
    assert_eq!(path.indices, [-1, 1]);
    assert_eq!(path.nodes[0].properties.get("name"), Some(&text("B")));
    // A path of one node is none to the engine, which says so.
    assert_eq!(client.code("MATCH p = (:Author) RETURN p").await, ErrorCode::StatementSyntaxError);
}

#[tokio::test]
async fn elements_come_back_from_every_expression_that_gives_bare_ids() {
    let client = graph().await;
    for expression in [
        "coalesce(null, a)",
        "CASE WHEN a.age = 1 THEN a ELSE null END",
        "head([x IN [a, b] | x])",
        "[x IN nodes(p) | x][0]",
        "{n: coalesce(a, b)}.n",
        "([a] + [b])[0]",
        "max(a)",
        "a {.name, self: a}.self",
        "reduce(l = [], x IN nodes(p) | l + [x])[0]",
    ] {
        let outcome = client.run(&format!("MATCH p = (a:Author)-[r]->(b) RETURN {expression} AS n")).await;
        let found = node(outcome.value());
        assert_eq!(found.properties.get("name"), Some(&text("A")), "{expression}");
    }
    let unwound = client.run("MATCH (a:Person) WITH collect(a) AS l UNWIND [x IN l | x] AS x RETURN x ORDER BY x.name").await;
    assert_eq!(unwound.column().iter().map(|value| node(value).labels.len()).collect::<Vec<_>>(), [2, 1]);
    let relationships =
        client.run("MATCH p = (:Author)-[r]->() RETURN [coalesce(r, null)], relationships(p), [x IN relationships(p) | x], {r: r}").await;
    for value in &relationships.rows[0] {
        let inner = match value {
            Value::List(items) => items[0].clone(),
            Value::Dictionary(entries) => entries.get("r").unwrap().clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(relationship(&inner).type_, "KNOWS");
    }
}

#[tokio::test]
async fn integers_stay_integers_where_ids_come_back_too() {
    let outcome = graph().await.run("MATCH (a:Author) RETURN id(a), [x IN [0, 1] | x], coalesce(a.age, 0), [id(a)], max(a.age)").await;
    assert_eq!(outcome.rows[0], [int(0), Value::List(vec![int(0), int(1)]), int(1), Value::List(vec![int(0)]), int(1)]);
}

#[tokio::test]
async fn what_could_be_a_node_or_a_number_is_refused() {
    let client = graph().await;
    let failure = client.failure("MATCH (a:Author) UNWIND [a, 1] AS x RETURN x").await;
    assert_eq!(failure.code, ErrorCode::StatementTypeError);
    assert!(failure.message.contains("cannot tell"), "{failure}");
}

#[tokio::test]
async fn a_map_that_only_looks_like_a_node_stays_a_map() {
    let client = graph().await;
    let entries = [("_id", int(0)), ("_labels", Value::List(vec![text("Other")]))];
    let outcome = client.run("RETURN {_id: 0, _labels: ['Other']} AS m").await;
    assert_eq!(outcome.value(), &map(entries.clone()));
    let outcome = client.run_with("RETURN $m AS m", [("m", map(entries.clone()))]).await;
    assert_eq!(outcome.value(), &map(entries));
    let made_from_it = client.run("MATCH (a:Author) RETURN {_id: id(a), _labels: labels(a)} AS m").await;
    assert!(matches!(made_from_it.value(), Value::Dictionary(_)));
}

#[tokio::test]
async fn properties_with_the_names_of_the_engine_are_kept() {
    let client = in_memory();
    client.run("CREATE (a:A {_id: 'mine', _labels: 1, name: 'A'})-[:R {_type: 't', _source: 2}]->(:B)").await;
    let outcome = client.run("MATCH (a:A)-[r]->() RETURN a, r, coalesce(a, null)").await;
    let found = node(&outcome.rows[0][0]);
    assert_eq!(found.properties.get("_id"), Some(&text("mine")));
    assert_eq!(found.properties.get("_labels"), Some(&int(1)));
    assert_eq!(found.properties.len(), 3);
    assert_eq!(relationship(&outcome.rows[0][1]).properties.get("_type"), Some(&text("t")));
    assert_eq!(node(&outcome.rows[0][2]), found);
    let by_parameter = client.run_with("CREATE (n:C) SET n = $p RETURN n", [("p", map([("_id", int(5))]))]).await;
    assert_eq!(node(by_parameter.value()).properties.get("_id"), Some(&int(5)));
}
