"""An appeal: once, decided by another person, by a clock, and final."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import actions, duties
from approvals.appealing import appeal
from approvals.background import record_of
from approvals.errors import RefusedPostError, TextChangedError
from approvals.models import Appeal, Submission
from approvals.states import State
from ledger.models import Entry
from organization.models import Notice
from tests.approvals.after import clear, decline
from tests.approvals.small_policy import issue_small_policy


@pytest.fixture
def declined(submission, rex, petra, channel):
    """Ada's post, declined by Rex; Petra sits at the desk too."""
    declined = decline(submission, rex)
    assign_perm("approvals.review_channel", petra, channel)
    return declined


def put(submission, who, reason="It is only a shed."):
    return appeal(submission, actor=who, seen=submission.revision.digest, reason=reason)


def events(person):
    return set(Notice.objects.filter(person=person).values_list("event", flat=True))


def test_another_person_than_whoever_declined_gets_it_with_a_promised_time(
    declined, ada, rex, petra
):
    before = timezone.now()
    appealed = put(declined, ada)
    assert (appealed.state, appealed.owner) == (State.IN_APPEAL, petra)
    assert appealed.due_at > before
    assert ("appeal_wanted" in events(petra), "appealed" in events(rex)) == (True, True)
    assert Submission.objects.reviewable_by(petra).get() == declined
    assert not Submission.objects.reviewable_by(rex).exists()


@pytest.mark.parametrize("who", ["ada", "rex", "lea", "max", "rita", "amin", "zoe"])
@pytest.mark.parametrize("decide", [clear, decline])
def test_i03_neither_author_nor_decliner_nor_a_stranger_decides(declined, who, decide, request):
    appealed = put(declined, request.getfixturevalue("ada"))
    before = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        decide(appealed, request.getfixturevalue(who))
    appealed.refresh_from_db()
    assert (appealed.state, Entry.objects.count()) == (State.IN_APPEAL, before)


def test_an_appeal_that_is_upheld_clears_the_post_and_wipes_the_slate(declined, ada, rex, petra):
    assert record_of(ada, timezone.now()).days_since_setback == 0
    cleared = clear(put(declined, ada), petra)
    assert cleared.state == State.CLEARED
    assert cleared.clearance.review.reviewer == petra
    assert record_of(ada, timezone.now()).days_since_setback is None
    assert "appeal_decided" in events(rex)


def test_an_appeal_that_is_declined_is_final(declined, ada, rex, petra):
    final = decline(put(declined, ada), petra)
    assert final.state == State.DECLINED
    assert {"appeal_declined"} <= events(ada)
    assert "appeal_decided" in events(rex)
    with pytest.raises(RefusedPostError, match="final"):
        put(final, ada, "Once more.")
    assert Appeal.objects.count() == 1


def test_i11_the_same_press_twice_is_one_appeal(declined, ada):
    put(declined, ada)
    before = Entry.objects.count()
    assert put(declined, ada).state == State.IN_APPEAL
    assert (Appeal.objects.count(), Entry.objects.count()) == (1, before)


@pytest.mark.parametrize("who", ["rex", "petra", "max", "rita", "amin", "zoe"])
def test_only_the_author_appeals(declined, who, request):
    with pytest.raises(PermissionDenied):
        put(declined, request.getfixturevalue(who))
    assert not Appeal.objects.exists()


def test_what_was_not_declined_is_not_appealed(submission, ada, rex):
    with pytest.raises(TransitionNotAllowed):
        put(submission, ada)


def test_i02_an_appeal_is_bound_to_the_text_on_the_screen(declined, ada):
    with pytest.raises(TextChangedError):
        appeal(declined, actor=ada, seen="0" * 64, reason="Why?")


def test_in_an_appeal_nobody_sends_back(declined, ada, petra):
    appealed = put(declined, ada)
    with pytest.raises(TransitionNotAllowed):
        actions.decide(
            appealed, actor=petra, verdict="send_back", seen=appealed.revision.digest, reason="x"
        )


def test_i08_a_late_appeal_is_handed_over_and_never_to_the_decliner(declined, ada, petra):
    appealed = put(declined, ada)
    duties.keep_moving(appealed.due_at + dt.timedelta(seconds=1))
    appealed.refresh_from_db()
    assert (appealed.state, appealed.owner) == (State.IN_APPEAL, petra)


def test_with_nobody_else_at_the_desk_it_waits_without_an_owner(submission, rex, ada):
    appealed = put(decline(submission, rex), ada)
    assert (appealed.state, appealed.owner) == (State.IN_APPEAL, None)


def test_i06_a_new_edition_is_looked_at_during_an_appeal_too(
    declined, ada, edition, lea, quinn, petra
):
    appealed = put(declined, ada)
    newer = issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    duties.rescreen_after_change()
    appealed.refresh_from_db()
    assert actions.latest_screening(appealed.revision).edition == newer
    assert (appealed.state, appealed.owner) == (State.IN_APPEAL, petra)
