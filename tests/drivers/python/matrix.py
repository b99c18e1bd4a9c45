"""The scenarios of ../scenarios.yaml with whichever release of the driver is installed, one JSON line a scenario.

BOLT_ADDRESS is the server's host and port. BOLT_USER, BOLT_PASSWORD, BOLT_OTHER_USER and BOLT_OTHER_PASSWORD are two of its
users. Arguments are the scenarios to run; without any, all are.

A line says what the driver's user saw: values, the class and code of an exception, parts of a summary. Left out is what differs
from run to run (ids, times, bookmarks, addresses) and what each server words in its own way (messages, its own version).
A scenario is absent when the release lacks the feature.
"""

import hashlib
import inspect
import json
import logging
import math
import os
import sys
import threading
import time
import traceback
import uuid
import warnings
from contextlib import contextmanager
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

try:  # before 1.7
    from neo4j import v1 as neo4j
    from neo4j.v1 import GraphDatabase, basic_auth
except ImportError:
    import neo4j
    from neo4j import GraphDatabase, basic_auth

try:
    release = metadata.version("neo4j")
except metadata.PackageNotFoundError:  # before 4.0
    release = metadata.version("neo4j-driver")

VERSION = tuple(int(part) for part in release.split(".")[:2])
ADDRESS = os.environ["BOLT_ADDRESS"]
AUTH = (os.environ["BOLT_USER"], os.environ["BOLT_PASSWORD"])
OTHER_AUTH = (os.environ["BOLT_OTHER_USER"], os.environ["BOLT_OTHER_PASSWORD"])
SCENARIOS = {}


class Absent(Exception):
    """The release lacks what the scenario is about."""


def scenario(name):
    def add(function):
        SCENARIOS[name] = function
        return function

    return add


def since(major, minor, what):
    if VERSION < (major, minor):
        raise Absent("%s came with %d.%d" % (what, major, minor))


def marker():
    """A label that no other run uses."""
    return "M" + uuid.uuid4().hex[:12]


# The driver's API, which has changed over the years.


SHARED = []


@contextmanager
def connect(scheme="bolt", auth=AUTH, **config):
    """A driver: one for all scenarios that want nothing special, since each connection costs the server a hashed password."""
    if (scheme, auth, config) == ("bolt", AUTH, {}):
        if not SHARED:
            SHARED.append(new_driver(scheme, auth, config))
        yield SHARED[0]
        return
    driver = new_driver(scheme, auth, config)
    try:
        yield driver
    finally:
        close(driver)


def close(driver):
    getattr(driver, "close", lambda: None)()


def new_driver(scheme, auth, config):
    if VERSION < (4, 0):
        config["encrypted"] = False
        scheme = {"neo4j": "bolt+routing"}.get(scheme, scheme)
    if isinstance(auth, tuple):
        auth = basic_auth(*auth)
    return GraphDatabase.driver("%s://%s" % (scheme, ADDRESS) + config.pop("context", ""), auth=auth, **config)


def run(runner, query, **parameters):
    return runner.run(query, parameters)


def consume(runner, query, **parameters):
    return run(runner, query, **parameters).consume()


def rows(result):
    return [list(record.values()) for record in result]


def column(runner, query, **parameters):
    return [record[0] for record in run(runner, query, **parameters)]


def single(runner, query, **parameters):
    (record,) = list(run(runner, query, **parameters))
    return record[0]


def managed(session, access, function, *arguments):
    since(1, 3, "managed transactions")
    name = "%s_transaction" % access if VERSION < (5, 0) else "execute_%s" % access
    return getattr(session, name)(function, *arguments)


def small_pool():
    """At most one connection, where that can be set."""
    return {} if VERSION < (1, 6) else {"max_connection_pool_size": 1}


def bookmarks_of(session):
    if VERSION >= (5, 0):
        return session.last_bookmarks()
    since(1, 2, "bookmarks")
    return session.last_bookmark()


def with_bookmarks(driver, bookmarks):
    return driver.session(bookmarks=bookmarks)


def raised(function):
    """The exception of a function, as its user tells it from others."""
    try:
        function()
    except Absent:
        raise
    except Exception as error:
        seen = {"class": type(error).__name__, "code": getattr(error, "code", None)}
        if isinstance(seen["code"], (int, type(None))):
            del seen["code"]
        for name in ("gql_status", "gql_classification"):
            if hasattr(error, name):
                seen[name] = str(getattr(error, name))
        for name in ("is_retryable", "is_retriable"):
            if hasattr(error, name):
                seen["retryable"] = getattr(error, name)()
        return seen
    return "no exception"



# What values are shown as.


def short(text):
    if len(text) <= 120:
        return text
    return "%s… (%d characters, %s)" % (text[:8], len(text), hashlib.sha256(text.encode("utf-8")).hexdigest()[:12])


def zone(value):
    return "" if value.tzinfo is None else " %s" % value.tzinfo


def show(value):
    kind = type(value).__name__
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return {"float": "NaN" if math.isnan(value) else repr(value)}
    if isinstance(value, str):
        return short(value)
    if isinstance(value, (bytes, bytearray)):
        return {kind: short(bytes(value).hex())}
    if kind == "Node":
        return {"Node": {"labels": sorted(value.labels), "properties": properties(value)}}
    if kind == "Path":
        return {"Path": {"nodes": [show(node) for node in path_nodes(value)], "hops": [hop(value, r) for r in value.relationships]}}
    if hasattr(value, "type") and hasattr(value, "keys"):
        return {"Relationship": {"type": value.type, "properties": properties(value)}}
    if isinstance(value, dict):
        return {key: show(value[key]) for key in sorted(value)}
    if hasattr(value, "srid"):
        return {kind: {"srid": value.srid, "coordinates": [show(part) for part in value]}}
    if kind == "Duration":
        return {kind: [value[0], value[1], value[2], str(value[3])] if isinstance(value, tuple) else repr(value)}
    if hasattr(value, "iso_format"):
        return {kind: value.iso_format() + (zone(value) if hasattr(value, "tzinfo") else "")}
    if kind == "Vector":
        return {kind: [value.dtype.value if hasattr(value.dtype, "value") else str(value.dtype), short(value.raw().hex())]}
    if isinstance(value, uuid.UUID):
        return {kind: str(value)}
    if isinstance(value, (list, tuple)):
        if len(value) > 1000:
            text = json.dumps([show(item) for item in value])
            return {"long list": [len(value), hashlib.sha256(text.encode()).hexdigest()[:12]]}
        return [show(item) for item in value]
    return {kind: repr(value)}


