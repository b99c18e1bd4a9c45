"""Reading results: in batches of any size, lazily, several at once, not to the end."""

import pytest
from neo4j.exceptions import ClientError

COUNT = "UNWIND range(1, $to) AS n RETURN n"


@pytest.mark.parametrize("fetch_size", [1, 2, 3, 1000, -1])
@pytest.mark.parametrize("rows", [0, 1, 2, 1000, 1001])
def test_all_rows_come_whatever_the_batch(driver, fetch_size, rows):
    with driver.session(fetch_size=fetch_size) as session:
        result = session.run(COUNT, to=rows)
        assert result.keys() == ["n"]
        assert result.value("n") == list(range(1, rows + 1))


@pytest.mark.parametrize("fetch_size", [1000, -1])
def test_twenty_thousand_rows_come_in_order(driver, fetch_size):
    query = "UNWIND range(1, 20000) AS n RETURN n, toString(n) AS text, [n, -n] AS list, n / 2.0 AS half"
    with driver.session(fetch_size=fetch_size) as session:
        rows = [tuple(record) for record in session.run(query)]
    assert rows == [(n, str(n), [n, -n], n / 2) for n in range(1, 20_001)]


def test_rows_are_read_lazily(driver):
    with driver.session(fetch_size=2) as session:
        result = session.run(COUNT, to=100_000)
        assert [record["n"] for record in result.fetch(5)] == [1, 2, 3, 4, 5]
        assert result.peek()["n"] == 6
        result.consume()


def test_a_result_is_consumed_early(driver):
    with driver.session(fetch_size=2) as session:
        result = session.run(COUNT, to=1000)
        next(result)
        summary = result.consume()
        assert (summary.query_type, list(result.keys())) == ("r", ["n"])
        assert session.run("RETURN 1 AS x").single()["x"] == 1


def test_a_write_consumed_unread_is_kept(session):
    summary = session.run("UNWIND range(1, 100) AS n CREATE (m:Kept {n: n}) RETURN m").consume()
    assert summary.counters.nodes_created == 100
    assert session.run("MATCH (n:Kept) RETURN count(n) AS n").single()["n"] == 100


def test_several_results_are_open_in_one_transaction(driver):
    with driver.session(fetch_size=2) as session, session.begin_transaction() as tx:
        first, second, third = (tx.run("UNWIND range(1, 5) AS n RETURN n * $by AS n", by=by) for by in (1, 10, 100))
        rows = [(a["n"], b["n"], c["n"]) for a, b, c in zip(first, second, third)]
        assert rows == [(n, n * 10, n * 100) for n in range(1, 6)]
        tx.commit()


def test_one_open_result_is_dropped_while_another_goes_on(driver):
    with driver.session(fetch_size=1) as session, session.begin_transaction() as tx:
        dropped, read = tx.run(COUNT, to=100), tx.run(COUNT, to=3)
        next(dropped), next(read)
        dropped.consume()
        assert read.value("n") == [2, 3]


def test_a_nested_query_runs_for_each_row_of_an_open_result(session):
    session.run("UNWIND range(1, 5) AS n CREATE (:Outer {n: n})").consume()
    with session.begin_transaction() as tx:
        for record in tx.run("MATCH (o:Outer) RETURN o.n AS n"):
            tx.run("CREATE (:Inner {n: $n})", n=record["n"]).consume()
        tx.commit()
    assert session.run("MATCH (i:Inner) RETURN i.n AS n ORDER BY n").value("n") == [1, 2, 3, 4, 5]


def test_a_transaction_is_committed_with_results_unread(graph):
    with graph.session(fetch_size=1) as session:
        with session.begin_transaction() as tx:
            next(tx.run("UNWIND range(1, 10) AS n CREATE (m:Unread {n: n}) RETURN m"))
            tx.commit()
        assert session.run("MATCH (n:Unread) RETURN count(n) AS n").single()["n"] == 10


def test_an_error_in_the_middle_of_a_result_is_told(driver):
    with driver.session(fetch_size=1) as session, pytest.raises(ClientError) as failed:
        list(session.run("UNWIND [1, 2, 0] AS n RETURN 6 / n AS n"))
    assert failed.value.code == "Neo.ClientError.Statement.ArithmeticError"


def test_a_wide_row_keeps_its_columns_in_order(driver):
    query = "RETURN " + ", ".join(f"{n} AS c{n}" for n in range(200))
    record = driver.execute_query(query).records[0]
    assert record.items() == [(f"c{n}", n) for n in range(200)]


def test_a_query_without_a_result_has_no_columns(session):
    result = session.run("CREATE (:Nothing)")
    assert (result.keys(), list(result)) == ([], [])
