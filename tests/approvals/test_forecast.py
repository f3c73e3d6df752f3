"""The simulation against queueing theory, and against itself."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.forecast import (
    ALWAYS,
    HOUR,
    NEVER,
    WEEK,
    Decided,
    Hours,
    Plan,
    Stream,
    Summary,
    practice_of,
    rates_of,
    simulate,
    within,
)

SEED = 7


def exponential(mean, count=2000):
    """Service times of that mean, spread as the exponential distribution is."""
    return tuple(-math.log(1 - (number + 0.5) / count) * mean for number in range(count))


def queue(arrivals_an_hour, look, servers, weeks=40):
    return Plan(
        streams=(Stream("amber", ALWAYS, (arrivals_an_hour,) * 168),),
        reviewers=(ALWAYS,) * servers,
        looks=exponential(look),
        noticed={},
        urgency={},
        weeks=weeks,
    )


def waits_of(plan, seed=SEED):
    return [post.wall for post in simulate(plan, seed) if post.arrived >= WEEK]


@pytest.mark.parametrize(("arrivals", "look"), [(6, 300), (4, 600)])
def test_one_reviewer_who_never_sleeps_is_the_m_m_1_queue(arrivals, look):
    """The time in an M/M/1 system is exponential with rate mu - lambda."""
    waits, rate = waits_of(queue(arrivals, look, 1)), HOUR / look - arrivals
    assert sum(waits) / len(waits) == pytest.approx(HOUR / rate, rel=0.06)
    assert within(waits, 50) == pytest.approx(math.log(2) * HOUR / rate, rel=0.05)
    assert within(waits, 95) == pytest.approx(math.log(20) * HOUR / rate, rel=0.08)


def erlang_c(load, servers):
    """The chance to wait in M/M/c (Erlang 1917), by the recursion of Erlang B."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


@pytest.mark.parametrize(("arrivals", "look", "servers"), [(10, 600, 2), (10, 900, 4)])
def test_several_reviewers_are_the_m_m_c_queue(arrivals, look, servers):
    plan = queue(arrivals, look, servers)
    load = arrivals * look / HOUR
    chance = erlang_c(load, servers)
    posts = [post for post in simulate(plan, SEED) if post.arrived >= WEEK]
    queued = [post.wall - post.look for post in posts]
    expected = chance * HOUR / (servers * HOUR / look - arrivals)
    assert sum(one > 1e-3 for one in queued) / len(queued) == pytest.approx(chance, rel=0.05)
    assert sum(queued) / len(queued) == pytest.approx(expected, rel=0.1)


OFFICE = Hours(
    tuple(
        (week * WEEK + day * 86400 + 9 * HOUR, week * WEEK + day * 86400 + 17 * HOUR)
        for week in range(8)
        for day in range(5)
    )
)
LANES = st.sampled_from(["amber", "red", "green"])


@st.composite
def plans(draw, lanes=2):
    own = draw(st.sampled_from([OFFICE, ALWAYS]))
    return Plan(
        streams=tuple(
            Stream(lane, own, tuple(draw(st.sampled_from([0.0, 0.3, 2.0])) for _ in range(24)) * 7)
            for lane in draw(st.lists(LANES, min_size=1, max_size=lanes, unique=True))
        ),
        reviewers=(own,) * draw(st.integers(1, 3)),
        looks=tuple(draw(st.lists(st.floats(0, 5000), min_size=1, max_size=9))),
        noticed={"amber": tuple(draw(st.lists(st.floats(0, 9000), max_size=5)))},
        urgency={"amber": 7200.0, "red": 3600.0, "green": 7200.0},
        weeks=draw(st.integers(1, 2)),
    )


@settings(max_examples=40)
@given(plans(), st.integers(0, 9))
def test_every_post_that_arrives_is_decided_once_and_nobody_decides_two_at_once(plan, seed):
    posts = simulate(plan, seed)
    assert [post.arrived for post in posts] == sorted(post.arrived for post in posts)
    done = [post for post in posts if post.decided < NEVER]
    assert len(done) == len(posts) or plan.reviewers[0] is OFFICE
    for post in done:
        assert post.decided >= post.noticed >= post.arrived
    work = sum(post.look for post in done)
    if done:
        hours, last = plan.reviewers[0], max(post.decided for post in done)
        assert work <= len(plan.reviewers) * hours.until(last) + 1e-3


@settings(max_examples=40)
@given(plans(), st.integers(0, 9))
def test_the_same_seed_gives_the_same_and_plans_survive_json(plan, seed):
    again = Plan.of_data(plan.as_data())
    assert again == plan
    assert simulate(again, seed) == simulate(plan, seed)