def properties(entity):
    return {key: show(entity[key]) for key in sorted(entity.keys())}


def path_nodes(path):
    if isinstance(path.nodes, tuple):
        return path.nodes
    return path.nodes()


def hop(path, relationship):
    """A relationship of a path, with the places of its ends."""
    nodes = list(path_nodes(path))

    def place(name):
        end = getattr(relationship, name + "_node", None)
        if end is None or isinstance(end, int):  # 1.x has the id
            id = getattr(relationship, name, end)
            return next(n for n, node in enumerate(nodes) if node.id == id)
        return next(n for n, node in enumerate(nodes) if node == end)

    return {"type": relationship.type, "properties": properties(relationship), "from": place("start"), "to": place("end")}


def there_and_back(*values):
    """What comes back for each: alone, and whether the same comes inside lists and maps too."""
    query = "RETURN $x AS alone, [$x, [$x]] AS list, {a: $x, b: {c: $x}} AS map, $list AS list2, $map AS map2"
    seen = []
    with connect() as driver, driver.session() as session:
        for value in values:
            try:
                result = run(session, query, x=value, list=[value], map={"a": [value]})
                (record,) = list(result)
            except (AttributeError, OverflowError, TypeError, ValueError) as error:
                if type(error).__module__ != "builtins":
                    raise
                raise Absent("cannot send it: %s" % type(error).__name__)
            alone, *nested = [show(value) for value in record.values()]
            same = [[alone, [alone]], {"a": alone, "b": {"c": alone}}, [alone], {"a": [alone]}]
            seen.append(alone if nested == same else {"alone": alone, "nested": nested})
    return seen


# Connecting.


def one(driver):
    with driver.session() as session:
        return single(session, "RETURN 1 AS x")


@scenario("connect.bolt")
def _():
    with connect("bolt", **small_pool()) as driver:
        return one(driver)


@scenario("connect.neo4j")
def _():
    since(1, 1, "routing")
    with connect("neo4j") as driver:
        write = []
        with driver.session() as session:
            name = marker()
            managed(session, "write", lambda tx: consume(tx, "CREATE (:%s)" % name))
            write.append(managed(session, "read", lambda tx: single(tx, "MATCH (n:%s) RETURN count(n)" % name)))
            consume(session, "MATCH (n:%s) DELETE n" % name)
        return [one(driver)] + write


@scenario("connect.routing_context")
def _():
    since(1, 3, "the routing context")
    with connect("neo4j", context="/?region=north" if VERSION >= (4, 0) else "?region=north") as driver:
        return one(driver)


@scenario("connect.verify")
def _():
    with connect() as driver:
        if not hasattr(driver, "verify_connectivity"):
            raise Absent("no verify_connectivity")
        driver.verify_connectivity()
        return "connected"


def server(info):
    seen = {}
    agent = getattr(info, "agent", None) or getattr(info, "version", None)
    seen["agent"] = agent.split("/")[0] + "/…"
    if hasattr(info, "protocol_version"):
        seen["protocol"] = show(info.protocol_version)
    address = getattr(info, "address", None)
    if address is not None:
        seen["address"] = "%s:%s" % tuple(address[:2]) == ADDRESS
    return seen


@scenario("connect.server_info")
def _():
    since(5, 0, "get_server_info")
    with connect() as driver:
        return server(driver.get_server_info())


def refused(auth):
    def work():
        with connect(auth=auth) as driver:
            one(driver)

    return raised(work)


@scenario("connect.wrong_password")
def _():
    return refused(("stranger" + marker(), "wrong"))


@scenario("connect.no_password")
def _():
    since(1, 1, "connecting without credentials")
    return refused(None)


@scenario("connect.bearer")
def _():
    if not hasattr(neo4j, "bearer_auth"):
        raise Absent("no bearer_auth")
    return refused(neo4j.bearer_auth("token"))


@scenario("connect.reuse_after_failure")
def _():
    seen = []
    with connect(**small_pool()) as driver:
        for _ in range(3):
            def fail():
                with driver.session() as session:
                    consume(session, "this is not Cypher")

            seen.append(raised(fail)["class"])
            seen.append(one(driver))
        with driver.session() as session:
            seen.append(raised(lambda: consume(session, "this is not Cypher"))["class"])
            seen.append(single(session, "RETURN 2 AS x"))
    return seen


@scenario("connect.async")
def _():
    since(5, 0, "the asynchronous driver")
    import asyncio

    async def numbers():
        driver = neo4j.AsyncGraphDatabase.driver("bolt://%s" % ADDRESS, auth=AUTH)
        async with driver:

            async def number(n):
                async with driver.session() as session:
                    result = await session.run("RETURN $n AS n", n=n)
                    return (await result.single())["n"]

            return await asyncio.gather(*map(number, range(20)))

    return asyncio.run(numbers())


@scenario("connect.liveness_check")
def _():
    since(5, 15, "the liveness check")
    with connect(liveness_check_timeout=0, max_connection_pool_size=1) as driver:
        return [one(driver) for _ in range(5)]


@scenario("connect.fifty_sessions")
def _():
    name, all_are_open = marker(), threading.Barrier(50)
    with connect() as driver:

        def work(number):
            session = driver.session()
            tx = session.begin_transaction()
            consume(tx, "CREATE (:%s {number: $number})" % name, number=number)
            all_are_open.wait(timeout=60)
            found = column(tx, "UNWIND range(1, 100) AS n RETURN n * $number AS n", number=number)
            tx.commit()
            session.close()
            return found == [n * number for n in range(1, 101)]

        with ThreadPoolExecutor(50) as threads:
            right = list(threads.map(work, range(50)))
        with driver.session() as session:
            kept = single(session, "MATCH (n:%s) RETURN count(DISTINCT n.number)" % name)
            consume(session, "MATCH (n:%s) DELETE n" % name)
    return [all(right), kept]


