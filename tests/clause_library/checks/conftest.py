"""The screener that the tests of checks share: the shipped library, compiled once."""

import pytest

from approvals.management.commands.screen import shipped_screener
from clause_library.checks import Post


@pytest.fixture(scope="session")
def screen():
    screener = shipped_screener()

    def look(text, relation="employee", channel=""):
        return screener.screen(Post(text, channel, relation, ("Acme",), ("Globex",)))

    return look