@settings(max_examples=40)
@given(plans(lanes=1), st.integers(0, 9), st.integers(1, 3))
def test_more_reviewers_never_make_a_post_of_the_one_queue_wait_longer(plan, seed, more):
    """Posts that are served in the order of notice, with the same looks: a classic of G/G/c queues."""
    fewer = simulate(plan, seed)
    others = simulate(replace(plan, reviewers=plan.reviewers + plan.reviewers[:1] * more), seed)
    assert [post.arrived for post in others] == [post.arrived for post in fewer]
    assert all(
        one.decided <= other.decided + 1e-6 for one, other in zip(others, fewer, strict=True)
    )


def test_more_reviewers_make_no_lane_slower_where_two_lanes_share_them():
    streams = tuple(Stream(lane, ALWAYS, (3.0,) * 168) for lane in ("amber", "red"))
    plan = replace(queue(0, 400, 1, weeks=4), streams=streams, urgency={"amber": 7200, "red": 60})
    times = []
    for count in (1, 2, 3):
        summary = Summary(replace(plan, reviewers=(ALWAYS,) * count))
        summary.add(simulate(replace(plan, reviewers=(ALWAYS,) * count), SEED))
        times.append(summary.lanes())
    for lane in ("amber", "red"):
        for name in ("wall_50", "wall_95"):
            values = [one[lane][name] for one in times]
            assert values == sorted(values, reverse=True)
    assert times[0]["red"]["wall_95"] < times[0]["amber"]["wall_95"]


def test_what_is_not_done_in_the_evening_goes_on_in_the_morning():
    late = 16.75 * HOUR
    hours = Hours(((9 * HOUR, 17 * HOUR), (33 * HOUR, 41 * HOUR)))
    assert hours.add(late, 1800) == 33.25 * HOUR
    assert hours.add(20 * HOUR, 60) == 33 * HOUR + 60
    assert hours.add(late, 9 * HOUR) == NEVER
    assert hours.between(late, 33.25 * HOUR) == 1800
    assert [hours.is_open(at * HOUR) for at in (8, 9, 16.9, 17, 33)] == [
        False,
        True,
        True,
        False,
        True,
    ]


@given(st.floats(0, 7 * WEEK), st.floats(0.001, 30 * HOUR))
def test_adding_hours_and_counting_them_are_the_same(at, seconds):
    end = OFFICE.add(at, seconds)
    assert OFFICE.between(at, end) == pytest.approx(seconds, abs=1e-3)


def test_posts_moved_to_green_wait_for_nobody_and_the_others_are_the_same():
    plan = queue(5, 300, 1, weeks=2)
    before = simulate(plan, SEED)
    after = simulate(replace(plan, to_green=0.4), SEED)
    arrived = {post.arrived for post in before}
    assert {post.arrived for post in after} < arrived
    assert len(after) / len(before) == pytest.approx(0.6, abs=0.05)
    assert simulate(replace(plan, to_green=1.0), SEED) == []


def test_a_team_that_cannot_keep_up_is_said_not_to():
    plan = Plan((Stream("amber", OFFICE, (3.0,) * 168),), (OFFICE,), (3000.0,), {}, {}, weeks=2)
    summary = Summary(plan)
    summary.add(simulate(plan, SEED))
    assert summary.lanes()["amber"]["business_95"] is None


def test_the_queue_is_as_long_as_little_says():
    """Little's law: posts in the system are arrivals an hour times hours in the system."""
    plan = queue(6, 300, 1, weeks=60)
    summary = Summary(plan)
    posts = simulate(plan, SEED)
    summary.add(posts)
    mean_wait = sum(waits_of(plan)) / len(waits_of(plan))
    assert len(summary.queue()) == 168
    assert sum(summary.queue()) / 168 == pytest.approx(6 * mean_wait / HOUR, rel=0.06)


def test_how_reviewers_work_is_read_from_their_decisions():
    """Six posts come together, are turned to after half an hour, and take two minutes each."""
    past = [Decided("amber", 9 * HOUR, 9.5 * HOUR + 120 * number, "rex") for number in range(1, 7)]
    practice = practice_of(past, {"rex": OFFICE})
    assert practice.knows_looks
    assert set(practice.looks) == {120.0}
    assert set(practice.noticed["amber"]) == {1800.0}


def test_too_few_decisions_tell_no_look_and_two_minutes_are_taken():
    practice = practice_of([Decided("red", 9 * HOUR, 10 * HOUR, "rex")], {"rex": OFFICE})
    assert (practice.looks, practice.knows_looks) == ((120.0,), False)
    assert practice.noticed["red"] == (3480.0,)


def test_rates_are_of_the_hour_of_the_week():
    rates = rates_of([0.0, WEEK + 10.0, 30 * HOUR], weeks=2)
    assert (rates[0], rates[30], sum(rates)) == (1.0, 0.5, 1.5)
