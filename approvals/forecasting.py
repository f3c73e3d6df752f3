"""What a forecast reads and writes: the last weeks' waits in, expected times out, and how far off it would have been.

The inputs are kept with the forecast as plain numbers, so that the same row gives the same result again, whatever
becomes of calendars and posts. Each of the last four weeks is forecast from the weeks before it and compared with what
came: that is the error which stands beside the forecast.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import mean
from typing import Any, Self
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from organization.calendars import Calendar
from organization.models import Person
from organization.working_time import calendars_of

from . import pace, routing
from .forecast import (
    Decided,
    Hours,
    Plan,
    Practice,
    Stream,
    Summary,
    practice_of,
    rates_of,
    simulate,
    within,
)
from .models import Forecast, Wait
from .routing import FEWEST_WAITS

A_WEEK = dt.timedelta(weeks=1)
HISTORY, PAST, AHEAD = (
    4,
    4,
    4,
)  # weeks: that a forecast reads, that are forecast to compare, that it looks ahead
TAIL = 4  # weeks after, in which the last posts are decided
FEWEST_DECISIONS = 20
MOST_WAITS = 50_000  # the newest
ENOUGH_POSTS = 20_000  # in all runs of a plan together
FEWEST_RUNS, MOST_RUNS = 3, 60
LOST_AFTER = dt.timedelta(minutes=5)
TOLD = ("begins", "decisions", "reviewers", "knows_looks", "green_a_week")  # with the result
SHORTEST = 60.0  # seconds; an error is told as a share of no less


class TooLittleHistoryError(Exception):
    """There are too few decisions to say anything from."""


@dataclass(frozen=True)
class Asked:
    """What if. Nothing of it is as it is now."""

    reviewers: int | None = None
    opens: str = ""  # such as 08:00, on the reviewers' own clocks
    closes: str = ""
    every_day: bool = False
    to_green: int = 0  # of a hundred amber posts
    more_posts: int = 0  # percent; below nothing for fewer

    @property
    def is_as_now(self) -> bool:
        return self == Asked()

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


def run(pk: UUID) -> None:
    """Do the work of one forecast. Run twice, it does the same; a finished one is left alone."""
    forecast = Forecast.objects.get(pk=pk)
    if forecast.finished_at:
        return
    try:
        if forecast.inputs is None:
            forecast.inputs = inputs_of(Asked.of_data(forecast.asked), forecast.asked_at)
            forecast.save(update_fields=["inputs"])
        forecast.result = result_of(forecast.inputs, forecast.seed, _progress_of(forecast))
    except TooLittleHistoryError as error:
        forecast.problem = str(error)
    forecast.finished_at = timezone.now()
    forecast.save(update_fields=["result", "problem", "done", "of", "finished_at"])


def _progress_of(forecast: Forecast) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        forecast.done, forecast.of = done, of
        forecast.save(update_fields=["done", "of"])

    return tell


def result_of(inputs: dict[str, Any], seed: int, tell: Callable[[int, int], None]) -> dict:
    """All that a forecast says, from its inputs and seed alone; ``tell`` hears of progress."""
    plans = [inputs["now"], inputs["then"], *(week["plan"] for week in inputs["past"])]
    of, summaries = len(plans), []
    for done, data in enumerate(plans):
        tell(done, of)
        same = next(
            (one for one, other in zip(summaries, plans, strict=False) if other == data), None
        )
        summaries.append(same or _summary(Plan.of_data(data), seed))
    tell(of, of)
    now, then, *past = summaries
    return {
        **{name: inputs[name] for name in TOLD},
        "now": now.lanes(),
        "then": then.lanes(),
        "queue_now": now.queue(),
        "queue_then": then.queue(),
        "past": [
            _compared(week, summary.lanes())
            for week, summary in zip(inputs["past"], past, strict=True)
        ],
    }


def _summary(plan: Plan, seed: int) -> Summary:
    a_run = sum(sum(stream.rates) for stream in plan.streams) * plan.weeks
    runs = min(MOST_RUNS, max(FEWEST_RUNS, round(ENOUGH_POSTS / max(a_run, 1))))
    summary = Summary(plan)
    for number in range(runs):
        summary.add(simulate(plan, seed + number))
    return summary


def _compared(week: dict[str, Any], lanes: dict[str, Any]) -> dict[str, Any]:
    """A week that was forecast, beside what came; in working time."""
    rows = []
    for lane, came in week["came"].items():
        for percent in (50, 95):
            said = lanes.get(lane, {}).get(f"business_{percent}")
            if said is not None:
                was = came[str(percent)]
                off = abs(said - was) / max(was, SHORTEST)
                rows.append(
                    {"lane": lane, "percent": percent, "said": said, "came": was, "off": off}
                )
    return {"week": week["week"], "rows": rows}


def error_of(result: dict[str, Any], percent: int | None = None) -> int | None:
    """By how many percent the past weeks' forecasts were off on average; None where none could be compared."""
    offs = [
        row["off"]
        for week in result["past"]
        for row in week["rows"]
        if percent in {None, row["percent"]}
    ]
    return round(100 * mean(offs)) if offs else None


