"""How long posts would wait: a simulation of posts that arrive, and reviewers who decide in their hours. Pure.

Posts arrive at random, as often as in the same hour of former weeks (a Poisson process for each lane and calendar).
Each is noticed after a while; then the most urgent of those noticed goes to the first reviewer who is free and at
work, and takes as long as a look takes. What is not done at the end of a day goes on the next morning. Whatever is
random belongs to the post and not to who decides it, so two plans with one seed differ by what was changed alone.

Times are seconds from the plan's beginning, a Monday at midnight UTC.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import accumulate, pairwise
from random import Random
from statistics import median
from typing import Any, Self

HOUR, WEEK = 3_600, 7 * 24 * 3_600
HOURS_OF_A_WEEK = 168
FEWEST = 5  # looks; fewer say nothing
USUAL_LOOK = 120.0  # seconds, where history does not tell
LONGEST_LOOK = 1_800.0  # a longer gap between two decisions was no look
MOST_SAMPLES = 400
NEVER = math.inf


@dataclass(frozen=True)
class Hours:
    """When people are at work: spans in order that do not touch."""

    spans: tuple[tuple[float, float], ...]

    @cached_property
    def _starts(self) -> list[float]:
        return [start for start, _ in self.spans]

    @cached_property
    def _worked(self) -> list[float]:
        """Open seconds up to the end of each span."""
        return list(accumulate(end - start for start, end in self.spans))

    def is_open(self, at: float) -> bool:
        number = bisect_right(self._starts, at) - 1
        return number >= 0 and at < self.spans[number][1]

    def until(self, at: float) -> float:
        """Open seconds from the beginning up to a moment."""
        number = bisect_right(self._starts, at) - 1
        if number < 0:
            return 0.0
        start, end = self.spans[number]
        before = self._worked[number - 1] if number else 0.0
        return before + min(at, end) - start

    def between(self, start: float, end: float) -> float:
        return self.until(end) - self.until(start)

    def add(self, at: float, seconds: float) -> float:
        """The first moment after so many open seconds; NEVER where the hours end before."""
        if seconds <= 0:
            return at
        wanted = self.until(at) + seconds
        number = bisect_left(self._worked, wanted)
        if number == len(self.spans):
            return NEVER
        before = self._worked[number - 1] if number else 0.0
        return max(at, self.spans[number][0] + wanted - before)


ALWAYS = Hours(((0.0, 1e12),))


@dataclass(frozen=True)
class Stream:
    """Posts of one lane, by people of one calendar."""

    lane: str
    hours: Hours
    rates: tuple[float, ...]  # posts in each hour of the week, from Monday at midnight UTC


@dataclass(frozen=True)
class Plan:
    """All that a simulation depends on, but the seed."""

    streams: tuple[Stream, ...]
    reviewers: tuple[Hours, ...]
    looks: tuple[float, ...]  # seconds that a decision takes; one is drawn for each post
    noticed: Mapping[str, tuple[float, ...]]  # by lane: open seconds until somebody turns to it
    urgency: Mapping[str, float]  # by lane: promised seconds; the sooner of two goes first
    weeks: int  # that are measured
    warm_up: int = 1  # weeks before, so that the first posts find a queue
    to_green: float = 0.0  # share of amber posts that need nobody any more

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it; each calendar once."""
        known = list(dict.fromkeys([*(one.hours for one in self.streams), *self.reviewers]))
        return {
            "hours": [[list(span) for span in one.spans] for one in known],
            "streams": [
                {"lane": one.lane, "hours": known.index(one.hours), "rates": list(one.rates)}
                for one in self.streams
            ],
            "reviewers": [known.index(one) for one in self.reviewers],
            "looks": list(self.looks),
            "noticed": {lane: list(seconds) for lane, seconds in self.noticed.items()},
            "urgency": dict(self.urgency),
            "weeks": self.weeks,
            "warm_up": self.warm_up,
            "to_green": self.to_green,
        }

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        known = [Hours(tuple((start, end) for start, end in spans)) for spans in data["hours"]]
        return cls(
            streams=tuple(
                Stream(one["lane"], known[one["hours"]], tuple(one["rates"]))
                for one in data["streams"]
            ),
            reviewers=tuple(known[number] for number in data["reviewers"]),
            looks=tuple(data["looks"]),
            noticed={lane: tuple(seconds) for lane, seconds in data["noticed"].items()},
            urgency=data["urgency"],
            weeks=data["weeks"],
            warm_up=data["warm_up"],
            to_green=data["to_green"],
        )


