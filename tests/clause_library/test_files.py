"""The library's files are read whole or refused with file, line and what to do."""

from pathlib import Path

import pytest

from clause_library.errors import LibraryError
from clause_library.files import LIBRARY, Blank, Shelf, playbook_names, read_clause, read_library
from clause_library.plain_yaml import PlainYamlError, read_yaml

CLAUSE = """---
name: giveaways
title: Giveaways
category: promotions
short: Clear a giveaway first.
why: A prize draw has rules.
do: ["Win one of five helmets.", "Ask entrants to add a word."]
dont: ["Share this and win!", "Pick a friend."]
jurisdictions: [any]
sectors: [any]
citations:
  - {instrument: 16 CFR 255.5, section: "", says: "People who enter have a link."}
blanks: [company_name]
checks:
  - name: giveaway-terms
    kind: words
    category: promotion_terms
    severity: review
    message: A giveaway needs terms.
    params: {words: [giveaway]}
---
{{ company_name }} runs giveaways.
"""
PLAYBOOK = """name: small
title: Policy
for: Everybody
profile: general
jurisdiction: us
language: en
sections:
  - title: Start
    clauses:
      - {clause: giveaways, when: runs_promotions, because: You run them., otherwise: You run none.}
sample_answers: {company_name: Acme, runs_promotions: yes}
"""
BLANKS = """- {name: company_name, kind: text, question: What are you called?, example: Acme}
- {name: runs_promotions, kind: yes_no, question: Do you run giveaways?, example: true}
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    """A library of one clause and one playbook, whole."""
    files = {
        "categories.yaml": "- {name: promotions, title: Promotions}\n",
        "blanks.yaml": BLANKS,
        "clauses/giveaways.md": CLAUSE,
        "playbooks/small.yaml": PLAYBOOK,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_whole_library_is_read(folder):
    library = read_library(folder)
    clause = library.clauses["giveaways"]
    assert clause.body == "{{ company_name }} runs giveaways."
    assert clause.citations[0]["instrument"] == "16 CFR 255.5"
    assert library.playbooks["small"].sample_answers == {
        "company_name": "Acme",
        "runs_promotions": True,
    }
    assert library.playbooks["small"].seats[0].when == "runs_promotions"
    assert library.blanks["company_name"] == Blank(
        "company_name", "text", "What are you called?", example="Acme"
    )
    assert playbook_names(folder) == ["small"]


def test_the_digest_covers_all_that_people_read_and_checks_do(folder):
    before = read_library(folder).clauses["giveaways"].digest
    for old, new in (
        ("helmets", "hats"),
        ("severity: review", "severity: block"),
        ("runs g", "has g"),
    ):
        (folder / "clauses/giveaways.md").write_text(CLAUSE.replace(old, new))
        assert read_library(folder).clauses["giveaways"].digest != before
    (folder / "clauses/giveaways.md").write_text(CLAUSE.replace("short: Clear", "short:   Clear"))
    assert read_library(folder).clauses["giveaways"].digest == before


SPOILT = {
    "a misspelt field": ("title: G", "titel: G", 3, "Did you mean “title”?"),
    "a missing field": ("why: A prize draw has rules.\n", "", 2, "“why” must be a text"),
    "another name": ("name: giveaways", "name: other", 2, "It can be: giveaways."),
    "an unknown shelf": ("promotions", "promotion", 4, "Did you mean “promotions”?"),
    "one example": ('"Share this and win!", ', "", 8, "“dont” holds 1; write 2 to 4."),
    "a fraction for a text": ("title: Giveaways", "title: 7", 3, "must be a text"),
    "a twice-used field": ("title: G", "name: a\ntitle: G", 3, "stands here twice"),
    "broken YAML": ("sectors: [any]", "sectors: [any", 11, "This is not YAML"),
    "an alias": ("sectors: [any]", "sectors: &a [any]", 10, "Anchors and aliases"),
    "a tag": ("sectors: [any]", "sectors: !!python/object:os.system [any]", 10, "tag"),
    "an open front": ("\n---\n{{", "\n{{", 1, "between two lines of “---”"),
    "a control character": ("A prize", "A\x00 prize", 2, "YAML"),
    "an unknown severity": ("severity: review", "severity: stop", 18, "advice, fix, review, block"),
    "an unknown blank": ("company_name }} runs", "company_nam }} runs", 22, "Did you mean"),
    "a call in the words": ("runs giveaways", "{{ x() }}", 22, "A call is not allowed"),
    "an unstated blank": ("blanks: [company_name]", "blanks: []", 13, "[company_name]"),
    "a blank in the reason": ("A prize", "{{ prize }}", 6, "YAML"),
    "a quoted blank in the reason": (
        "why: A prize draw",
        'why: "{{ prize }}"\n#',
        2,
        "no known blank",
    ),
}


@pytest.mark.parametrize(("old", "new", "line", "says"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_clause_is_refused_with_its_line(folder, old, new, line, says):
    path = folder / "clauses/giveaways.md"
    assert old in CLAUSE
    path.write_text(CLAUSE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LibraryError) as refused:
        read_clause(path, [Shelf("promotions", "P")], read_blanks())
    found = {(problem.path, problem.line) for problem in refused.value.problems}
    assert (path, line) in found, str(refused.value)
    assert says in str(refused.value)


def read_blanks():
    return {"company_name": Blank("company_name", "text", "Who?")}


PLAYBOOK_SPOILT = {
    "an unknown clause": ("clause: giveaways", "clause: giveaway", "Did you mean “giveaways”?"),
    "a condition without its reason": (", otherwise: You run none.", "", "go together"),
    "an unknown question": ("when: runs_promotions", "when: runs_promo", "“when”: “runs_promo”"),
    "a call in a condition": ("when: runs_promotions", "when: f(1)", "A call is not allowed"),
    "an unknown profile": ("profile: general", "profile: bank", "broker-dealer"),
    "an unknown answer": ("{company_name", "{company", "“company” is no known blank"),
    "no answers": ("sample_answers: {", "sample: {", "must answer each question"),
    "a list": (PLAYBOOK, "- a\n", "must hold fields"),
    "nothing": (PLAYBOOK, "", "must hold fields"),
}


@pytest.mark.parametrize(("old", "new", "says"), PLAYBOOK_SPOILT.values(), ids=PLAYBOOK_SPOILT)
def test_a_spoilt_playbook_is_refused(folder, old, new, says):
    (folder / "playbooks/small.yaml").write_text(PLAYBOOK.replace(old, new, 1))
    with pytest.raises(LibraryError) as refused:
        read_library(folder)
    assert says in str(refused.value)
    assert "small.yaml, line " in str(refused.value)


def test_all_problems_of_all_files_are_named_at_once(folder):
    (folder / "clauses/giveaways.md").write_text(CLAUSE.replace("title:", "titel:"))
    (folder / "blanks.yaml").write_text(BLANKS.replace("yes_no", "maybe"))
    (folder / "clauses/latin.md").write_bytes(b"---\nname: \xe9\n---\n")
    (folder / "clauses/large.md").write_text("x" * 300_000)
    with pytest.raises(LibraryError) as refused:
        read_library(folder)
    names = {problem.path.name for problem in refused.value.problems}
    assert names == {"giveaways.md", "blanks.yaml", "latin.md", "large.md"}


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(LibraryError, match=r"blanks\.yaml, line 1: The file cannot be read"):
        read_library(tmp_path)


def test_one_check_name_belongs_to_one_clause(folder):
    other = CLAUSE.replace("name: giveaways", "name: contests")
    (folder / "clauses/contests.md").write_text(other)
    with pytest.raises(LibraryError, match="“giveaway-terms” stands in “contests” too"):
        read_library(folder)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("17:00", "17:00"),
        ("2024-01-01", "2024-01-01"),
        ("12.50", "12.50"),
        ("0800123", "0800123"),
        ("1_000", "1_000"),
        ("on", "on"),
        ("yes", True),
        ("-7", -7),
        ("~", None),
        ('"yes"', "yes"),
        ("'7'", "7"),
    ],
)
def test_yaml_is_read_as_it_was_typed(source, value):
    assert read_yaml(f"a: {source}") == {"a": value}


@pytest.mark.parametrize(
    "source",
    [
        "[" * 100_000,
        "{a: " * 1_000,
        "- " * 100_000,
        "a: &a [x]\nb: [*a, *a]",
        "a: !!python/object/apply:os.system [ls]",
        "? [a]\n: b",
        "a: b\n---\nc: d",
        "a: 'open",
        "\x07",
        "a: " + "x" * 2_000_000,
        "a: \ud800",
    ],
    ids=lambda source: repr(source[:20]),
)
def test_hostile_yaml_is_refused_in_one_sentence(source):
    with pytest.raises(PlainYamlError) as refused:
        read_yaml(source)
    assert len(str(refused.value)) < 300


def test_the_starter_library_is_whole():
    library = read_library(LIBRARY)
    assert len(library.clauses) >= 60
    assert set(library.playbooks) == {
        "general-employer-us",
        "broker-dealer-us",
        "employer-uk",
        "hospital-us",
    }
