"""Nodes, relationships and paths as results."""

import pytest
from neo4j.graph import Node, Path, Relationship

CHAIN = "CREATE (:Stop {name: 'a'})-[:NEXT {km: 1}]->(:Stop {name: 'b'})-[:NEXT {km: 2}]->(:Stop:Last {name: 'c'})"


@pytest.fixture
def chain(session):
    session.run(CHAIN).consume()
    return session


def names(path):
    return [node["name"] for node in path.nodes]


def test_a_node_has_labels_properties_and_an_element_id(session):
    node = session.run("CREATE (n:One:Two {a: 1, b: ['x']}) RETURN n, elementId(n) AS id").single()
    assert isinstance(node["n"], Node)
    assert (node["n"].labels, dict(node["n"]), node["n"].element_id) == ({"One", "Two"}, {"a": 1, "b": ["x"]}, node["id"])


def test_a_node_may_have_neither_labels_nor_properties(session):
    node = session.run("CREATE (n) RETURN n").single()["n"]
    assert (node.labels, dict(node)) == (frozenset(), {})


def test_a_relationship_has_a_type_properties_and_ends(chain):
    query = "MATCH (a {name: 'a'})-[r]->(b) RETURN a, b, r, elementId(r) AS id, type(r) AS type"
    a, b, relationship, id, type = chain.run(query).single()
    assert isinstance(relationship, Relationship)
    assert (relationship.type, dict(relationship), relationship.element_id) == (type, {"km": 1}, id)
    assert (relationship.start_node, relationship.end_node) == (a, b)


def test_an_element_id_finds_its_node_again(chain):
    id = chain.run("MATCH (n {name: 'b'}) RETURN n").single()["n"].element_id
    assert chain.run("MATCH (n) WHERE elementId(n) = $id RETURN n.name AS name", id=id).single()["name"] == "b"


def test_graph_values_stand_inside_lists_and_maps(chain):
    query = "MATCH (a {name: 'a'})-[r]->(b) RETURN [a, [b]] AS list, {r: r, a: {b: b}} AS map"
    list, map = chain.run(query).single()
    assert (list[0]["name"], list[1][0]["name"], map["r"]["km"], map["a"]["b"]["name"]) == ("a", "b", 1, "b")


def test_collected_nodes_are_nodes(chain):
    nodes, relationships = chain.run("MATCH (n)-[r]->() RETURN collect(n) AS n, collect(r) AS r").single()
    assert {node["name"] for node in nodes} == {"a", "b"}
    assert {relationship["km"] for relationship in relationships} == {1, 2}


def test_a_path_has_its_hops_in_order(chain):
    path = chain.run("MATCH p = (:Stop {name: 'a'})-[:NEXT*2]->(:Last) RETURN p").single()["p"]
    assert isinstance(path, Path)
    assert (names(path), [hop["km"] for hop in path.relationships]) == (["a", "b", "c"], [1, 2])
    assert [(hop.start_node["name"], hop.end_node["name"]) for hop in path] == [("a", "b"), ("b", "c")]


def test_a_path_may_run_against_its_relationships(chain):
    path = chain.run("MATCH p = (:Last)<-[:NEXT]-()<-[:NEXT]-({name: 'a'}) RETURN p").single()["p"]
    assert (names(path), [hop["km"] for hop in path.relationships]) == (["c", "b", "a"], [2, 1])
    assert [(hop.start_node["name"], hop.end_node["name"]) for hop in path] == [("b", "c"), ("a", "b")]


def test_a_path_may_turn_round(chain):
    chain.run("MATCH (b {name: 'b'}) CREATE (:Stop {name: 'd'})-[:NEXT {km: 3}]->(b)").consume()
    path = chain.run("MATCH p = ({name: 'a'})-[:NEXT]->()<-[:NEXT]-({name: 'd'}) RETURN p").single()["p"]
    assert (names(path), [hop["km"] for hop in path.relationships]) == (["a", "b", "d"], [1, 3])


def test_a_path_may_meet_a_node_twice(session):
    session.run("CREATE (a:Ring {name: 'a'})-[:NEXT]->(b:Ring {name: 'b'})-[:NEXT]->(a)").consume()
    path = session.run("MATCH p = ({name: 'a'})-[:NEXT*2]->() RETURN p").single()["p"]
    assert names(path) == ["a", "b", "a"]
    assert path.start_node == path.end_node


def test_a_path_may_have_no_hop(chain):
    path = chain.run("MATCH p = (:Last)-[:NEXT*0..0]->() RETURN p").single()["p"]
    assert (len(path), names(path), path.start_node == path.end_node) == (0, ["c"], True)


def test_a_path_stands_inside_a_list(chain):
    path = chain.run("MATCH p = (:Stop {name: 'a'})-[:NEXT]->() RETURN [p] AS paths").single()["paths"][0]
    assert names(path) == ["a", "b"]
