"""Many sessions at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

from server import connect

SESSIONS = 50


def test_fifty_sessions_are_served_at_once(graph):
    all_are_open = threading.Barrier(SESSIONS)

    def work(number):
        with graph.session() as session, session.begin_transaction() as tx:
            tx.run("CREATE (:Worker {number: $number})", number=number).consume()
            all_are_open.wait(timeout=30)
            rows = tx.run("UNWIND range(1, 500) AS n RETURN n * $number AS n", number=number).value("n")
            tx.commit()
            return rows == [n * number for n in range(1, 501)]

    with ThreadPoolExecutor(SESSIONS) as threads:
        assert all(threads.map(work, range(SESSIONS)))
    assert graph.execute_query("MATCH (n:Worker) RETURN count(DISTINCT n.number) AS n").records[0]["n"] == SESSIONS


def test_connections_that_come_and_go_are_served(graph):
    def work(number):
        with connect() as driver:
            return driver.execute_query("RETURN $n AS n", n=number).records[0]["n"]

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(work, range(50))) == list(range(50))
