"""What a lane goes by besides the text: the author's record, an earlier clearance, and how long it takes."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from approvals import actions, recalling
from approvals.background import cleared_before, record_of
from approvals.backing import contents
from approvals.evaluations import replayed
from approvals.lanes import DIGEST
from approvals.models import Channel, Clearance, LaneTable, Review, Screening, Verdict
from approvals.preview import preview
from approvals.states import State
from ledger.models import Entry, Sealed
from tests.approvals.small_policy import issue_small_policy
from tests.conftest import hire

pytestmark = pytest.mark.django_db
ADVERT = "Our branch in Denver is open on Saturdays in March."


def clear(submission, actor, **extra):
    return actions.decide(
        submission, actor=actor, verdict=Verdict.CLEAR, seen=submission.revision.digest, **extra
    )


@pytest.fixture
def unit(unit):
    """Everybody works for a broker-dealer here."""
    unit.profile = "broker-dealer"
    unit.save()
    return unit


@pytest.fixture
def channel(rex, petra):
    """A page of adverts, which Rex and Petra review. Petra is a registered principal, Rex is not."""
    page = Channel.objects.create(name="Adverts", network="linkedin", content_class="static")
    for reviewer in (rex, petra):
        assign_perm("approvals.review_channel", reviewer, page)
    return page


@pytest.fixture
def bo(unit):
    """A trained colleague of Ada's, who shares what she wrote."""
    return hire("Bo", unit, trained_on=dt.date(2026, 1, 1))


@pytest.fixture
def advert(write, petra):
    """An advert of Ada's that Petra cleared."""
    return clear(write(ADVERT), petra)


def test_an_advert_waits_for_a_registered_principal(write, standing, petra):
    waiting = write(ADVERT)
    assert (waiting.state, waiting.lane, waiting.owner) == (State.IN_REVIEW, "amber", petra)


def test_an_unedited_advert_that_a_principal_cleared_is_green(standing, advert, write, bo):
    shared = write(ADVERT, author=bo)
    assert (shared.state, shared.lane) == (State.CLEARED, "green")
    assert shared.clearance.standing_approval == standing
    assert shared.clearance.rests_on == advert.clearance
    assert shared.clearance.ends_at == advert.clearance.ends_at


def test_its_record_and_its_page_name_the_principal(standing, advert, write, bo, client):
    shared = write(ADVERT, author=bo)
    named = [(one["name"], one["verdict"]) for one in contents(shared.clearance)["reviewers"]]
    assert named == [
        ("Petra", f"Cleared exactly this, as number {advert.clearance.number},"),
        ("Quinn", "Cleared in advance by a standing approval"),
    ]
    client.force_login(bo)
    page = client.get(reverse("approvals:submission", args=[shared.pk])).content.decode()
    assert "Petra had cleared exactly this before." in page


def test_without_a_standing_approval_a_person_looks_all_the_same(advert, write, bo):
    assert write(ADVERT, author=bo).state == State.IN_REVIEW


def _edited(clearance):
    return {"text": ADVERT + " "}


def _elsewhere(clearance):
    other = Channel.objects.create(name="Other page", network="x", content_class="static")
    return {"channels": [Channel.objects.get(name="Adverts"), other]}


def _recalled(clearance):
    Clearance.objects.filter(pk=clearance.pk).update(recalled_at=timezone.now())


def _ended(clearance):
    Clearance.objects.filter(pk=clearance.pk).update(ended_at=timezone.now())


def _past(clearance):
    Clearance.objects.filter(pk=clearance.pk).update(ends_at=timezone.now())


def _not_begun(clearance):
    Clearance.objects.filter(pk=clearance.pk).update(
        starts_at=timezone.now() + dt.timedelta(hours=1)
    )


@pytest.mark.parametrize("change", [_edited, _elsewhere, _recalled, _ended, _past, _not_begun])
def test_any_change_or_end_makes_it_amber_again(change, standing, advert, write, bo):
    post = {"text": ADVERT} | (change(advert.clearance) or {})
    shared = write(author=bo, **post)
    assert (shared.state, shared.lane) == (State.IN_REVIEW, "amber")


def test_under_another_edition_a_person_looks_again(
    standing, advert, write, bo, lea, quinn, edition
):
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    assert write(ADVERT, author=bo).lane == "amber"


