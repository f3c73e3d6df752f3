# ruff: noqa: RUF001 (look-alike letters are tested)
"""What the company has the library's checks watch for: listed names, sites, quiet periods. Without lists, nothing."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.management.commands.screen import shipped_screener
from clause_library.checks import CheckedClause, Post, QuietPeriod, check_examples, fixed_text

PIECES = st.sampled_from(
    ["https://", "http://[", "]", "[", "](", "(", ")", '<a href="', '">', "</a>", "acme.example", "xn--", "xn--cme-7cd",
     ".", "@", ":", "ｂ．ｃ", "。", "acme", "login", "-", "Project", " ", "Larkspur", "\n", "\u200b", "🔥",
     "password: ", "x1!", "=", "AKIAFAKEFAKEFAKEFAKE", "-----BEGIN RSA PRIVATE KEY-----", "postgres://a:b1@c", "we",
     "sales", "#", "İ", "Initrode", "shares", "ß", "ﬁ", "\ud800", "0x7f", "..", "www.", "/x", "www.)))",
     "bit.ly/x", "Ⅷ", "a\u0301"]
)  # fmt: skip
LISTED = {
    "project_names": ("Project Larkspur",),
    "unannounced_customers": ("Initrode",),
    "denied_hosts": ("rumours.example",),
}
ALL = ("results", "deal", "offering")
OURS = QuietPeriod((), ALL, is_own=True)
THEIRS = QuietPeriod(("Initrode", "INTR"), ("deal",))


def findings(text, listed=(), quiet=(), relation="employee"):
    post = Post(text, "", relation, ("Acme",), ("Globex",), listed=dict(listed), quiet=tuple(quiet))
    watched = {"names-we-keep", "quiet-period", "denied-hosts"}
    return [one for one in shipped_screener().screen(post).findings if one.check in watched]


def test_a_listed_name_is_held_and_its_fix_removes_it():
    text = "We start with #ProjectLarkspur on Monday."
    (one,) = findings(text, LISTED)
    assert (one.severity, text[one.start : one.end]) == ("block", "#ProjectLarkspur")
    assert fixed_text(text, [one]) == "We start with something I cannot name yet on Monday."
    assert findings(fixed_text(text, [one]), LISTED) == []


def test_a_piece_of_a_tag_or_link_gets_no_fix_that_would_garble_it():
    for text in ["#projectlarkspurlaunch", "See https://acme.example/project-larkspur-1/x now."]:
        assert [one.fix for one in findings(text, LISTED)] == [None]


def test_a_finding_does_not_tell_a_project_from_a_customer_nor_any_other_name():
    (project,) = findings("Project Larkspur", LISTED)
    (customer,) = findings("Initrode", LISTED)
    assert (project.check, project.message) == (customer.check, customer.message)
    assert "nitrode" not in repr(project)
    assert "arkspur" not in repr(customer)


@pytest.mark.parametrize(
    "text",
    [
        "Our sales are up.",
        "Acme shares look cheap.",
        "We will beat estimates.",
        "Great prospects for Acme!",
        "What a quarter we had.",
        "The company is in talks about a merger.",
        "We cut prices next month.",
        "#Acme IPO soon",
        "Our pipeline has never looked better.",
        "I cannot say much, but our numbers are insane.",
        "We might be buying a startup soon.",
        "Demand is exploding, we cannot keep up.",
        "Proud to be at Acme. Best quarter ever!",
    ],
)
def test_in_a_quiet_period_of_ours_results_deals_and_shares_are_held(text):
    (one,) = findings(text, quiet=[OURS])
    assert one.category == "material_nonpublic"
    assert findings(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We opened a bike shed.",
        "Globex shares fell.",
        "I work at Acme. Globex had a record quarter.",
        "I work at Acme. They had their best quarter.",
        "US shares fell on Monday.",
        "We had a great deal of fun.",
        "Our cake is back in stock.",
        "Our students got great results in maths.",
        "My career prospects improved since I joined Acme.",
        "The investor page has our published results.",
        "What are the results of our bake-off?",
        "We cannot talk about results now.",
        "My phone bill went up. We painted the lift.",
    ],
)
def test_in_a_quiet_period_all_else_may_be_said(text):
    assert findings(text, quiet=[OURS]) == []


def test_another_issuer_is_known_by_its_names_and_only_for_what_is_closed():
    assert len(findings("Initrode is in secret talks.", quiet=[THEIRS])) == 1
    assert len(findings("Big deal is coming, $INTR, a takeover!", quiet=[THEIRS])) == 1
    assert findings("Initrode shares fell.", quiet=[THEIRS]) == []
    assert findings("We are in talks about a merger.", quiet=[THEIRS]) == []


def test_a_quiet_period_is_told_and_never_why():
    (one,) = findings("Our sales are up.", quiet=[OURS])
    assert "quiet period is on" in one.message


def test_protected_speech_is_not_held_for_a_name():
    post = Post("We at Project Larkspur get no overtime pay, and we want a union.", listed=LISTED)
    assert shipped_screener().screen(post).not_ours


def test_who_has_no_connection_is_free_to_name_it():
    assert findings("Initrode is great.", LISTED, relation="none") == []


def test_a_link_to_a_denied_site_is_held_wherever_it_stands():
    for text in ["Read https://www.rumours.example/x", "Read sub.rumours.example today"]:
        (one,) = findings(text, LISTED)
        assert one.severity == "block"
    assert findings("Read https://norumours.example/x", LISTED) == []


def test_an_example_may_state_lists_and_quiet_periods():
    check = {
        "name": "quiet",
        "kind": "quiet_period",
        "category": "material_nonpublic",
        "severity": "block",
        "message": "Quiet.",
        "params": {"own": ["we"], "topics": {"results": ["sales"]}},
        "examples": {
            "match": [
                {"text": "We like sales.", "quiet": [{"topics": ["results"], "is_own": True}]}
            ],
            "pass": ["We like sales."],
        },
    }
    assert check_examples(CheckedClause("ponds", 1, [check])) == []


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from([(), ("acme.example",)]))
def test_whatever_is_typed_places_hold_and_fixes_work(text, own):
    post = Post(text, listed=LISTED, quiet=(OURS, THEIRS), own_hosts=own)
    found = shipped_screener().screen(post).findings
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    again = shipped_screener().screen(replace(post, text=fixed_text(text, found))).findings
    assert {one.check for one in again} <= {one.check for one in found if one.fix is None}
