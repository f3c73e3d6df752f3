"""Clauses change by two people, and only in the words that both have seen."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django_fsm import TransitionNotAllowed

from clause_library import actions
from clause_library.checks import CheckError
from clause_library.errors import NotReadyError
from clause_library.files import read_library
from clause_library.models import ClauseVersion
from clause_library.states import State
from ledger.models import Entry
from organization.roles import Role
from organization.steps import ChangedMeanwhileError
from tests.clause_library.frogs import FROGS, WRONG

NEW = "Clear each giveaway a week before."


@pytest.fixture
def draft(giveaways, lea):
    version = actions.start_version(giveaways, actor=lea)
    return actions.write(version, actor=lea, seen=version.digest, body=NEW)


@pytest.fixture
def in_review(draft, lea):
    return actions.submit(draft, actor=lea, seen=draft.digest)


def test_a_new_version_starts_with_the_words_of_the_newest(giveaways, lea):
    version = actions.start_version(giveaways, actor=lea)
    first = giveaways.versions.get(number=1)
    assert (version.number, version.state, version.body) == (2, State.DRAFT, first.body)
    assert version.digest == first.digest
    assert actions.start_version(giveaways, actor=lea) == version


def test_writing_keeps_digest_and_blanks_in_step(draft):
    draft.refresh_from_db()
    assert draft.blanks == []
    assert draft.digest == draft.text.digest != draft.clause.versions.get(number=1).digest


def test_a_version_is_approved_by_a_second_person(in_review, quinn, lea):
    approved = actions.approve(in_review, actor=quinn, seen=in_review.digest)
    assert (approved.state, approved.approved_by) == (State.APPROVED, quinn)
    assert approved.entry.content["data"]["digest"] == in_review.digest
    newest = ClauseVersion.objects.latest_approved().get(clause=approved.clause)
    assert newest == approved


def test_nobody_approves_words_that_they_wrote_in(giveaways, lea, quinn):
    quinn.give(Role.DRAFTER)
    version = actions.start_version(giveaways, actor=quinn)
    version = actions.write(version, actor=quinn, seen=version.digest, body=NEW)
    version = actions.write(version, actor=lea, seen=version.digest, why="A last comma.")
    version = actions.submit(version, actor=lea, seen=version.digest)
    with pytest.raises(PermissionDenied):
        actions.approve(version, actor=quinn, seen=version.digest)
    version.refresh_from_db()
    assert version.state == State.IN_REVIEW


def test_i02_an_approval_binds_to_the_words_on_the_screen(in_review, quinn, lea):
    seen = in_review.digest
    actions.send_back(in_review, actor=quinn, seen=seen, note="Shorter, please.")
    version = actions.write(in_review, actor=lea, seen=seen, body="Ask first.")
    actions.submit(version, actor=lea, seen=version.digest)
    entries = Entry.objects.count()
    with pytest.raises(ChangedMeanwhileError):
        actions.approve(version, actor=quinn, seen=seen)
    assert Entry.objects.count() == entries


def test_a_note_that_sends_back_is_kept_for_the_drafter_and_sealed_in_the_entry(in_review, quinn):
    actions.send_back(in_review, actor=quinn, seen=in_review.digest, note="Shorter, please.")
    in_review.refresh_from_db()
    assert (in_review.state, in_review.review_note) == (State.DRAFT, "Shorter, please.")
    assert b"Shorter" not in in_review.entry.body
    assert in_review.entry.opened("note")[1] == "Shorter, please."


def test_words_cannot_be_changed_once_they_are_in_review(in_review, lea):
    with pytest.raises(ChangedMeanwhileError):
        actions.write(in_review, actor=lea, seen=in_review.digest, body="Sneaked in.")


def test_two_drafters_never_overwrite_each_other_unseen(draft, lea, giveaways):
    seen = giveaways.versions.get(number=1).digest
    with pytest.raises(ChangedMeanwhileError):
        actions.write(draft, actor=lea, seen=seen, body="Other words.")


@pytest.mark.parametrize("who", ["ada", "rex", "max", "rita", "amin", "quinn"])
def test_only_drafters_write(draft, request, who):
    person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        actions.write(draft, actor=person, seen=draft.digest, body="Mine now.")


@pytest.mark.parametrize("who", ["ada", "rex", "max", "rita", "amin", "lea"])
def test_only_a_second_approver_approves(in_review, request, who):
    person = request.getfixturevalue(who)
    entries = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        actions.approve(in_review, actor=person, seen=in_review.digest)
    in_review.refresh_from_db()
    assert in_review.state == State.IN_REVIEW
    assert Entry.objects.count() == entries


def test_approving_twice_is_too_late(in_review, quinn):
    actions.approve(in_review, actor=quinn, seen=in_review.digest)
    with pytest.raises(TransitionNotAllowed):
        actions.approve(in_review, actor=quinn, seen=in_review.digest)


def test_a_retired_version_is_offered_no_more(in_review, quinn, giveaways):
    approved = actions.approve(in_review, actor=quinn, seen=in_review.digest)
    actions.retire(approved, actor=quinn)
    newest = ClauseVersion.objects.latest_approved().get(clause=giveaways)
    assert newest.number == 1


def test_i04_the_database_refuses_a_state_without_its_entry(in_review):
    sql = "UPDATE clause_library_clauseversion SET state = 'approved'"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_broken_words_and_wrong_examples_stand_against_submitting(draft, lea):
    broken = actions.write(draft, actor=lea, seen=draft.digest, body="{% for x in y %}{{ z }}")
    [problem, *_] = actions.problems_of(broken, {})
    assert problem.startswith("Line 1")


SAYS = "check no-frogs: the example “A toad.” must match, and does not"


def test_wrong_examples_are_kept_in_a_draft_but_go_no_further(draft, lea):
    written = actions.write(draft, actor=lea, seen=draft.digest, checks=[WRONG])
    entries = Entry.objects.count()
    with pytest.raises(NotReadyError, match=SAYS):
        actions.submit(written, actor=lea, seen=written.digest)
    written.refresh_from_db()
    assert (written.state, written.checks) == (State.DRAFT, [WRONG])
    assert Entry.objects.count() == entries


def test_wrong_examples_are_not_approved_however_they_came_there(draft, lea, quinn):
    """A newer program may read a check otherwise than the one under which it was sent to review."""
    written = actions.write(draft, actor=lea, seen=draft.digest, checks=[FROGS])
    version = actions.submit(written, actor=lea, seen=written.digest)
    ClauseVersion.objects.filter(pk=version.pk).update(checks=[WRONG])
    with pytest.raises(NotReadyError, match=SAYS):
        actions.approve(version, actor=quinn, seen=version.digest)
    version.refresh_from_db()
    assert version.state == State.IN_REVIEW


@pytest.mark.parametrize(
    ("check", "says"),
    [
        (FROGS | {"params": {"find": ["(a{1000}){1000}"]}}, "cannot run in linear time"),
        (FROGS | {"params": {"phrases": ["frog"] * 2000}}, "at most 1000"),
        (FROGS | {"kind": "magic"}, "kind is one of"),
    ],
)
def test_checks_that_cannot_run_are_not_even_saved(draft, lea, check, says):
    with pytest.raises(CheckError, match=says):
        actions.write(draft, actor=lea, seen=draft.digest, checks=[check])
    draft.refresh_from_db()
    assert draft.checks == []


def test_a_check_whose_examples_fail_stands_against_submitting(draft, lea):
    shipped = next(one for one in read_library().clauses.values() if one.checks)
    check = dict(shipped.checks[0])
    good = actions.write(draft, actor=lea, seen=draft.digest, checks=[check])
    assert actions.problems_of(good, {}) == []
    check["examples"] = {"match": ["Good morning."], "pass": check["examples"]["pass"]}
    bad = actions.write(good, actor=lea, seen=good.digest, checks=[check])
    [problem] = actions.problems_of(bad, {})
    assert check["name"] in problem
    assert "Good morning." in problem
