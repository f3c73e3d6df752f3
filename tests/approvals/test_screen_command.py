"""The screen command, as another program would call it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISE = "Our fund is guaranteed to return 10% a year."


def run(*arguments, said="", **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        input=said.encode(),
        capture_output=True,
        check=False,
        env=os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"} | environment,
    )


def line(**post):
    return json.dumps(
        {"id": 1, "text": "Hi.", "channel": "x", "author_relation": "employee"} | post
    )


@pytest.fixture(scope="module")
def answers():
    lines = [
        line(id="a", text=PROMISE),
        "not json",
        line(id="b", author_relation="cousin"),
        "[1]",
        line(id="c", text=7),
        line(id="d", text="x" * 1_000_000),
        "",
        line(id="e"),
        line(id="f", text="Union meeting on Thursday at six."),
        line(id="g", text="The Zenit lamp is the best, buy one!"),
    ]
    done = run(
        "screen", "--json", "-", "--company", "Zenit", "--rival", "Globex", said="\n".join(lines)
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(one) for one in done.stdout.decode().splitlines()]


def test_each_line_gets_one_answer_in_its_place(answers):
    assert [one["id"] for one in answers] == ["a", None, "b", None, "c", "d", "e", "f", "g"]


def test_a_bad_line_gets_an_error_and_the_rest_goes_on(answers):
    assert [one["id"] for one in answers if "error" in one] == [None, "b", None, "c", "d"]
    assert answers[5]["error"] == (
        "The text has 1000000 characters; at most 100000 can be screened. Shorten it."
    )


def test_lanes_follow_the_findings(answers):
    assert [one.get("lane") for one in answers if "lane" in one] == [
        "red",
        "green",
        "not_ours",
        "amber",
    ]


def test_a_finding_has_the_agreed_fields(answers):
    (one, *_) = answers[0]["findings"]
    assert set(one) == {
        "check", "clause", "version", "category", "severity", "start", "end", "message", "fix",
    }  # fmt: skip
    assert one["category"] == "financial_promise"
    assert PROMISE[one["start"] : one["end"]].startswith("Our fund")


def test_a_file_that_is_not_there_is_refused():
    done = run("screen", "--json", "nowhere.jsonl")
    assert done.returncode == 1
    assert b"nowhere.jsonl cannot be read" in done.stderr
    assert done.stdout == b""


def test_wrong_use_exits_with_two():
    assert run("screen").returncode == 2


def test_without_json_it_speaks_to_people():
    done = run("screen", "-", said=line(text=PROMISE))
    assert done.returncode == 0
    assert done.stdout.decode().startswith("1: red\n")


def test_scores_are_printed_by_category(tmp_path):
    posts = tmp_path / "posts.tsv"
    posts.write_text(
        "expected\tcategory\ttext\tauthor_relation\twhy\n"
        f"flag\tfinancial_promise\t{PROMISE}\temployee\tx\n"
        "flag\tclean\tHello.\temployee\tx\n",
        encoding="utf-8",
    )
    done = run("score_checks", str(posts))
    assert done.returncode == 0, done.stderr
    printed = done.stdout.decode()
    assert "financial_promise         1      1.000   1.000  1.000" in printed
    assert "missed  clean  -  Hello." in printed
