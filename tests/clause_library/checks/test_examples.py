"""Examples are run one by one, and an edition's together: what is wrong names clause, check and words."""

import pytest

from clause_library.checks import CheckedClause, CheckError, edition_problems, tried_examples
from clause_library.files import read_library

LIBRARY = read_library()
FROGS = {
    "name": "no-frogs",
    "kind": "tone",
    "category": "style",
    "severity": "advice",
    "message": "No frogs.",
    "params": {"phrases": ["frog*"]},
    "examples": {"match": ["Two frogs."], "pass": ["A newt."]},
}
NEWTS = FROGS | {
    "name": "no-newts",
    "params": {"phrases": ["newt"]},
    "examples": {"match": ["A newt."], "pass": ["A frog."]},
}


def clause(*checks, name="ponds"):
    return CheckedClause(name, 3, checks)


def test_each_example_says_where_it_was_caught():
    caught, passed = tried_examples(clause(FROGS))
    assert (caught.is_right, passed.is_right) == (True, True)
    assert (caught.caught, passed.findings) == ("frog", ())


def test_a_wrong_example_is_told_with_the_words_that_were_noticed():
    wrong = FROGS | {"examples": {"match": ["A toad."], "pass": ["Froggy went a-courting."]}}
    toad, froggy = edition_problems([clause(wrong)])
    where = "Clause ponds, check no-frogs: the example"
    assert toad == f"{where} “A toad.” must match, and does not."
    assert froggy == f"{where} “Froggy went a-courting.” must pass, and “Frog” in it is noticed."


@pytest.mark.parametrize("example", [7, {"channel": "x"}, {"text": 7}, {"text": "a", "quiet": 5}])
def test_an_example_that_cannot_be_read_is_told(example):
    with pytest.raises(CheckError, match="cannot be read"):
        tried_examples(clause(FROGS | {"examples": {"match": [example]}}))


def test_two_checks_of_one_name_in_one_edition_are_told():
    [problem] = edition_problems([clause(FROGS), clause(FROGS, name="lakes")])
    assert problem.startswith("Clause lakes, check no-frogs: clause ponds has a check of that name")


def test_a_clause_is_judged_as_if_no_other_had_checks():
    """Of two checks that say the same of the same words one is told; both catch their examples."""
    twin = FROGS | {"name": "no-amphibians"}
    assert edition_problems([clause(FROGS), clause(twin, name="lakes")]) == ()
    assert edition_problems([clause(FROGS), clause(NEWTS, name="lakes")]) == ()


def test_only_the_checks_of_the_jurisdiction_count():
    for_gb = FROGS | {"jurisdictions": ["gb"], "examples": {}}
    assert len(edition_problems([clause(for_gb)], "gb")) == 2
    assert edition_problems([clause(for_gb)], "us") == ()
    assert edition_problems([clause(FROGS), clause(for_gb, name="lakes")], "us") == ()


@pytest.mark.parametrize("name", LIBRARY.playbooks)
def test_every_shipped_playbook_may_be_issued(name):
    playbook = LIBRARY.playbooks[name]
    texts = [LIBRARY.clauses[seat.clause] for seat in playbook.seats]
    clauses = {one.name: CheckedClause(one.name, one.version or 1, one.checks) for one in texts}
    assert edition_problems(clauses.values(), playbook.jurisdiction) == ()
