"""From playbook to edition: two people, one exact text, frozen for ever."""

import datetime as dt
import hashlib
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from clause_library import actions as library
from clause_library.models import Clause, ClauseVersion
from ledger.canonical import canonical
from ledger.models import Entry
from organization.models import Notice, Unit
from organization.roles import Role
from organization.steps import ChangedMeanwhileError
from policy_builder import actions, assembly, drafts, duties, overrides
from policy_builder.models import DamagedEditionError, Edition, Provision
from policy_builder.states import EditionState
from tests.approvals.small_policy import issue_small_policy

SOON = dt.timedelta(days=3)


def reworded(changes, name="purpose"):
    return overrides.word(changes, name, "We write this down for you.", "Shorter.")


# Drafting


def test_a_policy_never_takes_the_address_of_another_page(shipped, lea):
    first = actions.start_policy(actor=lea, playbook="general-employer-us", title="Drafts")
    second = actions.start_policy(actor=lea, playbook="general-employer-us", title="Drafts")
    assert [first.policy.slug, second.policy.slug] == ["drafts-2", "drafts-3"]


@pytest.mark.parametrize("who", ["ada", "rex", "max", "rita", "amin", "quinn"])
def test_only_drafters_start_and_write(draft, request, who):
    person = request.getfixturevalue(who)
    entries = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        actions.start_policy(actor=person, playbook="general-employer-us", title="Mine")
    with pytest.raises(PermissionDenied):
        actions.answer(draft, actor=person, given={"company_name": "Mine"})
    assert Entry.objects.count() == entries


def test_answers_are_kept_beside_the_others_and_an_empty_one_is_taken_back(draft, lea):
    before = dict(draft.answers)
    kept = actions.answer(draft, actor=lea, given={"company_name": ""})
    assert kept.answers == {key: one for key, one in before.items() if key != "company_name"}
    with pytest.raises(assembly.MissingAnswersError, match="company_name"):
        actions.submit(draft, actor=lea)


def test_a_change_without_a_reason_is_refused_and_nothing_is_kept(draft, lea):
    with pytest.raises(assembly.AssemblyError, match="purpose"):
        actions.override(
            draft, actor=lea, change=lambda changes: overrides.leave_out(changes, "purpose", " ")
        )
    draft.refresh_from_db()
    assert draft.overrides == {}


def test_a_text_in_review_cannot_be_changed(in_review, lea):
    with pytest.raises(ChangedMeanwhileError):
        actions.override(in_review, actor=lea, change=reworded)


def test_a_retired_clause_is_left_out_of_new_policies_and_says_so(draft, quinn):
    purpose = ClauseVersion.objects.get(clause__name="purpose")
    library.retire(purpose, actor=quinn)
    text = drafts.assembled(draft)
    assert "purpose" not in [provision.clause.name for provision in text.provisions]
    [left_out] = [out for out in text.left_out if out.clause == "purpose"]
    assert left_out.because == "The clause has been retired from the library."


def test_an_answer_that_no_longer_fits_its_question_is_asked_again(draft, lea):
    draft = actions.write(draft, actor=lea, answers=draft.answers | {"no_such_question": "x"})
    assert drafts.assembled(draft).digest


# Deciding


def test_submitting_pins_the_clause_versions_and_tells_the_approvers(in_review, quinn):
    text = drafts.assembled(in_review)
    assert in_review.text_digest == text.digest
    assert {provision.clause.name for provision in text.provisions} <= in_review.pinned.keys()
    [notice] = Notice.objects.filter(event="edition_for_approval")
    assert notice.person == quinn


@pytest.mark.parametrize("who", ["ada", "rex", "max", "rita", "amin", "lea"])
def test_only_a_second_approver_approves(in_review, request, who):
    entries = Entry.objects.count()
    person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        actions.approve(in_review, actor=person, seen=in_review.text_digest)
    in_review.refresh_from_db()
    assert in_review.state == EditionState.IN_REVIEW
    assert Entry.objects.count() == entries


