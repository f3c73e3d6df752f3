"""A small library, and whoever sits before the browser."""

from pathlib import Path

import pytest

from clause_library import actions as library
from clause_library import files
from policy_builder import drafts

SMALL = Path(__file__).parents[1] / "library"


@pytest.fixture
def shipped(company, monkeypatch):
    """Five clauses and a playbook in place of the shipped ones: a page is quick to see."""
    monkeypatch.setattr(files.read_library, "__defaults__", (SMALL,))
    drafts.shipped.cache_clear()
    library.load_library(drafts.shipped())
    yield
    drafts.shipped.cache_clear()


@pytest.fixture
def sign_in(client, request):
    """A browser with one of the cast before it, or nobody."""

    def sign_in(who):
        client.logout()
        if who:
            client.force_login(request.getfixturevalue(who))
        return client

    return sign_in
