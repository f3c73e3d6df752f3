"""“I have read this edition”: said by the person, about the text on the screen, and provable for ever.

L numbers: the evidence that courts asked for, docs/reference/evidence.md.
"""

import datetime as dt
import hashlib
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from ledger import verify
from ledger.models import Entry
from organization import consent
from organization.models import Notice
from organization.steps import ChangedMeanwhileError
from policy_builder import acknowledging, actions, duties, receipts
from policy_builder.models import Acknowledgement, Edition, Receipt
from policy_builder.states import AcknowledgementState
from tests.approvals.small_policy import issue_small_policy
from tests.conftest import hire
from tests.policy_builder.conftest import A_WEEK, with_files

SIGN_IN = {
    "method": "e-mail address and password",
    "at": "2026-01-02T03:04:05.000000Z",
    "session": "0" * 64,
}


def press(asked, actor, **changes):
    act = {"seen": asked.edition.digest, "sign_in": SIGN_IN, "address": "192.0.2.7"} | changes
    return actions.acknowledge(asked, actor=actor, **act)


def states_of(opened):
    return dict(opened.acknowledgements.values_list("person__name", "state"))


# Opening a round


def test_a_round_asks_everybody_whom_the_policy_covers_with_one_entry(opened):
    assert states_of(opened) == dict.fromkeys(["Ada", "Lea", "Max", "Quinn"], "due")
    entries = set(opened.acknowledgements.values_list("entry", flat=True))
    assert entries == {opened.entry_id}
    assert opened.entry.type == "round.opened"


def test_i11_opening_a_round_twice_opens_one(opened, small, lea):
    again = actions.open_round(small, actor=lea, due_at=timezone.now() + 2 * A_WEEK)
    assert again == opened
    assert opened.acknowledgements.count() == 4


@pytest.mark.parametrize("who", ["ada", "rex", "max", "rita", "quinn"])
def test_only_drafters_and_administrators_open_a_round(small, request, who):
    person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        actions.open_round(small, actor=person, due_at=timezone.now() + A_WEEK)
    assert not Acknowledgement.objects.exists()


def test_nobody_is_asked_for_a_draft(draft, lea):
    with pytest.raises(ChangedMeanwhileError):
        actions.open_round(draft, actor=lea, due_at=timezone.now() + A_WEEK)


def test_each_person_is_told_once(opened, run_tasks, ada):
    duties.tell_who_is_due()
    duties.tell_who_is_due()
    run_tasks()
    duties.tell_who_is_due()
    run_tasks()
    assert Notice.objects.filter(event="due").count() == 4
    notice = Notice.objects.get(event="due", person=ada)
    local = timezone.localdate(opened.due_at, ada.zone)
    assert notice.context["due_on"] == local.isoformat()


def test_a_round_for_later_tells_nobody_before_its_date(small, lea, run_tasks):
    Edition.objects.filter(pk=small.pk).update(in_force_from=timezone.now() + A_WEEK)
    actions.open_round(small, actor=lea, due_at=timezone.now() + 2 * A_WEEK)
    duties.tell_who_is_due()
    run_tasks()
    assert not Notice.objects.filter(event="due").exists()
    Edition.objects.filter(pk=small.pk).update(in_force_from=timezone.now())
    duties.tell_who_is_due()
    run_tasks()
    assert Notice.objects.filter(event="due").count() == 2


def test_late_joiners_are_asked_and_leavers_are_not_waited_for(opened, unit, ada):
    hire("Joan", unit)
    ada.is_active = False
    ada.save(update_fields=["is_active"])
    duties.keep_audiences()
    duties.keep_audiences()
    assert states_of(opened) == {
        "Ada": "closed",
        "Joan": "due",
        "Lea": "due",
        "Max": "due",
        "Quinn": "due",
    }


# The press


def test_i12_the_record_answers_the_six_questions(asked, ada, small):
    done = press(asked, ada)
    _key, record = done.entry.opened("record")
    assert record["person"] == {
        "name": "Ada",
        "email": "ada@acme.example",
        "unit": "Marketing",
    }
    assert record["sign_in"] == SIGN_IN
    assert record["address"] == "192.0.2.7"
    assert (record["box"], record["button"]) == (acknowledging.BOX, acknowledging.BUTTON)
    assert record["page"] == acknowledging.page() == done.entry.content["data"]["page"]
    words = f"{acknowledging.BOX}\n{acknowledging.BUTTON}"
    assert record["page"]["sha256"] == hashlib.sha256(words.encode()).hexdigest()
    assert record["consent"]["words"] == consent.WORDS
    assert record["consent"]["given_at"].endswith("Z")
    assert record["policy"]["pdf_sha256"] == small.pdf.digest
    assert record["policy"]["html_sha256"] == small.html.digest
    assert done.entry.content["data"]["digest"] == small.digest


def test_the_entry_names_nobody(asked, ada):
    body = press(asked, ada).entry.body
    assert b"Ada" not in body
    assert b"ada@acme" not in body
    assert b"192.0.2.7" not in body


@pytest.mark.parametrize("who", ["max", "lea", "amin", "rita", "zoe"])
def test_i14_nobody_acknowledges_for_somebody_else(asked, request, who):
    """L01: not the manager, nor an administrator."""
    person = request.getfixturevalue(who)
    entries = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        press(asked, person)
    asked.refresh_from_db()
    assert asked.state == AcknowledgementState.DUE
    assert Entry.objects.count() == entries