def test_i03_a_principals_own_clearance_is_no_word_for_their_own_post(
    standing, advert, write, petra
):
    petra.trained_on = dt.date(2026, 1, 1)
    petra.save()
    assert write(ADVERT, author=petra).state == State.IN_REVIEW


def test_words_of_an_employee_are_not_cleared_for_a_partner(advert, channel, edition, bo):
    seen = (ADVERT, bo, [channel], edition, timezone.now())
    assert cleared_before(*seen) == advert.clearance
    bo.relation = "partner"
    assert cleared_before(*seen) is None


def test_what_counts_is_the_registration_at_that_time(standing, advert, write, bo, petra):
    petra.registration = ""
    petra.save()
    assert write(ADVERT, author=bo).lane == "green"


def test_in_the_united_kingdom_a_reply_waits_for_an_authorised_person_too(
    write, unit, channel, rex, petra
):
    channel.content_class = "interactive"
    channel.save()
    unit.country = "gb"
    unit.save()
    reply = write("Thank you, we look forward to it.")
    assert reply.owner == petra
    with pytest.raises(PermissionDenied):
        clear(reply, rex)
    assert clear(reply, petra).state == State.CLEARED


def test_a_recall_reaches_the_copies(standing, advert, write, bo, rita):
    shared = write(ADVERT, author=bo)
    recalling.recall(advert, actor=rita, reason="The branch has closed.")
    shared.refresh_from_db()
    assert shared.state == State.RECALLED
    assert shared.clearance.recall_reason == "The branch has closed."
    assert record_of(bo, timezone.now()).days_since_setback is None


def test_a_recall_puts_its_author_on_watch_until_three_were_cleared(write, rex, petra, ada, rita):
    first = clear(write("One."), petra)
    assert record_of(ada, timezone.now()).days_since_setback is None
    recalling.recall(first, actor=rita, reason="Wrong.")
    for number in range(3):
        record = record_of(ada, timezone.now())
        assert (record.days_since_setback, record.cleared_since_setback) == (0, number)
        clear(write(f"More {number}."), petra)
    assert record_of(ada, timezone.now()).cleared_since_setback == 3
    assert record_of(ada, timezone.now() + dt.timedelta(days=91)).days_since_setback == 91


def test_a_decline_counts_as_one_too(write, petra, ada, edition):
    submission = write("One.")
    actions.decide(
        submission,
        actor=petra,
        verdict=Verdict.DECLINE,
        seen=submission.revision.digest,
        reason="No.",
        provision=edition.provisions.first(),
    )
    assert record_of(ada, timezone.now()).days_since_setback == 0


def test_an_evaluation_is_kept_with_its_inputs_and_replays(write, ada):
    submission = write(ADVERT)
    screening = Screening.objects.get(revision=submission.revision)
    assert screening.evaluation["inputs"]["profile"] == "broker-dealer"
    assert screening.evaluation["inputs"]["content_class"] == "static"
    assert screening.evaluation["rules_digest"] == DIGEST == LaneTable.objects.get().digest
    assert replayed(screening).is_same
    entry = Entry.objects.get(pk=submission.entry_id)
    assert Sealed.objects.filter(entry=entry, label="evaluation").exists()


def test_where_the_rules_are_not_kept_it_is_said(write):
    screening = Screening.objects.get(revision=write(ADVERT).revision)
    screening.evaluation["rules_digest"] = "0" * 64
    assert replayed(screening).says == "The rules that it was evaluated with are not kept."


def test_a_lane_that_is_not_the_evaluated_one_is_told(write):
    screening = Screening.objects.get(revision=write(ADVERT).revision)
    screening.lane = "green"
    assert not replayed(screening).is_same


def test_a_preview_costs_the_same_however_much_was_posted(
    write, petra, ada, channel, django_assert_max_num_queries
):
    counts = []
    for wanted in (6, 14):
        while Review.objects.count() < wanted:
            clear(write(f"Post {uuid.uuid4()}."), petra)
        preview("Another post.", ada, [channel])
        with django_assert_max_num_queries(20) as counted:
            preview("Another post.", ada, [channel])
        counts.append(len(counted))
    assert counts[0] == counts[1]
