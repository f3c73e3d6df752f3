"""What people hand in is taken as it stands, or refused with a sentence that helps."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.text import check_text, exact_digest, folded_digest

REFUSED = {
    "nul": "a\x00b",
    "bell": "\x07bell",
    "escape": "\x1b[31mred",
    "delete": "a\x7f",
    "second control set": "a\x85b",
    "lone carriage return": "good\rbad",
    "high surrogate": "a\ud83d",
    "low surrogate": "\udc69 b",
    "noncharacter": "\ufffe",
    "noncharacter in the Arabic block": "\ufdd0",
    "noncharacter of the last plane": "\U0010ffff",
    "byte-order mark": "\ufeffleading",
    "byte-order mark inside": "a\ufeffb",
    "tower of marks": "e" + "\u0301" * 9,
}
TAKEN = {
    "plain": "I work for Acme. #ad",
    "lines and tabs": "one\ttwo\r\nthree\nfour",
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family",
    "heart": "\u2764\ufe0f",
    "Devanagari": "\u0915\u094d\u0937\u0924\u094d\u0930\u093f\u092f",
    "Greek": "\u0396\u03b1\u03c7\u03b1\u03c1\u03bf\u03c0\u03bb\u03b1\u03c3\u03c4\u03b5\u03af\u03bf",
    "right to left": "שלום",
    "flag of Scotland": "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "eight marks": "e" + "\u0301" * 8,
    "marks on many letters": "e\u0301" * 100,
    "empty": "",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_shown_faithfully_is_refused_with_its_place(text):
    (says,) = check_text(text, longest=100)
    assert says.startswith("Line 1, character ")
    assert says.endswith((". Remove it.", ". Remove them."))


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_real_writing_is_taken(text):
    assert check_text(text, longest=1000) == []


def test_the_place_is_the_one_a_person_counts():
    assert check_text("fine\nso\x07so", longest=100) == [
        "Line 2, character 3 (U+0007) is a control character, which nobody can see. Remove it."
    ]


def test_a_long_text_is_refused_by_its_length_alone():
    assert check_text("\x07" * 5_000_000, longest=20_000) == [
        "The text has 5,000,000 characters; 20,000 is the most. Shorten it."
    ]


def test_each_kind_of_trouble_is_told_once():
    assert len(check_text("\x07\x07\ufeff\ufeff", longest=100)) == 2


def test_digests_tell_the_exact_text_from_its_folding():
    text = "Cafe\u0301  \r\nopen"
    assert exact_digest(text) == hashlib.sha256(text.encode()).hexdigest()
    assert folded_digest(text) == folded_digest("Caf\u00e9\nopen")
    assert exact_digest(text) != exact_digest("Caf\u00e9\nopen")


@pytest.mark.parametrize(
    "other", ["10\uff05 off", "10%\u00a0off", "\U0001d7cf0% off", "10% off\u200b"]
)
def test_look_alikes_never_fold_together(other):
    assert folded_digest(other) != folded_digest("10% off")


@given(st.text())
def test_no_text_makes_it_fail(text):
    assert isinstance(check_text(text, longest=10), list)
