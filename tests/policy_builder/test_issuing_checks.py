"""An edition is issued only if the checks of its clauses run together and get their examples right."""

from dataclasses import replace

import pytest
from django.urls import reverse

from clause_library import actions as library
from clause_library.checks import CheckedClause, examples, screener
from ledger.models import Entry
from policy_builder import actions, assembly, drafts
from policy_builder.states import EditionState
from tests.clause_library.frogs import FROGS, WRONG

ELSEWHERE = WRONG | {"jurisdictions": ["gb"]}
BROKEN = FROGS | {"params": {"find": ["frog("]}}


def adopt(**checks):
    """As an upgrade of the program would bring them: {clause: checks}."""
    shipped = drafts.shipped()
    changed = {name: replace(shipped.clauses[name], checks=tuple(c)) for name, c in checks.items()}
    library.load_library(replace(shipped, clauses=shipped.clauses | changed))


@pytest.fixture
def upgraded(draft, lea, quinn, monkeypatch):
    """An approved edition, after an upgrade of the program that reads “{pond_life}” otherwise."""
    shared = screener.shared_words()["words"]
    monkeypatch.setitem(shared, "pond_life", ["frog"])
    adopt(tone=[FROGS | {"params": {"find": ["{pond_life}"]}}])
    edition = actions.submit(draft, actor=lea)
    edition = actions.approve(edition, actor=quinn, seen=edition.text_digest)
    monkeypatch.setitem(shared, "pond_life", ["newt"])
    examples.forget()
    yield edition
    examples.forget()


CASES = [
    ({"tone": [WRONG]}, "Clause tone, check no-frogs: the example “A toad.” must match"),
    ({"tone": [BROKEN]}, "Clause tone, check no-frogs: the pattern 'frog(' cannot run"),
    ({"purpose": [FROGS], "tone": [FROGS]}, "check no-frogs: clause purpose has a check of that"),
]


def test_nothing_is_issued_with_checks_that_fail(client, upgraded, lea):
    entries = Entry.objects.count()
    with pytest.raises(assembly.FailingChecksError) as refused:
        actions.issue(upgraded, actor=lea, seen=upgraded.text_digest)
    assert refused.value.problems == [
        "Clause tone, check no-frogs: the example “A frog.” must match, and does not.",
        "Clause tone, check no-frogs: the example “A newt.” must pass, and “newt” in it is noticed.",
    ]
    client.force_login(lea)
    path = reverse("policy_builder:issue", args=[upgraded.pk])
    html = client.post(path, {"seen": upgraded.text_digest}).content.decode()
    assert "Nothing was issued" in html
    assert "“newt” in it is noticed" in html
    upgraded.refresh_from_db()
    assert (upgraded.state, upgraded.number) == (EditionState.APPROVED, None)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(("checks", "says"), CASES, ids=["wrong", "broken", "twins"])
def test_a_draft_is_told_before_anybody_reads_it(draft, lea, checks, says):
    adopt(**checks)
    with pytest.raises(assembly.FailingChecksError) as refused:
        actions.submit(draft, actor=lea)
    assert says in refused.value.says


def test_checks_for_other_places_stand_in_nobodys_way(draft, lea, quinn):
    adopt(tone=[ELSEWHERE], purpose=[FROGS])
    edition = actions.submit(draft, actor=lea)
    edition = actions.approve(edition, actor=quinn, seen=edition.text_digest)
    assert actions.issue(edition, actor=lea, seen=edition.text_digest).number == 1


def test_an_assembly_names_the_checks_that_it_would_run(draft):
    adopt(tone=[FROGS])
    text = drafts.assembled(draft)
    assert CheckedClause("tone", 2, (FROGS,)) in text.checked
