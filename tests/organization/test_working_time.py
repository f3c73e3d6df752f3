"""Hours and closing days of units, as administrators keep them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from ledger.models import Entry
from organization import actions, working_time
from organization.models import Closure, Unit
from organization.working_time import calendar_of, calendars_of

pytestmark = pytest.mark.django_db
NEVER = [[]] * 7
MONDAYS = [[["09:00", "17:00"]], *[[]] * 6]


@pytest.fixture(autouse=True)
def _a_saturday(time_machine):
    time_machine.move_to(utc("2026-11-28T12:00"))


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def monday():
    """At noon in New York, when London is open as well: two days ahead."""
    return utc("2026-11-30T16:30")


def test_a_unit_keeps_its_own_hours(unit, amin):
    actions.change_unit(unit, actor=amin, week=MONDAYS)
    unit.refresh_from_db()
    assert calendar_of(unit).is_open(utc("2026-11-23T17:00"))
    assert not calendar_of(unit).is_open(utc("2026-11-24T17:00"))


def test_an_impossible_calendar_is_refused_and_nothing_is_kept(unit, amin):
    entries = Entry.objects.count()
    with pytest.raises(ValidationError, match="not be open for a single working day"):
        actions.change_unit(unit, actor=amin, week=NEVER)
    assert Unit.objects.get(pk=unit.pk).week == []
    assert Entry.objects.count() == entries


def test_closing_days_that_leave_nothing_open_are_refused(unit, other_unit, amin):
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="not be open"):
        working_time.close(
            actor=amin, name="For ever", starts_on=today, ends_on=today + dt.timedelta(days=400)
        )
    assert not Closure.objects.exists()


def test_closing_days_close_their_unit_or_every_unit(unit, other_unit, amin):
    day = monday().date()
    working_time.close(actor=amin, name="Moving house", starts_on=day, unit=unit)
    calendars = calendars_of([unit, other_unit])
    assert not calendars[unit.pk].is_open(monday())
    working_time.close(actor=amin, name="Founder's day", starts_on=day + dt.timedelta(days=1))
    calendars = calendars_of([unit, other_unit])
    tuesday = monday() + dt.timedelta(days=1)
    assert [calendar.is_open(tuesday) for calendar in calendars.values()] == [False, False]


def test_closing_days_are_kept_with_an_entry_once_and_taken_back_with_one(unit, amin):
    days = {"actor": amin, "name": "Moving house", "starts_on": monday().date(), "unit": unit}
    closure = working_time.close(**days)
    assert working_time.close(**days) == closure
    for _ in range(2):
        working_time.open_again(closure, actor=amin)
    assert not Closure.objects.exists()
    types = [entry.type for entry in Entry.objects.filter(type__startswith="closure.")]
    assert sorted(types) == ["closure.set", "closure.taken_back"]


@pytest.mark.parametrize("who", ["ada", "rex", "max", "quinn", "rita", "zoe"])
def test_only_an_administrator_keeps_closing_days(who, request, unit, amin, client_of):
    person = request.getfixturevalue(who)
    days = {"name": "Party", "starts_on": monday().date()}
    with pytest.raises(PermissionDenied):
        working_time.close(actor=person, unit=unit, **days)
    closure = working_time.close(actor=amin, unit=unit, **days)
    with pytest.raises(PermissionDenied):
        working_time.open_again(closure, actor=person)
    client = client_of(person)
    assert client.post(f"/units/{unit.pk}/close/", days).status_code == 404
    again = f"/units/{unit.pk}/closures/{closure.pk}/open-again/"
    assert client.post(again).status_code == 404
    assert Closure.objects.get() == closure


def hours(**changed):
    sent = {f"hours_{day}": "9:00-17:00" if day < 5 else "" for day in range(7)}
    return (
        {
            "name": "Marketing",
            "profile": "general",
            "country": "us",
            "subdivision": "",
            "time_zone": "America/New_York",
        }
        | sent
        | changed
    )


def test_the_page_keeps_hours_and_the_part_of_the_country(unit, amin, client_of):
    client = client_of(amin)
    client.post(f"/units/{unit.pk}/", hours(hours_4="8-12", subdivision="CA"))
    unit.refresh_from_db()
    assert (unit.week[4], unit.subdivision) == ([["08:00", "12:00"]], "CA")
    assert "08:00-12:00" in client.get(f"/units/{unit.pk}/").content.decode()


def test_the_usual_hours_are_kept_as_none_and_follow_the_country(unit, amin, client_of):
    client = client_of(amin)
    client.post(f"/units/{unit.pk}/", hours())
    unit.refresh_from_db()
    assert unit.week == []
    client.post(f"/units/{unit.pk}/", hours(country="sa", time_zone="Asia/Riyadh"))
    unit.refresh_from_db()
    assert (unit.country, unit.week) == ("sa", [])


def test_another_country_has_other_parts(unit, amin, client_of):
    client = client_of(amin)
    client.post(f"/units/{unit.pk}/", hours(subdivision="CA"))
    client.post(f"/units/{unit.pk}/", hours(country="gb", subdivision="CA"))
    unit.refresh_from_db()
    assert (unit.country, unit.subdivision) == ("gb", "")
    answer = client.post(f"/units/{unit.pk}/", hours(country="gb", subdivision="CA"))
    assert "Choose one from the list" in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"hours_0": "nine"}, "is no time"),
        ({f"hours_{day}": "" for day in range(7)}, "for a single working day"),
    ],
)
def test_the_page_says_what_is_wrong_with_hours_and_keeps_none(
    changed, says, unit, amin, client_of
):
    answer = client_of(amin).post(f"/units/{unit.pk}/", hours(**changed))
    assert answer.status_code == 200
    assert says in answer.content.decode()
    unit.refresh_from_db()
    assert unit.week == []


def test_the_page_takes_closing_days_and_takes_them_back(unit, amin, client_of):
    client, day = client_of(amin), monday().date().isoformat()
    client.post(f"/units/{unit.pk}/close/", {"name": "Company day", "starts_on": day})
    closure = Closure.objects.get()
    assert "Company day" in client.get(f"/units/{unit.pk}/").content.decode()
    wrong = client.post(
        f"/units/{unit.pk}/close/", {"name": "x", "starts_on": day, "ends_on": "2020-01-01"}
    )
    assert "must not come before the first" in wrong.content.decode()
    client.post(f"/units/{unit.pk}/closures/{closure.pk}/open-again/")
    assert not Closure.objects.exists()


def test_many_units_cost_one_query(unit, other_unit, amin, django_assert_num_queries):
    working_time.close(actor=amin, name="Party", starts_on=monday().date())
    units = list(Unit.objects.all())
    with django_assert_num_queries(1):
        assert len(calendars_of(units)) == 2
