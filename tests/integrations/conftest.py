"""A post that waits for Rex, as in approvals; tokens of the cast; and programs that use them."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from integrations import actions
from integrations.scopes import FOR_PROGRAMS
from tests.approvals.conftest import channel, edition, standing, submission, write  # noqa: F401  fixtures

ROOT = "/api/v1/"


@pytest.fixture
def token_of(db):
    """Make a token of a person; its secret. With every scope for programs, unless told which."""

    def make(person, *scopes, name="Newsroom", days=30):
        ends_at = timezone.now() + dt.timedelta(days=days)
        wanted = scopes or FOR_PROGRAMS
        return actions.make_token(actor=person, name=name, scopes=wanted, ends_at=ends_at)[1]

    return make


@pytest.fixture
def program(client, token_of):
    """A program that acts for a person: ``program(ada).post("submissions", {...}, key="k")``."""
    return lambda person, *scopes: Program(client, token_of(person, *scopes))


class Program:
    def __init__(self, client, secret):
        self.client = client
        self.headers = {"authorization": f"Bearer {secret}"}

    def get(self, path, **query):
        return self.client.get(ROOT + path, query, headers=self.headers)

    def post(self, path, body, key=None):
        headers = self.headers | ({"idempotency-key": key} if key else {})
        return self.client.post(
            ROOT + path, json.dumps(body), content_type="application/json", headers=headers
        )