def inputs_of(asked: Asked, now: dt.datetime) -> dict[str, Any]:
    """The weeks after this one, from the last ones; raises TooLittleHistoryError."""
    history, since, monday = History.until(now), now - HISTORY * A_WEEK, _monday(now)
    plan = history.plan(since, now, monday + A_WEEK, AHEAD)
    then = changed(plan, asked, history.reviewers(since, now), monday + A_WEEK)
    return {
        "begins": (monday + A_WEEK).date().isoformat(),
        "decisions": len(history.decided(since, now)),
        "reviewers": len(plan.reviewers),
        "knows_looks": history.practice(since, now).knows_looks,
        "green_a_week": _green_posts(since, now) / HISTORY,
        "now": plan.as_data(),
        "then": then.as_data(),
        "past": list(history.weeks_to_compare(monday)),
    }


def _green_posts(since: dt.datetime, until: dt.datetime) -> int:
    green = Wait.objects.filter(outcome=pace.GREEN_STEP)
    return green.filter(ended_on__gte=since.date(), ended_at__range=(since, until)).count()


def _monday(at: dt.datetime) -> dt.datetime:
    """The beginning of its week, in UTC."""
    day = at.astimezone(dt.UTC).date()
    first = day - dt.timedelta(days=day.weekday())
    return dt.datetime.combine(first, dt.time(), dt.UTC)


@dataclass(frozen=True)
class _Waited:
    lane: str
    calendar: Calendar
    began_at: dt.datetime
    ended_at: dt.datetime | None
    by: str
    by_calendar: Calendar | None


@dataclass(frozen=True)
class History:
    """The waits of the last weeks for which a person was needed."""

    waits: Sequence[_Waited]

    @classmethod
    def until(cls, now: dt.datetime) -> Self:
        """Two queries. Waits that their author ended count for nothing."""
        since = now - (HISTORY + PAST + 1) * A_WEEK
        ended = Q(outcome__in=pace.HUMAN_ANSWERS, ended_by__isnull=False, ended_at__lte=now)
        waits = (
            Wait.objects.filter(ended | Q(ended_at=None), began_at__gte=since, began_at__lte=now)
            .select_related("unit")
            .order_by("-entry_id")[:MOST_WAITS]
        )
        rows = list(waits)
        people = Person.objects.select_related("unit").in_bulk({one.ended_by_id for one in rows})
        units = {one.unit for one in rows} | {person.unit for person in people.values()}
        calendars = calendars_of(units)
        return cls(
            [
                _Waited(
                    one.lane,
                    calendars[one.unit_id],
                    one.began_at,
                    one.ended_at,
                    str(one.ended_by_id or ""),
                    calendars[people[one.ended_by_id].unit_id] if one.ended_by_id else None,
                )
                for one in rows
            ]
        )

    def decided(self, since: dt.datetime, until: dt.datetime) -> list[_Waited]:
        """Asked for and decided between two moments."""
        return [
            one
            for one in self.waits
            if one.ended_at and since <= one.began_at and one.ended_at <= until
        ]

    def practice(self, since: dt.datetime, until: dt.datetime) -> Practice:
        decided = self.decided(since, until)
        origin = _monday(since)
        calendars = {one.by: one.by_calendar for one in decided}
        spans = {
            calendar: _hours(calendar, origin, until + A_WEEK)
            for calendar in set(calendars.values())
        }
        past = [
            Decided(one.lane, _since(origin, one.began_at), _since(origin, one.ended_at), one.by)
            for one in decided
        ]
        return practice_of(past, {by: spans[calendar] for by, calendar in calendars.items()})

    def plan(self, since: dt.datetime, until: dt.datetime, begins: dt.datetime, weeks: int) -> Plan:
        """Of some weeks, as those between two moments were; the week before is its warm-up."""
        decided = self.decided(since, until)
        if len(decided) < FEWEST_DECISIONS:
            raise TooLittleHistoryError(
                f"Reviewers decided on {len(decided)} posts in the last {HISTORY} weeks. "
                f"A forecast needs {FEWEST_DECISIONS}."
            )
        origin, end = begins - A_WEEK, begins + (weeks + TAIL) * A_WEEK
        practice = self.practice(since, until)
        reviewers, came = self.reviewers(since, until), self._asked(since, until)
        needed = {*reviewers, *(one.calendar for one in came)}
        hours = {calendar: _hours(calendar, origin, end) for calendar in needed}
        return Plan(
            streams=_streams(came, since, until, hours),
            reviewers=tuple(hours[calendar] for calendar in reviewers),
            looks=practice.looks,
            noticed=practice.noticed,
            urgency={
                lane: float(minutes * 60) for lane, minutes in routing.PROMISED_MINUTES.items()
            },
            weeks=weeks,
        )

    def reviewers(self, since: dt.datetime, until: dt.datetime) -> list[Calendar]:
        """The calendar of each person who decided; the most common first."""
        people = {one.by: one.by_calendar for one in self.decided(since, until)}
        counted = Counter(people.values()).most_common()
        return [calendar for calendar, count in counted for _ in range(count)]

    def _asked(self, since: dt.datetime, until: dt.datetime) -> list[_Waited]:
        """Asked for between two moments, decided yet or not."""
        return [one for one in self.waits if since <= one.began_at <= until]

    def weeks_to_compare(self, monday: dt.datetime) -> Iterable[dict[str, Any]]:
        """Each of the last full weeks, with the plan that would have been made as it began, and what came."""
        for number in range(PAST, 0, -1):
            begins = monday - number * A_WEEK
            came = self._came(begins, begins + A_WEEK)
            try:
                plan = self.plan(begins - HISTORY * A_WEEK, begins, begins, 1)
            except TooLittleHistoryError:
                continue
            if came:
                yield {
                    "week": begins.date().isoformat(),
                    "plan": plan.as_data(),
                    "came": came,
                }

    def _came(self, begins: dt.datetime, ends: dt.datetime) -> dict[str, dict[str, float]]:
        """By lane: the times of a half and of 95 in a hundred, in working time; of lanes with enough posts."""
        times: dict[str, list[float]] = {}
        for one in self.waits:
            if begins <= one.began_at < ends and one.ended_at:
                waited = one.calendar.between(one.began_at, one.ended_at).total_seconds()
                times.setdefault(one.lane, []).append(waited)
        return {
            lane: {str(percent): within(waited, percent) for percent in (50, 95)}
            for lane, waited in sorted(times.items())
            if len(waited) >= FEWEST_WAITS
        }


