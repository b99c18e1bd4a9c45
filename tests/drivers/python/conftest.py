"""One driver for the run, an empty graph and a session for each test."""

import pytest

from server import connect


@pytest.fixture(scope="session")
def driver():
    with connect(max_transaction_retry_time=5) as driver:
        yield driver


@pytest.fixture
def graph(driver):
    """The driver, once nothing is left of earlier tests."""
    driver.execute_query("MATCH (n) DETACH DELETE n")
    return driver


@pytest.fixture
def session(graph):
    with graph.session() as session:
        yield session
