"""Who is away, who decides meanwhile, and what is refused in words (invariant 14)."""

import datetime as dt
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ledger.models import Entry
from organization import absences, actions, signals
from organization.absences import RefusedAbsenceError, end_absence, set_absence
from organization.away import last_of
from organization.models import Delegation, Notice
from tests.conftest import hire

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


def away(of, days, to=None, actor=None, starts=0):
    """From so many days ahead, for so many days."""
    now = timezone.now()
    starts_at = now + starts * A_DAY if starts else None
    ends_at = now + (starts + days) * A_DAY
    return set_absence(of, actor=actor or of, starts_at=starts_at, ends_at=ends_at, to=to)


def test_an_absence_is_kept_with_its_entry_and_the_delegate_is_told(rex, petra):
    absence = away(rex, 3, to=petra)
    assert absence.entry.type == "delegation.set"
    assert Delegation.objects.open().get() == absence
    assert Delegation.objects.stand_in(rex.pk) == petra.pk
    assert petra.notices.get().event == "stands_in"


@pytest.mark.parametrize(
    ("who", "may"),
    [("rex", True), ("amin", True), ("petra", False), ("max", False), ("zoe", False)],
)
def test_a_person_or_an_administrator_sets_and_ends_it_and_nobody_else(who, may, request, rex):
    actor = request.getfixturevalue(who)
    if may:
        end_absence(away(rex, 3, actor=actor), actor=actor)
        assert not Delegation.objects.not_over().exists()
        return
    with pytest.raises(PermissionDenied):
        away(rex, 3, actor=actor)
    absence, entries = away(rex, 3), Entry.objects.count()
    with pytest.raises(PermissionDenied):
        end_absence(absence, actor=actor)
    assert Delegation.objects.open().get() == absence
    assert Entry.objects.count() == entries


def test_whoever_is_away_by_an_administrators_word_is_told(rex, amin):
    away(rex, 3, actor=amin)
    notice = rex.notices.get()
    assert (notice.event, notice.context["by"]) == ("away_set", "Amin")


@pytest.mark.parametrize(("starts", "days"), [(0, 2), (1, 1), (0, 9), (4, 9)])
def test_overlapping_absences_are_refused(starts, days, rex):
    away(rex, 4, starts=1)
    with pytest.raises(RefusedAbsenceError, match="is away already from"):
        away(rex, days, starts=starts)
    assert Delegation.objects.count() == 1