@scenario("connect.come_and_go")
def _():
    def work(number):
        with connect("bolt", connection_timeout=30) as driver, driver.session() as session:
            return single(session, "RETURN $n AS n", n=number)

    with ThreadPoolExecutor(10) as threads:
        return list(threads.map(work, range(50))) == list(range(50))


def telemetry(disabled):
    since(5, 13, "telemetry")
    with connect(telemetry_disabled=disabled) as driver, driver.session() as session:
        tx = session.begin_transaction()
        seen = [single(tx, "RETURN 1 AS x")]
        tx.commit()
        seen.append(managed(session, "read", lambda tx: single(tx, "RETURN 2 AS x")))
        seen.append(single(session, "RETURN 3 AS x"))
        seen.append(driver.execute_query("RETURN 4 AS x").records[0]["x"])
    return seen


@scenario("connect.telemetry_on")
def _():
    return telemetry(False)


@scenario("connect.telemetry_off")
def _():
    return telemetry(True)


# Users.

USER = "CALL dbms.showCurrentUser() YIELD username RETURN username"


def user(driver, **settings):
    with driver.session(**settings) as session:
        return {AUTH[0]: "first user", OTHER_AUTH[0]: "second user"}[single(session, USER)]


@scenario("auth.verify")
def _():
    since(5, 8, "verify_authentication")
    with connect() as driver:
        return [driver.verify_authentication(OTHER_AUTH), driver.verify_authentication(("stranger" + marker(), "wrong"))]


@scenario("auth.session")
def _():
    since(5, 8, "a session's user")
    with connect(max_connection_pool_size=1) as driver:
        return raised_or(lambda: [user(driver), user(driver, auth=OTHER_AUTH), user(driver)])


@scenario("auth.change")
def _():
    since(5, 8, "AuthManager")
    from neo4j.auth_management import AuthManager

    class Current(AuthManager):
        auth = AUTH

        def get_auth(self):
            return basic_auth(*self.auth)

        def on_auth_expired(self, auth):
            pass

        def handle_security_exception(self, auth, error):
            return False

    manager = Current()
    with connect(auth=manager, max_connection_pool_size=1) as driver:
        seen = [user(driver)]
        manager.auth = OTHER_AUTH
        return seen + [user(driver)]


def raised_or(function):
    """What a function returns, or its exception."""
    seen = []
    error = raised(lambda: seen.append(function()))
    return seen[0] if seen else error


@scenario("auth.impersonation")
def _():
    since(4, 4, "impersonation")
    with connect() as driver:
        return raised_or(lambda: user(driver, impersonated_user="somebody"))


# Transactions.


def count(runner, name):
    return single(runner, "MATCH (n:%s) RETURN count(n) AS n" % name)


@contextmanager
def graph(**config):
    """A driver, a session, and a label; its nodes are gone afterwards."""
    name = marker()
    with connect(**config) as driver:
        try:
            with driver.session() as session:
                yield driver, session, name
        finally:
            with driver.session() as session:
                consume(session, "MATCH (n:%s) DETACH DELETE n" % name)


def counted(driver, name):
    with driver.session() as session:
        return count(session, name)


@scenario("tx.auto_commit")
def _():
    with graph() as (driver, session, name):
        consume(session, "CREATE (:%s)" % name)
        return counted(driver, name)


@scenario("tx.commit")
def _():
    with graph() as (driver, session, name):
        tx = session.begin_transaction()
        run(tx, "CREATE (:%s)" % name)
        run(tx, "CREATE (:%s)" % name)
        tx.commit()
        return [count(session, name), counted(driver, name)]


@scenario("tx.rollback")
def _():
    with graph() as (driver, session, name):
        tx = session.begin_transaction()
        consume(tx, "CREATE (:%s)" % name)
        tx.rollback()
        return [count(session, name), counted(driver, name)]


@scenario("tx.rollback_by_closing")
def _():
    with graph() as (driver, session, name):
        tx = session.begin_transaction()
        consume(tx, "CREATE (:%s)" % name)
        tx.close()
        seen = [counted(driver, name)]
        left = driver.session()
        consume(left.begin_transaction(), "CREATE (:%s)" % name)
        left.close()
        return seen + [counted(driver, name)]


@scenario("tx.own_writes")
def _():
    with graph() as (driver, session, name):
        tx = session.begin_transaction()
        consume(tx, "CREATE (:%s)" % name)
        seen = [count(tx, name), counted(driver, name)]
        tx.commit()
        count(session, name)  # 1.0 does not wait for the answer to its COMMIT
        return seen + [counted(driver, name)]


@scenario("tx.failed")
def _():
    with graph() as (driver, _, name):
        session = driver.session()
        tx = session.begin_transaction()
        consume(tx, "CREATE (:%s)" % name)
        seen = [raised(lambda: consume(tx, "this is not Cypher"))]
        if VERSION >= (4, 0):
            again = raised(lambda: consume(tx, "RETURN 1"))
            seen.append(again if isinstance(again, str) else again["class"])
        raised(tx.close)  # 4.0 to 4.3 send a ROLLBACK that no server takes
        raised(session.close)
        return seen + [counted(driver, name)]


@scenario("tx.managed")
def _():
    with graph() as (driver, session, name):
        seen = [managed(session, "write", lambda tx: single(tx, "CREATE (n:%s {x: 1}) RETURN n.x AS x" % name))]
        return seen + [managed(session, "read", lambda tx: count(tx, name))]


@scenario("tx.managed_exception")
def _():
    def fail(tx):
        consume(tx, "CREATE (:%s)" % name)
        raise KeyError("fail")

    with graph() as (driver, session, name):
        return [raised(lambda: managed(session, "write", fail)), counted(driver, name)]


