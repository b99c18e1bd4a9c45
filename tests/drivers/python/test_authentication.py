"""A server with users: who is let in, and whom a connection speaks for."""

import pytest
from neo4j import basic_auth, bearer_auth, custom_auth
from neo4j.auth_management import AuthManager
from neo4j.exceptions import AuthError

from server import AUTH, OTHER_AUTH, connect

pytestmark = pytest.mark.skipif(AUTH is None, reason="the server has no users")


def user(driver, **settings):
    with driver.session(**settings) as session:
        return session.run("CALL dbms.showCurrentUser() YIELD username RETURN username").single()["username"]


def assert_refused(auth, **settings):
    with connect(auth=auth, **settings) as driver, pytest.raises(AuthError) as refused:
        driver.verify_connectivity()
    assert refused.value.code == "Neo.ClientError.Security.Unauthorized"


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_the_right_password_is_let_in(scheme):
    with connect(scheme, auth=basic_auth(*AUTH)) as driver:
        driver.verify_connectivity()
        assert user(driver) == AUTH[0]


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_wrong_password_is_refused(scheme):
    assert_refused(("stranger " + scheme, "wrong"), scheme=scheme)


def test_the_password_of_another_user_is_refused():
    assert_refused((AUTH[0], OTHER_AUTH[1]))


def test_no_credentials_are_refused():
    assert_refused(None)


@pytest.mark.parametrize("auth", [bearer_auth("token"), custom_auth("a", "b", None, "no-such-scheme")], ids=["bearer", "unknown"])
def test_other_schemes_are_refused(auth):
    assert_refused(auth)


def test_credentials_are_verified_without_a_query():
    with connect() as driver:
        assert driver.verify_authentication(OTHER_AUTH)
        assert not driver.verify_authentication((OTHER_AUTH[0], "wrong"))


def test_a_session_may_have_a_user_of_its_own():
    with connect(max_connection_pool_size=1) as driver:
        users = [user(driver), user(driver, auth=OTHER_AUTH), user(driver)]
    assert users == [AUTH[0], OTHER_AUTH[0], AUTH[0]]


class Current(AuthManager):
    """Whoever is named last."""

    def __init__(self, auth):
        self.auth = auth

    def get_auth(self):
        return basic_auth(*self.auth)

    def handle_security_exception(self, auth, error):
        return False


def test_a_connection_changes_its_user_when_the_driver_does():
    manager = Current(AUTH)
    with connect(auth=manager, max_connection_pool_size=1) as driver:
        assert user(driver) == AUTH[0]
        manager.auth = OTHER_AUTH
        assert user(driver) == OTHER_AUTH[0]
