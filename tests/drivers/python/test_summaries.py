"""What a summary tells: counters, query type, database, server, timings, plan, profile, status."""

import pytest
from neo4j import NotificationDisabledClassification, NotificationMinimumSeverity

from server import AGENT, BOLT, connect


def counters(session, query, **parameters):
    """The counters that are not zero."""
    found = vars(session.run(query, parameters).consume().counters)
    return {name: count for name, count in found.items() if count and not name.startswith("_")}


def test_what_was_written_is_counted(session):
    steps = [
        ("CREATE (:A:B {x: 1, y: 2}), (:A)", {"nodes_created": 2, "labels_added": 3, "properties_set": 2}),
        ("MATCH (b:B), (a:A) WHERE NOT a:B CREATE (b)-[:R {x: 1}]->(a)", {"relationships_created": 1, "properties_set": 1}),
        ("MATCH (b:B) SET b.x = 3, b:C", {"properties_set": 1, "labels_added": 1}),
        ("MATCH (b:B) REMOVE b:C", {"labels_removed": 1}),
        ("MATCH ()-[r:R]->() DELETE r", {"relationships_deleted": 1}),
        ("MATCH (a:A) DELETE a", {"nodes_deleted": 2}),
    ]
    assert [counters(session, query) for query, _ in steps] == [counted for _, counted in steps]


def test_relationships_deleted_with_their_node_are_counted(session):
    session.run("CREATE (a:A)-[:R]->(), (a)-[:R]->()").consume()
    assert counters(session, "MATCH (a:A) DETACH DELETE a") == {"nodes_deleted": 1, "relationships_deleted": 2}


def test_indexes_and_constraints_are_counted(session):
    steps = [
        ("CREATE INDEX counted FOR (n:Counted) ON (n.x)", {"indexes_added": 1}),
        ("DROP INDEX counted", {"indexes_removed": 1}),
        ("CREATE CONSTRAINT counted FOR (n:Counted) REQUIRE n.x IS UNIQUE", {"constraints_added": 1}),
        ("DROP CONSTRAINT counted", {"constraints_removed": 1}),
    ]
    assert [counters(session, query) for query, _ in steps] == [counted for _, counted in steps]


def test_a_read_counts_nothing(session):
    summary = session.run("RETURN 1 AS x").consume()
    assert (summary.counters.contains_updates, summary.counters.contains_system_updates) == (False, False)


def test_a_write_contains_updates(session):
    assert session.run("CREATE ()").consume().counters.contains_updates


@pytest.mark.parametrize("query, type", [
    ("RETURN 1 AS x", "r"),
    ("MATCH (n) RETURN n", "r"),
    ("CREATE (:Typed)", "w"),
    ("CREATE (n:Typed) RETURN n", "rw"),
    ("MATCH (n:Typed) SET n.x = 1", "w"),
    ("CREATE INDEX typed IF NOT EXISTS FOR (n:Typed) ON (n.x)", "s"),
    ("DROP INDEX typed IF EXISTS", "s"),
])
def test_the_type_of_a_query_is_told(session, query, type):
    assert session.run(query).consume().query_type == type


def test_the_database_the_server_and_the_query_are_told(session):
    summary = session.run("RETURN $x AS x", x=1).consume()
    assert (summary.database, summary.query, summary.parameters) == ("neo4j", "RETURN $x AS x", {"x": 1})
    assert (summary.server.agent, summary.server.protocol_version) == (AGENT, BOLT)


def test_times_are_told(session):
    summary = session.run("UNWIND range(1, 10) AS n RETURN n").consume()
    assert summary.result_available_after >= 0
    assert summary.result_consumed_after >= 0


def operators(plan):
    return [plan, *(operator for child in plan.get("children", []) for operator in operators(child))]


def test_explain_tells_a_plan_and_runs_nothing(session):
    result = session.run("EXPLAIN CREATE (n:Explained) RETURN n")
    assert list(result) == []
    summary = result.consume()
    for operator in operators(summary.plan):
        assert operator["operatorType"]
        assert isinstance(operator["identifiers"], list)
        assert isinstance(operator["args"], dict)
    assert summary.profile is None
    assert session.run("MATCH (n:Explained) RETURN count(n) AS n").single()["n"] == 0


def test_profile_runs_the_query_and_tells_what_each_operator_did(session):
    session.run("UNWIND range(1, 10) AS n CREATE (:Profiled {n: n})").consume()
    result = session.run("PROFILE MATCH (n:Profiled) RETURN n.n AS n")
    assert sorted(result.value("n")) == list(range(1, 11))
    profile = result.consume().profile
    assert profile["rows"] == 10
    for operator in operators(profile):
        assert operator["operatorType"]
        assert (operator["rows"] >= 0, operator["dbHits"] >= 0) == (True, True)


@pytest.mark.parametrize("query, status", [
    ("RETURN 1 AS x", "00000"),
    ("CREATE (:Status)", "00001"),
    ("MATCH (n) RETURN n LIMIT 0", "02000"),
])
def test_the_status_says_how_the_result_ended(session, query, status):
    result = session.run(query)
    list(result)
    found = [object for object in result.consume().gql_status_objects if not object.is_notification]
    assert [object.gql_status for object in found] == [status]


@pytest.mark.parametrize("settings", [
    {"notifications_min_severity": NotificationMinimumSeverity.OFF},
    {"notifications_min_severity": NotificationMinimumSeverity.WARNING},
    {"notifications_disabled_classifications": list(NotificationDisabledClassification)},
], ids=["off", "warning", "all classifications"])
def test_notifications_are_filtered_by_the_session(graph, settings):
    with graph.session(**settings) as session:
        summary = session.run("MATCH (a), (b) RETURN a, b").consume()
    assert not [object for object in summary.gql_status_objects if object.is_notification]


def test_notifications_are_filtered_by_the_driver():
    with connect(notifications_min_severity="OFF") as driver:
        summary = driver.execute_query("MATCH (n:NobodyIsCalledThis) RETURN n").summary
    assert not [object for object in summary.gql_status_objects if object.is_notification]
