"""Forecasts from rows: what they read, that they replay, and how far off they were."""

import datetime as dt
import math
import random

import pytest
import time_machine
from django.utils import timezone

from approvals import forecasting, foreseeing
from approvals.forecasting import Asked, error_of, inputs_of, result_of
from approvals.models import Forecast, Wait
from ledger.models import Entry
from tests.conftest import hire

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 25, 18, tzinfo=dt.UTC)  # a Wednesday


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def history(now, submission, unit, rex, petra):
    """Nine weeks of six posts each working day; each is turned to after half an hour or so."""
    pick, waits = random.Random(5), []  # noqa: S311  a story, no secret
    Wait.objects.all().delete()
    for days in range(63):
        nine = (NOW - dt.timedelta(days=days)).replace(hour=13, minute=0)  # 9:00 in New York
        if nine.weekday() < 5:
            for number in range(6):
                began_at = nine + dt.timedelta(minutes=60 * number + 30 * pick.random())
                ended_at = began_at + dt.timedelta(minutes=20 + 20 * pick.random())
                waits.append((began_at, ended_at, pick.choice([rex, petra])))
    kept = [
        Wait(
            submission=submission, unit=unit, lane="amber", outcome="clear", ended_by=reviewer,
            since_at=began_at, asked_at=began_at, began_at=began_at,
            ended_at=ended_at, ended_on=ended_at.date(),
            entry=Entry(index=1_000_000 + number),
        )
        for number, (began_at, ended_at, reviewer) in enumerate(sorted(waits, key=lambda one: one[0]))
        if ended_at < NOW
    ]  # fmt: skip
    Entry.objects.bulk_create([an_entry(wait.entry_id) for wait in kept])
    return Wait.objects.bulk_create(kept)


def an_entry(index):
    return Entry(
        index=index, type="test.wait", subject=f"test.wait:{index:032x}", body=b"{}",
        leaf_hash=bytes(32), created_at=NOW,
    )  # fmt: skip


def made(asked, actor):
    forecast = foreseeing.ask_for_forecast(asked, actor=actor)
    forecasting.run(forecast.pk)
    forecast.refresh_from_db()
    return forecast


def test_a_forecast_says_what_history_says_and_how_far_off_it_was(history, rita):
    result = made(Asked(), rita).result
    amber = result["now"]["amber"]
    assert 20 * 60 <= amber["business_50"] <= 40 * 60
    assert 25 <= amber["a_week"] <= 32
    assert (result["reviewers"], result["begins"]) == (2, "2026-03-30")
    assert [week["week"] for week in result["past"]] == [
        "2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16",
    ]  # fmt: skip
    assert error_of(result, 50) <= 15
    assert error_of(result) == round(
        100 * sum(row["off"] for week in result["past"] for row in week["rows"]) / 8
    )
    assert result["now"] == result["then"]


def test_a_past_week_is_forecast_from_the_weeks_before_it_alone(history, rita):
    monday = dt.datetime(2026, 3, 16, tzinfo=dt.UTC)
    before = inputs_of(Asked(), NOW)["past"][-1]
    late = Wait.objects.filter(began_at__gte=monday)
    assert late.exists()
    for wait in late:
        wait.began_at -= dt.timedelta(hours=1)
        wait.save()
    after = inputs_of(Asked(), NOW)["past"][-1]
    assert before["plan"] == after["plan"]
    assert before["came"] != after["came"]


def test_the_row_alone_gives_the_same_result_again(history, rita):
    forecast = made(Asked(reviewers=1, more_posts=50), rita)
    Wait.objects.all().delete()
    again = result_of(forecast.inputs, forecast.seed, lambda done, of: None)
    assert again == forecast.result


def test_run_twice_it_is_made_once(history, rita, django_assert_num_queries):
    forecast = made(Asked(), rita)
    with django_assert_num_queries(1):
        forecasting.run(forecast.pk)


def test_a_task_that_was_killed_begins_again_and_says_the_same(history, rita):
    forecast = made(Asked(), rita)
    Forecast.objects.update(finished_at=None, result=None, done=2)
    forecasting.run(forecast.pk)
    assert Forecast.objects.get().result == forecast.result


def test_asked_twice_at_once_it_is_one_forecast_and_one_task(history, rita, quinn, run_tasks):
    asked = [foreseeing.ask_for_forecast(Asked(reviewers=2), actor=rita) for _ in range(2)]
    assert asked[0] == asked[1]
    assert foreseeing.ask_for_forecast(Asked(reviewers=2), actor=quinn) != asked[0]
    assert foreseeing.ask_for_forecast(Asked(reviewers=3), actor=rita) != asked[0]


def test_the_task_makes_it(history, rita, run_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        forecast = foreseeing.ask_for_forecast(Asked(), actor=rita)
    run_tasks()
    forecast.refresh_from_db()
    assert (forecast.done, forecast.of) == (6, 6)
    assert forecast.finished_at


def test_more_posts_and_fewer_people_never_make_it_faster(history, rita):
    """Each plan draws its own posts, so a few hundredths are chance; a short day with too many posts is none."""
    crowded = made(Asked(reviewers=1, more_posts=400), rita).result
    overrun = made(Asked(opens="09:00", closes="09:20", reviewers=1, more_posts=400), rita).result
    for name in ("business_50", "business_95"):
        now = crowded["now"]["amber"][name]
        assert crowded["then"]["amber"][name] >= 0.95 * now
        assert (overrun["then"]["amber"][name] or math.inf) >= 2 * now  # none: not in those weeks
    assert crowded["then"]["amber"]["a_week"] == pytest.approx(
        5 * crowded["now"]["amber"]["a_week"], rel=0.1
    )


def test_other_hours_and_days_change_the_wait_on_the_wall(history, rita):
    always = made(Asked(opens="00:00", closes="23:59", every_day=True), rita).result
    assert always["then"]["amber"]["wall_95"] <= always["now"]["amber"]["wall_95"]
    spans = inputs_of(Asked(opens="08:00", closes="10:00"), NOW)["then"]
    hours = [spans["hours"][number] for number in spans["reviewers"]]
    assert {round(end - start) for span in hours for start, end in span} == {7200}


def test_posts_moved_to_green_do_not_wait(history, rita):
    result = made(Asked(to_green=50), rita).result
    assert result["then"]["amber"]["a_week"] == pytest.approx(
        result["now"]["amber"]["a_week"] / 2, rel=0.15
    )


def test_without_history_it_says_so(now, submission, rita):
    forecast = made(Asked(), rita)
    assert forecast.result is None
    assert forecast.problem == (
        "Reviewers decided on 0 posts in the last 4 weeks. A forecast needs 20."
    )


def test_it_keeps_nobodys_name_and_reads_in_a_constant_number_of_queries(
    history, rita, unit, django_assert_max_num_queries
):
    hire("Rob", unit)
    with django_assert_max_num_queries(12):
        inputs = inputs_of(Asked(), timezone.now())
    people = {str(wait.ended_by_id) for wait in history}
    assert not any(person in str(inputs) for person in people)
