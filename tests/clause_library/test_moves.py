"""Moves in a redline: what went elsewhere is named as such, and nothing is lost."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clause_library.moves import redline_with_moves
from clause_library.redline import Run
from tests.counting import within_calls

ROOT = Path(__file__).parents[2]
SENTENCES = [
    "Say who you work for.", "Ask us before you post a picture of a colleague.", "# Pictures of people",
    "- keep the site safe", "Be kind!",
    "We answer within an hour: that is our word.", "Say it.", "1. Never share a key",
]  # fmt: skip
BREAKS = ["\n\n", " ", "\n", "\r\n"]
policies = st.lists(
    st.tuples(st.sampled_from(SENTENCES), st.sampled_from(BREAKS)).map("".join), max_size=12
).map("".join)
texts = st.one_of(st.text(max_size=60), policies)
PAGE = """# Posting

Say who you work for.

Ask before you post a picture of a colleague. They may say no.

## When in doubt

Ask us. We answer within an hour.
"""


def old_of(runs):
    return "".join(run.text for run in runs if run.op in {"equal", "delete"})


def new_of(runs):
    return "".join(run.text for run in runs if run.op in {"equal", "insert", "move"})


@settings(max_examples=400)
@given(texts, texts)
def test_both_texts_come_back_and_each_move_stands_twice(old, new):
    runs = redline_with_moves(old, new)
    assert (old_of(runs), new_of(runs)) == (old, new)
    assert all(run.text for run in runs)
    moves = [(run.move, run.text) for run in runs if run.op == "move"]
    assert [number for number, _ in moves] == list(range(1, len(moves) + 1))
    assert sorted(moves) == sorted(
        (run.move, run.text) for run in runs if run.op == "delete" and run.move
    )
    assert not any(run.move for run in runs if run.op in {"equal", "insert"})


@given(st.permutations(SENTENCES))
def test_sentences_in_another_order_are_all_kept_or_moved(others):
    runs = redline_with_moves("\n\n".join(SENTENCES), "\n\n".join(others))
    lost = [run.text for run in runs if run.op == "delete" and not run.move]
    assert all(len(re.findall(r"\w+", text)) < 3 for text in lost)


def test_a_paragraph_that_went_down_is_one_move():
    picture = "Ask before you post a picture of a colleague.\n\n"
    page = PAGE.replace(" They may say no.", "")
    runs = redline_with_moves(page, page.replace(picture, "") + "\n" + picture.strip() + "\n")
    (away,) = [run for run in runs if run.op == "move"]
    assert away == Run("move", picture.strip(), 1)
    words = [run.text for run in runs if run.op == "insert"]
    assert not "".join(words).strip()


def test_a_heading_goes_along_with_its_text():
    first, second = PAGE.split("## When in doubt")
    last = f"## When in doubt{second}"
    runs = redline_with_moves(PAGE, f"{last}\n{first}")
    assert "## When in doubt\n\nAsk us. We answer within an hour." in [
        run.text for run in runs if run.op == "move"
    ]


def test_a_phrase_that_went_elsewhere_in_its_sentence_moved():
    runs = redline_with_moves(
        "We will, in every single case, answer you the same day.",
        "We will answer you the same day, in every single case.",
    )
    assert [run.text for run in runs if run.op == "move"] in (
        ["in every single case"], [", in every single case"], ["answer you the same day"],
    )  # fmt: skip


def test_a_move_beside_a_change_shows_both():
    new = PAGE.replace("within an hour", "within a day").replace("Say who you work for.\n\n", "")
    runs = redline_with_moves(PAGE, f"{new}\nSay who you work for.\n")
    assert Run("move", "Say who you work for.", 1) in runs
    assert "hour" in "".join(run.text for run in runs if run.op == "delete" and not run.move)


def test_two_short_words_are_no_move():
    assert not [run for run in redline_with_moves("Yes.\n\nNo.", "No.\n\nYes.") if run.op == "move"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("".join(f"Sentence number {n} stands here.\n\n" for n in range(3000)),
         "".join(f"Sentence number {n} stands here.\n\n" for n in reversed(range(3000)))),
        ("a b c\n" * 20_000, "c b a\n" * 20_000),
        ("." * 100_000, ". " * 50_000),
    ],
    ids=["all reversed", "the same line", "dots"],
)  # fmt: skip
def test_a_hundred_thousand_characters_take_few_steps(old, new):
    runs = within_calls(6_000_000, redline_with_moves, old, new)
    assert (old_of(runs), new_of(runs)) == (old, new)


def command(*paths):
    return subprocess.run(
        [sys.executable, "manage.py", "redline", *map(str, paths)],
        cwd=ROOT, capture_output=True, check=False,
        env=os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
    )  # fmt: skip


def test_the_command_prints_runs_and_keeps_line_ends(tmp_path):
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_bytes("Say who you are.\r\n\r\nNo café names.\r\n".encode())
    new.write_bytes("No café names.\n\nSay who you are.".encode())
    done = command(old, new)
    assert done.returncode == 0, done.stderr
    runs = [Run(one["op"], one["text"], one.get("move")) for one in json.loads(done.stdout)]
    assert old_of(runs).encode() == old.read_bytes()
    assert new_of(runs).encode() == new.read_bytes()
    assert [run.move for run in runs if run.op == "move"] == [1]


def test_the_command_says_what_is_wrong_with_a_file(tmp_path):
    (tmp_path / "good.md").write_text("Fine.")
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe")
    for name, says in (("none.md", "cannot be read"), ("bad.md", "not UTF-8")):
        done = command(tmp_path / name, tmp_path / "good.md")
        assert (done.returncode, done.stdout) == (1, b"")
        assert says in done.stderr.decode()
