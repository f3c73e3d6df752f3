"""The one door to a change of state: nothing moves without a right, an edge and an entry."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django_fsm import TransitionNotAllowed

from clause_library.models import ClauseVersion
from clause_library.states import State
from ledger.models import Entry
from organization import steps
from organization.system import CLOCK, SETUP
from tests.approvals.small_policy import issue_small_policy


@pytest.fixture
def version(company, lea, quinn):
    """An approved version that Quinn may retire and nobody else."""
    issue_small_policy(drafter=lea, approver=quinn)
    return ClauseVersion.objects.first()


@pytest.fixture
def stands(version):
    """Say that the version is still approved and that nothing was recorded since."""
    entries = Entry.objects.count()

    def stands():
        version.refresh_from_db()
        return version.state == State.APPROVED and Entry.objects.count() == entries

    return stands


def test_i04_a_step_moves_the_row_with_an_entry_that_names_who_what_and_where_to(version, quinn):
    entry = steps.take("retire", version, actor=quinn, data={"a": 1}, sealed={"note": "Old."})
    version.refresh_from_db()
    assert (version.state, version.entry) == (State.RETIRED, entry)
    assert entry.type == "clauseversion.retire"
    assert entry.content["actor"] == {"kind": "person", "id": str(quinn.pk)}
    assert entry.content["data"] == {"a": 1}
    assert b"Old." not in entry.body
    assert entry.opened("note")[1] == "Old."


@pytest.mark.parametrize("who", ["lea", "ada", "amin"])
def test_who_may_not_is_refused_and_nothing_is_recorded(version, stands, request, who):
    with pytest.raises(PermissionDenied):
        steps.take("retire", version, actor=request.getfixturevalue(who))
    assert stands()


def test_a_superuser_passes_only_where_the_rule_lets_them(version, stands, amin):
    amin.is_superuser = True
    amin.save()
    version.writers = [str(amin.pk)]
    version.save(update_fields=["writers"])
    with pytest.raises(PermissionDenied):
        steps.take("retire", version, actor=amin)
    assert stands()


def test_whoever_has_left_takes_no_step(version, stands, quinn):
    quinn.is_active = False
    quinn.save()
    with pytest.raises(PermissionDenied):
        steps.take("retire", version, actor=quinn)
    assert stands()


@pytest.mark.parametrize("machine", [CLOCK, SETUP])
def test_no_machine_takes_the_step_of_a_person(version, stands, machine):
    with pytest.raises(PermissionDenied):
        steps.take("retire", version, actor=machine)
    assert stands()


def test_a_step_that_is_not_drawn_is_too_late_whoever_asks(version, stands, quinn, ada):
    for who in [quinn, ada]:
        with pytest.raises(TransitionNotAllowed):
            steps.take("approve", steps.locked(version), actor=who)
    assert stands()


@pytest.mark.django_db(transaction=True)
def test_a_step_outside_a_transaction_is_a_mistake_of_ours(version, quinn):
    with pytest.raises(RuntimeError, match="inside a transaction"):
        steps.take("retire", version, actor=quinn)
    version.refresh_from_db()
    assert version.state == State.APPROVED


def test_i04_an_entry_falls_with_its_step(version, stands, quinn):
    with transaction.atomic():
        steps.take("retire", version, actor=quinn)
        transaction.set_rollback(True)
    assert stands()


def test_i04_the_database_refuses_a_state_without_its_entry(version, stands):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE clause_library_clauseversion SET state = 'retired'")
    assert stands()


def test_only_named_fields_are_saved(version, quinn):
    version.title = "Never meant to be kept"
    steps.take("retire", version, actor=quinn, changes={"review_note": "Kept."})
    version.refresh_from_db()
    assert (version.review_note, version.title) == ("Kept.", "Backing statement")


def test_a_locked_row_is_the_one_in_the_database(version):
    version.title = "Not saved"
    fresh = steps.locked(version, "clause__category")
    assert fresh.title == "Backing statement"
    assert "category" in fresh.clause._state.fields_cache
