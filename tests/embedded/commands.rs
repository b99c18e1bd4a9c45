//! Databases, the schema, and the tables that tools and drivers ask for.

use boltwright::backend::embedded::Embedded;
use boltwright::backend::{Backend, BackendSession, ResultKind, Routing, TransactionSettings};
use boltwright::generated::{ErrorCode, Value};
use boltwright::wire::packstream::Dictionary;

use super::harness::{Client, in_memory, int, map, node, relationship, run, run_in, text};

fn texts(values: &[&'static str]) -> Value<'static> {
    Value::List(values.iter().map(|&value| text(value)).collect())
}

#[tokio::test]
async fn databases_are_created_listed_used_and_dropped() {
    let client = in_memory();
    let created = client.on("system").run("CREATE DATABASE Movies").await.summary;
    assert_eq!((created.kind, created.counters.system_updates, created.counters.contains_system_updates), (ResultKind::Schema, 1, true));
    assert_eq!(client.on("system").code("CREATE DATABASE movies").await, ErrorCode::DatabaseExistingDatabaseFound);
    client.run("CREATE DATABASE movies IF NOT EXISTS").await;
    let shown = client.run("SHOW DATABASES").await;
    assert_eq!(shown.columns[..3], ["name", "type", "aliases"]);
    assert_eq!(shown.columns.len(), 13);
    assert_eq!(shown.column(), [text("movies"), text("neo4j"), text("system")]);
    client.on("MOVIES").run("CREATE (:M)").await;
    assert_eq!(client.run("USE movies MATCH (m) RETURN count(m)").await.value(), &int(1));
    assert_eq!(client.run(":use Movies MATCH (m) RETURN count(m)").await.value(), &int(1));
    assert_eq!(client.run("MATCH (m) RETURN count(m)").await.value(), &int(0));
    client.run("DROP DATABASE movies").await;
    assert_eq!(client.on("movies").code("RETURN 1").await, ErrorCode::DatabaseDatabaseNotFound);
    assert_eq!(client.code("DROP DATABASE movies").await, ErrorCode::DatabaseDatabaseNotFound);
    client.run("DROP DATABASE movies IF EXISTS").await;
    assert_eq!(client.code("DROP DATABASE neo4j").await, ErrorCode::StatementUnsupportedOperationError);
    assert_eq!(client.code("CREATE DATABASE `../evil`").await, ErrorCode::StatementArgumentError);
}

#[tokio::test]
async fn a_constraint_of_one_database_says_nothing_about_another() {
    let client = in_memory();
    client.run("CREATE DATABASE other").await;
    client.run("CREATE CONSTRAINT c FOR (n:P) REQUIRE n.id IS UNIQUE").await;
    let other = client.on("other");
    other.run("CREATE (:P {id: 1}), (:P {id: 1})").await;
    assert!(other.run("SHOW CONSTRAINTS").await.rows.is_empty());
}

#[tokio::test]
async fn databases_survive_a_restart_and_dropped_ones_do_not() {
    let directory = tempfile::tempdir().unwrap();
    {
        let client = Client::new(Embedded::open(directory.path()).unwrap());
        client.run("CREATE DATABASE movies").await;
        client.run("CREATE DATABASE gone").await;
        client.on("movies").run("CREATE (:M {x: 1})").await;
        client.on("movies").run("CREATE CONSTRAINT c FOR (m:M) REQUIRE m.x IS UNIQUE").await;
        client.on("movies").run("CREATE INDEX i FOR (m:M) ON (m.y)").await;
        client.run("CREATE (:N)").await;
        client.run("DROP DATABASE gone").await;
    }
    let client = Client::new(Embedded::open(directory.path()).unwrap());
    assert_eq!(client.run("SHOW DATABASES YIELD name").await.column(), [text("movies"), text("neo4j"), text("system")]);
    assert_eq!(client.run("MATCH (n:N) RETURN count(n)").await.value(), &int(1));
    let movies = client.on("movies");
    assert_eq!(movies.code("CREATE (:M {x: 1})").await, ErrorCode::SchemaConstraintValidationFailed);
    assert_eq!(movies.run("SHOW INDEXES YIELD name").await.value(), &text("i"));
    let locked = Embedded::open(directory.path()).unwrap_err();
    assert!(locked.to_string().contains("open"), "{locked}");
}

#[tokio::test]
async fn what_is_committed_is_there_after_a_restart_that_closed_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let client = Client::new(Embedded::open(directory.path()).unwrap());
    client.run("CREATE (:N {x: 1})").await;
    let mut open = client.begin().await;
    run(&mut open, "CREATE (:N {x: 2})").await.unwrap();
    // The files as a power cut would leave them.
    let status = std::process::Command::new("cp").arg("-r").arg(directory.path()).arg(copy.path().join("data")).status().unwrap();
    assert!(status.success());
    let restarted = Client::new(Embedded::open(&copy.path().join("data")).unwrap());
    assert_eq!(restarted.run("MATCH (n:N) RETURN n.x").await.column(), [int(1)]);
    open.cancel().await;
}

#[tokio::test]
async fn system_serves_tables_and_nothing_else() {
    let client = in_memory();
    let system = client.on("system");
    for statement in
        ["SHOW DATABASES", "CALL dbms.components()", "SHOW CURRENT USER", "CALL dbms.routing.getRoutingTable({})", "SHOW PROCEDURES"]
    {
        assert!(!system.run(statement).await.rows.is_empty(), "{statement}");
    }
    for statement in ["MATCH (n) RETURN n", "CREATE (n)", "RETURN 1", "CREATE INDEX i FOR (n:N) ON (n.x)"] {
        assert_eq!(system.code(statement).await, ErrorCode::StatementSyntaxError, "{statement}");
    }
    assert_eq!(system.begin().await.database(), "system");
}

#[tokio::test]
async fn unknown_databases_are_not_found_and_names_ignore_case() {
    let client = in_memory();
    let access = |database| client.on(database);
    assert_eq!(access("Neo4J").run("RETURN 1").await.value(), &int(1));
    assert_eq!(access("").run("RETURN 1").await.value(), &int(1));
    assert_eq!(access("nowhere").code("RETURN 1").await, ErrorCode::DatabaseDatabaseNotFound);
    let routing = |database| Routing {
        user: "ada",
        impersonated: None,
        database,
        address: "a:1",
        context: Dictionary::default(),
        bookmarks: Vec::new(),
    };
    assert_eq!(client.embedded.route(routing(Some("nowhere"))).await.unwrap_err().code, ErrorCode::DatabaseDatabaseNotFound);
    assert_eq!(client.embedded.route(routing(None)).await.unwrap().servers.len(), 3);
}

#[tokio::test]
async fn components_say_what_this_really_is() {
    let client = in_memory();
    let outcome = client.run("CALL dbms.components()").await;
    assert_eq!(outcome.columns, ["name", "versions", "edition"]);
    assert_eq!(outcome.rows[0][0], text("Boltwright"));
    assert_eq!(outcome.summary.kind, ResultKind::Schema);
    let unwound = client.run("CALL dbms.components() YIELD name, versions UNWIND versions AS version RETURN name, version").await;
    assert_eq!(unwound.rows[0][1], Value::from(env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn procedures_are_worded_as_neo4j_words_them() {
    let client = in_memory();
    client.run("CREATE (:A {x: 1})-[:R {y: 2}]->(:B)").await;
    assert_eq!(client.run("CALL db.labels()").await.columns, ["label"]);
    assert_eq!(client.run("CALL db.labels() YIELD label RETURN label ORDER BY label").await.column(), [text("A"), text("B")]);
    let types = client.run("CALL db.relationshipTypes()").await;
    assert_eq!((types.columns.as_slice(), types.column()), (["relationshipType".to_owned()].as_slice(), vec![text("R")]));
    assert_eq!(
        client.run("CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey ORDER BY propertyKey").await.column(),
        [text("x"), text("y")]
    );
    let user = client.run("CALL dbms.showCurrentUser()").await;
    assert_eq!((user.columns.as_slice(), &user.rows[0][0]), (["username", "roles", "flags"].map(str::to_owned).as_slice(), &text("ada")));
    assert_eq!(client.run("SHOW CURRENT USER").await.rows[0][0], text("ada"));
    let connections = client.run("CALL dbms.listConnections()").await;
    assert_eq!(connections.columns[..4], ["connectionId", "connectTime", "connector", "username"]);
    assert_eq!(connections.rows.len(), 1);
}

#[tokio::test]
async fn the_schema_is_drawn_with_elements_of_its_own() {
    let client = in_memory();
    client.run("CREATE (:A)-[:R]->(:B)").await;
    let outcome = client.run("CALL db.schema.visualization()").await;
    assert_eq!(outcome.columns, ["nodes", "relationships"]);
    let (Value::List(nodes), Value::List(relationships)) = (&outcome.rows[0][0], &outcome.rows[0][1]) else { panic!() };
    assert_eq!((nodes.len(), relationships.len()), (2, 1));
    let (first, join) = (node(&nodes[0]), relationship(&relationships[0]));
    assert_eq!(first.properties.get("name"), Some(&Value::from(first.labels[0].to_string())));
    assert!(first.id < 0);
    assert_eq!(join.type_, "R");
}

#[tokio::test]
async fn metadata_is_kept_for_the_transaction() {
    let client = in_memory();
    let mut session = client.begin().await;
    let parameters = [(std::borrow::Cow::Borrowed("m"), map([("app", text("x"))]))].into_iter().collect();
    let set = run_in(&mut session, "CALL tx.setMetaData($m)", parameters).await.unwrap();
    assert!(set.columns.is_empty());
    let got = run(&mut session, "CALL tx.getMetaData() YIELD metadata RETURN metadata.app AS app").await.unwrap();
    assert_eq!(got.value(), &text("x"));
    session.rollback().await.unwrap();
    assert_eq!(client.run("CALL tx.getMetaData()").await.value(), &map([]));
}

#[tokio::test]
async fn routing_procedures_answer_with_the_address_the_client_came_by() {
    let client = in_memory();
    let context = || [("context", map([("address", text("a:1"))])), ("database", text("neo4j"))];
    let expected = |address: &'static str| {
        let server = |role| map([("addresses", texts(&[address])), ("role", text(role))]);
        Value::List(["WRITE", "READ", "ROUTE"].map(server).to_vec())
    };
    for statement in [
        "CALL dbms.routing.getRoutingTable($context, $database)",
        "CALL dbms.cluster.routing.getRoutingTable($context)",
        "CALL dbms.cluster.routing.getRoutingTable({context})",
        "CALL dbms.cluster.routing.getRoutingTable($context) YIELD ttl, servers",
    ] {
        let outcome = client.run_with(statement, context()).await;
        assert_eq!(outcome.columns, ["ttl", "servers"]);
        assert_eq!(outcome.rows[0], [int(300), expected("a:1")], "{statement}");
        assert_eq!(outcome.summary.kind, ResultKind::Schema);
    }
    let alone = client.run("CALL dbms.cluster.routing.getServers()").await;
    assert_eq!(alone.rows[0][1], expected("db.example:7687"));
    let unknown = client.failure("CALL dbms.routing.getRoutingTable({}, 'nowhere')").await;
    assert_eq!(unknown.code, ErrorCode::DatabaseDatabaseNotFound);
}

#[tokio::test]
async fn indexes_are_created_shown_and_dropped() {
    let client = in_memory();
    let created = client.run("CREATE INDEX i FOR (n:P) ON (n.a, n.b)").await.summary;
    assert_eq!((created.kind, created.counters.indexes_added), (ResultKind::Schema, 1));
    assert_eq!(client.run("CREATE RANGE INDEX i IF NOT EXISTS FOR (n:P) ON (n.a, n.b)").await.summary.counters.indexes_added, 0);
    assert_eq!(client.code("CREATE INDEX j FOR (n:P) ON (n.a, n.b)").await, ErrorCode::SchemaIndexAlreadyExists);
    assert_eq!(client.code("CREATE INDEX i FOR (n:Q) ON (n.a)").await, ErrorCode::SchemaIndexWithNameAlreadyExists);
    client.run("CREATE INDEX ON :Old(x)").await;
    let shown = client.run("SHOW INDEXES").await;
    assert_eq!(shown.columns.len(), 12);
    assert_eq!(shown.rows.len(), 2);
    let chosen = client.run("SHOW INDEXES YIELD name, labelsOrTypes, properties WHERE name = 'i'").await;
    assert_eq!(chosen.rows[0], [text("i"), texts(&["P"]), texts(&["a", "b"])]);
    assert_eq!(client.run("DROP INDEX i").await.summary.counters.indexes_removed, 1);
    client.run("DROP INDEX ON :Old(x)").await;
    assert_eq!(client.code("DROP INDEX i").await, ErrorCode::SchemaIndexDropFailed);
    client.run("DROP INDEX i IF EXISTS").await;
    assert_eq!(client.code("CREATE FULLTEXT INDEX f FOR (n:P) ON EACH [n.a]").await, ErrorCode::StatementUnsupportedOperationError);
    client.run("CALL db.awaitIndexes(300)").await;
}

#[tokio::test]
async fn constraints_are_kept_and_violations_told() {
    let client = in_memory();
    let created = client.run("CREATE CONSTRAINT u FOR (n:P) REQUIRE n.id IS UNIQUE").await.summary;
    assert_eq!((created.kind, created.counters.constraints_added), (ResultKind::Schema, 1));
    client.run("CREATE CONSTRAINT ON (n:Q) ASSERT exists(n.name)").await;
    client.run("CREATE CONSTRAINT k FOR (n:K) REQUIRE (n.a, n.b) IS NODE KEY").await;
    client.run("CREATE (:P {id: 1}), (:Q {name: 'q'}), (:K {a: 1, b: 1})").await;
    for violation in
        ["CREATE (:P {id: 1})", "CREATE (:Q)", "CREATE (:K {a: 1, b: 1})", "MATCH (q:Q) REMOVE q.name", "MATCH (q:Q) SET q:P, q.id = 1"]
    {
        assert_eq!(client.code(violation).await, ErrorCode::SchemaConstraintValidationFailed, "{violation}");
    }
    let shown = client.run("SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties WHERE name = 'k'").await;
    assert_eq!(shown.rows[0], [text("k"), text("NODE_KEY"), texts(&["K"]), texts(&["a", "b"])]);
    assert_eq!(client.run("SHOW UNIQUE CONSTRAINTS").await.rows.len(), 1);
    client.run("CREATE (:Dup {x: 1}), (:Dup {x: 1})").await;
    assert_eq!(client.code("CREATE CONSTRAINT d FOR (n:Dup) REQUIRE n.x IS UNIQUE").await, ErrorCode::SchemaConstraintCreationFailed);
    assert_eq!(client.run("DROP CONSTRAINT u").await.summary.counters.constraints_removed, 1);
    client.run("CREATE (:P {id: 1})").await;
    assert_eq!(client.code("DROP CONSTRAINT u").await, ErrorCode::SchemaConstraintDropFailed);
    client.run("DROP CONSTRAINT ON (n:Q) ASSERT exists(n.name)").await;
}

#[tokio::test]
async fn a_rolled_back_index_is_gone() {
    let client = in_memory();
    let mut session = client.begin().await;
    run(&mut session, "CREATE INDEX i FOR (n:P) ON (n.a)").await.unwrap();
    session.rollback().await.unwrap();
    assert!(client.run("SHOW INDEXES").await.rows.is_empty());
    let mut session = client.begin().await;
    run(&mut session, "CREATE INDEX i FOR (n:P) ON (n.a)").await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(client.run("SHOW INDEXES").await.rows.len(), 1);
}

#[tokio::test]
async fn what_a_transaction_drops_is_gone_once_it_is_committed() {
    let client = in_memory();
    client.run("CREATE INDEX i FOR (n:P) ON (n.a)").await;
    client.run("CREATE CONSTRAINT c FOR (n:P) REQUIRE n.id IS UNIQUE").await;
    client.run("CREATE DATABASE old").await;
    for (commits, left) in [(false, 1), (true, 0)] {
        let mut session = client.begin().await;
        assert_eq!(run(&mut session, "DROP INDEX i").await.unwrap().summary.counters.indexes_removed, 1);
        assert_eq!(run(&mut session, "DROP CONSTRAINT c").await.unwrap().summary.counters.constraints_removed, 1);
        assert_eq!(run(&mut session, "DROP DATABASE old").await.unwrap().summary.counters.system_updates, 1);
        assert!(run(&mut session, "SHOW INDEXES").await.unwrap().rows.is_empty());
        assert!(run(&mut session, "SHOW CONSTRAINTS").await.unwrap().rows.is_empty());
        if commits {
            drop(session.commit().await.unwrap())
        } else {
            session.rollback().await.unwrap()
        }
        assert_eq!(client.run("SHOW INDEXES").await.rows.len(), left);
        assert_eq!(client.run("SHOW CONSTRAINTS").await.rows.len(), left);
        assert_eq!(client.run("SHOW DATABASES").await.rows.len(), 2 + left);
    }
}

#[tokio::test]
async fn a_database_is_there_once_its_transaction_is_committed() {
    let client = in_memory();
    for commits in [false, true] {
        let mut session = client.begin().await;
        assert_eq!(run(&mut session, "CREATE DATABASE new").await.unwrap().summary.counters.system_updates, 1);
        assert_eq!(client.on("new").open(TransactionSettings::default()).await.unwrap_err().code, ErrorCode::DatabaseDatabaseNotFound);
        if commits { drop(session.commit().await.unwrap()) } else { session.rollback().await.unwrap() }
    }
    client.on("new").run("CREATE ()").await;
}
