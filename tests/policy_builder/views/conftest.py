"""Whoever sits before the browser."""

import pytest


@pytest.fixture
def sign_in(client, request):
    """A browser with one of the cast before it, or nobody."""

    def sign_in(who):
        client.logout()
        if who:
            client.force_login(request.getfixturevalue(who))
        return client

    return sign_in