def _streams(
    came: Sequence[_Waited], since: dt.datetime, until: dt.datetime, hours: dict[Calendar, Hours]
) -> tuple[Stream, ...]:
    """On average over the weeks of which there is history."""
    weeks = max(1.0, (until - max(since, min(one.began_at for one in came))) / A_WEEK)
    origin = _monday(since)
    moments: dict[tuple[str, Calendar], list[float]] = {}
    for one in came:
        moments.setdefault((one.lane, one.calendar), []).append(_since(origin, one.began_at))
    return tuple(
        Stream(lane, hours[calendar], rates_of(at, weeks))
        for (lane, calendar), at in moments.items()
    )


def _since(origin: dt.datetime, at: dt.datetime) -> float:
    return (at - origin).total_seconds()


def _hours(calendar: Calendar, origin: dt.datetime, end: dt.datetime) -> Hours:
    return _spans(calendar.open_times(origin, end), origin)


def _spans(times: Iterable[tuple[dt.datetime, dt.datetime]], origin: dt.datetime) -> Hours:
    return Hours(tuple((_since(origin, opens), _since(origin, closes)) for opens, closes in times))


def changed(plan: Plan, asked: Asked, calendars: Sequence[Calendar], begins: dt.datetime) -> Plan:
    """The plan as it would be: other people at other hours, another share of green, more posts."""
    reviewers = plan.reviewers
    if asked.opens or asked.every_day:
        origin, end = begins - A_WEEK, begins + (plan.weeks + TAIL) * A_WEEK
        reviewers = tuple(_other_hours(one, asked, origin, end) for one in calendars)
    if asked.reviewers:
        reviewers = tuple(reviewers[number % len(reviewers)] for number in range(asked.reviewers))
    factor = 1 + asked.more_posts / 100
    return replace(
        plan,
        reviewers=reviewers,
        streams=tuple(
            replace(one, rates=tuple(round(rate * factor, 5) for rate in one.rates))
            for one in plan.streams
        ),
        to_green=asked.to_green / 100,
    )


def _other_hours(calendar: Calendar, asked: Asked, origin: dt.datetime, end: dt.datetime) -> Hours:
    """Other hours on the same days, or the same hours on all days."""
    times = calendar.open_times(origin, end)
    days = {opens.astimezone(calendar.zone).date() for opens, _ in times}
    local = [[at.astimezone(calendar.zone).time() for at in span] for span in times]
    opens = dt.time.fromisoformat(asked.opens) if asked.opens else min(span[0] for span in local)
    closes = dt.time.fromisoformat(asked.closes) if asked.closes else max(span[1] for span in local)
    if asked.every_day:
        first = origin.astimezone(calendar.zone).date()
        days = {first + dt.timedelta(days=number) for number in range((end - origin).days)}
    wall = [
        [
            dt.datetime.combine(day, time, calendar.zone).astimezone(dt.UTC)
            for time in (opens, closes)
        ]
        for day in sorted(days)
    ]
    cut = ((max(origin, start), min(end, stop)) for start, stop in wall)
    return _spans(((start, stop) for start, stop in cut if start < stop), origin)
