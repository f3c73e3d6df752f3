"""Where the points of small charts go: shares by month, times by lane and by day, a queue. Pure; pages draw them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 38, 10, 12, 24  # room for the words around it


@dataclass(frozen=True)
class Point:
    """A month: where it stands, and how high its share, if it has one."""

    month: dt.date
    x: float
    y: float | None


def points(months: Sequence[tuple[dt.date, float | None]]) -> list[Point]:
    """Months from left to right; shares from 0 (bottom) to 1 (top)."""
    step = (WIDTH - LEFT - RIGHT) / max(len(months), 1)
    return [
        Point(
            month, round(LEFT + step * (number + 0.5), 1), share if share is None else y_of(share)
        )
        for number, (month, share) in enumerate(months)
    ]


def y_of(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)


def lines(drawn: Sequence[Point]) -> list[str]:
    """The runs of months that have a share, as the points of polylines: a gap stays a gap."""
    return [
        " ".join(f"{point.x},{point.y}" for point in run)
        for has_share, group in groupby(drawn, key=lambda point: point.y is not None)
        if has_share and len(run := list(group)) > 1
    ]


# How long waits are, on an axis on which each tick is several times the one before: 10 seconds and a week both show.
TICKS = (
    (10, "10 s"),
    (60, "1 min"),
    (600, "10 min"),
    (3_600, "1 h"),
    (8 * 3_600, "8 h"),
    (3 * 86_400, "3 d"),
    (14 * 86_400, "2 w"),
)
SHORTEST, LONGEST = 1, 30 * 86_400
ROW, NAMES = 34, 62  # height of a row, room for the names before it


@dataclass(frozen=True)
class Bar:
    """From the time of a half to that of 95 in a hundred, with the promise if there is one; x each."""

    name: str
    y: int
    half: float | None
    most: float | None
    promise: float | None


def x_of(seconds: float) -> float:
    """Where a time stands on the axis of times, from a second to a month."""
    share = log(min(max(seconds, SHORTEST), LONGEST)) / log(LONGEST)
    return round(NAMES + share * (WIDTH - NAMES - RIGHT), 1)


def bars(rows: Sequence[tuple[str, float | None, float | None, float | None]]) -> list[Bar]:
    """One below the other: name, the time of a half, that of 95 in a hundred, and the promise."""
    return [
        Bar(
            name,
            TOP + number * ROW + ROW // 2,
            *(None if one is None else x_of(one) for one in times),
        )
        for number, (name, *times) in enumerate(rows)
    ]


def height_of(drawn: Sequence[Bar]) -> int:
    return TOP + len(drawn) * ROW + BOTTOM


def time_y(seconds: float) -> float:
    """The same axis standing: a second at the bottom, a month at the top."""
    return y_of(log(min(max(seconds, SHORTEST), LONGEST)) / log(LONGEST))


def times_by_day(days: Sequence[tuple[dt.date, float | None]]) -> list[Point]:
    """Days or weeks from left to right, each with a time if it has one."""
    placed = points([(day, None) for day, _ in days])
    return [
        Point(point.month, point.x, None if seconds is None else time_y(seconds))
        for point, (_, seconds) in zip(placed, days, strict=True)
    ]


def steps(values: Sequence[float], most: float) -> str:
    """Values over time as the points of one stepped line, from 0 (bottom) to ``most`` (top)."""
    width = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    found = []
    for number, value in enumerate(values):
        y = y_of(value / most if most else 0)
        found += [f"{LEFT + number * width:.1f},{y}", f"{LEFT + (number + 1) * width:.1f},{y}"]
    return " ".join(found)
