"""What counts as published as cleared: no more than what networks change by themselves."""

import string
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from approvals.comparing import (
    DIFFERENT,
    EQUAL,
    FOLDED,
    HARMLESS,
    NOT_COMPARED,
    QUERY,
    TRACKING,
    TYPOGRAPHY,
    compare,
)
from ledger.canonical import fold

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
WORDS = st.text(string.ascii_letters + "éß愛", min_size=1, max_size=8)
SENTENCES = st.lists(WORDS, min_size=2, max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("cleared", "published", "verdict"),
    [
        ("Café", "Cafe\u0301", FOLDED),
        ("One  \r\nTwo", "One\nTwo", FOLDED),
        ('"x"', "\u201cx\u201d", TYPOGRAPHY),
        ("It's -- well - fine...", "It\u2019s \u2014 well \u2013 fine\u2026", TYPOGRAPHY),
        ("One.\n\n\n\nTwo.", "  One.\n\nTwo.\n", TYPOGRAPHY),
        ("So  much room", "So\u00a0much room", TYPOGRAPHY),
        ("(see https://example.org/x...)", "(see https://example.org/x\u2026)", TYPOGRAPHY),
        ("https://example.com/x", "https://example.com/x?utm_source=a", QUERY),
        ("https://example.com/x?a=1#b", "https://example.com/x?fbclid=z&a=1&gclid=#b", QUERY),
        ('"Read" example.com/x', "\u201cRead\u201d example.com/x?igsh=1", QUERY),
        ("See https://example.com/x now", "See https://lnkd.in/abC-1 now", NOT_COMPARED),
        ("See (https://example.com/x).", "See (https://t.co/abC1).", NOT_COMPARED),
        ("10 000", "10\u00a0000", DIFFERENT),
        ("10 000", "10 \u00a0000", DIFFERENT),
        ("10% off", "10\uff05 off", DIFFERENT),
        ("https://example.com/offer", "https://ex\u0430mple.com/offer", DIFFERENT),
        ("https://example.com/x", "https://example.com@evil.example/x", DIFFERENT),
        ("https://example.com/a-b", "https://example.com/a--b", DIFFERENT),
        ("example.com/a-b", "example.com/a\u2013b", DIFFERENT),
        ("https://example.com/x?a=1&b=2", "https://example.com/x?b=2&a=1", DIFFERENT),
        ("https://example.com/x", "https://example.com/x?id=1&utm_source=a", DIFFERENT),
        ("https://example.com/#?utm_source=a", "https://example.com/#", DIFFERENT),
        ("https://example.com/?utm_sourcex=1", "https://example.com/", DIFFERENT),
        ("See https://example.com/x", "See https://evil.example/x", DIFFERENT),
        ("See this now", "See https://t.co/abc now", DIFFERENT),
        ("not financial advice", "not\u200b financial advice", DIFFERENT),
        ("#ad", "#\u2060ad", DIFFERENT),
        ("Great product", "Great product\U000e0020\U000e0023", DIFFERENT),
        ("ok", "o\ufe0fk", DIFFERENT),
        ("ok", "o\u034fk", DIFFERENT),
        ("ok", "o\u180ek", DIFFERENT),
        ("GUARANTEED", "\U0001d406\U0001d414ARANTEED", DIFFERENT),
        ("Up 5% this year", "Up -5% this year", DIFFERENT),
        ("We are open", "We are open. Not.", DIFFERENT),
        ("One two", "One\ntwo", DIFFERENT),
        ("We rock!", "We rock", DIFFERENT),
    ],
)
def test_what_networks_change_is_told_from_what_people_change(cleared, published, verdict):
    assert compare(cleared, published).verdict == verdict
    if verdict not in {NOT_COMPARED, DIFFERENT}:
        assert compare(published, cleared).verdict == verdict


def test_the_first_difference_is_named_with_its_place():
    found = compare("Hello.\nhttps://example.com", "Hello.\nhttps://ex\u0430mple.com").difference
    assert (found.line, found.column) == (2, 11)
    assert found.cleared == "U+0061 LATIN SMALL LETTER A"
    assert found.published == "U+0430 CYRILLIC SMALL LETTER A"


def test_what_was_cut_or_added_is_named_as_the_end():
    cut = compare("Hello you", "Hello").difference
    assert (cut.line, cut.column) == (1, 6)
    assert (cut.cleared, cut.published) == ("U+0020 SPACE", "the end")
    assert compare("Hello", "Hello\u200b").difference.cleared == "the end"


@given(TEXTS)
@example("\x00")
@example("")
def test_every_text_equals_itself(text):
    assert compare(text, text).verdict == EQUAL
    assert compare(text, fold(text)).verdict in {EQUAL, FOLDED}


@given(TEXTS, TEXTS)
@example("a", "a ")
@example("\u2026", "...")
def test_the_verdict_does_not_depend_on_which_came_first(one, other):
    there, back = compare(one, other), compare(other, one)
    assert there.verdict == back.verdict or NOT_COMPARED in {there.verdict, back.verdict}
    assert (there.difference is None) == (there.verdict != DIFFERENT)


@given(SENTENCES, st.data())
def test_any_other_letter_in_a_word_is_a_difference(text, data):
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.characters(categories=["L", "N", "M", "S", "Cf", "Co"]))
    other = text[:at] + sign + text[at + 1 :]
    assume(fold(other) != fold(text))
    assert compare(text, other).verdict == DIFFERENT


@given(SENTENCES, st.data())
def test_whatever_is_put_into_a_text_is_a_difference(text, data):
    at = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.characters(categories=["L", "N", "S", "Cf", "Co"]))
    assert compare(text, text[:at] + sign + text[at:]).verdict == DIFFERENT


@given(st.sampled_from("ABCabc019%!"))
def test_letters_that_only_compatibility_makes_the_same_are_different(letter):
    wide = chr(ord(letter) + 0xFEE0)
    assert unicodedata.normalize("NFKC", wide) == letter
    assert compare(f"x{letter}", f"x{wide}").verdict == DIFFERENT


@given(st.lists(st.sampled_from(sorted(TRACKING)), min_size=1, max_size=4), WORDS)
def test_parameters_that_count_visits_change_nothing(names, value):
    link = "https://example.org/x"
    counted = f"{link}?{'&'.join(f'{name}={value}' for name in names)}"
    assert compare(f"Read {link} now", f"Read {counted} now").verdict == QUERY


@given(SENTENCES)
def test_what_editors_do_to_quotes_and_dashes_is_typography(text):
    typed, curled = (
        f"\"{text}\" -- '{text}'...",
        f"\u201c{text}\u201d \u2014 \u2018{text}\u2019\u2026",
    )
    assert compare(typed, curled).verdict == TYPOGRAPHY
    assert compare(typed, curled).verdict in HARMLESS


@given(st.text("a-.\u2013\u2014/ ?", max_size=30), st.text("a-.\u2013\u2014/ ?", max_size=30))
def test_dashes_inside_a_link_are_never_typography(one, other):
    first, second = (f"https://example.org/{text.replace(' ', '')}z" for text in (one, other))
    assert (compare(first, second).verdict == DIFFERENT) == (fold(first) != fold(second))
