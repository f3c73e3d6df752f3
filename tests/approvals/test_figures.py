"""What the page of numbers counts, against the entries of the ledger, and what a wait keeps of its times."""

import datetime as dt
import random
import uuid
from collections import Counter, defaultdict

import pytest
import time_machine
from django.utils import timezone
from guardian.shortcuts import assign_perm

from approvals import actions, figures, judging, recalling
from approvals.figures import Figures, Period, usual_wait
from approvals.findings import judged
from approvals.models import Submission, Wait
from approvals.pace import kept_seconds
from approvals.preview import preview
from approvals.states import State
from ledger.models import Entry
from organization.system import CLOCK
from tests.approvals.small_policy import issue_small_policy
from tests.approvals.test_judging import BECAUSE, CHECKS

pytestmark = pytest.mark.django_db
# A Wednesday; in New York, where the unit is, 9:00 is 14:00 UTC.
WEDNESDAY = dt.datetime(2026, 1, 14, 15, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
FOUND = "Acme fully supports parents."


@pytest.fixture
def edition(company, lea, quinn):
    with time_machine.travel(WEDNESDAY - dt.timedelta(days=60), tick=False):
        return issue_small_policy(drafter=lea, approver=quinn, checks=CHECKS)


@pytest.fixture
def at():
    """Stand still at some minutes after Wednesday, ten o'clock in New York."""
    return lambda minutes: time_machine.travel(WEDNESDAY + minutes * MINUTE, tick=False)


def decide(post, actor, verdict="clear", **more):
    return actions.decide(
        post, actor=actor, verdict=verdict, seen=post.revision.digest, reason="So.", **more
    )


def test_a_wait_keeps_its_times_on_the_wall_and_in_the_units_hours(write, rex, at):
    with at(7 * 60 - 20):  # 16:40 in New York
        post = write(FOUND)
    wait = Wait.objects.get(submission=post)
    assert (wait.ended_at, wait.wall, wait.answer_wall) == (None, None, None)
    with at(7 * 60 - 20 + 17 * 60):  # the next morning, 9:40
        decide(post, rex)
    wait.refresh_from_db()
    assert (wait.wall, wait.answer_wall, wait.touch_wall, wait.clear_wall) == (17 * 3600,) * 4
    assert (wait.business, wait.answer_business, wait.clear_business) == (3600,) * 3
    assert (wait.outcome, wait.ended_by, wait.ended_on) == ("clear", rex, dt.date(2026, 1, 15))


def test_a_green_post_is_measured_from_the_look_at_it(write, standing):
    post = write()
    wait = Wait.objects.get(submission=post)
    assert post.state == State.CLEARED
    assert (wait.outcome, wait.touches, wait.ended_by) == ("pass_green", 0, None)
    assert wait.began_at < wait.ended_at
    assert wait.answer_wall is None
    assert wait.clear_wall >= 1


def test_a_step_that_is_rolled_back_leaves_no_wait(write, rex, at):
    post = write(FOUND)
    with pytest.raises(Exception, match="provision"):
        decide(post, rex, "decline")
    assert Wait.objects.get().ended_at is None


def test_a_press_twice_is_one_wait(write):
    key = uuid.uuid4()
    write(FOUND, key=key)
    write(FOUND, key=key)
    assert Wait.objects.count() == 1


@pytest.fixture
def petra_too(petra, channel):
    assign_perm("approvals.review_channel", petra, channel)
    return petra


def live_a_little(write, ada, rex, petra, channel, edition, seed):
    """Thirty days of posts and what becomes of them, as chance has it."""
    pick = random.Random(seed)  # noqa: S311  a story, no secret
    moment = WEDNESDAY - dt.timedelta(days=30)
    for number in range(36):
        moment += pick.random() * dt.timedelta(hours=25)
        with time_machine.travel(moment, tick=False):
            text = pick.choice(["We opened a bike shed today.", FOUND, "It is guaranteed."])
            post = write(f"{text} {number}")
        for step in range(pick.randint(0, 4)):
            moment += pick.random() * dt.timedelta(minutes=90)
            with time_machine.travel(moment, tick=False):
                post = one_step(pick, post, ada, rex, petra, channel, edition, step)
    with time_machine.travel(moment, tick=False):
        return timezone.now()


def one_step(pick, post, ada, rex, petra, channel, edition, step):  # noqa: PLR0911  a table
    post = Submission.objects.select_related("revision", "clearance").get(pk=post.pk)
    seen, reviewer = post.revision.digest, pick.choice([rex, petra])
    change = {"actor": ada, "seen": seen, "channels": [channel], "text": f"Changed {pick.random()}"}
    match post.state, pick.randint(0, 5):
        case State.IN_REVIEW, 0:
            return actions.revise(post, **change)
        case State.IN_REVIEW, 1:
            return actions.hand_over(post, actor=pick.choice([CLOCK, reviewer]))
        case State.IN_REVIEW, 2:
            return decide(post, reviewer, "send_back")
        case State.IN_REVIEW, 3:
            return decide(post, reviewer, "decline", provision=edition.provisions.first())
        case State.IN_REVIEW, _:
            return decide(post, reviewer, said=said_of(post))
        case ((State.RETURNED | State.LAPSED), _):
            return actions.revise(post, **change)
        case State.CLEARED, (0 | 3 | 4):
            actions.lapse(post, at=post.clearance.ends_at)
        case State.CLEARED, 1:
            return actions.withdraw(post, actor=ada, seen=seen)
        case State.CLEARED, 2:
            return recalling.recall(post, actor=rex, reason="Wrong.")
    return post


def said_of(post):
    screening = actions.latest_screening(post.revision)
    opinion = judging.Opinion(judging.OVERRULED, BECAUSE)
    return judging.Said({one.hit.pk: opinion for one in judged(screening) if one.asks})


class Told:
    """The same numbers, counted by hand from the ledger alone: subjects, types, moments, actors."""

    def __init__(self, author, first, zone):
        self.types, self.answers, self.touches = Counter(), defaultdict(list), 0
        self.clearings, self.overruled = defaultdict(list), 0
        for subject in set(Entry.objects.values_list("subject", flat=True)):
            if subject.startswith("approvals.submission:"):
                self.read(Entry.objects.about(subject), author, first, zone)

    def read(self, story, author, first, zone):
        asked = since = lane = None
        for entry in story:
            step, data = entry.type.removeprefix("submission."), entry.content["data"]
            is_counted = entry.created_at.astimezone(zone).date() >= first
            lane = data.get("lane", lane)
            if step in {"submit", "revise", "pass_green"}:
                asked, since = entry.created_at, since or entry.created_at
            if entry.created_at >= timezone.make_aware(dt.datetime.combine(first, dt.time())):
                self.overruled += sum(said[-1] == "overruled" for said in data.get("verdicts", ()))
            if is_counted:
                self.types[step] += 1
                actor = entry.content["actor"]
                if step in {"clear", "send_back", "decline"}:
                    self.answers[lane].append(entry.created_at - asked)
                if step in {"clear", "send_back", "decline", "hand_over"}:
                    self.touches += actor["kind"] == "person" and actor["id"] != str(author.pk)
                if step in {"clear", "pass_green"}:
                    self.clearings[lane].append(entry.created_at - since)
            if step in {"clear", "pass_green"}:
                since = None


@pytest.mark.parametrize("seed", [1, 2])
def test_i13_counts_on_the_page_equal_counts_from_entries(
    write, ada, rex, petra_too, channel, edition, seed
):
    now = live_a_little(write, ada, rex, petra_too, channel, edition, seed)
    today = now.astimezone(ada.zone).date()
    for days in figures.PERIODS:
        period = Period(days, today)
        told = Told(ada, period.first, ada.zone)
        compare(Figures(period), told)
    assert Figures(period).totals.touches + under_way("touches") == told.touches
    assert told.types["lapse"]
    assert told.types["clear"] > 5
    waiting = Submission.objects.filter(state=State.IN_REVIEW)
    assert {one.submission_id for one in Wait.objects.filter(ended_at=None)} == {
        post.pk for post in waiting
    }


def under_way(name):
    return sum(Wait.objects.filter(ended_at=None).values_list(name, flat=True))


def compare(counted, told):
    totals = counted.totals
    assert totals.cleared == told.types["clear"] + told.types["pass_green"]
    assert totals.green == told.types["pass_green"]
    assert totals.lapsed == told.types["lapse"]
    assert totals.answered == sum(told.types[one] for one in ("clear", "send_back", "decline"))
    assert totals.overruled == told.overruled
    for lane in figures.LANES:
        for times, by_hand in [
            (counted.answers_of(lane), told.answers[lane]),
            (counted.clearings_of(lane), told.clearings[lane]),
        ]:
            assert times.wall.counts == Counter(map(kept_seconds, by_hand))
    assert sum(len(spread) for _, lanes in counted.trend for spread in lanes.values()) == sum(
        map(len, told.answers.values())
    )


def test_the_usual_wait_is_the_number_on_the_page_and_told_from_five_posts_on(
    write, rex, unit, ada, channel, at
):
    for number in range(5):
        with at(100 * number):
            assert usual_wait(unit, "amber", timezone.now()) is None
            post = write(f"{FOUND} {number}")
        with at(100 * number + 10 * (number + 1)):
            decide(post, rex)
    with at(600):
        lane = post.lane
        usual = usual_wait(unit, lane, timezone.now())
        page = Figures(Period(28, timezone.localdate(), unit)).answers[unit.pk, lane]
        assert usual == dt.timedelta(minutes=30) == dt.timedelta(seconds=page.wall.at(50))
        assert usual_wait(unit, "green", timezone.now()) is None
        assert preview(f"{FOUND} Again.", ada, [channel]).usual == "30 minutes"
    with at(31 * 24 * 60):
        assert usual_wait(unit, lane, timezone.now()) is None


def test_who_waits_for_whom_names_authors_only_to_those_who_may_see(
    write,
    rex,
    max,  # noqa: A002  his name
    rita,
    unit,
    at,
):
    with at(0):
        first = write(FOUND)
    with at(30):
        write(f"{FOUND} Two.")
    now = WEDNESDAY + 90 * MINUTE
    [owner] = figures.owners(None, now)
    assert (owner.name, owner.waiting, owner.since) == ("Rex", 2, WEDNESDAY)
    assert owner.late == Submission.objects.filter(due_at__lte=now).count()
    assert figures.oldest(None, rita, now)[0].submission == first
    assert [one.submission for one in figures.oldest(unit, max, now)] == [None, None]
