"""Marks and fixes land where they belong."""

from hypothesis import given
from hypothesis import strategies as st

from approvals.passages import apply_fixes, segments


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
