"""Visitors of one's own."""

import pytest
from django.test import Client


@pytest.fixture
def client_of():
    """A browser; with a person, one in which they are signed in."""

    def client_of(person=None, **defaults):
        client = Client(**defaults)
        if person:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of
