"""Working time of a unit: weekdays, public holidays, hours on the wall clock; right across DST changes. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

import holidays

OPENS, CLOSES = dt.time(9), dt.time(17)
A_YEAR_OF_DAYS = 366
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The working hours of one place."""

    country: str  # ISO 3166 code, lower case; unknown countries have no public holidays
    zone: ZoneInfo

    def is_open(self, at: dt.datetime) -> bool:
        return any(start <= at < end for start, end in self._spans(at, days=1))

    def add(self, start: dt.datetime, minutes: int) -> dt.datetime:
        """The moment after so many working minutes; elapsed time inside a day, so a changed hour counts."""
        left = dt.timedelta(minutes=minutes)
        for opens, closes in self._spans(start, days=A_YEAR_OF_DAYS):
            begin = max(start, opens)
            if begin >= closes:
                continue
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
        raise ValueError(f"No working day within a year in {self.country}.")

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Working time from start to end, at most a year apart."""
        days = min((end - start).days + 2, A_YEAR_OF_DAYS)
        overlaps = (
            min(end, closes) - max(start, opens) for opens, closes in self._spans(start, days=days)
        )
        return sum((span for span in overlaps if span > dt.timedelta()), dt.timedelta())

    def open_times(
        self, start: dt.datetime, end: dt.datetime
    ) -> list[tuple[dt.datetime, dt.datetime]]:
        """The working times from start to end, in order, as pairs of moments (UTC)."""
        spans = self._spans(start, days=(end - start).days + 2)
        cut = [(max(start, opens), min(end, closes)) for opens, closes in spans]
        return [(opens, closes) for opens, closes in cut if opens < closes]

    def _spans(self, start: dt.datetime, days: int) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        first = start.astimezone(self.zone).date()
        for offset in range(days):
            day = first + dt.timedelta(days=offset)
            if day.weekday() < SATURDAY and day not in _public_holidays(self.country, day.year):
                yield self._utc(day, OPENS), self._utc(day, CLOSES)

    def _utc(self, day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, self.zone).astimezone(dt.UTC)


@cache
def _public_holidays(country: str, year: int) -> frozenset[dt.date]:
    try:
        return frozenset(holidays.country_holidays(country.upper(), years=year))
    except NotImplementedError:
        return frozenset()


def moment_of(wall: dt.datetime, zone: str, *, last: bool = False) -> dt.datetime:
    """The moment (UTC) at which a clock in that zone shows this; ``last``: the later where it shows it twice.

    Raises ValueError for a time that the clock leaps over in spring.
    """
    local = wall.replace(tzinfo=ZoneInfo(zone), fold=int(last))
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise ValueError(
            f"The clocks go forward then: {wall:%H:%M} never comes on {wall:%d %B %Y}. "
            "Choose a time an hour later."
        )
    return moment
