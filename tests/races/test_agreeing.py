"""Two at once in a stage that needs two of three: no agreement is lost, none counts twice, and one of them clears."""

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django_fsm import TransitionNotAllowed
from guardian.shortcuts import assign_perm

from approvals import actions, route_drafting
from approvals.models import Channel, Clearance, Review, Submission
from approvals.route_rules import Rule
from approvals.states import State
from organization.roles import Role
from tests.approvals.small_policy import issue_small_policy
from tests.conftest import hire

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 20
LOST = (PermissionDenied, TransitionNotAllowed)


@pytest.fixture
def desk(company, unit, lea, quinn, ada, rex, petra):
    """A channel that three people review, and rules that ask two of them."""
    issue_small_policy(drafter=lea, approver=quinn)
    channel = Channel.objects.create(name="Own LinkedIn", network="linkedin")
    for reviewer in [rex, petra, hire("Tom", unit, Role.REVIEWER)]:
        assign_perm("approvals.review_channel", reviewer, channel)
    draft = route_drafting.start(actor=lea)
    two = Rule("Two look.", votes=2)
    draft = route_drafting.keep_rule(draft, two, actor=lea, seen=draft.digest, at=0)
    route_drafting.issue(draft, actor=quinn, seen=draft.digest)
    return channel


def at_once(*acts):
    """Run acts at the same moment; how many of them were let through."""
    start, won, broke = threading.Barrier(len(acts)), [], []

    def run(act):
        start.wait()
        try:
            act()
            won.append(act)
        except LOST:
            pass
        except Exception as error:  # noqa: BLE001  reported by the assertion below
            broke.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broke == []
    return len(won)


def clear(post, actor):
    return lambda: actions.decide(post, actor=actor, verdict="clear", seen=post.revision.digest)


def waiting_post(ada, channel):
    post = actions.submit(actor=ada, key=uuid.uuid4(), text="Hello.", channels=[channel])
    assert post.state == State.IN_REVIEW
    return post


def test_two_agree_at_once_and_the_later_of_them_clears(desk, ada, rex, petra):
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        assert at_once(clear(post, rex), clear(post, petra)) == 2
        reviews = post.revision.reviews.order_by("entry")
        assert [review.verdict for review in reviews] == ["agree", "clear"]
        cleared = Submission.objects.select_related("clearance").get(pk=post.pk)
        assert (cleared.state, cleared.owner_id) == (State.CLEARED, None)
        assert cleared.clearance.review == reviews[1]
    assert Clearance.objects.count() == ROUNDS


def test_one_person_s_two_presses_at_once_are_one_agreement(desk, ada, rex):
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        assert at_once(clear(post, rex), clear(post, rex)) == 1
        assert Submission.objects.get(pk=post.pk).state == State.IN_REVIEW
    assert Review.objects.filter(verdict="agree").count() == ROUNDS


def test_an_agreement_and_new_rules_at_once_lose_neither(desk, ada, rex, petra, lea, quinn):
    for number in range(ROUNDS):
        post = waiting_post(ada, desk)
        draft = route_drafting.start(actor=lea)
        rule = Rule(f"Three look, {number}.", votes=3)
        draft = route_drafting.keep_rule(draft, rule, actor=lea, seen=draft.digest, at=0)
        route_drafting.issue(draft, actor=quinn, seen=draft.digest)
        assert at_once(clear(post, rex), lambda post=post: actions.reroute(post)) == 2
        now = Submission.objects.get(pk=post.pk)
        assert (now.asked.votes, now.revision.reviews.count()) == (3, 1)
        assert (
            actions.decide(now, actor=petra, verdict="clear", seen=now.revision.digest).state
            == State.IN_REVIEW
        )
