//! What the shapes of columns are for.

use grafeo_adapters::query::cypher::parse;

use super::*;

fn shapes(statement: &str) -> Vec<Shape> {
    match read(&parse(statement).unwrap()).unwrap().columns {
        Columns::Listed(shapes) => shapes,
        Columns::Named(names) => panic!("{names:?}"),
    }
}

fn list(shape: Shape) -> Shape {
    Shape::List(Box::new(shape))
}

#[test]
fn bare_ids_are_told_from_integers() {
    assert_eq!(
        shapes("MATCH (a)-[r]->(b) RETURN coalesce(a, b), CASE WHEN a.x THEN r END, a.x, id(a), [r, 1], max(a)"),
        [Shape::Node, Shape::Relationship, Shape::Plain, Shape::Plain, Shape::Items(vec![Shape::Relationship, Shape::Plain]), Shape::Node]
    );
    assert_eq!(
        shapes(
            "MATCH p = (a)-[r*1..2]->() WITH p, collect(a) AS l, r RETURN p, [x IN l | x], l + l, l[0], [x IN nodes(p) WHERE x.y], r, reduce(s = [], x IN l | s + [x])"
        ),
        [Shape::Path, list(Shape::Node), list(Shape::Node), Shape::Node, list(Shape::Node), list(Shape::Relationship), list(Shape::Node)]
    );
}

#[test]
fn names_are_followed_through_with_unwind_and_subqueries() {
    assert_eq!(
        shapes(
            "MATCH (a) WITH {n: a} AS m, [a] AS l UNWIND l AS x CALL { WITH x RETURN coalesce(x, null) AS y } RETURN m.n, m['n'], x, y, $p, m"
        ),
        [Shape::Node, Shape::Node, Shape::Node, Shape::Node, Shape::Plain, Shape::Map(vec![("n".to_owned(), Shape::Node)])]
    );
    assert_eq!(shapes("MATCH (a) RETURN a AS x UNION MATCH ()-[r]->() RETURN r AS x"), [Shape::Mixed]);
    assert_eq!(shapes("MATCH (a) UNWIND [a, 1] AS x RETURN x"), [Shape::Mixed]);
    assert_eq!(shapes("MATCH (a) WITH a AS n WITH n.x AS n RETURN n"), [Shape::Plain]);
}

#[test]
fn writes_are_seen_wherever_they_stand() {
    let writes = |statement: &str| read(&parse(statement).unwrap()).unwrap().writes;
    for statement in
        ["CREATE (a)", "MATCH (a) SET a.x = 1", "MATCH (a) CALL { WITH a DELETE a }", "MERGE (a) RETURN a", "MATCH (a) REMOVE a:B"]
    {
        assert!(writes(statement), "{statement}");
    }
    assert!(!writes("MATCH (a) CALL { WITH a RETURN a.x AS x } RETURN x"));
}

#[test]
fn setting_properties_from_an_element_is_refused() {
    let refused = |statement: &str| read(&parse(statement).unwrap()).is_err();
    assert!(refused("MATCH (a)-[r]->(b) SET r = b"));
    assert!(refused("MATCH (a), (b) SET a += b"));
    assert!(refused("MATCH (a), (b) WITH a, [b] AS l SET a = l[0]"));
    assert!(!refused("MATCH (a), (b) SET a = properties(b)"));
    assert!(!refused("UNWIND $rows AS row MERGE (a {id: row.id}) ON CREATE SET a = row SET a += row"));
}