@dataclass
class Post:
    """One simulated post. ``decided`` stays NEVER where the hours end first."""

    lane: str
    hours: Hours
    arrived: float
    look: float
    noticed: float
    decided: float = NEVER

    @property
    def wall(self) -> float:
        return self.decided - self.arrived

    @property
    def business(self) -> float:
        if self.decided == NEVER:
            return NEVER
        return self.hours.between(self.arrived, self.decided)


def simulate(plan: Plan, seed: int) -> list[Post]:
    """Every post that arrives, in order, with when it is decided; warm-up included. The same seed gives the same."""
    posts = sorted(_arrivals(plan, seed), key=lambda post: post.arrived)
    _decide(posts, plan)
    return posts


def _arrivals(plan: Plan, seed: int) -> Iterable[Post]:
    for number, stream in enumerate(plan.streams):
        when, what = Random(f"{seed}/{number}/when"), Random(f"{seed}/{number}/what")  # noqa: S311  no secrets
        for at in _moments(stream.rates, plan.warm_up + plan.weeks, when):
            goes_green, look, noticed, by = (what.random() for _ in range(4))
            if stream.lane == "amber" and goes_green < plan.to_green:
                continue
            waits = _drawn(plan.noticed.get(stream.lane, ()), noticed)
            by_hours = plan.reviewers[int(by * len(plan.reviewers))] if plan.reviewers else ALWAYS
            yield Post(
                stream.lane,
                stream.hours,
                arrived=at,
                look=_drawn(plan.looks, look),
                noticed=by_hours.add(at, waits),
            )


def _moments(rates: Sequence[float], weeks: int, random: Random) -> Iterable[float]:
    """A Poisson process whose rate changes with the hour of the week."""
    left = -math.log(1 - random.random())
    for hour in range(weeks * HOURS_OF_A_WEEK):
        rate = rates[hour % HOURS_OF_A_WEEK]
        at = 0.0
        while left < rate * (1 - at):
            at += left / rate
            yield (hour + at) * HOUR
            left = -math.log(1 - random.random())
        left -= rate * (1 - at)


def _drawn(samples: Sequence[float], chance: float) -> float:
    return samples[int(chance * len(samples))] if samples else 0.0


ARRIVES, IS_FREE, COMES = range(3)


def _decide(posts: Sequence[Post], plan: Plan) -> None:
    """Run the clock from event to event: a post is noticed, a reviewer is free, a reviewer comes to work."""
    events = [
        (post.noticed, ARRIVES, number) for number, post in enumerate(posts) if post.noticed < NEVER
    ]
    events += [
        (start, COMES, number)
        for number, hours in enumerate(plan.reviewers)
        for start, _ in hours.spans
    ]
    heapify(events)
    waiting: list[tuple[float, int]] = []
    free = set(range(len(plan.reviewers)))
    while events:
        at, what, number = heappop(events)
        if what == ARRIVES:
            post = posts[number]
            heappush(waiting, (post.noticed + plan.urgency.get(post.lane, 0.0), number))
        elif what == IS_FREE:
            free.add(number)
        while waiting and (reviewer := _at_work(free, plan.reviewers, at)) is not None:
            post = posts[heappop(waiting)[1]]
            free.remove(reviewer)
            post.decided = plan.reviewers[reviewer].add(at, post.look)
            if post.decided < NEVER:
                heappush(events, (post.decided, IS_FREE, reviewer))


def _at_work(free: Iterable[int], reviewers: Sequence[Hours], at: float) -> int | None:
    return min((one for one in free if reviewers[one].is_open(at)), default=None)


