"""Marks and fixes land where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.passages import apply_fixes, outside, rest_of, taken_out
from clause_library.checks.marking import segments


def finding(start: int, end: int, fix: str | None = None) -> dict:
    return {"start": start, "end": end, "fix": fix}


@st.composite
def texts_with_findings(draw):
    text = draw(st.text(max_size=60))
    place = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(place, place), max_size=6))
    return text, [
        finding(min(span), max(span), draw(st.none() | st.text(max_size=5))) for span in spans
    ]


@st.composite
def texts_with_passages(draw):
    """Spans as the screener gives them: in order, apart, and not empty."""
    pieces = draw(st.lists(st.text(alphabet="ab .\n\t🙂é", max_size=12), min_size=1, max_size=7))
    spans, place = [], 0
    for number, piece in enumerate(pieces):
        if number % 2 and piece:
            spans.append((place, place + len(piece)))
        place += len(piece)
    return "".join(pieces), spans


@given(texts_with_passages())
def test_i13_all_words_outside_protected_passages_survive_in_their_order(case):
    text, spans = case
    words = [word for piece in outside(text, spans) for word in piece.split()]
    assert rest_of(text, spans).split() == words


@given(texts_with_passages())
def test_i13_nothing_of_a_protected_passage_is_left(case):
    text, spans = case
    rest = rest_of(text, spans)
    assert len(rest) <= sum(map(len, outside(text, spans))) + len(spans)
    assert sorted("".join(rest.split())) == sorted("".join("".join(outside(text, spans)).split()))


@given(texts_with_passages())
def test_the_passages_and_the_stretches_between_are_the_text(case):
    text, spans = case
    pieces = outside(text, spans)
    passages = [text[start:end] for start, end in spans]
    joined = "".join(a + b for a, b in zip(pieces, [*passages, ""], strict=True))
    assert joined == text


@pytest.mark.parametrize(
    ("text", "passage", "rest"),
    [
        ("Buy it. Pay is low. Come by.", "Pay is low.", "Buy it. Come by."),
        ("Buy it.\n\nPay is low.\n\nCome by.", "Pay is low.", "Buy it.\n\nCome by."),
        ("Buy it.\nPay is low. Come by.", "Pay is low. ", "Buy it.\nCome by."),
        ("Pay is low.\n\nCome by.", "Pay is low.", "Come by."),
        ("Buy it. Pay is low.", "Pay is low.", "Buy it."),
        ("Buy it.Pay is low.Come by.", "Pay is low.", "Buy it. Come by."),
        ("  Two  spaces. Pay is low. stay", "Pay is low.", "Two  spaces. stay"),
        ("Pay is low.", "Pay is low.", ""),
    ],
)
def test_the_rest_joins_as_its_author_would_have_written_it(text, passage, rest):
    start = text.index(passage)
    spans = [(start, start + len(passage))]
    assert rest_of(text, spans) == rest
    assert taken_out(text, spans) == [passage.strip()]


@given(texts_with_findings())
def test_the_segments_are_the_text(case):
    text, findings = case
    assert "".join(piece["text"] for piece in segments(text, findings)) == text


@given(texts_with_findings())
def test_every_finding_has_its_place(case):
    text, findings = case
    marked = {piece["finding"] for piece in segments(text, findings)} - {None}
    missing = {number for number, one in enumerate(findings) if one["start"] == one["end"]}
    assert missing <= marked


def test_several_fixes_at_once_keep_the_rest():
    text = "Guaranteed 10% from Acme, call 555"
    fixes = [
        finding(0, 0, "I work at Acme. "),
        finding(0, 14, "Possible gains"),
        finding(26, 34, "write to us"),
    ]
    assert (
        apply_fixes(text, fixes, "all") == "I work at Acme. Possible gains from Acme, write to us"
    )


def test_one_fix_leaves_the_others_alone():
    fixes = [finding(0, 1, "X"), finding(2, 3, "Z")]
    assert apply_fixes("abc", fixes, "1") == "abZ"


def test_overlapping_fixes_do_not_garble():
    fixes = [finding(0, 5, "12345"), finding(3, 8, "xyz")]
    assert apply_fixes("abcdefgh", fixes, "all") == "abcxyz"
