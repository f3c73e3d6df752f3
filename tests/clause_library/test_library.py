"""The starter library as files: whole, plain, narrow, and complete without any of our code."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
import yaml

LIBRARY = Path(__file__).resolve().parents[2] / "clause_library" / "library"
KEYS = [
    "name",
    "title",
    "category",
    "short",
    "why",
    "do",
    "dont",
    "jurisdictions",
    "sectors",
    "citations",
    "blanks",
    "checks",
]
LEGALESE = """
    aforementioned aforesaid forthwith henceforth hereby herein hereinafter hereof hereto heretofore
    hereunder herewith notwithstanding pursuant shall thenceforth thereby therein
    thereinafter thereof thereto thereunder therewith whereas whereby wherein witnesseth utilize
""".split()
BARE = "appropriate inappropriate respectful disrespectful professional unprofessional".split()
KINDS = {"text", "long_text", "list", "choice", "number", "email", "url", "yes_no"}
REACH = {"any", "us", "us-ca", "gb", "eu"}
TAGS = re.compile(r"\{%.*?%\}")
NAMES = re.compile(r"\{\{ (\w+) \}\}|\{% if (\w+) %\}|\{% for \w+ in (\w+) %\}")


def load(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def split(path: Path) -> tuple[dict, str]:
    """Front matter and body."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


CLAUSES = {path.stem: split(path) for path in sorted((LIBRARY / "clauses").glob("*.md"))}
PLAYBOOKS = {path.stem: load(path) for path in sorted((LIBRARY / "playbooks").glob("*.yaml"))}
BLANKS = {blank["name"]: blank for blank in load(LIBRARY / "blanks.yaml")}
SHELVES = [shelf["name"] for shelf in load(LIBRARY / "categories.yaml")]

each_clause = pytest.mark.parametrize("name", CLAUSES)
each_playbook = pytest.mark.parametrize("name", PLAYBOOKS)


def used(body: str) -> set[str]:
    """Names of blanks in a body; the name that a loop gives to its item is none."""
    items = set(re.findall(r"\{% for (\w+) in", body))
    return {name for match in NAMES.findall(body) for name in match if name} - items


def seats(playbook: dict) -> list[dict]:
    return [seat for section in playbook["sections"] for seat in section["clauses"]]


def needed(playbook: dict) -> set[str]:
    """Blanks of the clauses, and the questions that conditions ask."""
    blanks = {blank for seat in seats(playbook) for blank in CLAUSES[seat["clause"]][0]["blanks"]}
    conditions = " ".join(seat.get("when", "") for seat in seats(playbook))
    return blanks | {word for word in re.findall(r"\w+", conditions) if word in BLANKS}


def render(name: str) -> str:
    """A clause's body with the answers of the first playbook that holds it."""
    playbook = next(p for p in PLAYBOOKS.values() if name in {s["clause"] for s in seats(p)})
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701
    return environment.from_string(CLAUSES[name][1]).render(playbook["sample_answers"])


