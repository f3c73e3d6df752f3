"""What people do with posts, and what the program refuses."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import actions, officers, publishing, recalling, rules
from approvals.errors import NotTheSameError, RefusedPostError, TextChangedError
from approvals.models import Channel, Clearance, Revision, Submission, Verdict
from approvals.states import State
from ledger.models import Entry
from tests.approvals.small_policy import issue_small_policy

pytestmark = pytest.mark.django_db


def decide(submission, actor, verdict=Verdict.CLEAR, **extra):
    extra = {"seen": submission.revision.digest} | extra
    return actions.decide(submission, actor=actor, verdict=verdict, **extra)


def sign(quinn, ada, channel, **extra):
    terms = {
        "daily_cap": 2,
        "sampling_percent": 0,
        "ends_at": timezone.now() + dt.timedelta(days=1),
    }
    return officers.give_standing_approval(
        actor=quinn, units=[ada.unit], channels=[channel], **terms | extra
    )


def test_a_post_waits_for_one_owner_with_a_due_time(submission, rex):
    assert (submission.state, submission.lane, submission.owner) == (State.IN_REVIEW, "amber", rex)
    assert submission.due_at > timezone.now()


def test_a_cleared_post_has_a_clearance_of_its_revision(submission, rex):
    decided = decide(submission, rex)
    assert decided.state == State.CLEARED
    assert decided.clearance.revision == submission.revision
    assert decided.clearance.review.reviewer == rex
    assert decided.clearance.is_valid()
    assert decided.owner is None


def test_green_clears_at_once_under_a_standing_approval(quinn, ada, channel, write):
    standing = sign(quinn, ada, channel)
    submission = write()
    assert (submission.state, submission.lane) == (State.CLEARED, "green")
    assert submission.clearance.standing_approval == standing


def test_a_standing_approval_stops_at_its_cap(quinn, ada, channel, write):
    sign(quinn, ada, channel, daily_cap=1)
    states = [write(f"Post {number}").state for number in range(2)]
    assert states == [State.CLEARED, State.IN_REVIEW]


def test_a_standing_approval_does_not_reach_beyond_its_channels(quinn, ada, channel, write, rex):
    sign(quinn, ada, channel)
    other = Channel.objects.create(name="Acme on X", network="x", is_official=True)
    assign_perm("approvals.review_channel", rex, other)
    assert write(channels=[channel, other]).state == State.IN_REVIEW


def test_an_officer_does_not_clear_their_own_post_in_advance(quinn, ada, channel, write):
    sign(quinn, ada, channel)
    quinn.unit = ada.unit
    quinn.save()
    assert write(author=quinn).state == State.IN_REVIEW


def test_an_ended_standing_approval_clears_nothing(quinn, ada, channel, write):
    standing = sign(quinn, ada, channel)
    officers.revoke_standing_approval(standing, actor=quinn)
    assert write().state == State.IN_REVIEW


def test_only_an_approver_signs_standing_approvals(ada, channel, edition):
    with pytest.raises(PermissionDenied):
        sign(ada, ada, channel)


@pytest.mark.parametrize("change", ["text", "channel", "window"])
def test_i02_any_change_ends_the_clearance(change, submission, rex, ada, channel):
    decide(submission, rex)
    submission.refresh_from_db()
    other = Channel.objects.create(name="Acme on X", network="x")
    assign_perm("approvals.review_channel", rex, other)
    post = {
        "text": submission.revision.text + ("!" if change == "text" else ""),
        "channels": [channel, other] if change == "channel" else [channel],
        "window_until": timezone.now() + dt.timedelta(days=2) if change == "window" else None,
    }
    changed = actions.revise(submission, actor=ada, seen=submission.revision.digest, **post)
    assert changed.state == State.IN_REVIEW
    assert not Clearance.objects.get(revision__number=1).is_valid()


def test_i02_a_verdict_on_a_text_that_has_changed_is_refused(submission, rex, ada, channel):
    seen = submission.revision.digest
    actions.revise(submission, actor=ada, seen=seen, text="Another text.", channels=[channel])
    entries = Entry.objects.count()
    with pytest.raises(TextChangedError):
        decide(submission, rex, seen=seen)
    assert Entry.objects.count() == entries
    assert not Clearance.objects.exists()


def test_saving_without_a_change_changes_nothing(submission, rex, ada, channel):
    decide(submission, rex)
    seen = submission.revision.digest
    same = actions.revise(
        submission, actor=ada, seen=seen, text=submission.revision.text, channels=[channel]
    )
    assert same.state == State.CLEARED
    assert same.revisions.count() == 1


@pytest.mark.parametrize("verdict", Verdict)
def test_i03_nobody_decides_on_their_own_post(verdict, write, rex, edition):
    own = write(author=rex)
    with pytest.raises(PermissionDenied):
        decide(own, rex, verdict, reason="x", provision=edition.provisions.first())
    assert not Clearance.objects.exists()


def test_i03_a_superuser_does_not_decide_on_their_own_post(write, rex):
    rex.is_superuser = True
    rex.save()
    with pytest.raises(PermissionDenied):
        decide(write(author=rex), rex)


def test_a_superuser_without_the_channel_does_not_decide(submission, zoe):
    zoe.is_superuser = True
    zoe.save()
    with pytest.raises(PermissionDenied):
        decide(submission, zoe)


def test_a_reviewer_who_has_left_does_not_decide(submission, rex):
    rex.is_active = False
    rex.save()
    with pytest.raises(PermissionDenied):
        decide(submission, rex)


def test_a_reviewer_needs_every_channel_of_the_post(submission, write, channel, rex):
    other = Channel.objects.create(name="Acme on X", network="x")
    both = write(channels=[channel, other])
    assert both.owner is None
    assert both not in Submission.objects.reviewable_by(rex)
    with pytest.raises(PermissionDenied):
        decide(both, rex)


@pytest.mark.parametrize("who", ["ada", "rex", "lea", "quinn", "max", "rita", "amin", "zoe"])
def test_the_list_and_the_button_agree(who, request, submission, write, rex):
    write(author=rex)
    person = request.getfixturevalue(who)
    for one in Submission.objects.all():
        listed = Submission.objects.reviewable_by(person).filter(pk=one.pk).exists()
        assert listed == rules.may_review(one, person)


def test_i04_a_state_without_its_entry_is_refused(submission):
    with pytest.raises(Exception, match="entry"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(state=State.RETURNED)
    submission.refresh_from_db()
    assert submission.state == State.IN_REVIEW


def test_every_step_is_one_entry_about_the_post(submission, rex, ada):
    decide(submission, rex)
    submission.refresh_from_db()
    publishing.publish(submission, actor=ada, seen=submission.revision.digest)
    subject = f"approvals.submission:{submission.pk.hex}"
    types = list(Entry.objects.about(subject).values_list("type", flat=True))
    assert types == ["submission.submit", "submission.clear", "submission.publish"]


def test_i06_a_new_edition_has_waiting_posts_screened_again(submission, edition, lea, quinn):
    newer = issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    actions.rescreen(submission)
    submission.refresh_from_db()
    assert actions.latest_screening(submission.revision).edition == newer
    assert submission.state == State.IN_REVIEW


def test_i06_a_cleared_post_goes_back_to_its_reviewer_when_the_policy_changes(
    submission, rex, edition, lea, quinn
):
    decide(submission, rex)
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    actions.rescreen(submission)
    submission.refresh_from_db()
    assert (submission.state, submission.owner) == (State.IN_REVIEW, rex)


def test_i08_time_hands_over_and_never_clears(submission, channel, petra):
    assign_perm("approvals.review_channel", petra, channel)
    before = submission.owner
    after = actions.hand_over(submission, actor=actions.CLOCK)
    assert after.owner != before
    assert after.state == State.IN_REVIEW
    assert not Clearance.objects.exists()


def test_i08_with_nobody_else_the_post_stays_where_it_is(submission, rex):
    assert actions.hand_over(submission, actor=actions.CLOCK).owner == rex


def test_i11_the_same_press_twice_is_one_submission(write):
    key = uuid.uuid4()
    first, second = write(key=key), write(key=key)
    assert first.pk == second.pk
    assert (Submission.objects.count(), Revision.objects.count()) == (1, 1)


def test_i11_the_same_key_with_another_post_is_refused(write):
    key = uuid.uuid4()
    write(key=key)
    with pytest.raises(NotTheSameError):
        write("Something else.", key=key)


def test_a_second_verdict_comes_too_late(submission, rex):
    decide(submission, rex)
    with pytest.raises(TransitionNotAllowed):
        decide(submission, rex, Verdict.SEND_BACK, reason="x")


def test_a_declined_post_names_its_provision(submission, rex, edition):
    with pytest.raises(IntegrityError), transaction.atomic():
        decide(submission, rex, Verdict.DECLINE, reason="No.")
    provision = edition.provisions.first()
    declined = decide(submission, rex, Verdict.DECLINE, reason="No.", provision=provision)
    assert declined.state == State.DECLINED
    assert declined.revision.reviews.get().provision == provision


def test_a_recall_ends_the_word_from_now_on(submission, rex):
    decided = decide(submission, rex)
    recalling.recall(submission, actor=rex, reason="The price was wrong.")
    clearance = Clearance.objects.get(pk=decided.clearance.pk)
    assert clearance.standing().startswith("Recalled from ")
    assert clearance.standing().endswith("posts published before stay backed")


def test_a_clearance_lapses_when_its_time_is_up(submission, rex):
    decided = decide(submission, rex)
    actions.lapse(submission, at=decided.clearance.ends_at)
    submission.refresh_from_db()
    assert submission.state == State.LAPSED


@pytest.mark.parametrize(
    ("text", "says"),
    [("x" * 100_001, "100,000"), ("a\x00b", "character"), ("\u202eabc\ud800", "character")],
    ids=["too long", "a control character", "half a character"],
)
def test_text_that_cannot_be_kept_is_refused_with_the_way_out(text, says, write):
    with pytest.raises(RefusedPostError, match=says):
        write(text)
    assert not Submission.objects.exists()


def test_without_a_policy_in_force_nothing_can_be_submitted(db, ada, channel):
    with pytest.raises(RefusedPostError, match="no policy in force"):
        actions.submit(actor=ada, key=uuid.uuid4(), text="Hello", channels=[channel])


def test_i12_a_person_with_posts_cannot_be_deleted(submission, ada):
    with pytest.raises(Exception, match=r"(?i)protect|referenc"):
        ada.delete()
    assert connection.is_usable()
