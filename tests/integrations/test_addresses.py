"""Where nothing is sent: the list of the facts, in every way that such an address may be written."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import outbound
from integrations.addresses import is_public, target_of
from integrations.errors import AddressRefusedError, UnreachableError

PRIVATE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.170",
    "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:100.64.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b::6440:1", "64:ff9b:1::1",
    "2002:7f00:1::1", "2002:a00:1::", "2002:6440:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1", "fd00::1", "ff02::1", "ff0e::1",
    "100::1", "5f00::1", "0.0.0.0",  # noqa: S104  not bound to
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700:4700::1111",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_or_special_address_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_anybody_reaches_is_public(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_as_itself(address):
    number = int(address)
    for inside in (
        f"::ffff:{address}",
        f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}",
        f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1",
    ):
        assert is_public(inside) == is_public(str(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "https://hooks.example.com:8443/", "ftp://127.0.0.1/",
        "file:///etc/passwd", "https://", "https:///path", "//hooks.example.com/", "hooks",
        "https://user@hooks.example.com/", "https://user:word@hooks.example.com/",
        "https://hooks.example.com/#part", "https://hooks.example.com/a b",
        "https://hooks.example.com\\@evil.example/", "https://hooks.example.com/\r\nX: y",
        "https://hooks.example.com:port/", "https://hooks.example.com:99999/", "https://[::1/",
        "https://hooks.example.com/" + "x" * 1000, "gopher://x/", "data:text/plain,x",
        "https://hooks.example.com/ä",
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_refused_in_words(url):
    with pytest.raises(AddressRefusedError, match=r"\.$"):
        target_of(url, [])


def test_an_address_is_read_once():
    target = target_of("https://Hooks.Example.com./in?a=1", [])
    assert (target.host, target.port, target.path) == ("hooks.example.com", 443, "/in?a=1")


@pytest.mark.parametrize("name", ["hooks.local", "hooks.local:8080"])
def test_a_host_that_is_named_may_be_without_tls(name):
    assert target_of("http://hooks.local:8080/x", [name]).is_named
    with pytest.raises(AddressRefusedError):
        target_of("http://hooks.local.evil.example:8080/x", [name])


@pytest.mark.parametrize(
    "host",
    ["localhost", "0x7f000001", "0177.0.0.1", "127.1", "2130706433", "①②⑦.0.0.1", "[::1]",
     "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::1]", "[fe80::1]", "[fd00::1]", "[ff02::1]",
     "169.254.169.254", "192.0.0.170"],
)  # fmt: skip
def test_n01_no_spelling_leads_inside(host, settings, monkeypatch):
    settings.COUNTERSIGN_WEBHOOK_HOSTS = []
    sent = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_: sent.append(args))
    for attempt in (
        lambda: outbound.check(f"https://{host}/"),
        lambda: outbound.post(f"https://{host}/", b"{}", {}),
    ):
        with pytest.raises((AddressRefusedError, UnreachableError)) as refusal:
            attempt()
        assert "127.0.0.1" not in refusal.value.says
    assert sent == []
