"""How fast posts were cleared in a period, and who waits for whom now; a constant number of queries."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Avg, Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from organization.models import Person, Unit

from . import pace
from .models import FindingVerdict, Lane, Submission, Wait
from .pace import Spread

PERIODS = (7, 28, 90)  # days
USUAL_PERIOD = 28
LANES = tuple(Lane.values)
MOST_WAITING = 25  # posts, and people, shown as waiting
A_WEEK = 7
SEES_ALL = ("approvals.decide", "organization.read_records", "organization.administer")


def may_see(person: Person) -> bool:
    return sees_all(person) or person.has_perm("organization.see_team")


def sees_all(person: Person) -> bool:
    """A manager sees the own unit; those who decide, keep records or administer see all."""
    return any(person.has_perm(name) for name in SEES_ALL)


def units_for(person: Person) -> QuerySet[Unit]:
    return Unit.objects.all() if sees_all(person) else Unit.objects.filter(pk=person.unit_id)


@dataclass(frozen=True)
class Period:
    """The last so many days, today included, of some units or of all."""

    days: int
    today: dt.date
    unit: Unit | None = None

    @property
    def first(self) -> dt.date:
        return self.today - dt.timedelta(days=self.days - 1)

    def within(self, waits: QuerySet[Wait], day: str) -> QuerySet[Wait]:
        """Of the unit, with this day of theirs in the period; days of a unit further east may be tomorrow's."""
        only = {"unit": self.unit} if self.unit else {}
        return waits.filter(**{f"{day}__gte": self.first}, **only)


Key = tuple


@dataclass(frozen=True)
class Times:
    """The same waits on the wall clock and in working hours."""

    wall: Spread = field(default_factory=Spread)
    business: Spread = field(default_factory=Spread)

    def __len__(self) -> int:
        return len(self.wall)


@dataclass(frozen=True)
class Totals:
    """Counts of a period; each is the number of entries that say so."""

    cleared: int
    green: int  # of these, by a standing approval
    answered: int
    lapsed: int
    touches: int
    touches_per_post: float | None  # of those cleared that anybody touched, over all rounds
    passed_on: int
    upheld: int
    overruled: int

    @property
    def share_green(self) -> int | None:
        """Of a hundred cleared, how many needed no person."""
        return _percent(self.green, self.cleared)

    @property
    def share_overruled(self) -> int | None:
        return _percent(self.overruled, self.overruled + self.upheld)


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


