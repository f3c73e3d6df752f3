"""Whose word is taken for where a request comes from."""

import pytest

from organization.client import client_address

PROXY, CLIENT = "10.0.0.1", "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, CLIENT, PROXY),
        (1, CLIENT, CLIENT),
        (1, f"1.1.1.1, {CLIENT}", CLIENT),
        (1, "1.1.1.1, not an address", PROXY),
        (1, None, PROXY),
        (2, f"1.1.1.1, {CLIENT}, 10.0.0.2", CLIENT),
        (2, "10.0.0.2", PROXY),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
    ids=[
        "no proxy",
        "no proxy and a header that nobody asked for",
        "one proxy",
        "the client wrote a part itself",
        "rubbish",
        "the proxy sends none",
        "two proxies",
        "one of two is missing",
        "in one form of writing",
    ],
)
def test_only_what_our_proxies_wrote_is_believed(rf, settings, proxies, forwarded, address):
    settings.COUNTERSIGN_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(rf.get("/", REMOTE_ADDR=PROXY, **headers)) == address
