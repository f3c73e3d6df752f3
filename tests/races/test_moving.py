"""The clock against people: a post has one owner or one decision, whoever is faster (invariants 2 and 8)."""

import datetime as dt

import pytest
from django.utils import timezone

from approvals import actions, duties, moving
from approvals.break_glass import break_glass
from approvals.models import Clearance, HandOver, Review, Submission
from approvals.states import State
from ledger.models import Entry
from organization import absences
from organization.absences import RefusedAbsenceError, set_absence
from organization.actions import deactivate
from organization.models import Delegation
from tests.races.test_deciding import LOST, both, desk, waiting_post  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 20


def make_due(post):
    Submission.objects.filter(pk=post.pk).update(next_rung_at=timezone.now())


def steps_of(post):
    subject = f"approvals.submission:{post.pk.hex}"
    return sorted(Entry.objects.about(subject).values_list("type", flat=True))


def test_i08_a_hand_over_by_the_clock_and_a_decision_never_lose_each_other(desk, ada, rex, petra):  # noqa: F811
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        owner, seen = post.owner, post.revision.digest
        make_due(post)
        won = both(
            lambda post=post: moving.keep_moving(post, at=timezone.now()),
            lambda post=post, owner=owner, seen=seen: actions.decide(
                post, actor=owner, verdict="clear", seen=seen
            ),
        )
        post.refresh_from_db()
        assert won == 2  # a decision stands whether or not the post had gone on a moment ago
        assert (post.state, post.owner) == (State.CLEARED, None)
        assert steps_of(post) in (
            ["submission.clear", "submission.submit"],
            ["submission.clear", "submission.hand_over", "submission.submit"],
        )
    assert Clearance.objects.count() == Review.objects.count() == ROUNDS


def test_two_sweeps_at_once_hand_over_once(desk, ada, rex, petra):  # noqa: F811
    for number in range(1, ROUNDS + 1):
        make_due(waiting_post(ada, desk))
        both(duties.keep_moving, duties.keep_moving)
        assert HandOver.objects.count() == number


def test_the_clock_and_a_leaver_leave_one_owner_who_is_there(desk, ada, rex, petra, amin):  # noqa: F811
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        Submission.objects.filter(pk=post.pk).update(owner=rex)
        both(
            lambda: deactivate(rex, actor=amin),
            lambda post=post: moving.hand_over(post, actor=petra),
        )
        duties.keep_moving()
        post.refresh_from_db()
        assert post.owner == petra
        rex.is_active, rex.left_at = True, None
        rex.save()


def test_i02_breaking_the_glass_and_a_decision_have_one_winner(desk, ada, rex, quinn):  # noqa: F811
    for _ in range(ROUNDS):
        post = waiting_post(ada, desk)
        seen = post.revision.digest
        assert (
            both(
                lambda post=post, seen=seen: break_glass(
                    post, actor=quinn, seen=seen, reason="It cannot wait."
                ),
                lambda post=post, seen=seen: actions.decide(
                    post, actor=rex, verdict="clear", seen=seen
                ),
            )
            == 1
        )
    assert Clearance.objects.count() == ROUNDS


def test_w19_two_who_name_each_other_at_once_form_no_circle(rex, petra):
    def away(of, to):
        def act():
            try:
                set_absence(of, actor=of, to=to, ends_at=timezone.now() + dt.timedelta(days=1))
            except RefusedAbsenceError as refusal:
                assert "circle" in refusal.says  # noqa: PT017
                raise LOST[0](None) from None

        return act

    for _ in range(ROUNDS):
        assert both(away(rex, petra), away(petra, rex)) == 1
        for absence in Delegation.objects.not_over().select_related("of"):
            absences.end_absence(absence, actor=absence.of)
