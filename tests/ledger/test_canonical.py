import enum
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import verify
from ledger.canonical import DEEPEST, NotCanonicalError, canonical, fold, text_digest

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)


def test_keys_are_sorted_and_nothing_is_spaced_or_escaped():
    assert canonical({"b": [1, None, True], "a": "é"}) == '{"a":"é","b":[1,null,true]}'.encode()


class Colour(enum.StrEnum):
    RED = "red"


def test_a_choice_is_written_as_its_word():
    assert canonical({"colour": Colour.RED}) == b'{"colour":"red"}'


@pytest.mark.parametrize(
    "value",
    [1.0, math.nan, math.inf, "\ud800", "a\x00", {1: "a"}, {"\x00": 1}, {"\udfff": 1}, (1,), b"a",
     {"a": [{"b": 0.5}]}, 2**53, -(2**60), {None: 1}, {"a"}],
    ids=repr,
)  # fmt: skip
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(NotCanonicalError):
        canonical(value)


def test_endless_nesting_is_refused():
    value: list = []
    for _ in range(DEEPEST + 1):
        value = [value]
    with pytest.raises(NotCanonicalError):
        canonical(value)


@given(values)
def test_the_verifier_reads_and_writes_the_same_bytes(value):
    assert verify.read_canonical(canonical(value), "it") == value


@given(texts)
def test_the_verifier_folds_as_we_do_and_folding_twice_is_folding_once(text):
    assert verify.fold(text) == fold(text) == fold(fold(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a \t\nb  ", "a\nb"), ("e\u0301", "\u00e9")],
)
def test_harmless_differences_fold_away(one, other):
    assert text_digest(one)["folded"] == text_digest(other)["folded"]
    assert text_digest(one)["exact"] != text_digest(other)["exact"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("\uff21", "A"), ("a\u00a0b", "a b"), ("\ufb01", "fi"), ("\u0430", "a"), (" a", "a")],
)
def test_look_alikes_do_not_fold_away(one, other):
    assert fold(one) != fold(other)
