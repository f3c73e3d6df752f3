"""Where the points of a small chart go. Pure; the page draws them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

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