@scenario("tx.retry")
def _():
    """Each takes one node, waits for the other to have taken its own, and then wants that one."""
    since(1, 2, "managed transactions")
    both_hold_one, attempts = threading.Barrier(2), []
    with graph() as (driver, session, name):
        consume(session, "CREATE (:%s {name: 'a', n: 0}), (:%s {name: 'b', n: 0})" % (name, name))
        add = "MATCH (n:%s {name: $name}) SET n.n = n.n + 1" % name

        def work(tx, first, second):
            attempts.append(first)
            consume(tx, add, name=first)
            if attempts.count(first) == 1:
                both_hold_one.wait(timeout=30)
            consume(tx, add, name=second)

        def transfer(names):
            with driver.session() as session:
                managed(session, "write", work, *names)

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(transfer, [("a", "b"), ("b", "a")]))
        return {"tried again": len(attempts) >= 3, "kept": column(session, "MATCH (n:%s) RETURN n.n AS n" % name)}


@scenario("tx.execute_query")
def _():
    since(5, 5, "execute_query")
    with graph() as (driver, _, name):
        written = driver.execute_query("CREATE (n:%s {x: $x}) RETURN n.x AS x" % name, x=5)
        return [rows(written.records), list(written.keys), written.summary.counters.nodes_created, counted(driver, name)]


@scenario("tx.several_results")
def _():
    settings = {"fetch_size": 2} if VERSION >= (4, 0) else {}
    with connect() as driver, driver.session(**settings) as session:
        tx = session.begin_transaction()
        results = [run(tx, "UNWIND range(1, 5) AS n RETURN n * $by AS n", by=by) for by in (1, 10, 100)]
        seen = [[record[0] for record in turn] for turn in zip(*results)]
        tx.commit()
        return seen


@scenario("tx.query_per_row")
def _():
    with graph() as (driver, session, name):
        consume(session, "UNWIND range(1, 5) AS n CREATE (:%s {n: n})" % name)
        tx = session.begin_transaction()
        for record in run(tx, "MATCH (o:%s) RETURN o.n AS n" % name):
            consume(tx, "CREATE (:%s {n: 10 * $n})" % name, n=record[0])
        tx.commit()
        return column(session, "MATCH (n:%s) RETURN n.n AS n ORDER BY n" % name)


@scenario("tx.result_left_open")
def _():
    with graph() as (driver, _, name):
        with driver.session(**({"fetch_size": 1} if VERSION >= (4, 0) else {})) as session:
            tx = session.begin_transaction()
            first = next(iter(run(tx, "UNWIND range(1, 10) AS n CREATE (m:%s {n: n}) RETURN m.n AS n" % name)))
            tx.commit()
        return [first[0], counted(driver, name)]


METADATA = {"app": "drivers", "attempt": 1}


@scenario("tx.metadata")
def _():
    since(1, 7, "metadata of transactions")
    query = "CALL tx.getMetaData() YIELD metadata RETURN metadata"
    statement = getattr(neo4j, "Query", None) or getattr(neo4j, "Statement", None)
    with connect() as driver, driver.session() as session:
        seen = []
        if statement is not None:
            seen.append(list(session.run(statement(query, metadata=METADATA)))[0][0])
        tx = session.begin_transaction(metadata=METADATA)
        seen.append(single(tx, query))
        tx.commit()
        seen.append(managed(session, "read", neo4j.unit_of_work(metadata=METADATA)(lambda tx: single(tx, query))))
    return show(seen)


@scenario("tx.timeout")
def _():
    since(1, 7, "time-outs of transactions")
    with graph() as (driver, session, name):
        tx = session.begin_transaction(timeout=0.2)
        consume(tx, "CREATE (:%s)" % name)

        def wait():
            for _ in range(10):
                time.sleep(0.4)
                consume(tx, "RETURN 1")

        seen = [raised(wait)]
        raised(tx.close)
        return seen + [counted(driver, name)]


@scenario("tx.access_mode")
def _():
    since(1, 1, "access modes")
    read = {"access_mode": "READ"} if VERSION < (1, 7) else {"default_access_mode": "READ"}
    with graph() as (driver, _, name):
        if VERSION < (4, 0):
            reader = driver.session("READ")
        else:
            reader = driver.session(**read)
        with reader:
            seen = [raised(lambda: consume(reader, "CREATE (:%s)" % name))]
            seen.append(raised(lambda: managed(reader, "read", lambda tx: consume(tx, "CREATE (:%s)" % name))))
        return seen + [counted(driver, name)]


def written(driver, name):
    with driver.session() as session:
        tx = session.begin_transaction()
        consume(tx, "CREATE (:%s)" % name)
        tx.commit()
        return bookmarks_of(session)


def listed(bookmarks):
    """As sessions take them."""
    return bookmarks if VERSION >= (5, 0) else [bookmarks]


@scenario("tx.bookmark")
def _():
    with graph() as (driver, _, name):
        bookmark = written(driver, name)
        with with_bookmarks(driver, listed(bookmark)) as second:
            tx = second.begin_transaction()
            seen = [count(tx, name)]
            consume(tx, "CREATE (:%s)" % name)
            tx.commit()
            return [bool(bookmark)] + seen + [bookmarks_of(second) != bookmark]


@scenario("tx.bookmarks_combined")
def _():
    since(1, 5, "several bookmarks")
    with graph() as (driver, _, name):
        marks = [written(driver, name) for _ in range(3)]
        marks = marks[0] + marks[1] + marks[2] if VERSION >= (5, 0) else marks
        with with_bookmarks(driver, marks) as session:
            tx = session.begin_transaction()
            seen = count(tx, name)
            tx.commit()
            return seen


@scenario("tx.bookmark_invalid")
def _():
    bookmarks = neo4j.Bookmarks.from_raw_values(["nonsense"]) if VERSION >= (5, 0) else ["nonsense"]
    since(1, 5, "several bookmarks")

    def work():
        with connect() as driver, with_bookmarks(driver, bookmarks) as session:
            tx = session.begin_transaction()
            consume(tx, "RETURN 1")

    return raised(work)


# Databases.


