"""Working time, on the wall clock of the unit (invariant 10)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organization import calendars
from organization.calendars import Calendar, Closed, read_hours, usual_week, write_hours

NEW_YORK = Calendar("us", ZoneInfo("America/New_York"))
LONDON = Calendar("gb", ZoneInfo("Europe/London"))
NEVER_CLOSED = (read_hours("0:00-24:00"),) * 7
NIGHTS = (read_hours("0:00-6:30, 22:00-24:00"),) * 7
SPLIT = (read_hours("8:30-12:15, 13:00-17:45"),) * 5 + ((), ())

# Spring and autumn changes on different days; half an hour (Lord Howe); at midnight (Cairo, Havana); a day that never
# was (Apia, 2011); none at all (Riyadh).
PLACES = [
    ("us", "America/New_York"),
    ("de", "Europe/Berlin"),
    ("sa", "Asia/Riyadh"),
    ("au", "Australia/Lord_Howe"),
    ("eg", "Africa/Cairo"),
    ("cu", "America/Havana"),
    ("ws", "Pacific/Apia"),
]
calendars_anywhere = st.builds(
    lambda place, week: Calendar(place[0], ZoneInfo(place[1]), week=week),
    st.sampled_from(PLACES),
    st.sampled_from([(), NEVER_CLOSED, NIGHTS, SPLIT]),
)
moments = st.datetimes(
    dt.datetime(2011, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    dt.datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)


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


@given(calendars_anywhere, moments, st.integers(1, 3000))
def test_i10_what_is_added_lies_between(calendar, start, minutes):
    end = calendar.add(start, minutes)
    assert end > start
    assert calendar.between(start, end) == dt.timedelta(minutes=minutes)


@given(calendars_anywhere, moments, st.integers(0, 1500), st.integers(0, 1500))
def test_i10_minutes_add_up(calendar, start, some, more):
    assert calendar.add(calendar.add(start, some), more) == calendar.add(start, some + more)


@given(calendars_anywhere, moments, st.integers(1, 3000))
def test_i10_a_moment_that_is_not_open_adds_nothing(calendar, start, minutes):
    if not calendar.is_open(start):
        opens = calendar.add(start, 0.0001)
        assert calendar.add(start, minutes) == calendar.add(
            opens - dt.timedelta(minutes=0.0001), minutes
        )


@given(st.sampled_from(PLACES), moments)
def test_i10_who_never_closes_has_every_hour_of_a_week_once(place, start):
    calendar = Calendar("zz", ZoneInfo(place[1]), week=NEVER_CLOSED)
    week = dt.timedelta(days=7)
    assert calendar.between(start, start + week) == week


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2026-03-08T05:00", 23),
        ("America/New_York", "2026-11-01T04:00", 25),
        ("Australia/Lord_Howe", "2026-04-04T13:00", 24.5),
        ("Australia/Lord_Howe", "2026-10-03T13:30", 23.5),
        ("Africa/Cairo", "2026-04-23T22:00", 23),
        ("America/Havana", "2026-11-01T04:00", 25),
    ],
)
def test_i10_a_day_has_the_hours_that_its_clock_gives_it(zone, day, hours):
    calendar = Calendar("zz", ZoneInfo(zone), week=NEVER_CLOSED)
    local = utc(day).astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) in {(0, 0), (1, 0)}  # the first moment of that day
    after = (local.date() + dt.timedelta(days=1)).isoformat()
    next_day = dt.datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    assert calendar.between(utc(day), next_day) == dt.timedelta(hours=hours)


def test_i10_a_span_that_the_clock_leaps_over_is_counted_once():
    night = (read_hours("1:00-2:30, 2:45-4:00"),) * 7
    calendar = Calendar("zz", ZoneInfo("America/New_York"), week=night)
    leaping = utc("2026-03-08T05:00"), utc("2026-03-08T12:00")
    # 1:00 to 3:30 without the hour that never was, and 3:45 to 4:00 (RFC 5545, 3.3.5)
    assert calendar.between(*leaping) == dt.timedelta(hours=1, minutes=45)


@pytest.mark.parametrize(
    ("country", "subdivision", "day", "is_open"),
    [
        ("us", "", "2026-07-03", False),  # Independence Day is observed on Friday
        ("de", "", "2026-06-04", True),  # Corpus Christi
        ("de", "BY", "2026-06-04", False),
        ("gb", "", "2026-11-30", True),  # St Andrew's Day
        ("gb", "SCT", "2026-11-30", False),
        ("sa", "", "2026-11-27", False),  # a Friday
        ("sa", "", "2026-11-29", True),  # a Sunday
        ("de", "Atlantis", "2026-06-04", True),  # unknown parts have the country's holidays
    ],
)
def test_a_country_and_its_parts_have_their_own_holidays_and_weekend(
    country, subdivision, day, is_open
):
    calendar = Calendar(country, ZoneInfo("UTC"), subdivision)
    assert calendar.is_open(utc(f"{day}T12:00")) == is_open


def test_a_weekend_is_not_open():
    assert not LONDON.is_open(utc("2026-11-22T12:00"))
    assert LONDON.is_open(utc("2026-11-23T12:00"))


def test_an_unknown_country_has_no_public_holidays():
    nowhere = Calendar("zz", ZoneInfo("UTC"))
    assert nowhere.add(utc("2026-12-25T09:00"), 60) == utc("2026-12-25T10:00")


def test_closing_days_are_left_out_and_both_ends_belong_to_them():
    closed = (Closed(dt.date(2026, 12, 28), dt.date(2026, 12, 31)),)
    calendar = Calendar("zz", ZoneInfo("UTC"), closed=closed)
    assert calendar.add(utc("2026-12-25T16:30"), 60) == utc("2027-01-01T09:30")


@pytest.mark.parametrize(
    ("calendar", "is_possible"),
    [
        (LONDON, True),
        (Calendar("zz", ZoneInfo("UTC"), week=((),) * 7), False),
        (
            Calendar(
                "zz", ZoneInfo("UTC"), closed=(Closed(dt.date(2028, 1, 1), dt.date(2029, 3, 1)),)
            ),
            False,
        ),
        (
            Calendar(
                "zz", ZoneInfo("UTC"), closed=(Closed(dt.date(2028, 1, 1), dt.date(2028, 12, 1)),)
            ),
            True,
        ),
    ],
    ids=["as usual", "never open", "closed for a year, but not yet", "closed for eleven months"],
)
def test_a_calendar_without_an_open_day_in_some_year_is_impossible(calendar, is_possible):
    assert calendar.always_has(480, utc("2026-11-28T12:00")) == is_possible


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("9-17", "09:00-17:00"),
        (" 8:30 – 12:15 , 13:00-17:45", "08:30-12:15, 13:00-17:45"),  # noqa: RUF001
        ("0:00-6:00, 22:00-24:00", "00:00-06:00, 22:00-24:00"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(text, reads):
    assert write_hours(read_hours(text)) == reads


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nine to five", "is no time"),
        ("9:00", "is no time"),
        ("25:00-26:00", "is no time"),
        ("17:00-9:00", "ends before it begins"),
        ("9:00-9:00", "ends before it begins"),
        ("22:00-0:00", "24:00"),
        ("13:00-17:00, 9:00-12:00", "in order"),
        ("9:00-13:00, 12:00-17:00", "in order"),
        ("0:00-24:00, 9:00-17:00", "in order"),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_words(text, says):
    with pytest.raises(ValueError, match=says):
        read_hours(text)


@given(
    st.lists(st.sampled_from([read_hours("9-17"), (), NIGHTS[0], SPLIT[0]]), min_size=7, max_size=7)
)
def test_a_week_survives_being_kept(days):
    assert calendars.from_data(calendars.as_data(tuple(days))) == tuple(days)


def test_the_usual_week_follows_the_country():
    assert [bool(day) for day in usual_week("sa")] == [True] * 4 + [False] * 2 + [True]
    assert [bool(day) for day in usual_week("zz")] == [True] * 5 + [False] * 2
