"""Reaching the server: schemes, what it says about itself, telemetry, the connection after a failure."""

import asyncio

import pytest
from neo4j import AsyncGraphDatabase, GraphDatabase
from neo4j.exceptions import ClientError

from server import ADDRESS, AGENT, AUTH, BOLT, URI, connect

SCHEMES = pytest.mark.parametrize("scheme", ["bolt", "neo4j"])


@SCHEMES
def test_connectivity_is_verified(scheme):
    with connect(scheme) as driver:
        driver.verify_connectivity()


@SCHEMES
def test_the_newest_protocol_is_agreed_on(scheme):
    with connect(scheme) as driver:
        server = driver.get_server_info()
    assert (server.agent, server.protocol_version) == (AGENT, BOLT)
    assert f"{server.address[0]}:{server.address[1]}" == ADDRESS


@SCHEMES
def test_reads_and_writes_are_served(scheme):
    with connect(scheme) as driver, driver.session() as session:
        session.execute_write(lambda tx: tx.run("CREATE (:Scheme {name: $name})", name=scheme).consume())
        counted = session.execute_read(lambda tx: tx.run("MATCH (n:Scheme) RETURN count(n) AS n").single()["n"])
        session.run("MATCH (n:Scheme) DELETE n").consume()
    assert counted == 1


def test_a_routing_context_is_accepted():
    with GraphDatabase.driver(f"neo4j://{ADDRESS}/?region=north", auth=AUTH) as driver:
        driver.verify_connectivity()


@pytest.mark.parametrize("disabled", [True, False])
def test_telemetry_may_be_on_or_off(disabled):
    with connect(telemetry_disabled=disabled) as driver:
        assert driver.execute_query("RETURN 1 AS x").records[0]["x"] == 1
        with driver.session() as session:
            assert session.execute_read(lambda tx: tx.run("RETURN 2 AS x").single()["x"]) == 2


def test_a_connection_serves_again_after_a_failure():
    with connect(max_connection_pool_size=1) as driver:
        for _ in range(3):
            with pytest.raises(ClientError), driver.session() as session:
                session.run("this is not Cypher").consume()
            with driver.session() as session:
                assert session.run("RETURN 1 AS x").single()["x"] == 1


def test_a_connection_serves_again_after_a_result_left_open():
    with connect(max_connection_pool_size=1, fetch_size=2) as driver:
        for _ in range(3):
            with driver.session() as session:
                assert next(session.run("UNWIND range(1, 1000) AS n RETURN n"))["n"] == 1
        with driver.session() as session:
            assert session.run("RETURN 1 AS x").single()["x"] == 1


def test_the_asynchronous_driver_is_served():
    async def numbers():
        async with AsyncGraphDatabase.driver(URI, auth=AUTH) as driver:

            async def number(n):
                async with driver.session() as session:
                    result = await session.run("RETURN $n AS n", n=n)
                    return (await result.single())["n"]

            return await asyncio.gather(*map(number, range(50)))

    assert asyncio.run(numbers()) == list(range(50))
