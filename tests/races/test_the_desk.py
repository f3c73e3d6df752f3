"""Two presses at once at the reviewer's desk: never two winners (invariant 2). 20 rounds each, on either database."""

import datetime as dt
import time
import uuid

import pytest
from guardian.shortcuts import assign_perm

from approvals import actions, claims, offers, publishing, undoing
from approvals.errors import (
    ClaimedError,
    RefusedPostError,
    StaleOfferError,
    TooEarlyError,
    TooLateToUndoError,
)
from approvals.models import Channel, Clearance, Submission, Undoing
from approvals.states import State
from ledger.models import Entry
from tests.approvals.small_policy import issue_small_policy
from tests.races import test_deciding
from tests.races.test_deciding import both, waiting_post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 20


@pytest.fixture(autouse=True)
def losers(monkeypatch):
    """What a press may be told that came second."""
    more = (StaleOfferError, TooEarlyError, TooLateToUndoError, ClaimedError, RefusedPostError)
    monkeypatch.setattr(test_deciding, "LOST", test_deciding.LOST + more)


@pytest.fixture
def desk(company, lea, quinn, ada, rex, petra):
    issue_small_policy(drafter=lea, approver=quinn)
    channel = Channel.objects.create(name="Own LinkedIn", network="linkedin")
    for reviewer in (rex, petra):
        assign_perm("approvals.review_channel", reviewer, channel)
    return channel


def now(post):
    return Submission.objects.select_related("revision", "wording", "clearance").get(pk=post.pk)


def offered(ada, rex, desk):
    post = waiting_post(ada, desk)
    seen = post.revision.digest
    return offers.offer(post, actor=rex, seen=seen, text=f"Better {uuid.uuid4()}")


def test_i02_an_offer_against_the_authors_edit_has_one_winner(desk, ada, rex):
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        seen, mine = post.revision.digest, f"Edited {uuid.uuid4()}"
        won = both(
            lambda post=post, seen=seen: offers.offer(
                post, actor=rex, seen=seen, text=f"Better {uuid.uuid4()}"
            ),
            lambda post=post, seen=seen, mine=mine: actions.revise(
                post, actor=ada, seen=seen, text=mine, channels=[desk]
            ),
        )
        after = now(post)
        assert won == 1
        if after.state == State.OFFERED:
            assert after.revision.digest == seen == after.wording.based_on.digest
        else:
            assert (after.state, after.revision.text) == (State.IN_REVIEW, mine)


def test_i02_a_wording_is_taken_once(desk, ada, rex):
    for _ in range(ROUNDS):
        post = offered(ada, rex, desk)

        def take(post=post):
            return offers.accept(post, actor=ada, seen=post.wording.digest)

        assert both(take, take) == 1
    assert Clearance.objects.count() == ROUNDS
    assert Entry.objects.filter(type="submission.accept").count() == ROUNDS


def test_i02_a_wording_is_taken_or_left_never_both(desk, ada, rex):
    for _ in range(ROUNDS):
        post = offered(ada, rex, desk)
        seen = post.wording.digest
        won = both(
            lambda post=post, seen=seen: offers.accept(post, actor=ada, seen=seen),
            lambda post=post, seen=seen: offers.turn_down(post, actor=ada, seen=seen),
        )
        after = now(post)
        assert won == 1
        assert (after.state, bool(after.clearance)) in {
            (State.CLEARED, True),
            (State.DRAFT, False),
        }


def test_what_is_undone_is_never_published(desk, ada, rex):
    """At the very moment at which the verdict takes effect."""
    seconds = 0.05
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        seen = post.revision.digest
        decided = actions.decide(
            post, actor=rex, verdict="clear", seen=seen, undo_for=dt.timedelta(seconds=seconds)
        )
        time.sleep(seconds * 0.9)
        won = both(
            lambda post=post: undoing.undo(post, actor=rex),
            lambda post=post, seen=seen: publishing.publish(post, actor=ada, seen=seen),
        )
        after = now(post)
        undone = Undoing.objects.filter(review__revision__submission=post).exists()
        assert won <= 1
        assert undone == (after.state == State.IN_REVIEW)
        if undone:
            time.sleep(seconds)
            assert not Clearance.objects.get(pk=decided.clearance_id).is_valid()
        else:
            assert after.state in {State.CLEARED, State.PUBLISHED}
            assert after.clearance.ended_at is None


def test_a_verdict_is_undone_or_the_post_changed_never_both(desk, ada, rex):
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        seen = post.revision.digest
        actions.decide(
            post, actor=rex, verdict="clear", seen=seen, undo_for=dt.timedelta(minutes=1)
        )
        both(
            lambda post=post: undoing.undo(post, actor=rex),
            lambda post=post, seen=seen: actions.revise(
                post, actor=ada, seen=seen, text=f"Edited {uuid.uuid4()}", channels=[desk]
            ),
        )
        after = now(post)
        assert (after.state, after.clearance and after.clearance.never_began) in {
            (State.IN_REVIEW, None),
            (State.IN_REVIEW, True),
        }
        assert all(one.never_began for one in Clearance.objects.filter(revision__submission=post))


def test_one_of_two_claims_it(desk, ada, rex, petra):
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        won = both(
            lambda post=post: claims.claim(post, actor=rex),
            lambda post=post: claims.claim(post, actor=petra),
        )
        assert won == 1
    assert Entry.objects.filter(type="submission.claim").count() == ROUNDS
