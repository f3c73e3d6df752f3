"""A verdict is recorded at once; its effects wait, and until then its reviewer may take it back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from guardian.shortcuts import assign_perm

from approvals import actions, clearances, duties, judging, offers, publishing, undoing
from approvals.errors import StaleOfferError, TooEarlyError, TooLateToUndoError
from approvals.models import (
    BackingRecord,
    Clearance,
    FindingVerdict,
    Miss,
    Pending,
    Review,
    Settlement,
    Submission,
    Undoing,
    Verdict,
)
from approvals.states import State
from approvals.story import story_of
from ledger.models import Entry
from organization import mail
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_offers import HELLO

pytestmark = pytest.mark.django_db
WAIT = dt.timedelta(seconds=10)
VERDICTS = [
    (Verdict.CLEAR, State.CLEARED),
    (Verdict.SEND_BACK, State.RETURNED),
    (Verdict.DECLINE, State.DECLINED),
    (Verdict.OFFER, State.OFFERED),
]


@pytest.fixture(autouse=True)
def now(settings, time_machine):
    """Ten seconds to think again, on a clock that stands still."""
    settings.COUNTERSIGN_UNDO_SECONDS = 10
    now = dt.datetime(2027, 3, 3, 15, 0, tzinfo=dt.UTC)
    time_machine.move_to(now, tick=False)
    return now


@pytest.fixture
def queue(django_capture_on_commit_callbacks):
    """Runs an act as its own transaction would: what waits for the commit follows."""

    def queue(act, *args, **extra):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **extra)

    return queue


def give(verdict, submission, actor, **extra):
    seen = submission.revision.digest
    if verdict == Verdict.OFFER:
        return offers.offer(submission, actor=actor, seen=seen, text="Better.", **extra)
    if verdict == Verdict.DECLINE:
        screening = actions.latest_screening(submission.revision)
        extra["provision"] = screening.edition.provisions.first()
    return actions.decide(
        submission, actor=actor, verdict=verdict, seen=seen, reason="Because.", **extra
    )


@pytest.mark.parametrize(("verdict", "state"), VERDICTS)
def test_a_verdict_is_recorded_at_once_and_its_author_told_later(
    verdict, state, submission, rex, ada, now, time_machine
):
    decided = give(verdict, submission, rex)
    assert (decided.state, decided.effective_at) == (state, now + WAIT)
    assert Entry.objects.filter(type=f"submission.{verdict}").exists()
    assert (decided.told_state, ada.notices.told().count()) == (State.IN_REVIEW, 0)
    assert len(story_of(decided, for_author=True)) == 1
    time_machine.move_to(now + WAIT, tick=False)
    assert decided.told_state == state
    assert len(story_of(decided, for_author=True)) == 2
    assert ada.notices.told().count() == (0 if verdict == Verdict.CLEAR else 1)


@pytest.mark.parametrize(("verdict", "state"), VERDICTS)
def test_what_is_undone_leaves_the_post_as_it_was_and_an_entry(
    verdict, state, submission, rex, ada, now, time_machine, mailoutbox
):
    give(verdict, submission, rex)
    back = undoing.undo(submission, actor=rex)
    back.refresh_from_db()
    assert (back.state, back.owner, back.clearance, back.wording) == (
        State.IN_REVIEW,
        rex,
        None,
        None,
    )
    assert (back.revision, back.decided_at, back.effective_at) == (submission.revision, None, None)
    review = Review.objects.get()
    assert (review.undoing.undone_by, review.undoing.entry.type) == (rex, "submission.undo")
    time_machine.move_to(now + 9 * WAIT, tick=False)
    mail.send_all()
    assert ada.notices.count() == 0
    assert [letter for letter in mailoutbox if letter.to == [ada.email]] == []
    assert [moment.says for moment in story_of(back, for_author=True)] == ["Submitted"]
    assert [moment.says for moment in story_of(back)][-1] == "Rex took that back"


def test_an_undone_clearance_never_becomes_valid(
    submission, rex, now, time_machine, run_tasks, queue
):
    decided = queue(give, Verdict.CLEAR, submission, rex)
    clearance = decided.clearance
    assert (clearance.starts_at, clearance.is_valid()) == (now + WAIT, False)
    undoing.undo(submission, actor=rex)
    clearance.refresh_from_db()
    for later in (WAIT, dt.timedelta(days=1)):
        assert not clearance.is_valid(now + later)
    time_machine.move_to(now + dt.timedelta(hours=1), tick=False)
    run_tasks()
    queue(duties.make_missing_records)
    run_tasks()
    assert not BackingRecord.objects.exists()


def test_the_record_is_made_once_the_verdict_has_taken_effect(
    submission, rex, now, time_machine, run_tasks, queue
):
    queue(give, Verdict.CLEAR, submission, rex)
    run_tasks()
    assert not BackingRecord.objects.exists()
    time_machine.move_to(now + WAIT, tick=False)
    run_tasks()
    assert BackingRecord.objects.exists()


def test_a_record_that_is_asked_for_too_early_is_not_made(submission, rex, now):
    clearance = give(Verdict.CLEAR, submission, rex).clearance
    clearances.tasks.issue_backing_record.func(str(clearance.pk))
    assert not BackingRecord.objects.exists()


def test_nothing_is_published_before_it_takes_effect(submission, rex, ada, now, time_machine):
    give(Verdict.CLEAR, submission, rex)
    seen = submission.revision.digest
    with pytest.raises(TooEarlyError):
        publishing.publish(submission, actor=ada, seen=seen)
    time_machine.move_to(now + WAIT, tick=False)
    publishing.publish(submission, actor=ada, seen=seen)
    submission.refresh_from_db()
    assert submission.state == State.PUBLISHED


@pytest.mark.parametrize("act", [offers.accept, offers.turn_down])
def test_no_offer_is_answered_before_it_takes_effect(act, submission, rex, ada):
    offered = give(Verdict.OFFER, submission, rex)
    with pytest.raises(StaleOfferError):
        act(offered, actor=ada, seen=offered.wording.digest)


@pytest.mark.parametrize(("verdict", "state"), VERDICTS)
def test_after_its_time_a_verdict_stays(verdict, state, submission, rex, now, time_machine):
    give(verdict, submission, rex)
    time_machine.move_to(now + WAIT, tick=False)
    entries = Entry.objects.count()
    with pytest.raises(TooLateToUndoError):
        undoing.undo(submission, actor=rex)
    submission.refresh_from_db()
    assert (submission.state, Entry.objects.count()) == (state, entries)


@pytest.mark.parametrize("who", ["ada", "petra", "rita", "zoe"])
def test_only_who_decided_takes_it_back(who, request, submission, rex, petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    give(Verdict.CLEAR, submission, rex)
    entries = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        undoing.undo(submission, actor=request.getfixturevalue(who))
    submission.refresh_from_db()
    assert (submission.state, Entry.objects.count()) == (State.CLEARED, entries)


def test_i11_undoing_twice_changes_nothing_more(submission, rex):
    give(Verdict.CLEAR, submission, rex)
    undoing.undo(submission, actor=rex)
    with pytest.raises(TooLateToUndoError):
        undoing.undo(submission, actor=rex)
    assert Undoing.objects.count() == 1


def test_what_waits_is_not_undone_by_who_has_decided_nothing(submission, rex):
    with pytest.raises(TooLateToUndoError):
        undoing.undo(submission, actor=rex)


def test_a_green_clearance_waits_for_nothing(standing, write, quinn):
    post = write()
    assert (post.state, post.effective_at, post.clearance.is_valid()) == (
        State.CLEARED,
        None,
        True,
    )
    with pytest.raises(TooLateToUndoError):
        undoing.undo(post, actor=quinn)


def test_a_verdict_can_be_given_again_after_it_was_undone(submission, rex, now, time_machine):
    give(Verdict.CLEAR, submission, rex)
    undoing.undo(submission, actor=rex)
    give(Verdict.CLEAR, submission, rex)
    time_machine.move_to(now + WAIT, tick=False)
    assert [one.is_valid() for one in Clearance.objects.order_by("entry")] == [False, True]


def test_i02_an_edit_meanwhile_ends_the_clearance_before_it_began(
    submission, rex, ada, channel, now, time_machine, run_tasks, queue
):
    queue(give, Verdict.CLEAR, submission, rex)
    seen = submission.revision.digest
    changed = actions.revise(submission, actor=ada, seen=seen, text="Mine.", channels=[channel])
    assert (changed.state, changed.is_pending()) == (State.IN_REVIEW, False)
    with pytest.raises(TooLateToUndoError):
        undoing.undo(changed, actor=rex)
    time_machine.move_to(now + WAIT, tick=False)
    run_tasks()
    assert not any(one.is_valid() for one in Clearance.objects.all())
    assert not BackingRecord.objects.exists()


def test_a_green_change_meanwhile_cannot_be_undone_by_who_sent_it_back(
    submission, rex, ada, channel, standing
):
    give(Verdict.SEND_BACK, submission, rex)
    seen = submission.revision.digest
    green = actions.revise(submission, actor=ada, seen=seen, text="Mine.", channels=[channel])
    assert (green.state, green.is_pending()) == (State.CLEARED, False)
    with pytest.raises(TooLateToUndoError):
        undoing.undo(green, actor=rex)


def test_i06_an_offer_that_waits_is_not_told_of_once_the_rules_change(
    submission, rex, ada, edition, lea, quinn, now, time_machine
):
    give(Verdict.OFFER, submission, rex)
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy)
    actions.rescreen(submission)
    time_machine.move_to(now + WAIT, tick=False)
    assert not ada.notices.filter(event="offered").exists()


def test_a_record_of_an_author_counts_no_undone_verdict(submission, rex, ada, channel):
    give(Verdict.CLEAR, submission, rex)
    undoing.undo(submission, actor=rex)
    screened = actions.screen("x", ada, [channel], at=timezone.now() + WAIT)
    assert screened.evaluation.inputs.posts_cleared == 0


@pytest.fixture
def greeting(edition, lea, quinn, write):
    """A post with a finding."""
    issue_small_policy(drafter=lea, approver=quinn, number=2, policy=edition.policy, checks=[HELLO])
    return write("Hello from the bike shed.")


def said(greeting):
    """That the first finding is wrong, and that something was missed."""
    hit = greeting.revision.hits.first()
    missed = judging.Missed("bike", hit.clause_name, hit.version)
    return judging.Said({hit.pk: judging.Opinion(judging.OVERRULED, "It is kind.")}, missed)


def rows():
    return FindingVerdict.objects.count(), Settlement.objects.count(), Miss.objects.count()


def test_what_was_said_of_findings_is_written_once_it_takes_effect(
    greeting, rex, now, time_machine
):
    decided = give(Verdict.CLEAR, greeting, rex, said=said(greeting))
    duties.take_effect()
    assert rows() == (0, 0, 0)
    time_machine.move_to(now + WAIT, tick=False)
    for _ in range(2):
        duties.take_effect()
        assert rows() == (1, 1, 1)
    verdict = FindingVerdict.objects.get()
    assert (verdict.reviewer, verdict.entry, verdict.reason) == (rex, decided.entry, "It is kind.")
    assert not Pending.objects.exists()


def test_what_was_said_of_findings_is_taken_back_with_the_verdict(greeting, rex, now, time_machine):
    give(Verdict.CLEAR, greeting, rex, said=said(greeting))
    undoing.undo(greeting, actor=rex)
    time_machine.move_to(now + WAIT, tick=False)
    duties.take_effect()
    assert rows() == (0, 0, 0)


def test_what_a_colleague_judged_meanwhile_stays(greeting, rex, petra, channel, now, time_machine):
    assign_perm("approvals.review_channel", petra, channel)
    give(Verdict.CLEAR, greeting, rex, said=said(greeting))
    hit = greeting.revision.hits.first()
    upheld = judging.Said({hit.pk: judging.Opinion(judging.UPHELD)})
    judging.judge(greeting, actor=petra, seen=greeting.revision.digest, said=upheld)
    time_machine.move_to(now + WAIT, tick=False)
    duties.take_effect()
    assert FindingVerdict.objects.get().reviewer == petra
    assert rows() == (1, 0, 1)


def test_the_record_says_how_each_finding_was_settled(
    greeting, rex, now, time_machine, run_tasks, queue
):
    queue(give, Verdict.CLEAR, greeting, rex, said=said(greeting))
    time_machine.move_to(now + WAIT, tick=False)
    run_tasks()
    evidence = BackingRecord.objects.get().evidence.read()
    assert b"Fine here, said Rex: It is kind." in evidence


def test_what_can_be_undone_is_listed_for_who_decided(submission, rex, petra, now, time_machine):
    give(Verdict.CLEAR, submission, rex)
    assert list(Submission.objects.undoable_by(rex)) == [submission]
    assert not Submission.objects.undoable_by(petra).exists()
    time_machine.move_to(now + WAIT, tick=False)
    assert not Submission.objects.undoable_by(rex).exists()