def test_nobody_approves_a_text_that_they_wrote_in(draft, lea, quinn):
    quinn.give(Role.DRAFTER)
    actions.override(draft, actor=quinn, change=reworded)
    actions.answer(draft, actor=lea, given={})
    edition = actions.submit(draft, actor=lea)
    assert not Notice.objects.filter(event="edition_for_approval", person=quinn).exists()
    with pytest.raises(PermissionDenied):
        actions.approve(edition, actor=quinn, seen=edition.text_digest)


def test_i02_an_approval_of_an_earlier_text_is_a_conflict(in_review, lea, quinn):
    seen = in_review.text_digest
    actions.send_back(in_review, actor=quinn, seen=seen, note="Shorten the purpose.")
    actions.override(in_review, actor=lea, change=reworded)
    actions.submit(in_review, actor=lea)
    entries = Entry.objects.count()
    with pytest.raises(ChangedMeanwhileError, match="changed"):
        actions.approve(in_review, actor=quinn, seen=seen)
    assert Entry.objects.count() == entries


def test_the_reason_for_sending_back_reaches_the_drafter_and_is_sealed(in_review, lea, quinn):
    seen = in_review.text_digest
    edition = actions.send_back(in_review, actor=quinn, seen=seen, note="Shorten it.")
    assert (edition.state, edition.review_note) == (EditionState.DRAFT, "Shorten it.")
    assert b"Shorten it." not in edition.entry.body
    [notice] = Notice.objects.filter(event="edition_sent_back")
    assert (notice.person, notice.context["reason"]) == (lea, "Shorten it.")


def test_reopening_ends_the_approval(approved, lea):
    edition = actions.reopen(approved, actor=lea)
    assert (edition.state, edition.approved_by) == (EditionState.DRAFT, None)
    with pytest.raises(TransitionNotAllowed):
        actions.issue(edition, actor=lea, seen=edition.text_digest)


def test_a_newer_clause_version_changes_nothing_that_was_sent_to_review(in_review, lea, quinn):
    _new_words(lea, quinn)
    edition = actions.approve(in_review, actor=quinn, seen=in_review.text_digest)
    edition = actions.issue(edition, actor=lea, seen=edition.text_digest)
    assert edition.provisions.get(anchor="purpose").clause_version.number == 1


def test_the_next_draft_keeps_its_words_until_the_newer_ones_are_taken(edition, lea, quinn):
    _new_words(lea, quinn)
    draft = actions.start_edition(edition.policy, actor=lea)
    [(old, new)] = drafts.newer_versions(draft)
    assert (old.number, new.number) == (1, 2)
    assert _version_of(draft, "purpose") == 1
    draft = actions.use_newest(draft, actor=lea, name="purpose")
    assert _version_of(draft, "purpose") == 2
    assert drafts.newer_versions(draft) == []


def _new_words(lea, quinn):
    version = library.start_version(Clause.objects.get(name="purpose"), actor=lea)
    version = library.write(version, actor=lea, seen=version.digest, body="New words.")
    version = library.submit(version, actor=lea, seen=version.digest)
    library.approve(version, actor=quinn, seen=version.digest)


def _version_of(draft, name):
    provisions = drafts.assembled(draft).provisions
    return next(one.clause.version for one in provisions if one.clause.name == name)


# Issuing


def test_i01_an_issued_edition_is_frozen_with_number_digest_and_provisions(edition):
    edition.refresh_from_db()
    data = bytes(edition.snapshot)
    assert hashlib.sha256(data).hexdigest() == edition.digest
    assert canonical(json.loads(data)) == data
    assert edition.content["edition"]["approved_by"] == "Quinn"
    assert edition.content["signing_key"]["fingerprint"]
    assert edition.entry.content["data"]["digest"] == edition.digest
    in_snapshot = [
        (provision["number"], provision["anchor"])
        for section in edition.content["sections"]
        for provision in section["provisions"]
    ]
    assert list(edition.provisions.values_list("number", "anchor")) == in_snapshot


def test_i01_no_provision_and_no_library_change_reaches_an_issued_edition(edition, lea, quinn):
    before = bytes(Edition.objects.get(pk=edition.pk).snapshot)
    _new_words(lea, quinn)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE policy_builder_provision SET title = 'x'")
    assert bytes(Edition.objects.get(pk=edition.pk).snapshot) == before
    assert edition.provisions.get(anchor="purpose").clause_version.number == 1