@scenario("database.default")
def _():
    since(4, 0, "databases")
    with connect() as driver:
        seen = []
        for database in ("neo4j", "NEO4J"):
            with driver.session(database=database) as session:
                seen.append(consume(session, "RETURN 1").database)
        return seen


@scenario("database.system")
def _():
    since(4, 0, "databases")
    with connect() as driver, driver.session(database="system") as session:
        result = run(session, "SHOW DATABASES")
        names = {record["name"] for record in result}
        return [sorted(names & {"neo4j", "system"}), result.consume().database]


@scenario("database.unknown")
def _():
    since(4, 0, "databases")
    with connect() as driver, driver.session(database="nobody-has-this") as session:
        return raised(lambda: consume(session, "RETURN 1"))


# Results.

COUNT = "UNWIND range(1, $to) AS n RETURN n"


def fetched(size):
    since(4, 0, "the fetch size")
    seen = []
    with connect() as driver, driver.session(fetch_size=size) as session:
        for to in (0, 1, 2, 3, 1000, 1001):
            found = column(session, COUNT, to=to)
            seen.append(found == list(range(1, to + 1)))
        tx = session.begin_transaction()
        seen.append(len(column(tx, COUNT, to=2001)))
        tx.commit()
    return seen


@scenario("result.fetch_1")
def _():
    return fetched(1)


@scenario("result.fetch_2")
def _():
    return fetched(2)


@scenario("result.fetch_1000")
def _():
    return fetched(1000)


@scenario("result.fetch_all")
def _():
    return fetched(-1)


@scenario("result.lazy")
def _():
    with connect() as driver, driver.session() as session:
        result = run(session, COUNT, to=20000)
        found = iter(result)
        seen = [next(found)[0] for _ in range(3)]
        result.consume()
        return seen + [single(session, "RETURN 1 AS x")]


@scenario("result.discard")
def _():
    with graph() as (driver, session, name):
        summary = consume(session, "UNWIND range(1, 100) AS n CREATE (m:%s {n: n}) RETURN m" % name)
        return [summary.counters.nodes_created, count(session, name)]


@scenario("result.close_mid_stream")
def _():
    seen = []
    settings = {"fetch_size": 2} if VERSION >= (4, 0) else {}
    with connect(**small_pool()) as driver:
        for _ in range(3):
            session = driver.session(**settings)
            seen.append(next(iter(run(session, COUNT, to=1000)))[0])
            session.close()
        return seen + [one(driver)]


@scenario("result.empty")
def _():
    with graph() as (driver, session, name):
        none = run(session, "UNWIND [] AS n RETURN n")
        seen = [list(none.keys()), rows(none)]
        nothing = run(session, "CREATE (:%s)" % name)
        return seen + [list(nothing.keys()), rows(nothing)]


@scenario("result.columns")
def _():
    with connect() as driver, driver.session() as session:
        result = run(session, "RETURN " + ", ".join("%d AS c%d" % (n, n) for n in range(200)))
        keys, (record,) = list(result.keys()), list(result)
        return [keys == ["c%d" % n for n in range(200)], list(record.values()) == list(range(200)), len(record)]


@scenario("result.error_mid_stream")
def _():
    with connect() as driver, driver.session() as session:
        return [raised(lambda: column(session, "UNWIND [1, 2, 0] AS n RETURN 6 / n AS n")), single(session, "RETURN 1 AS x")]


@scenario("result.rows_200000")
def _():
    with connect() as driver, driver.session() as session:
        number = total = 0
        for record in run(session, COUNT, to=200000):
            number, total = number + 1, total + record[0]
        return [number, total]


@scenario("result.parameter_20_mib")
def _():
    with connect() as driver, driver.session() as session:
        return single(session, "RETURN size($x) AS n", x="x" * (20 << 20))


# Summaries.


def counters(session, query, **parameters):
    return counted_in(consume(session, query, **parameters))


def counted_in(summary):
    """The counters that are not zero."""
    found = summary.counters
    names = ("nodes_created nodes_deleted relationships_created relationships_deleted properties_set labels_added labels_removed "
             "indexes_added indexes_removed constraints_added constraints_removed system_updates").split()
    seen = {name: getattr(found, name) for name in names if getattr(found, name, 0)}
    seen["contains_updates"] = found.contains_updates
    if hasattr(found, "contains_system_updates"):
        seen["contains_system_updates"] = found.contains_system_updates
    return seen


@scenario("summary.nodes")
def _():
    with graph() as (_, session, name):
        return [
            counters(session, "CREATE (:%s:More), (:%s)" % (name, name)),
            counters(session, "MATCH (n:%s) SET n:Most" % name),
            counters(session, "MATCH (n:%s) REMOVE n:Most" % name),
            counters(session, "MATCH (n:%s) DELETE n" % name),
            counters(session, "MATCH (n:%s) DELETE n" % name),
        ]


@scenario("summary.relationships")
def _():
    with graph() as (_, session, name):
        return [
            counters(session, "CREATE (a:%s)-[:R]->(b:%s), (a)-[:R]->(b)" % (name, name)),
            counters(session, "MATCH (:%s)-[r:R]->() WITH r LIMIT 1 DELETE r" % name),
            counters(session, "MATCH (n:%s) DETACH DELETE n" % name),
        ]


@scenario("summary.properties")
def _():
    with graph() as (_, session, name):
        return [
            counters(session, "CREATE (:%s {x: 1, y: $y})" % name, y=2),
            counters(session, "MATCH (n:%s) SET n.x = 2, n.z = 3" % name),
            counters(session, "MATCH (n:%s) REMOVE n.x" % name),
        ]


def either(session, new, old):
    """The summary of a statement in the words of today, or in those of Neo4j 3.5."""
    try:
        return consume(session, new)
    except Exception as error:
        if getattr(error, "code", None) != "Neo.ClientError.Statement.SyntaxError":
            raise
        return consume(session, old)


@scenario("summary.indexes")
def _():
    with graph() as (_, session, name):
        return [
            counted_in(either(session, "CREATE INDEX i%s FOR (n:%s) ON (n.x)" % (name, name), "CREATE INDEX ON :%s(x)" % name)),
            counted_in(either(session, "DROP INDEX i%s" % name, "DROP INDEX ON :%s(x)" % name)),
        ]


