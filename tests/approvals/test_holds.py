"""Blackouts, embargoes and clearances that come late: what is refused, and what the author is told."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from guardian.shortcuts import assign_perm

from approvals import actions, again, duties, publishing, silencing
from approvals.errors import RefusedPostError
from approvals.holds import hold_on, timing_of
from approvals.models import Blackout, Channel, Submission
from approvals.states import State
from ledger.models import Entry
from organization.models import Notice
from organization.watching import Window
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC)  # in New York
AN_HOUR = dt.timedelta(hours=1)
EVERYBODY = ["ada", "rex", "lea", "quinn", "max", "rita", "amin", "zoe"]


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def wall(hours):
    """So many hours after noon, as the clock in New York shows it."""
    return dt.datetime(2026, 11, 24, 12) + hours * AN_HOUR  # noqa: DTZ001


def blackout(actor, starts=0, ends=2, channels=(), **extra):
    window = Window(actor.unit, wall(starts), wall(ends))
    said = {"key": uuid.uuid4(), "reason": "A colleague has died.", "window": window} | extra
    return silencing.set_blackout(actor=actor, channels=list(channels), **said)


@pytest.fixture
def cleared(write, rex):
    """Put a post forward as Ada and clear it as Rex."""

    def cleared(text="We opened a bike shed today.", **extra):
        submission = write(text, **extra)
        seen = submission.revision.digest
        actions.decide(submission, actor=rex, verdict="clear", seen=seen)
        submission.refresh_from_db()
        return submission

    return cleared


def publish(submission):
    seen = submission.revision.digest
    publishing.publish(submission, actor=submission.author, seen=seen)
    submission.refresh_from_db()
    return submission


@pytest.mark.parametrize(
    ("starts", "ends", "on_its_channel", "goes_out"),
    [
        (0, 2, True, False),
        (-1, 1, True, False),
        (-2, 0, True, True),
        (1, 2, True, True),
        (0, 2, False, True),
    ],
    ids=["it begins now", "in the middle", "it is just over", "not yet", "another channel"],
)
def test_inside_a_blackout_nothing_is_published(
    starts, ends, on_its_channel, goes_out, cleared, rex, channel
):
    post = cleared()
    other = Channel.objects.create(name="Elsewhere", network="x")
    blackout(rex, starts, ends, [channel if on_its_channel else other])
    entries = Entry.objects.count()
    if goes_out:
        assert publish(post).state == State.PUBLISHED
        return
    with pytest.raises(RefusedPostError, match="A blackout is on until 24 November 2026"):
        publish(post)
    post.refresh_from_db()
    assert (post.state, Entry.objects.count()) == (State.CLEARED, entries)


def test_a_blackout_of_all_channels_holds_for_those_to_come(cleared, rex):
    blackout(rex)
    later = Channel.objects.create(name="New", network="x")
    assign_perm("approvals.review_channel", rex, later)
    with pytest.raises(RefusedPostError):
        publish(cleared(channels=[later]))


def test_i10_a_blackout_is_on_the_clock_of_its_unit_also_when_clocks_change(rex):
    """25 hours from midnight to midnight on 1 November 2026 in New York."""
    day = dt.datetime(2026, 11, 1), dt.datetime(2026, 11, 2)  # noqa: DTZ001
    made = blackout(rex, window=Window(rex.unit, *day))
    assert made.ends_at - made.starts_at == 25 * AN_HOUR


def test_blackouts_that_follow_on_each_other_are_one(cleared, rex):
    post = cleared()
    for starts, ends in [(0, 2), (2, 4), (3, 6), (7, 8)]:
        blackout(rex, starts, ends)
    assert hold_on(post).until == NOON + 6 * AN_HOUR


def test_a_blackout_that_is_ended_early_holds_back_nothing_more(cleared, rex):
    post, made = cleared(), blackout(rex)
    for _ in range(2):
        silencing.end_blackout(made, actor=rex)
    made.refresh_from_db()
    assert made.ends_at == NOON
    assert Entry.objects.filter(type="blackout.ended").count() == 1
    assert publish(post).state == State.PUBLISHED


def test_a_blackout_that_is_called_off_never_will_have_been(rex):
    made = blackout(rex, 2, 4)
    silencing.end_blackout(made, actor=rex)
    made.refresh_from_db()
    assert made.starts_at == made.ends_at
    assert not Blackout.objects.not_over(NOON).exists()


def test_i11_the_same_press_twice_is_one_blackout(rex):
    key = uuid.uuid4()
    assert blackout(rex, key=key) == blackout(rex, key=key)
    assert Entry.objects.filter(type="blackout.set").count() == 1


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_reviewers_and_approvers_keep_blackouts(who, request, client, rex):
    person = request.getfixturevalue(who)
    may = who in {"rex", "quinn"}
    client.force_login(person)
    assert client.get("/posts/blackouts/").status_code == (200 if may else 403)
    made = blackout(rex)
    if not may:
        with pytest.raises(PermissionDenied):
            blackout(person)
        with pytest.raises(PermissionDenied):
            silencing.end_blackout(made, actor=person)
    answer = client.post(f"/posts/blackouts/{made.pk}/end/")
    assert answer.status_code == (302 if may else 403)
    made.refresh_from_db()
    assert (made.ends_at == NOON) == may


def test_the_page_sets_a_blackout_and_says_what_is_wrong(client, rex, channel):
    client.force_login(rex)
    form = {
        "key": str(uuid.uuid4()),
        "channels": [channel.pk],
        "starts": "2026-11-24T12:00",
        "ends": "2026-11-24T14:00",
        "unit": rex.unit.pk,
        "reason": "A colleague has died.",
    }
    for wrong, says in [
        ({"ends": "2026-11-24T11:00"}, "after the beginning"),
        ({"starts": "2026-11-20T12:00", "ends": "2026-11-21T12:00"}, "has passed already"),
        ({"ends": "2028-11-24T14:00"}, "A year is the longest"),
        ({"starts": "2027-03-14T02:30", "ends": "2027-03-15T12:00"}, "never comes"),
        ({"reason": ""}, "authors read it"),
    ]:
        assert says in client.post("/posts/blackouts/", form | wrong).content.decode()
    assert not Blackout.objects.exists()
    client.post("/posts/blackouts/", form)
    made = Blackout.objects.get()
    assert (made.starts_at, made.ends_at, made.is_for_all) == (NOON, NOON + 2 * AN_HOUR, False)
    assert "Own LinkedIn" in client.get("/posts/blackouts/").content.decode()


def test_the_page_of_blackouts_costs_the_same_however_many_there_are(client, rex, channel):
    client.force_login(rex)
    blackout(rex, channels=[channel])
    before = queries_of(client, "/posts/blackouts/")
    for number in range(9):
        blackout(rex, number, number + 5, [channel])
    assert queries_of(client, "/posts/blackouts/") == before


def test_the_author_sees_until_when_and_what_to_do(cleared, rex, ada, client):
    post = cleared()
    blackout(rex)
    client.force_login(ada)
    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert "Not now: a blackout is on" in page
    assert "A colleague has died." in page
    assert "so you can post it from then on" in page
    assert "It is out" not in page


def test_a_clearance_wholly_inside_a_blackout_lapses_as_usual(
    cleared, rex, ada, client, time_machine
):
    post = cleared(window_until=NOON + AN_HOUR)
    blackout(rex)
    client.force_login(ada)
    assert "The time that you chose is over by then" in (
        client.get(f"/posts/{post.pk}/").content.decode()
    )
    time_machine.move_to(NOON + AN_HOUR)
    for _ in range(2):
        duties.lapse_ended()
    post.refresh_from_db()
    assert post.state == State.LAPSED
    assert ada.notices.filter(event="lapsed").count() == 1


def test_authors_whose_cleared_posts_it_holds_back_are_told_once(cleared, write, rex, ada, unit):
    cleared("One.")
    cleared("Two.")
    write("Three waits.")
    blackout(rex, 3, 5)
    blackout(rex, 50, 60)  # not near yet
    for _ in range(2):
        duties.tell_of_blackouts()
    (notice,) = Notice.objects.filter(event="blackout")
    assert notice.person == ada
    assert notice.context["begins"] == "24 November 2026, 15:00 EST"


def test_a_post_that_is_cleared_during_a_blackout_has_its_author_told_too(cleared, rex, ada):
    blackout(rex)
    duties.tell_of_blackouts()
    assert not ada.notices.filter(event="blackout").exists()
    cleared()
    duties.tell_of_blackouts()
    assert ada.notices.filter(event="blackout").exists()


def test_a_coming_blackout_is_shown_where_it_begins_before_the_clearance_ends(cleared, rex):
    post = cleared(window_until=NOON + 5 * AN_HOUR)
    first = blackout(rex, 2, 3)
    blackout(rex, 6, 8)
    assert timing_of(post).coming == first
    assert timing_of(post).may_go_out


def test_an_embargo_holds_back_until_its_moment(cleared, time_machine, client, ada):
    until = NOON + 2 * AN_HOUR
    post = cleared(window_from=until)
    client.force_login(ada)
    assert "You asked that it goes out not before" in (
        client.get(f"/posts/{post.pk}/").content.decode()
    )
    with pytest.raises(RefusedPostError, match="may not go out before 24 November 2026, 19:00 UTC"):
        publish(post)
    out = {"seen": post.revision.digest, "url": "", "channel": post.channels.get().pk}
    answer = client.post(f"/posts/{post.pk}/publish/", out, follow=True)
    assert "may not go out before" in answer.content.decode()
    time_machine.move_to(until)
    assert publish(post).state == State.PUBLISHED


@pytest.mark.parametrize(
    ("decided", "is_late"),
    [(-2, False), (0, False), (0.9, False), (0.95, True), (1, True), (30, True)],
    ids=[
        "long before",
        "in its time",
        "six minutes left",
        "three left",
        "at its end",
        "a day late",
    ],
)
def test_a_clearance_that_comes_too_late_to_post_says_what_to_do(
    decided, is_late, write, rex, ada, time_machine
):
    post = write(window_from=NOON, window_until=NOON + AN_HOUR)
    time_machine.move_to(NOON + decided * AN_HOUR, tick=False)
    seen = post.revision.digest
    clearance = actions.decide(post, actor=rex, verdict="clear", seen=seen).clearance
    assert clearance.came_late == is_late
    assert ada.notices.filter(event="cleared_late").exists() == is_late


def test_a_narrow_time_that_was_wanted_is_not_late(write, rex):
    post = write(window_from=NOON + AN_HOUR, window_until=NOON + AN_HOUR + dt.timedelta(minutes=2))
    seen = post.revision.digest
    assert not actions.decide(post, actor=rex, verdict="clear", seen=seen).clearance.came_late


def test_one_press_puts_a_late_post_forward_again_with_its_text_and_channels(
    write, rex, ada, client, time_machine
):
    post = write(window_until=NOON + AN_HOUR, note="For the launch.")
    time_machine.move_to(NOON + 2 * AN_HOUR, tick=False)
    seen = post.revision.digest
    actions.decide(post, actor=rex, verdict="clear", seen=seen)
    duties.lapse_ended()
    assert [notice.event for notice in ada.notices.all()] == ["cleared_late"]  # told once
    client.force_login(ada)
    assert "Cleared, but too late" in client.get(f"/posts/{post.pk}/").content.decode()
    for _ in range(2):
        client.post(f"/posts/{post.pk}/again/", {"seen": seen})
    post.refresh_from_db()
    revision = post.revision
    assert (post.state, revision.number, revision.window_until) == (State.IN_REVIEW, 2, None)
    assert (revision.text, revision.note) == ("We opened a bike shed today.", "For the launch.")
    assert [one["name"] for one in revision.channels] == ["Own LinkedIn"]


@pytest.mark.parametrize(("who", "status"), [("rex", 404), ("zoe", 404), ("rita", 404)])
def test_only_its_author_puts_it_forward_again(who, status, request, cleared, client):
    post = cleared(window_until=NOON + AN_HOUR)
    client.force_login(request.getfixturevalue(who))
    answer = client.post(f"/posts/{post.pk}/again/", {"seen": post.revision.digest})
    assert answer.status_code == status
    assert Submission.objects.get().revision == post.revision


def test_a_post_whose_channel_is_gone_is_not_put_forward_again(cleared, ada, channel):
    post = cleared(window_until=NOON + AN_HOUR)
    channel.is_active = False
    channel.save()
    with pytest.raises(RefusedPostError, match="at least one place"):
        again.put_again(post, actor=ada, seen=post.revision.digest)


def test_a_clock_that_was_set_back_says_not_yet_and_never_publishes_early(cleared, time_machine):
    post = cleared(window_from=NOON)
    time_machine.move_to(NOON - AN_HOUR)
    with pytest.raises(RefusedPostError, match="may not go out before"):
        publish(post)
    assert timezone.now() < NOON


def test_a_blackout_tells_nothing_of_a_verdict_that_may_be_undone(write, rex, ada, time_machine):
    post, ten_seconds = write(), dt.timedelta(seconds=10)
    seen = post.revision.digest
    actions.decide(post, actor=rex, verdict="clear", seen=seen, undo_for=ten_seconds)
    blackout(rex)
    duties.tell_of_blackouts()
    assert not ada.notices.filter(event="blackout").exists()
    time_machine.move_to(NOON + ten_seconds, tick=False)
    duties.tell_of_blackouts()
    assert ada.notices.filter(event="blackout").count() == 1
