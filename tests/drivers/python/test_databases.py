"""Several databases on one server, and what is asked of the database `system`."""

import pytest

from server import beyond_community


def names(driver):
    return {record["name"] for record in driver.execute_query("SHOW DATABASES YIELD name", database_="system").records}


@pytest.fixture
def shelf(driver):
    """A database of that name, new and gone afterwards."""
    driver.execute_query("CREATE DATABASE shelf IF NOT EXISTS WAIT", database_="system")
    yield "shelf"
    driver.execute_query("DROP DATABASE shelf IF EXISTS WAIT", database_="system")


def count(driver, database):
    return driver.execute_query("MATCH (n:Book) RETURN count(n) AS n", database_=database).records[0]["n"]


def test_the_databases_are_listed(driver):
    assert {"neo4j", "system"} <= names(driver)


@beyond_community
def test_a_database_is_created_and_dropped(driver):
    created = driver.execute_query("CREATE DATABASE shelf", database_="system").summary.counters
    assert (created.system_updates, created.contains_system_updates) == (1, True)
    assert "shelf" in names(driver)
    driver.execute_query("DROP DATABASE shelf", database_="system")
    assert "shelf" not in names(driver)


@beyond_community
def test_databases_do_not_see_each_other(graph, shelf):
    summary = graph.execute_query("CREATE (:Book)", database_=shelf).summary
    assert (summary.database, count(graph, shelf), count(graph, "neo4j")) == (shelf, 1, 0)


@beyond_community
def test_a_query_may_name_its_database(graph, shelf):
    graph.execute_query("CREATE (:Book)", database_=shelf)
    assert graph.execute_query("USE shelf MATCH (n:Book) RETURN count(n) AS n").records[0]["n"] == 1


def test_the_default_database_may_be_named(driver):
    assert driver.execute_query("RETURN 1 AS x", database_="neo4j").summary.database == "neo4j"
    assert driver.execute_query("USE neo4j RETURN 1 AS x").records[0]["x"] == 1


def test_a_database_is_named_in_any_letter_case(driver):
    assert driver.execute_query("RETURN 1 AS x", database_="NEO4J").summary.database == "neo4j"


def test_the_components_are_told(driver):
    record = driver.execute_query("CALL dbms.components() YIELD name, versions, edition").records[0]
    assert (record["name"] != "", len(record["versions"]) >= 1, record["edition"] != "") == (True, True, True)


def test_the_schema_of_the_data_is_told(graph):
    graph.execute_query("CREATE (:Shelf {height: 2})-[:HOLDS]->(:Book {title: 'x'})")
    for procedure, column, expected in [
        ("db.labels()", "label", {"Shelf", "Book"}),
        ("db.relationshipTypes()", "relationshipType", {"HOLDS"}),
        ("db.propertyKeys()", "propertyKey", {"height", "title"}),
    ]:
        records = graph.execute_query(f"CALL {procedure}").records
        assert expected <= {record[column] for record in records}


def test_indexes_and_constraints_are_listed(graph):
    graph.execute_query("CREATE INDEX listed FOR (n:Listed) ON (n.x)")
    graph.execute_query("CREATE CONSTRAINT ruled FOR (n:Ruled) REQUIRE n.x IS UNIQUE")
    indexes = {record["name"]: record for record in graph.execute_query("SHOW INDEXES").records}
    constraints = {record["name"]: record for record in graph.execute_query("SHOW CONSTRAINTS").records}
    graph.execute_query("DROP CONSTRAINT ruled")
    graph.execute_query("DROP INDEX listed")
    assert (indexes["listed"]["labelsOrTypes"], indexes["listed"]["properties"]) == (["Listed"], ["x"])
    assert (constraints["ruled"]["labelsOrTypes"], constraints["ruled"]["properties"]) == (["Ruled"], ["x"])
