"""How long a post waits, told from its steps."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals import pace
from approvals.pace import Act, Kept, Promise, Spread, Wait, follow, kept_seconds, told

NINE = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def act(step, state, minute, *, by_another=True, lane="amber", stage=0):
    at = NINE + minute * MINUTE
    return Act(step, state, at, at, by_another=by_another, lane=lane, stage=stage)


def waits_of(*acts):
    """All waits of a post, from its first step to its last."""
    waits = []
    for one in acts:
        last, begun = follow(waits[-1] if waits else None, one)
        waits[-1:] = [wait for wait in (last, begun) if wait]
    return waits


SUBMIT = act("submit", "in_review", 0, by_another=False)


def test_a_post_waits_from_the_press_to_the_answer_and_its_first_touch_is_of_another_person():
    [wait] = waits_of(
        SUBMIT,
        act("hand_over", "in_review", 5, by_another=False),  # by the clock
        act("claim", "in_review", 8),
        act("clear", "cleared", 10),
    )
    assert wait.first_touch_at == NINE + 8 * MINUTE
    assert (wait.ended_at, wait.cleared_at) == (NINE + 10 * MINUTE,) * 2
    assert (wait.touches, wait.passed_on, wait.outcome) == (1, 1, "clear")


def test_what_the_author_does_is_no_touch():
    [wait] = waits_of(SUBMIT, act("withdraw", "withdrawn", 3, by_another=False))
    assert (wait.first_touch_at, wait.touches, wait.outcome) == (None, 0, "withdraw")


def test_a_post_that_was_sent_back_has_waited_since_it_was_first_put_forward():
    first, second = waits_of(
        SUBMIT,
        act("send_back", "returned", 10),
        act("submit", "in_review", 30, by_another=False),
        act("clear", "cleared", 45),
    )
    assert (first.cleared_at, second.since_at) == (None, NINE)
    assert second.asked_at == NINE + 30 * MINUTE
    assert (first.run_touches, second.touches, second.run_touches) == (1, 1, 2)


def test_after_a_clearance_a_new_run_begins():
    first, second = waits_of(
        SUBMIT,
        act("clear", "cleared", 10),
        act("lapse", "lapsed", 500, by_another=False),
        act("submit", "in_review", 600, by_another=False),
    )
    assert first.lapsed_at == NINE + 500 * MINUTE
    assert (second.since_at, second.run_touches) == (NINE + 600 * MINUTE, 0)


def test_a_changed_post_is_asked_for_afresh():
    first, second = waits_of(SUBMIT, act("revise", "in_review", 20, by_another=False))
    assert (first.outcome, first.is_open, second.is_open) == ("revise", False, True)
    assert (second.since_at, second.asked_at) == (NINE, NINE + 20 * MINUTE)


def test_each_stage_is_a_wait_of_its_own_in_the_same_round():
    first, second = waits_of(
        SUBMIT, act("agree", "in_review", 10, stage=1), act("clear", "cleared", 25, stage=1)
    )
    assert (first.outcome, first.is_first, second.is_first) == ("agree", True, False)
    assert (second.asked_at, second.began_at) == (NINE, NINE + 10 * MINUTE)


def test_a_yes_that_is_one_of_several_in_its_stage_ends_nothing():
    [wait] = waits_of(SUBMIT, act("agree", "in_review", 10))
    assert (wait.is_open, wait.touches) == (True, 1)


def test_a_lane_that_changes_while_it_waits_is_the_one_that_counts():
    [wait] = waits_of(SUBMIT, act("rescreen", "in_review", 5, by_another=False, lane="red"))
    assert wait.lane == "red"


def test_an_undone_decision_was_none():
    [wait] = waits_of(SUBMIT, act("clear", "cleared", 10), act("undo", "in_review", 10))
    assert (wait.is_open, wait.outcome, wait.cleared_at) == (True, "", None)


def test_an_accepted_offer_clears_what_was_answered_before():
    [wait] = waits_of(
        SUBMIT, act("offer", "offered", 10), act("accept", "cleared", 60, by_another=False)
    )
    assert (wait.outcome, wait.ended_at) == ("offer", NINE + 10 * MINUTE)
    assert wait.cleared_at == NINE + 60 * MINUTE


def test_green_is_asked_and_cleared_in_one_step():
    [wait] = waits_of(act("pass_green", "cleared", 0, by_another=False, lane="green"))
    assert (wait.outcome, wait.touches, wait.is_open) == ("pass_green", 0, False)


STEPS = st.sampled_from(
    [
        ("submit", "in_review"), ("revise", "in_review"), ("agree", "in_review"),
        ("clear", "cleared"), ("send_back", "returned"), ("offer", "offered"),
        ("accept", "cleared"), ("undo", "in_review"), ("lapse", "lapsed"),
        ("pass_green", "cleared"), ("a step that is not known yet", "in_review"),
        ("withdraw", "withdrawn"),
    ]
)  # fmt: skip


@given(st.lists(st.tuples(STEPS, st.booleans(), st.integers(0, 2)), max_size=20))
def test_whatever_comes_only_the_last_wait_is_open_and_no_time_runs_backwards(story):
    waits = waits_of(
        *(
            act(step, state, minute, by_another=by, stage=stage)
            for minute, ((step, state), by, stage) in enumerate(story)
        )
    )
    assert not any(wait.is_open for wait in waits[:-1])
    for wait in waits:
        moments = [wait.since_at, wait.asked_at, wait.began_at, wait.ended_at or wait.began_at]
        assert moments == sorted(moments)
        assert wait.first_touch_at is None or wait.first_touch_at >= wait.asked_at
    assert bool(waits and waits[-1].is_open) == bool(waits and story[-1][0][1] in pace.WAITING)


@given(st.integers(0, 40 * pace.A_DAY * 1000))
def test_a_time_is_kept_rounded_up_and_never_by_more_than_its_step(milliseconds):
    seconds = milliseconds / 1000
    kept = kept_seconds(dt.timedelta(milliseconds=milliseconds))
    assert seconds <= kept
    assert kept - seconds < max(1, min(seconds, pace.A_DAY), 0.05 * seconds)


@given(st.integers(0, 3 * pace.AN_HOUR * 1000), st.sampled_from(pace.PROMISES))
def test_rounding_changes_no_answer_to_whether_a_promise_was_kept(milliseconds, promise):
    wait = dt.timedelta(milliseconds=milliseconds)
    was_kept = wait <= dt.timedelta(seconds=promise.seconds)
    assert (kept_seconds(wait) <= promise.seconds) == was_kept


@given(st.lists(st.integers(0, 50), min_size=5), st.integers(1, 100))
def test_a_percentile_is_the_shortest_time_within_which_so_many_were(values, percent):
    spread = Spread(Counter(values))
    at = spread.at(percent)
    assert spread.within(at) * 100 >= percent * len(values)
    assert spread.within(at - 1) * 100 < percent * len(values)


def test_of_fewer_than_five_nothing_is_said():
    assert Spread(Counter([1, 2, 3, 4])).at(50) is None
    assert Spread(Counter([1, 2, 3, 4, 500])).at(50) == 3
    few = Kept(Promise("amber", 50, 900, is_business=False, says=""), Spread(Counter({1: 4})))
    assert few.is_kept is None


@pytest.mark.parametrize(("late", "is_kept", "share"), [(1, True, 95), (2, False, 90)])
def test_a_promise_is_kept_where_so_many_of_a_hundred_were_in_time(late, is_kept, share):
    promise = Promise("amber", 95, 7200, is_business=True, says="")
    kept = Kept(promise, Spread(Counter({60: 20 - late, 9000: late})))
    assert (kept.is_kept, kept.share) == (is_kept, share)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""), (0, "a minute"), (1, "a second"), (2, "2 seconds"), (60, "a minute"),
        (119, "119 seconds"), (900, "15 minutes"), (7200, "2 hours"), (3 * 86400, "3 days"),
    ],
)  # fmt: skip
def test_a_time_is_told_as_people_say_it(seconds, words):
    assert told(seconds) == words


def test_a_wait_of_no_time_at_all_is_kept_as_none():
    assert kept_seconds(dt.timedelta()) == 0
    assert Wait(NINE, NINE, NINE, "amber").is_first