def within(values: Iterable[float], percent: int) -> float:
    """The shortest time within which so many of a hundred are (nearest rank); values must not be empty."""
    known = sorted(values)
    return known[max(0, -(-len(known) * percent // 100) - 1)]


class Summary:
    """What several runs of one plan come to."""

    def __init__(self, plan: Plan) -> None:
        self._begins = plan.warm_up * WEEK
        self._weeks = plan.weeks
        self._runs = 0
        self._wall: dict[str, list[float]] = {}
        self._business: dict[str, list[float]] = {}
        self._steps = [0] * (plan.weeks * HOURS_OF_A_WEEK + 1)

    def add(self, posts: Iterable[Post]) -> None:
        """One run. Who arrives in the warm-up is not measured, but stands in the queue."""
        self._runs += 1
        for post in posts:
            self._step(post.arrived, 1)
            self._step(post.decided, -1)
            if post.arrived >= self._begins:
                self._wall.setdefault(post.lane, []).append(post.wall)
                self._business.setdefault(post.lane, []).append(post.business)

    def _step(self, at: float, by: int) -> None:
        """The queue is looked at as each hour begins."""
        if at < NEVER:
            hour = max(0, math.ceil((at - self._begins) / HOUR))
            self._steps[min(hour, len(self._steps) - 1)] += by

    def queue(self) -> list[float]:
        """Posts that wait as each hour of the week begins, on average."""
        lengths = list(accumulate(self._steps))[:-1]
        times = self._weeks * self._runs
        return [round(sum(lengths[hour::HOURS_OF_A_WEEK]) / times, 2) for hour in range(168)]

    def lanes(self) -> dict[str, dict[str, float | None]]:
        """By lane: posts in a week, and the times of a half and of 95 in a hundred; None: not within the plan."""
        return {
            lane: {
                "a_week": round(len(wall) / self._weeks / self._runs, 1),
                **_times("wall", wall),
                **_times("business", self._business[lane]),
            }
            for lane, wall in sorted(self._wall.items())
        }


def _times(name: str, values: list[float]) -> dict[str, float | None]:
    found = {f"{name}_{percent}": within(values, percent) for percent in (50, 95)}
    return {key: None if value == NEVER else round(value, 1) for key, value in found.items()}


@dataclass(frozen=True)
class Decided:
    """A decision of the past: when it was asked for, when and by whom it came."""

    lane: str
    arrived: float
    decided: float
    by: str


@dataclass(frozen=True)
class Practice:
    """How reviewers work, as their decisions tell."""

    looks: tuple[float, ...]
    noticed: dict[str, tuple[float, ...]]
    knows_looks: bool  # whether there were enough to tell


def practice_of(past: Sequence[Decided], hours: Mapping[str, Hours]) -> Practice:
    """A look is the gap between two decisions of one person, where the second post was there already.

    A post is noticed when its reviewer next decides anything, less one look: then they had turned to the queue.
    """
    looks, turned = [], {}
    for by in hours:
        own = sorted((one for one in past if one.by == by), key=lambda one: one.decided)
        turned[by] = [one.decided for one in own]
        looks += [
            gap
            for before, one in pairwise(own)
            if one.arrived < before.decided
            and (gap := hours[by].between(before.decided, one.decided)) <= LONGEST_LOOK
        ]
    knows = len(looks) >= FEWEST
    look = median(looks) if knows else USUAL_LOOK
    noticed: dict[str, list[float]] = {}
    for one in past:
        moments = turned[one.by]
        first = (
            moments[bisect_right(moments, one.arrived)]
            if moments[-1] > one.arrived
            else one.decided
        )
        waited = hours[one.by].between(one.arrived, first) - look
        noticed.setdefault(one.lane, []).append(max(0.0, waited))
    return Practice(
        looks=_fewer(looks) if knows else (USUAL_LOOK,),
        noticed={lane: _fewer(seconds) for lane, seconds in noticed.items()},
        knows_looks=knows,
    )


def _fewer(samples: Iterable[float]) -> tuple[float, ...]:
    """At most 400 that are spread as all of them are."""
    known = sorted(samples)
    if len(known) <= MOST_SAMPLES:
        return tuple(round(one, 1) for one in known)
    step = len(known) / MOST_SAMPLES
    return tuple(round(known[int((number + 0.5) * step)], 1) for number in range(MOST_SAMPLES))


def rates_of(arrived: Iterable[float], weeks: float) -> tuple[float, ...]:
    """Posts in each hour of the week, on average over so many weeks."""
    counts = [0] * HOURS_OF_A_WEEK
    for at in arrived:
        counts[int(at // HOUR) % HOURS_OF_A_WEEK] += 1
    return tuple(round(count / weeks, 5) for count in counts)
