"""The grade is the one that a reader would meet, not one that markup or bad syllables make."""

import pytest

from clause_library.files import read_library
from clause_library.readability import (
    SYLLABLES,
    estimate,
    grade,
    long_sentences,
    sentences,
    syllables,
)
from clause_library.wording import render_markdown

LIBRARY = read_library()


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1),
        ("policy", 3),
        ("business", 2),
        ("people", 2),
        ("cleared", 1),
        ("posted", 2),
        ("area", 3),
        ("idea", 3),
        ("colleague", 2),
        ("companies", 3),
        ("Company's", 3),
        ("don\u2019t", 1),
        ("employee", 3),
        ("acknowledgement", 4),
        ("hashtagging", 3),
        ("zorble", 2),
        ("2024", 1),
    ],
)
def test_syllables_are_counted_as_spoken(word, count):
    assert syllables(word) == count


def test_the_dictionary_holds_only_what_the_estimate_gets_wrong():
    """Whoever changes the estimate must reduce the dictionary again."""
    lines = [line.split() for line in SYLLABLES.read_text("utf-8").splitlines()]
    assert [word for count, *words in lines for word in words if estimate(word) == int(count)] == []


def test_the_grade_is_flesch_and_kincaid_s():
    """Six words and seven syllables in one sentence."""
    assert grade("Say who you work for today.") == pytest.approx(
        0.39 * 6 + 11.8 * 7 / 6 - 15.59, abs=0.05
    )
    assert grade("") == grade("{% if a %}{% endif %} ** -") == 0.0


def test_markup_does_not_change_the_grade():
    plain = "Say who you work for. Ask us first."
    for marked in (
        "**Say** who _you_ work for. Ask [us](https://example.com/a-very-long-address) first.",
        "<p>Say who you work for.</p> <p>Ask us first.</p>",
        "# Say who you work for\n\n> Ask us first.",
        "{% if x %}Say who you work for.{% endif %} Ask us first.",
    ):
        assert grade(marked) == grade(plain)


def test_each_list_item_is_a_sentence():
    assert sentences(
        "Show this:\n\n- who runs it\n- when it\n  ends. And why\n1. how to enter"
    ) == [
        "Show this:",
        "who runs it",
        "when it ends.",
        "And why",
        "how to enter",
    ]


def test_a_dot_in_a_short_form_ends_no_sentence():
    assert len(sentences("Ask Mr. Lee, e.g. by mail. Acme Inc. may say no, etc. We answer.")) == 3


def test_long_sentences_are_named_as_they_stand():
    long = "We " + "really " * 25 + "mean it."
    assert long_sentences(f"Short one. {long} Short again.") == [long.strip()]
    assert long_sentences(f"Short one. {long}", longest=40) == []


@pytest.mark.parametrize("name", LIBRARY.clauses)
def test_a_clause_reads_at_grade_nine_or_lower(name):
    examples = {blank.name: blank.example for blank in LIBRARY.blanks.values()}
    assert grade(render_markdown(LIBRARY.clauses[name].body, examples)) <= 9
