# ruff: noqa: RUF001 (look-alike letters are what is tested)
"""Links that hide where they lead; and our own, which are never held."""

import pytest

from approvals.management.commands.screen import shipped_screener
from clause_library.checks import Post, fixed_text

LINKS = {"unsafe-links", "link-texts", "pretended-hosts", "denied-hosts", "credential-bait"}


def findings(text, own=()):
    post = Post(text, "", "employee", ("Acme", "RoadRunner"), ("Globex",), own_hosts=tuple(own))
    return [one for one in shipped_screener().screen(post).findings if one.check in LINKS]


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("[acme.example](https://other.example/x)", "link-texts"),
        ("[Visit www.acme.example now](https://other.example/x)", "link-texts"),
        ('<a href="https://other.example"><b>acme.example</b></a>', "link-texts"),
        ("acme.example (https://other.example)", "link-texts"),
        ("[here](https://bit.ly/x)", "unsafe-links"),
        ("[acme.example/x](https://BIT.LY/x)", "unsafe-links"),
        ("https://ｂｉｔ.ly/x", "unsafe-links"),
        ("https://acme.example@other.example/", "unsafe-links"),
        ("http://192.0.2.7/x", "unsafe-links"),
        ("http://3221226219/x", "unsafe-links"),
        ("http://[2001:db8::1]/x", "unsafe-links"),
        ("http://0xc0.0.2.7/x", "unsafe-links"),
        ("https://аcme.example/", "pretended-hosts"),
        ("https://xn--cme-7cd.example/", "pretended-hosts"),
        ("https://acme-login.example", "pretended-hosts"),
        ("secureacme.example", "pretended-hosts"),
        ("https://acme.example.other.test/x", "pretended-hosts"),
        ("https://www.acme.other.example/x", "pretended-hosts"),
        ("https://acrne.example", "pretended-hosts"),
        ("https://roadruner.example", "pretended-hosts"),
        ("https://raodrunner.example", "pretended-hosts"),
        ("https://g1obex.example/x", "pretended-hosts"),
        ("https://globexx.example", "pretended-hosts"),
    ],
)
def test_a_link_that_deceives_is_held(text, check):
    assert check in {one.check for one in findings(f"Look: {text}")}


@pytest.mark.parametrize(
    "text",
    [
        "[our help](https://acme.example/help)",
        "[www.acme.example/a](https://acme.example/b)",
        "acme.example (https://shop.acme.example/b)",
        "https://globex.example/x",
        "https://acme.greenhouse.io/jobs",
        "https://login.acme.co.uk/",
        "https://en.wikipedia.org/wiki/Acme_(disambiguation)",
        "https://acne.example",
        "I like node.js, e.g. this. Acme.The end.",
        "info@acme.example",
        "Beware of https://acme-login.example, it is a scam.",
    ],
)
def test_an_honest_link_passes(text):
    assert findings(text) == []


@pytest.mark.parametrize(
    "host", ["acme-login.example", "bit.ly", "acme.support.test", "acmee.example"]
)
def test_the_company_s_own_hosts_are_never_held(host):
    text = f"Reset your password at https://{host}/x now."
    assert findings(text)
    assert findings(text, own=[host]) == []
    assert findings(text.replace(host, f"www.{host}"), own=[host]) == []


def test_with_hosts_named_only_these_may_ask_for_a_password():
    text = "Reset your password at https://acme.test/x now."
    assert findings(text) == []
    assert [one.check for one in findings(text, own=["acme.example"])] == ["credential-bait"]


def test_an_own_host_does_not_excuse_what_stands_before_an_at_sign():
    assert findings("https://bank.example@acme.example/x", own=["acme.example"])


def test_the_fix_of_a_deceiving_text_is_the_plain_address():
    text = "Read [acme.example](https://other.example/x) today."
    (one,) = findings(text)
    assert fixed_text(text, [one]) == "Read https://other.example/x today."