def sentences(text: str) -> list[str]:
    """A list item is a sentence of its own, or several."""
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:-|\d+\.) )", text)
    plain = [re.sub(r"^\s*(?:-|\d+\.) ", "", block.strip()).replace("**", "") for block in blocks]
    parts = [part for block in plain for part in re.split(r"(?<=[.!?:])[\"')]*\s+", block)]
    return [part for part in parts if re.search(r"\w", part)]


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9]+(?:'[a-z]+)?", text)


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end left out: high rather than low."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = re.search(r"[^aeiouyl]e$", word.lower())
    return max(1, groups - bool(silent))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: school years that a reader needs."""
    spoken = words(text)
    per_sentence = len(spoken) / len(sentences(text))
    per_word = sum(map(syllables, spoken)) / len(spoken)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def prose(name: str) -> list[str]:
    """All that an employee reads of a clause."""
    front = CLAUSES[name][0]
    return [render(name), front["title"], front["short"], front["why"], *front["do"]]


def test_the_library_holds_at_least_sixty_clauses():
    assert len(CLAUSES) >= 60


@each_clause
def test_a_clause_has_all_keys_in_one_order_and_the_name_of_its_file(name):
    front = CLAUSES[name][0]
    assert list(front) == KEYS
    assert front["name"] == name
    assert front["category"] in SHELVES
    assert set(front["jurisdictions"]) <= REACH
    assert set(front["sectors"]) <= {"any", "broker-dealer", "hospital"}


@each_clause
def test_a_clause_shows_two_to_four_examples_of_each_kind(name):
    front = CLAUSES[name][0]
    assert 2 <= len(front["do"]) <= 4
    assert 2 <= len(front["dont"]) <= 4
    assert all(isinstance(example, str) for example in front["do"] + front["dont"])


@each_clause
def test_a_body_has_forty_to_a_hundred_and_sixty_words_and_no_headings_or_html(name):
    assert 40 <= len(words(render(name))) <= 160
    assert not re.search(r"^#|<\w", CLAUSES[name][1], re.MULTILINE)


@each_clause
def test_a_clause_reads_at_grade_nine_or_lower(name):
    assert grade(render(name)) <= 9


@each_clause
def test_no_sentence_is_longer_than_thirty_words(name):
    assert [s for text in prose(name) for s in sentences(text) if len(s.split()) > 30] == []


@each_clause
def test_a_clause_is_free_of_legalese_and_of_bare_adjectives(name):
    spoken = {word.lower() for text in prose(name) for word in words(text)}
    assert spoken.isdisjoint(LEGALESE)
    assert spoken.isdisjoint(BARE)


@each_clause
def test_the_blanks_of_a_clause_are_those_in_its_body_and_all_are_defined(name):
    front, body = CLAUSES[name]
    assert set(front["blanks"]) == used(body)
    assert set(front["blanks"]) <= set(BLANKS)


@each_clause
def test_a_body_uses_only_blanks_ifs_and_loops(name):
    allowed = r"\{% (if \w+|else|endif|for \w+ in \w+|endfor) %\}"
    assert all(re.fullmatch(allowed, tag) for tag in TAGS.findall(CLAUSES[name][1]))


@each_clause
def test_each_citation_names_an_instrument_and_what_it_says(name):
    for citation in CLAUSES[name][0]["citations"]:
        assert set(citation) == {"instrument", "section", "says"}
        assert citation["instrument"].strip()
        assert citation["says"].endswith(".")


def test_each_blank_asks_one_friendly_question_and_is_used():
    assert len(BLANKS) == len(load(LIBRARY / "blanks.yaml"))
    assert all(blank["kind"] in KINDS for blank in BLANKS.values())
    assert all(blank["question"].endswith("?") for blank in BLANKS.values())
    assert all("choices" in blank for blank in BLANKS.values() if blank["kind"] == "choice")
    assert set(BLANKS) == set().union(*map(needed, PLAYBOOKS.values()))


def test_each_shelf_holds_a_clause_and_has_a_name_of_its_own():
    assert len(SHELVES) == len(set(SHELVES))
    assert set(SHELVES) == {front["category"] for front, _ in CLAUSES.values()}


def test_there_are_four_playbooks():
    names = {"general-employer-us", "broker-dealer-us", "employer-uk", "hospital-us"}
    assert set(PLAYBOOKS) == names


@each_playbook
def test_a_playbook_holds_thirty_to_fifty_clauses_once_each_in_six_to_nine_sections(name):
    clauses = [seat["clause"] for seat in seats(PLAYBOOKS[name])]
    assert PLAYBOOKS[name]["name"] == name
    assert set(clauses) <= set(CLAUSES)
    assert len(clauses) == len(set(clauses))
    assert 30 <= len(clauses) <= 60
    assert 6 <= len(PLAYBOOKS[name]["sections"]) <= 9


@each_playbook
def test_a_playbook_puts_rights_and_the_promise_before_the_rules(name):
    clauses = [seat["clause"] for seat in seats(PLAYBOOKS[name])]
    rights = next(clause for clause in clauses if clause.startswith("protected-rights-"))
    assert clauses.index(rights) < clauses.index("backing-statement") < 10
    assert clauses.index("backing-statement") < clauses.index("keep-secrets")


@each_playbook
def test_a_playbook_takes_only_clauses_that_fit_its_place(name):
    place = PLAYBOOKS[name]["jurisdiction"]
    reaches = [CLAUSES[seat["clause"]][0]["jurisdictions"] for seat in seats(PLAYBOOKS[name])]
    assert all({"any", place} & {reach.split("-")[0] for reach in some} for some in reaches)


@each_playbook
def test_a_playbook_says_why_each_clause_is_in_and_why_it_would_be_out(name):
    for seat in seats(PLAYBOOKS[name]):
        assert seat["because"].endswith(".")
        assert ("when" in seat) == ("otherwise" in seat)


@each_playbook
def test_sample_answers_answer_every_required_blank(name):
    required = {blank for blank in needed(PLAYBOOKS[name]) if BLANKS[blank]["required"]}
    assert required == set(PLAYBOOKS[name]["sample_answers"])


def test_every_clause_is_in_a_playbook():
    assert {seat["clause"] for p in PLAYBOOKS.values() for seat in seats(p)} == set(CLAUSES)


def test_no_rule_demands_leave_to_talk_about_work():
    """A rule that asks first for all talk about work chills protected talk (Stericycle, 2023)."""
    demands = re.compile(r"prior (written )?(permission|approval|consent)", re.IGNORECASE)
    assert [name for name in CLAUSES if demands.search(render(name))] == []
