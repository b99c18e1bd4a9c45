"""Failures: the class a driver raises, the code, and a session that goes on."""

import pytest
from neo4j import Bookmarks
from neo4j.exceptions import ClientError, ConstraintError, CypherSyntaxError

STATEMENT = "Neo.ClientError.Statement"

FAILURES = {
    "syntax": ("RETUN 1", CypherSyntaxError, f"{STATEMENT}.SyntaxError"),
    "no statement": ("// nothing", CypherSyntaxError, f"{STATEMENT}.SyntaxError"),
    "unknown variable": ("RETURN nobody", CypherSyntaxError, f"{STATEMENT}.SyntaxError"),
    "unknown function": ("RETURN no.such.function(1) AS x", CypherSyntaxError, f"{STATEMENT}.SyntaxError"),
    "unknown procedure": ("CALL no.such.procedure()", ClientError, "Neo.ClientError.Procedure.ProcedureNotFound"),
    "missing parameter": ("RETURN $missing AS x", ClientError, f"{STATEMENT}.ParameterMissing"),
    "overflow": ("UNWIND [9223372036854775807] AS x RETURN x + 1 AS y", ClientError, f"{STATEMENT}.ArithmeticError"),
    "division by zero": ("RETURN 1 / 0 AS x", ClientError, f"{STATEMENT}.ArithmeticError"),
}


@pytest.fixture(params=FAILURES.values(), ids=FAILURES)
def failure(request):
    return request.param


def assert_raised(raised, kind, code):
    assert (type(raised.value), raised.value.code) == (kind, code)
    assert raised.value.message
    assert len(raised.value.gql_status) == 5
    assert not raised.value.is_retryable()


def test_a_query_fails_with_its_code(session, failure):
    query, *expected = failure
    with pytest.raises(ClientError) as raised:
        session.run(query).consume()
    assert_raised(raised, *expected)
    assert session.run("RETURN 1 AS x").single()["x"] == 1


def test_a_transaction_fails_with_the_same_code(session, failure):
    query, *expected = failure
    with pytest.raises(ClientError) as raised, session.begin_transaction() as tx:
        tx.run(query).consume()
    assert_raised(raised, *expected)
    assert session.run("RETURN 1 AS x").single()["x"] == 1


@pytest.fixture
def unique(session):
    session.run("CREATE CONSTRAINT only_one IF NOT EXISTS FOR (n:Only) REQUIRE n.id IS UNIQUE").consume()
    yield session
    session.run("DROP CONSTRAINT only_one").consume()


def test_a_violated_constraint_is_refused(unique):
    unique.run("CREATE (:Only {id: 1})").consume()
    with pytest.raises(ConstraintError) as raised:
        unique.run("CREATE (:Only {id: 1})").consume()
    assert_raised(raised, ConstraintError, "Neo.ClientError.Schema.ConstraintValidationFailed")
    assert unique.run("MATCH (n:Only) RETURN count(n) AS n").single()["n"] == 1


def test_an_unknown_database_is_refused(driver):
    with pytest.raises(ClientError) as raised:
        driver.execute_query("RETURN 1", database_="nobody-has-this")
    assert_raised(raised, ClientError, "Neo.ClientError.Database.DatabaseNotFound")


def test_a_bookmark_that_is_none_is_refused(driver):
    with driver.session(bookmarks=Bookmarks.from_raw_values(["nonsense"])) as session:
        with pytest.raises(ClientError) as raised:
            session.run("RETURN 1").consume()
    assert_raised(raised, ClientError, "Neo.ClientError.Transaction.InvalidBookmark")
