"""A redline shows every change, and nothing else."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clause_library.redline import Run, redline
from tests.counting import within_calls

words = st.lists(st.sampled_from(["say", "who", "you", " ", "  ", "\n", ".", "é", "e\u0301", "क्ष"]))
texts = st.one_of(st.text(max_size=60), words.map("".join))


@given(texts, texts)
def test_equal_and_delete_are_the_old_text_equal_and_insert_the_new(old, new):
    runs = redline(old, new)
    assert "".join(run.text for run in runs if run.op != "insert") == old
    assert "".join(run.text for run in runs if run.op != "delete") == new


@given(texts)
def test_a_text_against_itself_shows_no_change(text):
    assert redline(text, text) == ([Run("equal", text)] if text else [])


@given(texts, texts)
def test_no_run_is_empty_and_no_two_neighbours_are_alike(old, new):
    runs = redline(old, new)
    assert all(run.text for run in runs)
    assert all(first.op != second.op for first, second in pairwise(runs))


@given(st.text("abc ", max_size=20), st.text("abc ", max_size=20), st.text("abc ", max_size=20))
def test_words_around_a_change_stay_equal(before, after, added):
    runs = redline(f"{before}|{after}", f"{before}|+{added}+{after}")
    assert not [run for run in runs if run.op == "delete"]


def test_a_changed_word_is_one_delete_and_one_insert():
    assert redline("Say who you work for.", "Say whom you work for.") == [
        Run("equal", "Say "),
        Run("delete", "who"),
        Run("insert", "whom"),
        Run("equal", " you work for."),
    ]


def test_a_changed_phrase_stays_whole():
    assert redline("We never promise.", "We sometimes hint.") == [
        Run("equal", "We "),
        Run("delete", "never promise"),
        Run("insert", "sometimes hint"),
        Run("equal", "."),
    ]


def test_a_mark_is_never_parted_from_its_letter():
    assert redline("cafe\u0301", "cafe") == [Run("delete", "cafe\u0301"), Run("insert", "cafe")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" ".join(["a b"] * 5000), " ".join(["b a"] * 5000)),
        ("." * 20_000, "!" * 20_000),
        (". ! " * 5000, "! ? . " * 3333),
        ("".join(chr(0x4E00 + n) + " " for n in range(9_999)), " ".join("abc" * 3333)),
    ],
    ids=["two words", "all replaced", "signs", "all different"],
)
def test_twenty_thousand_characters_are_compared_in_few_steps(old, new):
    runs = within_calls(1_000_000, redline, old, new)
    assert "".join(run.text for run in runs if run.op != "delete") == new


@settings(max_examples=5)
@given(st.integers(30_000, 40_000))
def test_texts_too_long_for_words_are_compared_by_lines(length):
    old, new = "a." * length + "\nkept\n" + "b!" * 10, "c." * length + "\nkept\n" + "d?" * 10
    assert Run("equal", "\nkept\n") not in redline(old, new)
    assert Run("equal", "kept\n") in redline(old, new)