def test_i14_a_superuser_is_no_exception(asked, amin):
    amin.is_superuser = True
    amin.save(update_fields=["is_superuser"])
    with pytest.raises(PermissionDenied):
        press(asked, amin)


def test_i11_pressing_twice_makes_one_record(asked, ada, run_tasks):
    """L09."""
    first = press(asked, ada)
    second = press(asked, ada)
    assert first.entry_id == second.entry_id
    assert Entry.objects.filter(type="acknowledgement.acknowledge").count() == 1


def test_an_unseen_text_is_never_acknowledged(asked, ada):
    """L04, L05."""
    with pytest.raises(ChangedMeanwhileError):
        press(asked, ada, seen="f" * 64)
    asked.refresh_from_db()
    assert asked.state == AcknowledgementState.DUE


def test_an_edition_that_has_ended_is_not_acknowledged(asked, ada, small, lea, quinn):
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=small.policy)
    actions.bring_into_force()
    with pytest.raises(ChangedMeanwhileError):
        press(asked, ada)


def test_without_consent_nothing_is_recorded(asked, ada):
    """L10: taken back, paper is offered; what stands, stands."""
    consent.withdraw_consent(ada)
    with pytest.raises(ChangedMeanwhileError, match="paper"):
        press(asked, ada)


def test_what_was_acknowledged_stands_when_consent_is_taken_back(asked, ada):
    press(asked, ada)
    consent.withdraw_consent(ada)
    asked.refresh_from_db()
    assert asked.state == AcknowledgementState.ACKNOWLEDGED


def test_before_the_pdf_is_there_nothing_is_recorded(asked, ada, small):
    Edition.objects.filter(pk=small.pk).update(pdf=None)
    with pytest.raises(ChangedMeanwhileError, match="PDF"):
        press(asked, ada)


def test_i04_the_database_refuses_an_acknowledgement_without_its_entry(asked):
    sql = "UPDATE policy_builder_acknowledgement SET state = 'acknowledged'"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_i12_a_person_with_a_record_cannot_be_deleted(asked, ada):
    press(asked, ada)
    with pytest.raises(ProtectedError):
        ada.delete()


# A newer edition


@pytest.fixture
def newer(small, lea, quinn):
    """Issue edition 2 of the small policy, now in force."""

    def issue(significance):
        edition = issue_small_policy(drafter=lea, approver=quinn, number=2, policy=small.policy)
        edition.significance = significance
        edition.save(update_fields=["significance"])
        actions.bring_into_force()
        return with_files(edition)

    return issue


def test_a_material_edition_lapses_what_was_acknowledged_and_asks_again(
    asked, opened, ada, lea, newer
):
    press(asked, ada)
    second = newer("material")
    duties.end_requests()
    assert states_of(opened) == {
        "Ada": "lapsed",
        "Lea": "closed",
        "Max": "closed",
        "Quinn": "closed",
    }
    again = actions.open_round(second, actor=lea, due_at=timezone.now() + A_WEEK)
    assert states_of(again)["Ada"] == "due"


def test_an_editorial_edition_asks_only_who_has_not_acknowledged_yet(
    asked, opened, ada, lea, newer
):
    press(asked, ada)
    second = newer("editorial")
    duties.end_requests()
    assert states_of(opened)["Ada"] == "acknowledged"
    again = actions.open_round(second, actor=lea, due_at=timezone.now() + A_WEEK)
    assert sorted(states_of(again)) == ["Lea", "Max", "Quinn"]
    actions.keep_audience(again)
    assert sorted(states_of(again)) == ["Lea", "Max", "Quinn"]


def test_a_closed_request_is_too_late(asked, ada, newer):
    newer("material")
    duties.end_requests()
    asked.refresh_from_db()
    assert asked.state == AcknowledgementState.CLOSED
    with pytest.raises(ChangedMeanwhileError):
        press(asked, ada)


# The receipt


@pytest.fixture
def receipt(asked, ada):
    """Ada's receipt, made."""
    press(asked, ada)
    receipts.issue_receipt(asked.pk)
    return Receipt.objects.select_related("pdf", "evidence", "entry").get(acknowledgement=asked)


def test_a_receipt_proves_itself_without_us(receipt, small, tmp_path):
    """L08: one file, a bare Python."""
    for name, stored in [("receipt.pdf", receipt.pdf), ("receipt.json", receipt.evidence)]:
        path = tmp_path / name
        path.write_bytes(stored.read())
        assert verify.main([str(path)]) == 0
    proof = json.loads(receipt.evidence.read())
    assert proof["kind"] == "acknowledgement"
    assert proof["record"]["policy"]["pdf_sha256"] == small.pdf.digest


def test_i11_making_a_receipt_twice_makes_one(receipt, asked):
    before = receipt.pdf_id
    receipts.issue_receipt(asked.pk)
    receipt.refresh_from_db()
    assert receipt.pdf_id == before
    assert Entry.objects.filter(type="receipt.issued").count() == 1
    assert Notice.objects.filter(event="receipt_ready").count() == 1


def test_a_lost_receipt_is_made_by_the_clock(asked, ada, run_tasks):
    press(asked, ada)
    later = timezone.now() + dt.timedelta(minutes=5)
    duties.make_missing_documents(later)
    run_tasks()
    assert Receipt.objects.get(acknowledgement=asked).is_ready
