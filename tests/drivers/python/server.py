"""Where the server under test is, and how to connect to it.

BOLT_URI names it. BOLT_USER and BOLT_PASSWORD are for a server with users, BOLT_OTHER_USER and BOLT_OTHER_PASSWORD
name a second one of them. BOLT_AGENT is what the server calls itself. BOLT_COMMUNITY leaves out what Neo4j's
community edition refuses, for a run against that.
"""

import os

import pytest
from neo4j import GraphDatabase

URI = os.environ.get("BOLT_URI", "bolt://127.0.0.1:7687")
ADDRESS = URI.partition("://")[2]
AGENT = os.environ.get("BOLT_AGENT", "Neo4j/5.26.0")
BOLT = (6, 1)


def credentials(prefix):
    user = os.environ.get(f"{prefix}_USER")
    return user and (user, os.environ[f"{prefix}_PASSWORD"])


AUTH = credentials("BOLT")
OTHER_AUTH = credentials("BOLT_OTHER")

beyond_community = pytest.mark.skipif("BOLT_COMMUNITY" in os.environ, reason="Neo4j's community edition refuses it")


def connect(scheme="bolt", auth=AUTH, **settings):
    return GraphDatabase.driver(f"{scheme}://{ADDRESS}", auth=auth, **settings)
