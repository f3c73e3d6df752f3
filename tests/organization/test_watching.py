# ruff: noqa: RUF001 (look-alike letters are what is tested)
"""What we watch for: kept by those who draft and approve, secret to all others, sealed in the ledger."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from ledger.models import Entry, Sealed
from organization import watching
from organization.calendars import moment_of
from organization.models import Company, Notice, QuietPeriod, WatchedName
from tests.counting import queries_of

PATHS = [
    "/watch/",
    "/watch/project_names/",
    "/watch/unannounced_customers/",
    "/watch/denied_hosts/",
    "/watch/quiet-periods/",
]
TOPICS = ["results", "deal", "offering"]


def at(text):
    return dt.datetime.fromisoformat(text)


def add(actor, *names, which="project_names"):
    return watching.add_names(actor=actor, which=which, names=names)


def quiet(actor, starts="2096-04-01T09:00", ends="2096-04-20T09:00", unit=None, **said):
    return watching.add_quiet_period(
        actor=actor,
        key=said.pop("key", uuid.uuid4()),
        window=watching.Window(unit or actor.unit, at(starts), ends and at(ends)),
        topics=TOPICS,
        **said,
    )


def names():
    return list(WatchedName.objects.watched().values_list("name", flat=True))


def said(**changes):
    return {
        "key": uuid.uuid4(),
        "issuer": "Initrode",
        "also_called": "INTR",
        "topics": TOPICS,
        "starts": "2096-04-01T09:00",
        "ends": "2096-04-20T09:00",
        "reason": "We want to buy them.",
    } | changes


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("nobody", 302),
        ("ada", 404),
        ("rex", 404),
        ("max", 404),
        ("rita", 404),
        ("amin", 404),
        ("lea", 200),
        ("quinn", 200),
    ],
)
def test_who_sees_what_we_watch_for(path, who, status, request, unit, client_of):
    person = None if who == "nobody" else request.getfixturevalue(who)
    found = client_of(person).get(path)
    assert found.status_code == status
    assert "no-store" in found.headers.get("Cache-Control", "no-store")


@pytest.mark.parametrize("who", ["ada", "rex", "rita", "amin"])
def test_nobody_else_changes_it_by_a_page(who, request, lea, client_of):
    add(lea, "Project Larkspur")
    period, before = quiet(lea), Entry.objects.count()
    browser = client_of(request.getfixturevalue(who))
    for path, data in [
        ("/watch/project_names/", {"names": "BlueHeron"}),
        ("/watch/project_names/end/", {"names": [WatchedName.objects.get().pk]}),
        ("/watch/quiet-periods/", said(unit=lea.unit_id)),
        (f"/watch/quiet-periods/{period.pk}/end/", {}),
    ]:
        assert browser.post(path, data).status_code == 404
    assert (names(), QuietPeriod.objects.count()) == (["Project Larkspur"], 1)
    assert Entry.objects.count() == before


def test_nobody_else_changes_it_by_the_action_either(amin, lea):
    add(lea, "Project Larkspur")
    period = quiet(lea)
    for act in [
        lambda: add(amin, "BlueHeron"),
        lambda: watching.end_names(actor=amin, names=WatchedName.objects.all()),
        lambda: quiet(amin),
        lambda: watching.end_quiet_period(period, actor=amin),
    ]:
        with pytest.raises(PermissionDenied):
            act()
    assert names() == ["Project Larkspur"]


def test_a_keeper_adds_many_lines_at_once(lea, client_of):
    client_of(lea).post(
        "/watch/unannounced_customers/", {"names": " Initrode \r\n\r\nHooli  Freight\r\ninitrode"}
    )
    assert names() == ["Hooli Freight", "Initrode"]


def test_adding_twice_changes_nothing(lea):
    assert add(lea, "Project Larkspur") == (1, 0)
    before = Entry.objects.count()
    assert add(lea, "PROJECT  ＬＡＲＫＳＰＵＲ", "project larkspur") == (0, 1)
    assert (names(), Entry.objects.count()) == (["Project Larkspur"], before)


def test_a_line_that_cannot_be_taken_is_named_and_nothing_is_added(lea, client_of):
    page = client_of(lea).post("/watch/project_names/", {"names": "Project Larkspur\nX"})
    assert "“X” is too short" in page.content.decode()
    assert "Project Larkspur" in page.content.decode()
    assert names() == []


def test_sites_are_cut_down_to_their_host(lea, client_of):
    browser = client_of(lea)
    browser.post(
        "/watch/denied_hosts/", {"names": "https://www.Rumours.example/x?y\nmünchen.example"}
    )
    assert names() == ["rumours.example", "xn--mnchen-3ya.example"]
    page = browser.post("/watch/denied_hosts/", {"names": "not a site"})
    assert "is not a web address" in page.content.decode()


def test_ending_a_name_is_kept_as_evidence_and_works_once(lea, client_of):
    add(lea, "Project Larkspur", "BlueHeron")
    row = WatchedName.objects.get(name="BlueHeron")
    for _ in range(2):
        client_of(lea).post("/watch/project_names/end/", {"names": [row.pk]})
    assert names() == ["Project Larkspur"]
    assert Entry.objects.filter(type="watched_name.ended").count() == 1
    assert add(lea, "BlueHeron") == (1, 0)


def test_names_and_reasons_are_sealed_and_stand_in_no_notice(lea):
    add(lea, "Project Larkspur")
    quiet(lea, issuer="Initrode", reason="We want to buy them.")
    for secret in (b"arkspur", b"nitrode", b"buy them"):
        assert not any(secret in entry.body for entry in Entry.objects.all())
        assert any(secret in bytes(one.value) for one in Sealed.objects.all())
    assert "arkspur" not in str(WatchedName.objects.get()) + repr(WatchedName.objects.get())
    assert "nitrode" not in str(QuietPeriod.objects.get())
    assert not Notice.objects.exists()


def test_each_change_gives_the_lists_a_new_stamp(lea):
    seen = set()
    for act in [
        lambda: add(lea, "Project Larkspur"),
        lambda: quiet(lea),
        lambda: watching.end_names(actor=lea, names=WatchedName.objects.all()),
        lambda: watching.end_quiet_period(QuietPeriod.objects.get(), actor=lea),
    ]:
        act()
        seen.add(Company.current().lists_stamp)
    assert len(seen) == 4


def test_a_keeper_sets_a_quiet_period_once_and_ends_it(lea, client_of):
    browser, form = client_of(lea), said(unit=lea.unit_id)
    for _ in range(2):
        assert browser.post("/watch/quiet-periods/", form).status_code == 302
    period = QuietPeriod.objects.get()
    assert period.names == ("Initrode", "INTR")
    assert period.starts_at == dt.datetime(2096, 4, 1, 9, tzinfo=ZoneInfo("America/New_York"))
    assert "We want to buy them." in browser.get("/watch/quiet-periods/").content.decode()
    browser.post(f"/watch/quiet-periods/{period.pk}/end/")
    period.refresh_from_db()
    assert period.is_over()
    assert Entry.objects.filter(type="quiet_period.added").count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ends": "2096-04-01T09:00"}, "must come after the beginning"),
        ({"starts": "2096-03-11T02:30"}, "never comes on 11 March 2096"),
        ({"starts": "2016-04-01T09:00", "ends": "2016-04-20T09:00"}, "has passed already"),
        ({"topics": []}, "Choose at least one"),
        ({"also_called": "X"}, "too short"),
        ({"starts": ""}, "required"),
    ],
)
def test_a_quiet_period_that_makes_no_sense_is_refused_beside_the_field(
    changes, says, lea, client_of
):
    page = client_of(lea).post("/watch/quiet-periods/", said(unit=lea.unit_id) | changes)
    assert page.status_code == 200
    assert says in page.content.decode()
    assert not QuietPeriod.objects.exists()


def test_i10_a_window_follows_the_clock_of_its_unit_over_a_change_of_the_clocks(lea, other_unit):
    london = quiet(lea, "2026-03-28T09:00", "2026-03-29T09:00", unit=other_unit)
    assert london.ends_at - london.starts_at == dt.timedelta(hours=23)
    assert london.is_open(dt.datetime(2026, 3, 29, 7, 59, tzinfo=dt.UTC))
    assert not london.is_open(dt.datetime(2026, 3, 29, 8, 0, tzinfo=dt.UTC))
    assert not london.is_open(dt.datetime(2026, 3, 28, 8, 59, tzinfo=dt.UTC))


def test_i10_an_hour_that_comes_twice_belongs_to_the_window():
    twice = at("2026-10-25T01:30")
    first, last = moment_of(twice, "Europe/London"), moment_of(twice, "Europe/London", last=True)
    assert last - first == dt.timedelta(hours=1)


def test_without_an_end_it_stays_open_until_somebody_ends_it(lea):
    period = quiet(lea, ends=None)
    assert period.is_open(dt.datetime(2196, 1, 1, tzinfo=dt.UTC))
    assert period in QuietPeriod.objects.open(dt.datetime(2196, 1, 1, tzinfo=dt.UTC))


def test_a_page_costs_the_same_for_one_name_and_for_many(lea, client_of):
    browser = client_of(lea)
    add(lea, "Project Larkspur")
    quiet(lea)
    few = [queries_of(browser, path) for path in PATHS]
    add(lea, *[f"Project {n:03}" for n in range(150)])
    for _ in range(5):
        quiet(lea)
    assert [queries_of(browser, path) for path in PATHS] <= few


def test_our_web_addresses_are_kept_with_the_company(amin, company, client_of):
    client_of(amin).post(
        "/company/", {"name": "Acme", "brands": "", "rivals": "", "hosts": "https://acme.example/x"}
    )
    assert Company.current().hosts == ["acme.example"]
