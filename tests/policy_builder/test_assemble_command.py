"""The two commands that need nothing set up: what they write, what they say, how they end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clause_library.files import LIBRARY
from clause_library.plain_yaml import read_yaml

PROJECT = Path(__file__).parents[2]
NAMES = ["broker-dealer-us", "employer-uk", "general-employer-us", "hospital-us"]


@pytest.fixture(scope="module")
def manage(tmp_path_factory):
    """Run the command line as a person would, with nothing set up."""
    data = tmp_path_factory.mktemp("data")

    def run(*words: str, given: bytes | None = None) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, str(PROJECT / "manage.py"), *words],
            input=given,
            capture_output=True,
            env=os.environ
            | {"COUNTERSIGN_DATA": str(data), "DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"},
            cwd=data,
            timeout=120,
            check=False,
        )

    return run


def samples(**changes) -> dict:
    playbook = read_yaml((LIBRARY / "playbooks/general-employer-us.yaml").read_text("utf-8"))
    return dict(playbook["sample_answers"]) | changes


def refusal(tmp_path, text: str | bytes) -> str:
    """What the command says of an answers file."""
    path = tmp_path / "answers.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CommandError) as refused:
        call_command("assemble", NAMES[2], answers=str(path), out=tmp_path / "out")
    assert refused.value.returncode == 1
    assert not (tmp_path / "out").exists()
    return str(refused.value)


def test_playbooks_are_listed_one_a_line(manage):
    done = manage("playbooks")
    assert (done.returncode, done.stdout.decode().splitlines(), done.stderr) == (0, NAMES, b"")


def test_the_same_inputs_give_the_same_bytes_twice(manage, tmp_path):
    answers = json.dumps(samples(company_name="Größe & <b>Co</b> *{{ 7*7 }}*")).encode()
    for out in ("one", "two"):
        done = manage(
            "assemble", NAMES[2], "--answers", "-", "--out", str(tmp_path / out), given=answers
        )
        assert done.returncode == 0, done.stderr.decode()
        assert done.stdout.decode().splitlines() == [
            str(tmp_path / out / name) for name in ("policy.pdf", "policy.html", "edition.json")
        ]
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / out).iterdir()}
        for out in ("one", "two")
    )
    assert first == second
    assert first["policy.pdf"].startswith(b"%PDF-")
    edition = json.loads(first["edition.json"])
    assert edition["policy"]["company"] == "Größe & <b>Co</b> *{{ 7*7 }}*"
    assert b"<b>Co" not in first["policy.html"]


def test_wrong_use_ends_with_two_and_an_unknown_playbook_lists_the_known(manage, tmp_path):
    done = manage("assemble", "nowhere", "--out", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, b"")
    assert all(name in done.stderr.decode() for name in NAMES)
    assert manage("assemble", NAMES[0]).returncode == 2


def test_a_refused_input_ends_with_one_and_says_so_on_standard_error(manage, tmp_path):
    done = manage(
        "assemble", NAMES[2], "--answers", "-", "--out", str(tmp_path / "o"), given=b"a: [b"
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith("CommandError: standard input, line 1: This is not YAML")


def test_every_missing_answer_is_named_with_its_question(tmp_path):
    says = refusal(tmp_path, "company_name: Acme\nruns_promotions: no\n")
    assert "press_contact: Who answers journalists?" in says
    assert "clearing_page: Where do people get a post cleared?" in says
    assert "company_name:" not in says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- a\n- b\n", "must hold answers, each as “name: answer”"),
        ("", "must hold answers"),
        ("just text", "must hold answers"),
        ("a: {b", "line 1: This is not YAML"),
        (b"a: \xff", "not UTF-8"),
        ("a: &x [1]\nb: *x", "Anchors and aliases"),
        ("company_nam: Acme", "Did you mean “company_name”?"),
        ("company_name: " + "x" * 5_000_000, "larger than 1024 KiB"),
        ("company_name: " + "x" * 500_000, "company_name: The text has 500,000 characters"),
        ("company_name: [a, b]", "Write a text"),
        ("[" * 100_000, "nested deeper than 20 levels"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_bad_answers_file_is_refused_in_one_clear_line(tmp_path, text, says):
    said = refusal(tmp_path, text)
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_missing_file_or_folder_that_cannot_be_is_named(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("assemble", NAMES[2], answers=str(tmp_path / "no.yaml"), out=tmp_path / "o")


@pytest.mark.slow
def test_an_out_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("assemble", NAMES[2], out=tmp_path / "file")