def test_one_absence_may_follow_on_another(rex, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    away(rex, 1)
    assert away(rex, 1, starts=1)


def test_an_absence_that_was_called_off_stands_in_nobodys_way(rex):
    absence = away(rex, 4, starts=2)
    end_absence(absence, actor=rex)
    assert away(rex, 4, starts=2) != absence


def test_an_absence_in_the_past_or_for_years_is_refused(rex):
    now = timezone.now()
    with pytest.raises(RefusedAbsenceError, match="after now"):
        set_absence(rex, actor=rex, starts_at=now - 2 * A_DAY, ends_at=now - A_DAY)
    with pytest.raises(RefusedAbsenceError, match="A year"):
        set_absence(rex, actor=rex, ends_at=now + 400 * A_DAY)
    assert not Delegation.objects.exists()


def test_w19_a_circle_of_delegates_is_refused_and_its_path_shown(rex, petra, quinn):
    away(petra, 5, to=quinn)
    away(quinn, 5, to=rex)
    with pytest.raises(RefusedAbsenceError, match="Rex → Petra → Quinn → Rex"):
        away(rex, 5, to=petra)
    assert Delegation.objects.filter(of=rex).count() == 0


def test_w19_two_who_are_never_away_at_once_may_stand_in_for_each_other(rex, petra):
    away(petra, 2, to=rex)
    assert away(rex, 2, to=petra, starts=3)


def test_w19_nobody_stands_in_for_themself_and_nobody_who_has_left(rex, petra, amin):
    with pytest.raises(RefusedAbsenceError, match="themself"):
        away(rex, 2, to=rex)
    actions.deactivate(petra, actor=amin)
    petra.refresh_from_db()
    with pytest.raises(RefusedAbsenceError, match="has left"):
        away(rex, 2, to=petra)


def test_w19_a_chain_leads_to_whoever_is_there(rex, petra, quinn):
    away(rex, 3, to=petra)
    away(petra, 3, to=quinn)
    assert Delegation.objects.stand_in(rex.pk) == quinn.pk
    assert Delegation.objects.stand_in(rex.pk, timezone.now() + 4 * A_DAY) is None


people = st.integers(0, 5).map(lambda number: UUID(int=number))


@given(st.dictionaries(people, st.none() | people), people)
def test_w19_every_chain_ends_with_somebody_who_is_there_or_nobody(chain, of):
    last = last_of(chain, of)
    assert last is None or (last not in chain and last != of)


def test_what_is_over_stays_over(rex, time_machine):
    absence = away(rex, 1)
    time_machine.move_to(timezone.now() + 2 * A_DAY)
    ends_at, entries = absence.ends_at, Entry.objects.count()
    end_absence(absence, actor=rex)
    absence.refresh_from_db()
    assert (absence.ends_at, Entry.objects.count()) == (ends_at, entries)


def test_the_apps_above_hear_of_an_absence_when_it_has_begun_and_of_a_leaver(
    rex, petra, amin, django_capture_on_commit_callbacks
):
    heard = []

    def hear(*, person, **_):
        heard.append(person)

    signals.went_away.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            away(rex, 1, starts=1)
        assert heard == []
        with django_capture_on_commit_callbacks(execute=True):
            away(petra, 1)
            actions.deactivate(rex, actor=amin)
        assert heard == [petra.pk, rex.pk]
    finally:
        signals.went_away.disconnect(hear)


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("rex", "/preferences/away/", 200),
        ("ada", "/preferences/away/", 200),
        ("amin", "/people/{rex}/away/", 200),
        ("rex", "/people/{rex}/away/", 200),
        ("ada", "/people/{rex}/away/", 404),
        (None, "/preferences/away/", 302),
    ],
)
def test_the_page_of_absences_is_ones_own_or_an_administrators(
    who, path, status, request, rex, client_of
):
    person = who and request.getfixturevalue(who)
    address = path.format(rex=rex.pk)
    assert client_of(person).get(address).status_code == status
    if status == 404:
        client_of(person).post(address, {"ends_at": "2100-01-01T09:00"})
        assert not Delegation.objects.exists()


def test_the_page_takes_an_absence_and_ends_it(rex, petra, client_of):
    client = client_of(rex)
    until = (timezone.localtime(timezone.now() + 3 * A_DAY)).strftime("%Y-%m-%dT%H:%M")
    client.post("/preferences/away/", {"ends_at": until, "to": petra.pk})
    absence = Delegation.objects.get()
    assert (absence.of, absence.to) == (rex, petra)
    again = client.post("/preferences/away/", {"ends_at": until})
    assert "is away already from" in again.content.decode()
    assert "Petra decides meanwhile" in again.content.decode()
    client.post(f"/absences/{absence.pk}/end/")
    assert not Delegation.objects.open().exists()


def test_a_stranger_does_not_end_an_absence(rex, ada, client_of):
    absence = away(rex, 3)
    assert client_of(ada).post(f"/absences/{absence.pk}/end/").status_code == 404
    assert Delegation.objects.open().exists()


def test_only_reviewers_can_be_chosen_to_stand_in(rex, ada, unit, client_of):
    hire("Nora", unit)
    page = client_of(rex).get("/preferences/away/").content.decode()
    assert "Nora" not in page
    until = (timezone.now() + A_DAY).strftime("%Y-%m-%dT%H:%M")
    client_of(rex).post("/preferences/away/", {"ends_at": until, "to": ada.pk})
    assert not Delegation.objects.exists()


def test_a_notice_names_the_times_on_its_readers_clock(rex, zoe):
    absence = away(rex, 1, to=zoe)
    until = Notice.objects.get(person=zoe).context["until"]
    assert until.endswith(absence.ends_at.astimezone(zoe.zone).strftime("%H:%M %Z"))


def test_setting_an_absence_asks_a_constant_number_of_queries_for_circles(
    rex, petra, unit, django_assert_max_num_queries
):
    for number in range(12):
        away(hire(f"P{number}", unit), 3)
    with django_assert_max_num_queries(20):
        absences.set_absence(rex, actor=rex, ends_at=timezone.now() + A_DAY, to=petra)
