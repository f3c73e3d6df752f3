"""What happens to posts while their reviewer is away, and how a delegate's decision is marked (invariant 14)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from guardian.shortcuts import assign_perm

from approvals import actions, claims, duties, offers
from approvals.backing import contents
from approvals.models import Clearance, HandOver, Review, Submission
from approvals.states import State
from ledger.models import Entry
from organization.absences import end_absence, set_absence
from organization.actions import deactivate
from organization.roles import Role
from tests.conftest import hire

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def colleague(unit, channel):
    """Cal sits at the desk as well."""
    cal = hire("Cal", unit, Role.REVIEWER, job_title="Editor")
    assign_perm("approvals.review_channel", cal, channel)
    return cal


@pytest.fixture
def post(submission, rex):
    """A post that waits for Rex, made before Cal came."""
    assert submission.owner == rex
    return submission


def away(of, to=None, days=3, actor=None):
    ends_at = timezone.now() + days * A_DAY
    return set_absence(of, actor=actor or of, ends_at=ends_at, to=to)


def sweep_twice():
    duties.keep_moving()
    entries = Entry.objects.count()
    duties.keep_moving()
    assert Entry.objects.count() == entries


def test_nobody_who_is_away_is_chosen(rex, colleague, write):
    away(rex)
    assert [write(f"No. {number}").owner for number in range(3)] == [colleague] * 3


def test_an_absence_to_come_changes_nothing_yet_and_one_that_is_over_nothing_any_more(
    rex, write, post, time_machine
):
    tomorrow = timezone.now() + A_DAY
    set_absence(rex, actor=rex, starts_at=tomorrow, ends_at=tomorrow + A_DAY)
    sweep_twice()
    post.refresh_from_db()
    assert post.owner == rex
    time_machine.move_to(tomorrow + 2 * A_DAY)
    assert write("Later.").owner == rex


def test_what_waits_goes_to_the_delegate_at_the_beginning(
    rex, post, colleague, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        absence = away(rex, to=colleague)
    post.refresh_from_db()
    handed = HandOver.objects.get()
    assert (post.owner, handed.because, handed.delegation) == (colleague, "away", absence)
    assert colleague.notices.filter(event="handed_to_you").count() == 1
    sweep_twice()
    assert HandOver.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "gets_it"),
    [
        ("colleague", True),
        ("author", False),
        ("stranger", False),
        ("report", False),
        ("absent", False),
        ("left", False),
    ],
    ids=[
        "who sits at the same desk",
        "never the author",
        "nobody without the desk",
        "nobody who reports to the author",
        "nobody who is away as well",
        "nobody who has left",
    ],
)
def test_w07_only_a_delegate_who_may_decide_gets_it(
    who, gets_it, rex, ada, post, colleague, unit, channel, amin
):
    to = {
        "colleague": lambda: colleague,
        "author": lambda: ada,
        "stranger": lambda: hire("Stan", unit, Role.REVIEWER),
        "report": lambda: hire("Ron", unit, Role.REVIEWER, manager=ada),
        "absent": lambda: hire("Abe", unit, Role.REVIEWER),
        "left": lambda: hire("Lee", unit, Role.REVIEWER),
    }[who]()
    to.give(Role.REVIEWER)
    if who != "stranger":
        assign_perm("approvals.review_channel", to, channel)
    away(rex, to=to)
    if who == "absent":
        away(to)
    if who == "left":
        deactivate(to, actor=amin)
    duties.keep_moving()
    post.refresh_from_db()
    assert (post.owner == to) == gets_it
    assert post.owner == colleague  # to whom routing turns otherwise
    assert bool(HandOver.objects.get().delegation) == gets_it


def test_a_broker_dealers_static_post_goes_only_to_a_delegate_who_is_registered(
    rex, petra, colleague, channel, unit, write
):
    """FINRA 2210(b)(1)."""
    unit.profile = "broker-dealer"
    unit.save()
    channel.content_class = "static"
    channel.save()
    assign_perm("approvals.review_channel", petra, channel)
    post = write("Our fund page.")
    assert post.owner == petra
    away(petra, to=colleague)
    duties.keep_moving()
    post.refresh_from_db()
    assert post.owner is None  # Rex and Cal are no principals


def test_a_chain_of_delegates_ends_with_who_is_there(rex, petra, post, colleague, channel):
    assign_perm("approvals.review_channel", petra, channel)
    away(rex, to=petra)
    away(petra, to=colleague)
    duties.keep_moving()
    post.refresh_from_db()
    assert post.owner == colleague
    assert HandOver.objects.get().delegation.of == rex


def test_i14_what_a_delegate_decides_is_marked_in_authority_entry_and_record(rex, post, colleague):
    absence = away(rex, to=colleague)
    duties.keep_moving()
    actions.decide(post, actor=colleague, verdict="clear", seen=post.revision.digest)
    review = post.revision.reviews.get()
    until = absence.ends_at.astimezone(post.unit.zone)
    marked = f"; for Rex, away until {until:%d %B %Y, %H:%M %Z}"
    assert review.authority == f"Reviewer for Own LinkedIn{marked}"
    assert review.reviewer == colleague
    assert review.entry.content["on_behalf_of"] == {"kind": "person", "id": str(rex.pk)}
    assert Clearance.objects.get().review == review


def test_i14_the_backing_record_names_for_whom_it_was_decided(rex, post, colleague, run_tasks):
    away(rex, to=colleague)
    duties.keep_moving()
    decided = actions.decide(post, actor=colleague, verdict="clear", seen=post.revision.digest)
    decided.clearance.edition.content["sections"].append(backing_words())
    (reviewer,) = contents(decided.clearance)["reviewers"]
    assert "for Rex, away until" in reviewer["authority"]


def test_i14_a_wording_that_a_delegate_offers_is_marked(rex, post, colleague):
    away(rex, to=colleague)
    duties.keep_moving()
    offers.offer(post, actor=colleague, seen=post.revision.digest, text="A shed is open.")
    review = Review.objects.get(verdict="offer")
    assert "for Rex, away until" in review.authority
    assert review.entry.content["on_behalf_of"] == {"kind": "person", "id": str(rex.pk)}


def backing_words():
    words = {"clause": "backing-statement", "version": 1, "text": "We back it.", "number": "9"}
    return {"provisions": [words | {"title": "Backing"}]}


@pytest.mark.parametrize("who", ["rex", "other"])
def test_i14_a_decision_in_ones_own_right_is_not_marked(
    who, rex, post, colleague, channel, unit, time_machine
):
    """Rex is back and decides himself; or somebody else at the desk is faster than the delegate."""
    absence = away(rex, to=colleague)
    duties.keep_moving()
    other = hire("Oda", unit, Role.REVIEWER)
    assign_perm("approvals.review_channel", other, channel)
    if who == "rex":
        end_absence(absence, actor=rex)
    actor = {"rex": rex, "other": other}[who]
    post.refresh_from_db()
    actions.decide(post, actor=actor, verdict="clear", seen=post.revision.digest)
    review = post.revision.reviews.get()
    assert review.authority == "Reviewer for Own LinkedIn"
    assert review.entry.content["on_behalf_of"] is None


def test_i03_a_delegate_does_not_decide_on_their_own_post(rex, colleague, write):
    own = write(author=colleague)
    assert own.owner == rex
    away(rex, to=colleague)
    duties.keep_moving()
    own.refresh_from_db()
    assert own.owner is None
    with pytest.raises(PermissionDenied):
        actions.decide(own, actor=colleague, verdict="clear", seen=own.revision.digest)


def test_long_names_leave_room_for_the_mark(rex, colleague, channel, write):
    rex.name, channel.name = "Rex " * 25, "A channel " * 8
    rex.save()
    channel.save()
    post = write("Long.")
    Submission.objects.filter(pk=post.pk).update(owner=rex)
    away(rex, to=colleague)
    duties.keep_moving()
    post.refresh_from_db()
    actions.decide(post, actor=colleague, verdict="clear", seen=post.revision.digest)
    authority = post.revision.reviews.get().authority
    assert len(authority) == 200
    assert "; for Rex Rex" in authority
    assert ", away until " in authority


def test_whoever_comes_back_keeps_what_came_meanwhile_out_of_their_hands(rex, post, colleague):
    absence = away(rex, to=colleague)
    duties.keep_moving()
    end_absence(absence, actor=rex)
    sweep_twice()
    post.refresh_from_db()
    assert (post.owner, post.state) == (colleague, State.IN_REVIEW)


def test_a_post_whose_reviewer_goes_away_is_read_by_nobody(rex, post, colleague):
    claims.claim(post, actor=rex)
    away(rex)
    duties.keep_moving()
    post.refresh_from_db()
    assert (post.owner, post.claimant()) == (colleague, None)