def test_i04_a_state_and_its_entry_stand_or_fall_together(approved, lea):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE policy_builder_edition SET state = 'draft'")
    entries = Entry.objects.count()
    with pytest.raises(ZeroDivisionError):
        _issue_while_the_power_fails(approved, lea)
    approved.refresh_from_db()
    assert approved.state == EditionState.APPROVED
    assert Entry.objects.count() == entries
    assert not Provision.objects.exists()


@transaction.atomic
def _issue_while_the_power_fails(approved, lea):
    actions.issue(approved, actor=lea, seen=approved.text_digest)
    _ = 1 / 0


def test_i11_issuing_twice_makes_one_edition(approved, lea):
    actions.issue(approved, actor=lea, seen=approved.text_digest)
    with pytest.raises(TransitionNotAllowed):
        actions.issue(approved, actor=lea, seen=approved.text_digest)
    assert Edition.objects.issued().count() == 1


def test_a_policy_has_one_draft_at_a_time(edition, lea):
    draft = actions.start_edition(edition.policy, actor=lea)
    assert actions.start_edition(edition.policy, actor=lea) == draft


def test_an_edition_for_later_waits_for_its_date(edition, next_edition):
    later = timezone.now() + SOON
    second = next_edition(edition.policy, in_force_from=later)
    assert second.number == 2
    assert Edition.objects.in_force().get() == edition
    assert Edition.objects.in_force(later).get() == second
    actions.bring_into_force()
    edition.refresh_from_db()
    assert edition.state == EditionState.ISSUED
    actions.bring_into_force(later)
    edition.refresh_from_db()
    assert edition.state == EditionState.SUPERSEDED
    assert edition.entry.content["actor"]["id"] == "clock"


def test_a_date_in_the_past_is_now(approved, lea):
    long_ago = timezone.now() - SOON
    edition = actions.issue(approved, actor=lea, seen=approved.text_digest, in_force_from=long_ago)
    assert edition.in_force_from > long_ago + dt.timedelta(days=2)


def test_a_withdrawn_edition_is_in_force_no_more(edition, quinn):
    actions.withdraw(edition, actor=quinn)
    assert not Edition.objects.in_force().exists()


def test_issuing_and_asking_are_one_act(approved, lea, ada):
    due_at = timezone.now() + SOON
    edition = actions.issue(approved, actor=lea, seen=approved.text_digest, due_at=due_at)
    assert edition.round.acknowledgements.due().count() == 4
    assert edition.round.entry.content["data"]["people"] == 4


def test_an_approver_who_issues_may_ask_in_the_same_act(approved, quinn):
    due_at = timezone.now() + SOON
    edition = actions.issue(approved, actor=quinn, seen=approved.text_digest, due_at=due_at)
    assert edition.round.opened_by == quinn


def test_a_policy_for_a_unit_asks_its_people_only(shipped, lea, quinn, ada, zoe, other_unit):
    edition = actions.start_policy(
        actor=lea, playbook="general-employer-us", title="Research", units=[other_unit]
    )
    assert list(actions.audience(edition.policy)) == [zoe]
    assert Unit.objects.count() == 2


# Afterwards


def test_files_are_made_once_from_the_snapshot_and_recorded(company, lea, quinn, run_tasks):
    edition = issue_small_policy(drafter=lea, approver=quinn)
    later = timezone.now() + SOON
    duties.make_missing_documents(later)
    duties.make_missing_documents(later)
    run_tasks()
    edition.refresh_from_db()
    [entry] = Entry.objects.filter(type="edition.rendered")
    assert entry.content["data"] == {
        "digest": edition.digest,
        "html": edition.html.digest,
        "pdf": edition.pdf.digest,
    }
    assert edition.pdf.read().startswith(b"%PDF")
    assert edition.html.read().startswith(b"<!doctype html>")


def test_i01_a_snapshot_that_was_altered_is_refused(company, lea, quinn):
    edition = issue_small_policy(drafter=lea, approver=quinn)
    edition.snapshot = bytes(edition.snapshot).replace(b"Acme", b"Evil")
    with pytest.raises(DamagedEditionError):
        _ = edition.content
