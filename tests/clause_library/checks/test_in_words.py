"""Nothing that people choose from is without words."""

import pytest

from approvals.models import Network
from clause_library.checks import CheckedClause, tried_examples
from clause_library.checks.in_words import (
    CATEGORY_WORDS,
    NETWORKS,
    RELATION_WORDS,
    SEVERITY_WORDS,
    check_in_words,
    excuses_in_words,
)
from clause_library.checks.kinds import KINDS
from clause_library.checks.kinds.params import Shape
from clause_library.checks.model import CATEGORIES, RELATIONS, SEVERITIES
from clause_library.files import read_library

CLAUSES = read_library().clauses


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_what_it_looks_for_and_what_it_takes(name):
    kind = KINDS[name]
    assert kind.title
    assert kind.about.endswith(".")
    for param in kind.takes.values():
        assert param.title
        assert param.says.endswith(".")
        assert bool(param.options) == (param.shape == Shape.OPTIONS)


def test_no_two_kinds_are_called_the_same():
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


def test_severities_categories_relations_and_networks_have_their_words():
    assert tuple(SEVERITY_WORDS) == SEVERITIES
    assert set(CATEGORY_WORDS) == CATEGORIES
    assert tuple(RELATION_WORDS) == RELATIONS
    assert dict(NETWORKS) == dict(Network.choices)


def test_every_excuse_has_a_name_and_a_sentence():
    for title, about in excuses_in_words().values():
        assert title
        assert about.endswith(".")


def test_a_shipped_check_in_words():
    clause = CLAUSES["results-and-deals-uk"]
    check = next(one for one in clause.checks if one["name"] == "quiet-period-uk")
    tried = tried_examples(CheckedClause(clause.name, 1, clause.checks))
    told = check_in_words(check, tried)
    assert (told.kind, told.severity_title, told.where) == (
        "Quiet periods",
        "Not as it stands",
        "United Kingdom",
    )
    assert told.whose == "people who work here, partners and agencies"
    first = told.examples[0]
    assert (first.verdict, first.about) == ("caught", "while a quiet period is on")
    assert [one["text"] for one in first.segments if one["finding"] == 0] == ["Our sales"]
    assert told.wrong == 0


@pytest.mark.parametrize("name", [one.name for one in CLAUSES.values() if one.checks])
def test_every_shipped_check_can_be_put_in_words(name):
    for check in CLAUSES[name].checks:
        told = check_in_words(check)
        assert told.parts
        assert told.message == check["message"]
