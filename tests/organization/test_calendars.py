"""Working time, on the wall clock of the unit (invariant 10)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from organization.calendars import Calendar

NEW_YORK = Calendar("us", ZoneInfo("America/New_York"))
LONDON = Calendar("gb", ZoneInfo("Europe/London"))


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "end"),
    [
        (LONDON, "2026-11-23T10:00", 120, "2026-11-23T12:00"),
        (LONDON, "2026-11-23T16:00", 120, "2026-11-24T10:00"),
        (LONDON, "2026-11-27T16:30", 60, "2026-11-30T09:30"),
        (LONDON, "2026-12-24T16:30", 60, "2026-12-29T09:30"),
        (NEW_YORK, "2026-03-06T21:00", 120, "2026-03-09T14:00"),
        (NEW_YORK, "2026-10-30T20:00", 120, "2026-11-02T15:00"),
    ],
    ids=[
        "inside a day",
        "over night",
        "over a weekend",
        "over Christmas, Boxing Day and its substitute",
        "clocks go forward",
        "clocks go back",
    ],
)
def test_i10_working_minutes_end_at_the_right_moment(calendar, start, minutes, end):
    assert calendar.add(utc(start), minutes) == utc(end)
    assert calendar.between(utc(start), utc(end)) == dt.timedelta(minutes=minutes)


def test_a_weekend_is_not_open():
    assert not LONDON.is_open(utc("2026-11-22T12:00"))
    assert LONDON.is_open(utc("2026-11-23T12:00"))


def test_an_unknown_country_has_no_public_holidays():
    nowhere = Calendar("zz", ZoneInfo("UTC"))
    assert nowhere.add(utc("2026-12-25T09:00"), 60) == utc("2026-12-25T10:00")