def constrain(session, name):
    return either(session, "CREATE CONSTRAINT c%s FOR (n:%s) REQUIRE n.x IS UNIQUE" % (name, name),
                  "CREATE CONSTRAINT ON (n:%s) ASSERT n.x IS UNIQUE" % name)


def unconstrained(session, name):
    return either(session, "DROP CONSTRAINT c%s" % name, "DROP CONSTRAINT ON (n:%s) ASSERT n.x IS UNIQUE" % name)


@scenario("summary.constraints")
def _():
    with graph() as (_, session, name):
        return [counted_in(constrain(session, name)), counted_in(unconstrained(session, name))]


def query_type(summary):
    return getattr(summary, "query_type", None) or summary.statement_type


@scenario("summary.query_type")
def _():
    with graph() as (_, session, name):
        seen = [query_type(consume(session, query % name)) for query in (
            "MATCH (n:%s) RETURN n", "CREATE (:%s)", "CREATE (n:%s) RETURN n", "MATCH (n:%s) SET n.x = 1")]
        other = marker()
        constrain(session, other)
        return seen + [query_type(unconstrained(session, other))]


@scenario("summary.query")
def _():
    with connect() as driver, driver.session() as session:
        summary = consume(session, "RETURN $x AS x", x=[1, "a"])
        return [getattr(summary, "query", None) or summary.statement, summary.parameters]


@scenario("summary.database")
def _():
    since(4, 0, "databases")
    with connect() as driver, driver.session() as session:
        return consume(session, "RETURN 1").database


@scenario("summary.server")
def _():
    with connect() as driver, driver.session() as session:
        summary = consume(session, "RETURN 1")
        if getattr(summary, "server", None) is None:
            raise Absent("no server in the summary")
        return server(summary.server)


@scenario("summary.times")
def _():
    with connect() as driver, driver.session() as session:
        summary = consume(session, "UNWIND range(1, 10) AS n RETURN n")
        if not hasattr(summary, "result_available_after"):
            raise Absent("no times in the summary")
        return [isinstance(value, int) and value >= 0 for value in (summary.result_available_after, summary.result_consumed_after)]


def plan_part(plan, name):
    old = {"operatorType": "operator_type", "args": "arguments", "dbHits": "db_hits"}
    return plan.get(name) if isinstance(plan, dict) else getattr(plan, old.get(name, name), None)


def operators(plan):
    return [plan] + [operator for child in plan_part(plan, "children") or [] for operator in operators(child)]


@scenario("summary.plan")
def _():
    with graph() as (_, session, name):
        summary = consume(session, "EXPLAIN CREATE (n:%s) RETURN n" % name)
        whole = [
            bool(plan_part(operator, "operatorType"))
            and isinstance(plan_part(operator, "identifiers"), list)
            and isinstance(plan_part(operator, "args"), dict)
            for operator in operators(summary.plan)
        ]
        return [all(whole), summary.profile is None, count(session, name)]


@scenario("summary.profile")
def _():
    with graph() as (_, session, name):
        consume(session, "UNWIND range(1, 10) AS n CREATE (:%s {n: n})" % name)
        result = run(session, "PROFILE MATCH (n:%s) RETURN n.n AS n" % name)
        number = len(rows(result))
        profile = result.consume().profile
        counted = [plan_part(operator, "rows") >= 0 and plan_part(operator, "dbHits") >= 0 for operator in operators(profile)]
        return [number, plan_part(profile, "rows"), all(counted)]


UNKNOWN_LABEL = "MATCH (n:NobodyIsCalledThis) RETURN n"


def notifications(summary):
    seen = {}
    found = summary.notifications
    if found is not None:
        seen["notifications"] = [notification(one) for one in found]
    if hasattr(summary, "summary_notifications"):
        seen["summary_notifications"] = [
            {"code": one.code, "severity": str(one.severity_level), "category": str(one.category), "titled": bool(one.title),
             "described": bool(one.description)}
            for one in summary.summary_notifications]
    if hasattr(summary, "gql_status_objects"):
        seen["gql_status_objects"] = [
            {"status": one.gql_status, "notification": one.is_notification, "severity": str(one.severity),
             "classification": str(one.classification), "described": bool(one.status_description)}
            for one in summary.gql_status_objects]
    return seen


def notification(one):
    part = one.get if isinstance(one, dict) else lambda name: getattr(one, name, None)
    return {"code": part("code"), "severity": part("severity"), "titled": bool(part("title")), "described": bool(part("description"))}


@scenario("summary.notifications")
def _():
    # Before 5, Neo4j has a word about it only when it explains.
    query = UNKNOWN_LABEL if VERSION >= (5, 0) else "EXPLAIN " + UNKNOWN_LABEL
    with connect() as driver, driver.session() as session:
        return notifications(consume_read(session, query))


def consume_read(session, query):
    result = run(session, query)
    list(result)
    return result.consume()


@scenario("summary.gql_status")
def _():
    since(5, 23, "GQL statuses")
    with graph() as (_, session, name):
        seen = []
        for query in ("RETURN 1 AS x", "CREATE (:%s)" % name, "UNWIND [] AS x RETURN x"):
            summary = consume_read(session, query)
            seen.append([one.gql_status for one in summary.gql_status_objects if not one.is_notification])
        return seen


def filters():
    since(5, 7, "notification filters")
    yield {"notifications_min_severity": "OFF"}
    yield {"notifications_min_severity": "INFORMATION"}
    yield {"notifications_disabled_categories": ["UNRECOGNIZED"]}
    yield {"notifications_disabled_categories": ["HINT"]}
    if VERSION >= (5, 22):
        yield {"notifications_disabled_classifications": ["UNRECOGNIZED"]}


def codes(summary):
    return [one.code for one in summary.summary_notifications]


@scenario("summary.filter_session")
def _():
    seen = []
    for filter in filters():
        with connect() as driver, driver.session(**filter) as session:
            seen.append([filter, codes(consume_read(session, UNKNOWN_LABEL))])
    return seen


