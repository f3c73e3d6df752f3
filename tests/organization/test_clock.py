"""One clock leads, others stand by; a job that fails does not stop the others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from organization import clock
from organization.management.commands.clock import LEASE, tick
from organization.models import Lease

ran: list[str] = []


def ring() -> None:
    ran.append("ring")


def break_down() -> None:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def jobs(db, monkeypatch):
    """Two jobs of our own in place of the real ones; the first fails."""
    ran.clear()
    monkeypatch.setattr(clock, "jobs", {})
    clock.every(60, "break down", f"{__name__}.break_down")
    clock.every(60, "ring", f"{__name__}.ring")


@pytest.fixture
def rounds():
    return clock.Rounds(now=lambda: 1000.0)


def test_a_failing_job_is_logged_and_the_next_one_runs(rounds, caplog):
    tick(rounds, "one")
    assert ran == ["ring"]
    assert "The clock could not break down." in caplog.text


def test_a_job_waits_its_time(rounds):
    tick(rounds, "one")
    tick(rounds, "one")
    assert ran == ["ring"]
    rounds.now = lambda: 1060.0
    tick(rounds, "one")
    assert ran == ["ring", "ring"]


def test_a_second_clock_stands_by(rounds):
    tick(rounds, "one")
    tick(clock.Rounds(), "two")
    assert ran == ["ring"]
    assert Lease.objects.get().holder == "one"


def test_another_clock_takes_over_from_one_that_died(rounds):
    tick(rounds, "one")
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    tick(clock.Rounds(), "two")
    assert ran == ["ring", "ring"]
    assert Lease.objects.get().holder == "two"


def test_once_runs_everything_and_gives_the_lead_back():
    call_command("clock", "--once", stderr=StringIO())
    assert ran == ["ring"]
    assert not Lease.objects.exists()


def test_the_lease_is_kept_while_its_holder_renews_it():
    now = timezone.now()
    assert Lease.take("clock", "one", LEASE, at=now)
    assert Lease.take("clock", "one", LEASE, at=now + timedelta(seconds=LEASE - 1))
    assert not Lease.take("clock", "two", LEASE, at=now + timedelta(seconds=LEASE + 1))
    assert Lease.take("clock", "two", LEASE, at=now + timedelta(seconds=2 * LEASE))


def test_nobody_gives_back_what_another_holds():
    Lease.take("clock", "one", LEASE)
    Lease.give_back("clock", "two")
    assert Lease.objects.get().holder == "one"


def test_of_two_clocks_that_start_together_one_leads(transactional_db):
    def take(race, name):
        try:
            return Lease.take(race, name, LEASE)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        for number in range(20):
            taken = threads.map(take, [f"race {number}"] * 2, ["one", "two"])
            assert sorted(taken) == [False, True]
