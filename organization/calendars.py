"""Working time of a place: hours of each weekday, holidays, closing days; right across DST changes. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

Hours = tuple[tuple[dt.time, dt.time], ...]  # of one day, in order; midnight ends a day
Week = tuple[Hours, ...]  # seven, Monday first; empty: the usual week of the country

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MIDNIGHT = dt.time()
USUAL_HOURS: Hours = ((dt.time(9), dt.time(17)),)
WEEKEND = frozenset({5, 6})
A_DAY = dt.timedelta(days=1)
A_YEAR = dt.timedelta(days=366)


@dataclass(frozen=True)
class Closed:
    """Days on which a company is closed, both included, whatever the weekday."""

    first: dt.date
    last: dt.date

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Calendar:
    """The working hours of one place."""

    country: str  # ISO 3166 code, lower case; unknown countries have no public holidays
    zone: ZoneInfo
    subdivision: str = ""  # such as BY for Bavaria; unknown ones have the holidays of the country
    week: Week = ()
    closed: tuple[Closed, ...] = ()

    def is_open(self, at: dt.datetime) -> bool:
        return any(start <= at < end for start, end in self._spans(at, days=1))

    def add(self, start: dt.datetime, minutes: float) -> dt.datetime:
        """The moment after so many working minutes; elapsed time inside a day, so a changed hour counts.

        Raises ValueError where a year from the start has fewer.
        """
        left = dt.timedelta(minutes=minutes)
        for opens, closes in self._spans(start, days=A_YEAR.days):
            begin = max(start, opens)
            if begin >= closes:
                continue
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
        raise ValueError(f"Not enough working hours within a year in {self.country}.")

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Working time from start to end, at most a year apart."""
        days = min((end - start).days + 2, A_YEAR.days)
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

    def always_has(self, minutes: int, now: dt.datetime) -> bool:
        """Whether from now on no year passes with fewer working minutes than these.

        The year with the fewest begins now, or with closing days.
        """
        begins = (self._utc(closed.first, MIDNIGHT) for closed in self.closed)
        return all(
            self.between(start, start + A_YEAR) >= dt.timedelta(minutes=minutes)
            for start in {now, *(begin for begin in begins if begin > now)}
        )

    def _spans(self, start: dt.datetime, days: int) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Open times (UTC) in order, none twice; from the day before, whose last hour a changed clock may repeat."""
        first = start.astimezone(self.zone).date() - A_DAY
        known_until = dt.datetime.min.replace(tzinfo=dt.UTC)
        for offset in range(days + 1):
            day = first + offset * A_DAY
            for opens, closes in self._hours(day):
                ends_on = day + A_DAY if closes == MIDNIGHT else day
                begin = max(self._utc(day, opens), known_until)
                end = self._utc(ends_on, closes, last=True)
                if begin < end:
                    known_until = end
                    yield begin, end

    def _hours(self, day: dt.date) -> Hours:
        is_closed = any(closed.holds(day) for closed in self.closed)
        if is_closed or day in _public_holidays(self.country, self.subdivision, day.year):
            return ()
        return self._week[day.weekday()]

    @cached_property
    def _week(self) -> Week:
        return self.week or usual_week(self.country)

    def _utc(self, day: dt.date, time: dt.time, *, last: bool = False) -> dt.datetime:
        """An hour that comes twice is open both times; one that the clock leaps over is read as RFC 5545, 3.3.5 does:
        by the offset before the leap."""
        wall = dt.datetime.combine(day, time, self.zone)
        if not last:
            return wall.astimezone(dt.UTC)
        return max(wall.astimezone(dt.UTC), wall.replace(fold=1).astimezone(dt.UTC))


def usual_week(country: str) -> Week:
    """From nine to five on the country's working days."""
    weekend = _weekend(country)
    return tuple(() if day in weekend else USUAL_HOURS for day in range(7))


def read_hours(text: str) -> Hours:
    """Spans as people write them, such as ``9:00-12:30, 13:30-17:00``; 24:00 is the end of the day.

    Raises ValueError with a sentence that says what is wrong.
    """
    hours = tuple(
        _span(part.strip()) for part in text.replace("\N{EN DASH}", "-").split(",") if part.strip()
    )
    for (_, before), (opens, _) in pairwise(hours):
        if before == MIDNIGHT or opens < before:
            raise ValueError("Write the spans in order, none into the next.")
    return hours


def _span(text: str) -> tuple[dt.time, dt.time]:
    opens, _, closes = (part.strip() for part in text.partition("-"))
    span = _time(opens), _time("00:00" if closes in {"24", "24:00"} else closes)
    if span[1] != MIDNIGHT and span[1] <= span[0]:
        raise ValueError(f"“{text}” ends before it begins. A night is two spans, one on each day.")
    if closes in {"0", "00", "0:00", "00:00"}:
        raise ValueError(f"In “{text}” write 24:00 for the end of the day.")
    return span


def _time(text: str) -> dt.time:
    hour, _, minute = text.partition(":")
    try:
        return dt.time(int(hour), int(minute or "0"))
    except ValueError:
        raise ValueError(f"“{text}” is no time. Write hours such as 9:00-17:30.") from None


def write_hours(hours: Hours) -> str:
    """The same as `read_hours` reads."""
    return ", ".join(
        f"{opens:%H:%M}-{'24:00' if closes == MIDNIGHT else f'{closes:%H:%M}'}"
        for opens, closes in hours
    )


def as_data(week: Week) -> list[list[list[str]]]:
    """A week as JSON; `from_data` reads it back."""
    return [[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in day] for day in week]


def from_data(week: Iterable[Iterable[Iterable[str]]]) -> Week:
    return tuple(
        tuple(
            (dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)) for opens, closes in day
        )
        for day in week
    )


def subdivisions(country: str) -> list[tuple[str, str]]:
    """States, provinces or cities with holidays of their own: code and name, by name."""
    try:
        found = holidays.country_holidays(country.upper())
    except NotImplementedError:
        return []
    names = found.get_subdivision_aliases()
    pairs = [(code, (names.get(code) or [code])[0]) for code in found.subdivisions]
    return sorted(pairs, key=lambda pair: pair[1])


@cache
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[dt.date]:
    known = {code for code, _ in subdivisions(country)}
    try:
        return frozenset(
            holidays.country_holidays(
                country.upper(), subdiv=subdivision if subdivision in known else None, years=year
            )
        )
    except NotImplementedError:
        return frozenset()


@cache
def _weekend(country: str) -> frozenset[int]:
    try:
        return frozenset(holidays.country_holidays(country.upper()).weekend)
    except NotImplementedError:
        return WEEKEND


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