@scenario("summary.filter_driver")
def _():
    seen = []
    for filter in filters():
        with connect(**filter) as driver, driver.session() as session:
            seen.append([filter, codes(consume_read(session, UNKNOWN_LABEL))])
    return seen


# Failures.


def fails(query, **parameters):
    with connect() as driver, driver.session() as session:
        seen = raised(lambda: consume(session, query, **parameters))
        return [seen, single(session, "RETURN 1 AS x")]


@scenario("error.syntax")
def _():
    return fails("RETUN 1")


@scenario("error.procedure")
def _():
    return fails("CALL no.such.procedure()")


@scenario("error.parameter")
def _():
    return fails("RETURN $missing AS x")


@scenario("error.type")
def _():
    return fails("UNWIND $x AS x RETURN x + 1 AS y", x=[True])


@scenario("error.division")
def _():
    return fails("RETURN 1 / $x AS x", x=0)


@scenario("error.constraint")
def _():
    with graph() as (_, session, name):
        constrain(session, name)
        consume(session, "CREATE (:%s {x: 1})" % name)
        seen = [raised(lambda: consume(session, "CREATE (:%s {x: 1})" % name)), count(session, name)]
        consume(session, "MATCH (n:%s) DELETE n" % name)
        unconstrained(session, name)
        return seen


# Values.


@scenario("value.null")
def _():
    return there_and_back(None)


@scenario("value.booleans")
def _():
    return there_and_back(True, False)


@scenario("value.integers")
def _():
    edges = [edge + step for bits in (4, 7, 8, 15, 16, 31, 32, 53) for edge in (-(2**bits), 2**bits) for step in (-1, 0, 1)]
    return there_and_back(0, -(2**63), 2**63 - 1, *edges)


@scenario("value.floats")
def _():
    return there_and_back(0.0, -0.0, 1.5, -math.pi, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan)


@scenario("value.strings")
def _():
    planes = [chr(code) for code in (0x1F600, 0x20000, 0x30000, 0xE0001, 0xF0000, 0x10FFFD)]
    lengths = ["x" * length for length in (15, 16, 255, 256, 65535, 65536)]
    return there_and_back("", "plain", "a\0b", "'\"`\\ $x {y} // no comment", "e\u0301\u200d\u202e", "ÄЖ語\uffff", *planes, *lengths)


@scenario("value.string_70000")
def _():
    return there_and_back("Ω" * 35000)


@scenario("value.bytes")
def _():
    since(1, 5, "bytes")
    return there_and_back(*map(bytearray, (b"", b"\0", bytes(range(256)), bytes(65536))))


@scenario("value.lists")
def _():
    return there_and_back([], [None, True, 1, 1.5, "s", [1, [2, []]], {"k": [{}]}], list(range(70000)))


@scenario("value.maps")
def _():
    odd = {"": 1, "a.b": 2, "`": 3, "Ω": 4, "x" * 300: 5}
    return there_and_back({}, {"key %d" % n: n for n in range(300)}, odd)


@scenario("value.map_20_deep")
def _():
    value = "the bottom"
    for level in range(20):
        value = {"level %d" % level: value}
    return there_and_back(value)


def graph_values(create, match):
    """What comes back alone, and whether the same comes inside lists and maps."""
    with graph() as (_, session, name):
        consume(session, create.replace("L", name))
        seen = []
        for found in run(session, match.replace("L", name) + " RETURN x, [x, [x]] AS list, {a: x, b: {c: x}} AS map"):
            alone, items, map = [json.loads(json.dumps(show(value)).replace(name, "L")) for value in found.values()]
            same = (items, map) == ([alone, [alone]], {"a": alone, "b": {"c": alone}})
            seen.append(alone if same else {"alone": alone, "nested": [items, map]})
        return seen


CHAIN = "CREATE (:L {name: 'a'})-[:NEXT {km: 1}]->(:L {name: 'b'})-[:NEXT {km: 2}]->(:L:Last {name: 'c'})"


@scenario("value.node")
def _():
    return graph_values("CREATE (:L {a: 1, b: ['x']}), (:L:Two)", "MATCH (x:L) WITH x ORDER BY coalesce(x.a, 9)")


@scenario("value.relationship")
def _():
    return graph_values(CHAIN, "MATCH (:L)-[x]->(:L) WITH x ORDER BY x.km")


@scenario("value.path")
def _():
    return graph_values(CHAIN, "MATCH x = (:L {name: 'a'})-[:NEXT*2]->(:L)")


@scenario("value.path_reversed")
def _():
    return graph_values(CHAIN, "MATCH x = (:L {name: 'c'})<-[:NEXT]-(:L)<-[:NEXT]-(:L)")


@scenario("value.path_empty")
def _():
    return graph_values(CHAIN, "MATCH x = (:L {name: 'c'})-[:NEXT*0..0]->(:L)")


class Temporal:
    """The driver's own types, whose constructors have changed."""

    def __init__(self):
        since(1, 7, "temporal and spatial types")
        if VERSION < (4, 0):
            import neotime as types
        else:
            import neo4j.time as types
        import pytz

        self.types, self.pytz = types, pytz
        self.nanoseconds = "nanosecond" in inspect.signature(types.Time.__new__).parameters

    def date(self, *parts):
        return self.types.Date(*parts)

    def second(self, second, nanosecond):
        return (second, nanosecond) if self.nanoseconds else (second + nanosecond / 1e9,)

    def time(self, hour, minute, second, nanosecond, tzinfo=None):
        return self.types.Time(hour, minute, *self.second(second, nanosecond), tzinfo=tzinfo)

    def date_time(self, year, month, day, hour, minute, second, nanosecond, tzinfo=None):
        return self.types.DateTime(year, month, day, hour, minute, *self.second(second, nanosecond), tzinfo=tzinfo)

    def offset(self, minutes):
        return self.pytz.FixedOffset(minutes)

    def berlin(self, *parts, **choice):
        import datetime

        if self.nanoseconds:
            return self.pytz.timezone("Europe/Berlin").localize(self.date_time(*parts), **choice)
        # The driver's own type could not be localized yet.
        native = self.pytz.timezone("Europe/Berlin").localize(datetime.datetime(*parts[:6]), **choice)
        return self.types.DateTime.from_native(native)

    def duration(self, **parts):
        return self.types.Duration(**parts)