class Figures:
    """The numbers of a period. Each is counted once, when it is first asked for."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self._ended = period.within(Wait.objects.all(), "ended_on")
        self._cleared = period.within(Wait.objects.all(), "cleared_on")

    @cached_property
    def answers(self) -> dict[Key, Times]:
        """By unit and lane: from asking to what the author is told."""
        return _times(self._ended, ("unit_id", "lane"), "answer")

    @cached_property
    def stages(self) -> dict[Key, Times]:
        """By lane, stage and whether it was the round's first: what a person's answer took."""
        ended = self._ended.filter(outcome__in=pace.HUMAN_ANSWERS)
        return _times(ended, ("lane", "stage", "is_first"), "")

    @cached_property
    def touches(self) -> dict[Key, Times]:
        """By lane: from asking to the first act of a person who is not the author."""
        return _times(self._ended, ("lane",), "touch")

    @cached_property
    def clearings(self) -> dict[Key, Times]:
        """By lane and whether a standing approval did it: from first asking, over all rounds."""
        return _times(self._cleared, ("lane", "outcome"), "clear")

    @cached_property
    def trend(self) -> list[tuple[dt.date, dict[str, Spread]]]:
        """Answers in working time by lane: of each day of a short period, of each week of a longer one."""
        step = 1 if self.period.days <= A_WEEK else A_WEEK
        by_day = _spreads(self._ended, ("ended_on", "lane"), "answer_business")
        found: dict[dt.date, dict[str, list[Spread]]] = {
            self.period.first + dt.timedelta(days=day): defaultdict(list)
            for day in range(0, self.period.days, step)
        }
        last = max(found)
        for (day, lane), spread in by_day.items():
            offset = (day - self.period.first).days // step * step
            found[min(self.period.first + dt.timedelta(days=offset), last)][lane].append(spread)
        return [
            (day, {lane: Spread.of(lanes.get(lane, ())) for lane in LANES})
            for day, lanes in found.items()
        ]

    @cached_property
    def totals(self) -> Totals:
        """Four queries."""
        cleared = self._cleared.aggregate(
            cleared=Count("*"),
            green=Count("lane", filter=Q(outcome=pace.GREEN_STEP)),
            touches_per_post=Avg("run_touches", filter=Q(run_touches__gt=0)),
        )
        handled = self._ended.aggregate(
            answered=Count("lane", filter=Q(outcome__in=pace.ANSWERS)),
            all_touches=Sum("touches", default=0),
            all_passed_on=Sum("passed_on", default=0),
        )
        return Totals(
            **cleared,
            **self._verdicts(),
            answered=handled["answered"],
            touches=handled["all_touches"],
            passed_on=handled["all_passed_on"],
            lapsed=self.period.within(Wait.objects.all(), "lapsed_on").count(),
        )

    def _verdicts(self) -> dict[str, int]:
        since = timezone.make_aware(dt.datetime.combine(self.period.first, dt.time()))
        said = FindingVerdict.objects.filter(judged_at__gte=since)
        if self.period.unit:
            said = said.filter(hit__revision__submission__unit=self.period.unit)
        outcomes = FindingVerdict.Outcome
        return said.aggregate(
            upheld=Count("pk", filter=Q(outcome=outcomes.UPHELD)),
            overruled=Count("pk", filter=Q(outcome=outcomes.OVERRULED)),
        )

    def answers_of(self, lane: str) -> Times:
        return _together(times for (_, one), times in self.answers.items() if one == lane)

    def clearings_of(self, lane: str) -> Times:
        return _together(times for (one, _), times in self.clearings.items() if one == lane)

    def touches_of(self, lane: str) -> Times:
        return self.touches.get((lane,), Times())

    def stage_of(self, stage: int) -> Times:
        return _together(times for (_, one, _), times in self.stages.items() if one == stage)

    @property
    def stage_numbers(self) -> list[int]:
        return sorted({stage for _, stage, _ in self.stages})

    @property
    def kept(self) -> list[pace.Kept]:
        """Each promise beside what came of it."""
        return [pace.Kept(one, self._waits_for(one)) for one in pace.PROMISES]

    def _waits_for(self, promise: pace.Promise) -> Spread:
        if promise.lane == Lane.GREEN:
            times = self.clearings.get((Lane.GREEN, pace.GREEN_STEP), Times())
        elif promise.lane == Lane.AMBER:
            times = self.answers_of(Lane.AMBER)
        else:  # the first human answer, though others must agree
            times = _together(
                times
                for (lane, _, is_first), times in self.stages.items()
                if lane == promise.lane and is_first
            )
        return times.business if promise.is_business else times.wall


def _together(times: Iterable[Times]) -> Times:
    known = list(times)
    return Times(Spread.of(one.wall for one in known), Spread.of(one.business for one in known))


def _times(waits: QuerySet[Wait], by: Sequence[str], what: str) -> dict[Key, Times]:
    prefix = f"{what}_" if what else ""
    wall = _spreads(waits, by, f"{prefix}wall")
    business = _spreads(waits, by, f"{prefix}business")
    return {key: Times(wall[key], business.get(key, Spread())) for key in wall}


def _spreads(waits: QuerySet[Wait], by: Sequence[str], value: str) -> dict[Key, Spread]:
    """One query. Waits without the value do not count; of the others there are few different values."""
    rows = (
        waits.filter(**{f"{value}__isnull": False})
        .order_by()
        .values_list(*by, value)
        .annotate(count=Count("*"))
    )
    found: dict[Key, Counter[int]] = defaultdict(Counter)
    for *key, seconds, count in rows:
        found[tuple(key)][seconds] = count
    return {key: Spread(counts) for key, counts in found.items()}


def usual_wait(unit: Unit, lane: str, now: dt.datetime) -> dt.timedelta | None:
    """How long half of the unit's posts of this lane waited for an answer, by the same count as the page of numbers.

    None where there are too few to say. One query.
    """
    period = Period(USUAL_PERIOD, timezone.localdate(now), unit)
    waits = period.within(Wait.objects.filter(lane=lane), "ended_on")
    seconds = _spreads(waits, ("lane",), "answer_wall").get((lane,), Spread()).at(50)
    return None if seconds is None else dt.timedelta(seconds=seconds)


@dataclass(frozen=True)
class Owner:
    """One person for whom posts wait, or nobody yet."""

    name: str
    waiting: int
    late: int
    since: dt.datetime  # the oldest


@dataclass(frozen=True)
class Waiting:
    """One post that waits; its author and its page only for those who may see it."""

    unit: str
    owner: str
    lane: str
    since: dt.datetime
    due_at: dt.datetime
    is_late: bool
    submission: Submission | None


def _under_way(unit: Unit | None) -> QuerySet[Wait]:
    waits = Wait.objects.filter(ended_at=None)
    return waits.filter(unit=unit) if unit else waits


def owners(unit: Unit | None, now: dt.datetime) -> list[Owner]:
    """For whom posts wait now, first whoever has the oldest: to help, not to rank. One query."""
    rows = (
        _under_way(unit)
        .values_list("submission__owner__name")
        .annotate(
            waiting=Count("*"),
            late=Count("pk", filter=Q(submission__due_at__lte=now)),
            since=Min("asked_at"),
        )
        .order_by("since")
    )
    return [Owner(name or "", *rest) for name, *rest in rows[:MOST_WAITING]]


def oldest(unit: Unit | None, reader: Person, now: dt.datetime) -> list[Waiting]:
    """The posts that wait longest; who wrote them only where the reader may see them. Two queries."""
    related = ("unit", "submission__owner", "submission__author")
    waits = list(_under_way(unit).select_related(*related).order_by("asked_at")[:MOST_WAITING])
    visible = set(
        Submission.objects.visible_to(reader)
        .filter(pk__in=[wait.submission_id for wait in waits])
        .values_list("pk", flat=True)
    )
    return [_waiting(wait, now, is_visible=wait.submission_id in visible) for wait in waits]


def _waiting(wait: Wait, now: dt.datetime, *, is_visible: bool) -> Waiting:
    post = wait.submission
    return Waiting(
        unit=wait.unit.name,
        owner=post.owner.name if post.owner else "",
        lane=wait.lane,
        since=wait.asked_at,
        due_at=post.due_at,
        is_late=post.due_at <= now,
        submission=post if is_visible else None,
    )
