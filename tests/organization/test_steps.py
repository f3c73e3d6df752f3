"""The one door: what is refused there changes nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django_fsm import TransitionNotAllowed

from ledger.models import Entry
from organization import steps
from organization.system import CLOCK, SETUP, WORKER
from tests.approvals.small_policy import issue_small_policy


@pytest.fixture
def edition(company, lea, quinn):
    return issue_small_policy(drafter=lea, approver=quinn)


def test_a_step_saves_state_fields_and_entry_together(edition, quinn):
    with transaction.atomic():
        row = steps.locked(edition, "policy")
        entry = steps.take(
            "withdraw",
            row,
            actor=quinn,
            data={"why": 1},
            sealed={"note": "Secret."},
            changes={"change_note": "Withdrawn."},
        )
    edition.refresh_from_db()
    assert (edition.state, edition.entry, edition.change_note) == (
        "withdrawn",
        entry,
        "Withdrawn.",
    )
    assert (entry.type, entry.content["data"]) == ("edition.withdraw", {"why": 1})
    assert b"Secret" not in entry.body


@pytest.mark.parametrize(
    ("who", "step", "refusal"),
    [
        ("ada", "withdraw", PermissionDenied),
        ("ada", "approve", TransitionNotAllowed),
        ("quinn", "approve", TransitionNotAllowed),
    ],
    ids=["may not", "may not and too late: too late", "too late"],
)
def test_a_refused_step_changes_and_records_nothing(edition, request, who, step, refusal):
    actor = request.getfixturevalue(who)
    entries = Entry.objects.count()
    with pytest.raises(refusal), transaction.atomic():
        steps.take(step, steps.locked(edition), actor=actor)
    edition.refresh_from_db()
    assert edition.state == "issued"
    assert Entry.objects.count() == entries


def test_a_machine_acts_under_its_own_name(edition):
    with transaction.atomic():
        entry = steps.take("supersede", steps.locked(edition), actor=CLOCK)
    assert entry.content["actor"] == {"kind": "system", "id": "clock"}


@pytest.mark.parametrize("machine", [CLOCK, SETUP, WORKER])
def test_no_machine_takes_a_persons_step(edition, machine):
    with pytest.raises(PermissionDenied), transaction.atomic():
        steps.take("withdraw", steps.locked(edition), actor=machine)
    edition.refresh_from_db()
    assert edition.state == "issued"


def test_whoever_has_left_takes_no_step(edition, quinn):
    quinn.is_active = False
    with pytest.raises(PermissionDenied), transaction.atomic():
        steps.take("withdraw", steps.locked(edition), actor=quinn)
    edition.refresh_from_db()
    assert edition.state == "issued"


def test_a_step_saves_the_fields_that_it_names_and_no_others(edition, quinn):
    edition.change_note, edition.review_note = "Not named.", "Not meant."
    with transaction.atomic():
        steps.take("withdraw", edition, actor=quinn, changes={"review_note": "Named."})
    edition.refresh_from_db()
    assert (edition.review_note, edition.change_note) == ("Named.", "")


@pytest.mark.django_db(transaction=True)
def test_no_step_without_a_transaction(edition, quinn):
    with pytest.raises(RuntimeError, match="inside a transaction"):
        steps.take("withdraw", edition, actor=quinn)