@scenario("value.date")
def _():
    t = Temporal()
    return there_and_back(t.date(2024, 2, 29), t.date(1582, 10, 4), t.date(1, 1, 1), t.date(9999, 12, 31))


@scenario("value.local_time")
def _():
    t = Temporal()
    return there_and_back(t.time(0, 0, 0, 0), t.time(12, 34, 56, 789_000_001), t.time(23, 59, 59, 999_999_999))


@scenario("value.time")
def _():
    t = Temporal()
    return there_and_back(t.time(12, 34, 56, 789_000_001, t.offset(330)), t.time(0, 0, 0, 1, t.offset(-720)))


@scenario("value.local_date_time")
def _():
    t = Temporal()
    return there_and_back(t.date_time(2024, 2, 29, 1, 2, 3, 4), t.date_time(1815, 6, 18, 11, 35, 0, 999_999_999))


@scenario("value.date_time_offset")
def _():
    t = Temporal()
    return there_and_back(
        t.date_time(2024, 2, 29, 12, 34, 56, 123_456_789, t.offset(330)),
        t.date_time(1901, 12, 13, 20, 45, 51, 1, t.offset(330)),
        t.date_time(1970, 1, 1, 0, 0, 0, 0, t.offset(0)),
    )


@scenario("value.date_time_zone")
def _():
    t = Temporal()
    return there_and_back(t.berlin(2024, 7, 1, 12, 34, 56, 123_456_789), t.berlin(2024, 12, 1, 12, 34, 56, 0))


@scenario("value.date_time_zone_1945")
def _():
    return there_and_back(Temporal().berlin(1945, 5, 8, 23, 1, 0, 999_999_999))


@scenario("value.date_time_gap")
def _():
    return there_and_back(Temporal().berlin(2024, 3, 31, 2, 30, 0, 0, is_dst=False))


@scenario("value.date_time_overlap")
def _():
    t = Temporal()
    return there_and_back(*(t.berlin(2024, 10, 27, 2, 30, 0, 0, is_dst=first) for first in (True, False)))


@scenario("value.duration")
def _():
    t = Temporal()
    return there_and_back(
        t.duration(months=14, days=3, seconds=4, nanoseconds=5),
        t.duration(),
        t.duration(months=-14, days=-3, seconds=-4, nanoseconds=-5),
        t.duration(months=1, days=-3, seconds=4, nanoseconds=-5),
        t.duration(months=2**40, days=-(2**40), seconds=2**40, nanoseconds=999_999_999),
    )


def points(name):
    since(1, 7, "temporal and spatial types")
    if VERSION < (4, 0):
        from neo4j.types import spatial
    else:
        from neo4j import spatial
    return getattr(spatial, name)


@scenario("value.point_cartesian")
def _():
    point = points("CartesianPoint")
    return there_and_back(point((1.5, -2.5)), point((1.5, -0.0, 3e300)))


@scenario("value.point_wgs84")
def _():
    point = points("WGS84Point")
    return there_and_back(point((12.5, -55.5)), point((-180.0, 90.0, 100.25)))


@scenario("value.vector")
def _():
    since(6, 0, "vectors")
    from neo4j.vector import Vector

    return there_and_back(
        Vector([-128, 0, 127], "i8"),
        Vector([-(2**15), 2**15 - 1], "i16"),
        Vector([-(2**31), 2**31 - 1], "i32"),
        Vector([-(2**63), 2**63 - 1], "i64"),
        Vector([0.5, -0.0, 1.5e38], "f32"),
        Vector([math.pi] * 4096, "f64"),
    )


@scenario("value.uuid")
def _():
    since(6, 4, "UUIDs")
    return there_and_back(uuid.UUID(int=0), uuid.UUID("01234567-89ab-cdef-8123-456789abcdef"), uuid.UUID(int=2**128 - 1))


@scenario("value.stored")
def _():
    values = {
        "boolean": True, "integer": 2**63 - 1, "float": 1.5, "string": "Ω" * 300, "integers": [1, -(2**63)], "floats": [0.5, math.inf],
        "strings": ["", "Ω"], "empty": [],
    }
    if VERSION >= (1, 7):
        t = Temporal()
        values.update({
            "bytes": bytearray(range(256)), "date": t.date(2024, 2, 29), "time": t.time(12, 34, 56, 789_000_001, t.offset(330)),
            "local time": t.time(12, 34, 56, 789_000_001), "date and time": t.date_time(2024, 2, 29, 1, 2, 3, 4),
            "offset": t.date_time(2024, 2, 29, 12, 34, 56, 123_456_789, t.offset(330)), "zone": t.berlin(2024, 7, 1, 12, 34, 56, 0),
            "duration": t.duration(months=1, days=-3, seconds=4, nanoseconds=-5), "dates": [t.date(1, 1, 1)],
            "point": points("WGS84Point")((12.5, -55.5)), "points": [points("CartesianPoint")((1.0, 2.0))],
        })
    with graph() as (_, session, name):
        consume(session, "CREATE (n:%s) SET n = $values" % name, values=values)
        node = show(single(session, "MATCH (n:%s) RETURN n" % name))
        return node["Node"]["properties"]


def told(name):
    line = {"scenario": name}
    try:
        line.update(outcome="value", observed=SCENARIOS[name]())
    except Absent as absent:
        line.update(outcome="absent", reason=str(absent))
    except Exception as error:
        line.update(outcome="error", observed=raised(lambda: throw(error)), reason=traceback.format_exc()[-2000:])
    return json.dumps(line, ensure_ascii=False)


def throw(error):
    raise error


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    for name in sys.argv[1:] or SCENARIOS:
        print(told(name), flush=True)
    for driver in SHARED:
        close(driver)
