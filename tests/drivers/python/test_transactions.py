"""Auto-commit, explicit and managed transactions: what they keep, what they undo, what is tried again."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from neo4j import Query, READ_ACCESS, unit_of_work
from neo4j.exceptions import ClientError, TransactionError

WRITE = "CREATE (:Kept {name: $name})"


def kept(session):
    return session.run("MATCH (n:Kept) RETURN n.name AS name ORDER BY name").value("name")


def test_an_auto_commit_query_is_kept(session):
    session.run(WRITE, name="auto").consume()
    assert kept(session) == ["auto"]


def test_a_committed_transaction_is_kept(session):
    with session.begin_transaction() as tx:
        tx.run(WRITE, name="one")
        tx.run(WRITE, name="two")
        tx.commit()
    assert kept(session) == ["one", "two"]


def test_a_transaction_sees_its_own_writes(session):
    with session.begin_transaction() as tx:
        tx.run(WRITE, name="own")
        assert tx.run("MATCH (n:Kept) RETURN count(n) AS n").single()["n"] == 1


def test_other_sessions_see_a_transaction_only_once_it_is_committed(graph, session):
    with session.begin_transaction() as tx:
        tx.run(WRITE, name="hidden").consume()
        with graph.session() as other:
            assert kept(other) == []
        tx.commit()
    with graph.session() as other:
        assert kept(other) == ["hidden"]


def test_a_transaction_rolled_back_leaves_nothing(session):
    with session.begin_transaction() as tx:
        tx.run(WRITE, name="undone").consume()
        tx.rollback()
    assert kept(session) == []


def test_a_transaction_closed_without_a_commit_leaves_nothing(session):
    tx = session.begin_transaction()
    tx.run(WRITE, name="undone").consume()
    tx.close()
    assert kept(session) == []


def test_an_exception_undoes_the_transaction(session):
    with pytest.raises(ZeroDivisionError), session.begin_transaction() as tx:
        tx.run(WRITE, name="undone").consume()
        1 / 0
    assert kept(session) == []


def test_a_session_closed_in_the_middle_undoes_its_transaction(graph, session):
    with graph.session() as closed:
        closed.begin_transaction().run(WRITE, name="undone").consume()
    assert kept(session) == []


def test_a_failed_statement_undoes_its_transaction(session):
    tx = session.begin_transaction()
    tx.run(WRITE, name="undone").consume()
    with pytest.raises(ClientError):
        tx.run("this is not Cypher").consume()
    with pytest.raises(TransactionError):
        tx.run("RETURN 1").consume()
    tx.close()
    assert kept(session) == []


def test_managed_transactions_return_what_their_function_returns(session):
    session.execute_write(lambda tx: tx.run(WRITE, name="managed").consume())
    assert session.execute_read(kept) == ["managed"]


def test_a_managed_transaction_is_undone_by_an_exception(session):
    def fail(tx):
        tx.run(WRITE, name="undone").consume()
        raise KeyError

    with pytest.raises(KeyError):
        session.execute_write(fail)
    assert kept(session) == []


def test_execute_query_keeps_what_it_wrote(graph, session):
    assert graph.execute_query(WRITE, name="query").summary.counters.nodes_created == 1
    assert kept(session) == ["query"]


def test_transactions_that_conflict_are_tried_again_until_both_are_kept(graph):
    """Each takes one node, waits for the other to have taken its own, and then wants that one."""
    graph.execute_query("CREATE (:Account {name: 'a', n: 0}), (:Account {name: 'b', n: 0})")
    both_hold_one = threading.Barrier(2)
    attempts = []

    def add(tx, first, second):
        attempts.append(first)
        tx.run("MATCH (n:Account {name: $name}) SET n.n = n.n + 1", name=first).consume()
        if attempts.count(first) == 1:
            both_hold_one.wait(timeout=10)
        tx.run("MATCH (n:Account {name: $name}) SET n.n = n.n + 1", name=second).consume()

    def transfer(names):
        with graph.session() as session:
            session.execute_write(add, *names)

    with ThreadPoolExecutor() as threads:
        list(threads.map(transfer, [("a", "b"), ("b", "a")]))
    assert len(attempts) >= 3
    assert [record["n"] for record in graph.execute_query("MATCH (n:Account) RETURN n.n AS n").records] == [2, 2]


def test_a_bookmark_leads_the_next_session_to_the_write(graph):
    with graph.session() as first:
        first.run(WRITE, name="one").consume()
        bookmarks = first.last_bookmarks()
    assert bookmarks.raw_values
    with graph.session(bookmarks=bookmarks) as second:
        assert kept(second) == ["one"]
        second.execute_write(lambda tx: tx.run(WRITE, name="two").consume())
        assert second.last_bookmarks().raw_values != bookmarks.raw_values
        bookmarks += second.last_bookmarks()
    with graph.session(bookmarks=bookmarks) as third:
        assert kept(third) == ["one", "two"]


@pytest.mark.parametrize("run", [
    lambda session, query: session.run(query).consume(),
    lambda session, query: session.execute_read(lambda tx: tx.run(query).consume()),
    lambda session, query: session.begin_transaction().run(query).consume(),
], ids=["auto-commit", "managed", "explicit"])
def test_read_access_refuses_a_write(graph, run):
    with graph.session(default_access_mode=READ_ACCESS) as reader, pytest.raises(ClientError) as refused:
        run(reader, "CREATE (:Kept {name: 'refused'})")
    assert refused.value.code == "Neo.ClientError.Statement.AccessMode"


def test_metadata_of_a_transaction_is_told_inside_it(session):
    metadata = {"app": "drivers", "attempt": 1}
    query = "CALL tx.getMetaData() YIELD metadata RETURN metadata"
    assert session.run(Query(query, metadata=metadata)).single()["metadata"] == metadata
    with session.begin_transaction(metadata=metadata) as tx:
        assert tx.run(query).single()["metadata"] == metadata
    assert session.execute_read(unit_of_work(metadata=metadata)(lambda tx: tx.run(query).single()["metadata"])) == metadata


def test_a_transaction_that_idles_past_its_timeout_is_ended(session):
    tx = session.begin_transaction(timeout=0.2)
    tx.run(WRITE, name="late").consume()
    with pytest.raises(ClientError) as late:
        for _ in range(20):
            time.sleep(0.3)
            tx.run("RETURN 1").consume()
    assert late.value.code == "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration"
    tx.close()
    assert kept(session) == []


def test_a_query_that_runs_past_its_timeout_is_ended(session):
    session.run("UNWIND range(1, 2000) AS n CREATE (:Many {n: n})").consume()
    query = Query("MATCH (a:Many), (b:Many), (c:Many) WHERE a.n + b.n + c.n < 0 RETURN count(*) AS n", timeout=0.5)
    started = time.monotonic()
    with pytest.raises(ClientError) as late:
        session.run(query).consume()
    assert late.value.code == "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration"
    assert time.monotonic() - started < 10
    assert session.run("RETURN 1 AS x").single()["x"] == 1


def test_a_timeout_that_is_not_reached_changes_nothing(session):
    assert session.run(Query("RETURN 1 AS x", timeout=30)).single()["x"] == 1
