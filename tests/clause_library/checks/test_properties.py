# ruff: noqa: RUF001 (look-alike letters are what is tested)
"""What holds for any text, however odd."""

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from approvals.management.commands import score_checks
from clause_library.checks import fixed_text

PIECES = st.sampled_from(
    [
        "Acme", "best ever!", "guaranteed return", "10%", "Globex", "cheats", "\u200b", "\u202e", "maria@gmail.com",
        "https://bit.ly/x", "#ad", "union meeting", "4111 1111 1111 1111", "I work at Acme.", "\n\n", ". ", "é",
        "customer", "👩‍💻", "Win a car!", "password is Summer2026", "П", "a\u0301", "\ud800", "我", "Ⓐ", "!!!",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=12).map(" ".join))
RELATIONS = st.sampled_from(["employee", "partner", "none"])
few = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(TEXTS, RELATIONS)
@example("\ud800 Acme", "employee")
def test_offsets_point_at_the_text_as_typed(screen, text, relation):
    for one in screen(text, relation).findings:
        assert 0 <= one.start <= one.end <= len(text)


@few
@given(TEXTS, RELATIONS)
def test_fixes_remove_their_findings_and_create_none(screen, text, relation):
    findings = screen(text, relation).findings
    fixed = [one for one in findings if one.fix is not None]
    left = [one.check for one in screen(fixed_text(text, fixed), relation).findings]
    expected = [one.check for one in findings if one.fix is None]
    assert set(left) <= set(expected)


@few
@given(TEXTS, RELATIONS)
def test_fixes_never_overlap(screen, text, relation):
    fixed = [one for one in screen(text, relation).findings if one.fix is not None]
    for one, other in pairwise(fixed):
        assert one.end <= other.start


@few
@given(TEXTS)
def test_the_same_text_gives_the_same_answer(screen, text):
    assert screen(text) == screen(text)


PLAIN = "Our fund has guaranteed returns every year"
CYRILLIC = str.maketrans("aeo", "аео")
DISGUISES = {
    "upper case": PLAIN.upper(),
    "full width": "".join(chr(ord(c) + 0xFEE0) if c != " " else " " for c in PLAIN),
    "decomposed": unicodedata.normalize("NFD", PLAIN.replace("guaranteed", "guaränteed")),
    "zero width": PLAIN.replace("guaranteed", "gu\u200bar\u200dan\u2060teed"),
    "soft hyphen": PLAIN.replace("guaranteed", "guaran\u00adteed"),
    "homoglyphs": PLAIN.translate(CYRILLIC),
    "mathematical": PLAIN.replace("guaranteed", "𝐠𝐮𝐚𝐫𝐚𝐧𝐭𝐞𝐞𝐝"),
    "line breaks": PLAIN.replace(" ", "\n"),
    "no-break spaces": PLAIN.replace(" ", "\u00a0"),
    "emoji": PLAIN.replace(" ", " 🔥 "),
    "CamelCase": "Our fund has GuaranteedReturns every year",
    "hashtag": "Our fund has #GuaranteedReturns every year",
    "small hashtag": "Our fund has #guaranteedreturns every year",
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES)
def test_no_disguise_hides_a_promise(screen, text):
    assert "financial_promise" in {one.category for one in screen(text).findings}


def test_a_finding_in_a_disguise_quotes_the_disguise(screen):
    text = "Look: our fund is gu\u200baranteed to return 10%."
    quotes = [
        text[one.start : one.end]
        for one in screen(text).findings
        if one.category == "financial_promise"
    ]
    assert any("gu\u200baranteed" in quote for quote in quotes)


POSTS = Path(__file__).with_name("posts.tsv")
HELD = [row for row in score_checks.rows_of(str(POSTS)) if row["expected"] == "flag"]
ASIDES = [
    "The lift is being painted blue.",
    "Our choir sings on Friday.",
    "We had soup for lunch.",
    "The plants in the hall are growing well.",
    "Looking forward to the picnic 🌞",
    "Das Wetter ist heute schön.",
    "What a day",
]  # nothing to do with disclosure, risk, terms or source


@pytest.mark.parametrize("aside", ASIDES)
def test_an_aside_at_the_end_removes_no_finding(screen, aside):
    for row in HELD:
        before = told(screen, row["text"], row)
        for gap in (" ", "\n\n")[not is_closed(row["text"]) :]:
            lost = before - told(screen, row["text"] + gap + aside, row)
            assert not lost, row["text"]


def is_closed(text):
    """Whether a sentence ends there: what follows an open one is read as a part of it."""
    return text[-1] in ".!?…)”\"'" or not text[-1].isalnum()


def told(screen, text, row):
    """What was found where; what two checks say of one place is told once."""
    return {(one.category, one.start) for one in screen(text, row["author_relation"]).findings}
