"""Processes are restarted when they die, and end when they are told to."""

import signal
import time

import pytest

from config import supervision
from config.supervision import Child, Supervisor


def sleep():
    time.sleep(60)


def die():
    raise SystemExit(3)


def hear_nothing():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sleep()


@pytest.fixture
def supervisor():
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()


def test_a_process_that_died_is_started_again(supervisor, capsys):
    child = supervisor.start("worker", sleep)
    first = child.process
    first.kill()
    first.join()
    child.look_after()
    child.rest_until = 0
    child.look_after()
    assert child.is_running()
    assert child.process.pid != first.pid
    assert "The worker ended with -9" in capsys.readouterr().err


def test_one_that_dies_again_and_again_gets_longer_and_longer_pauses(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    child = Child("clock", die)
    pauses = []
    for _ in range(7):
        child.start()
        child.process.join()
        child.look_after()
        pauses.append(child.rest_until - now)
        now = child.rest_until
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_one_that_ran_well_for_a_minute_is_started_again_at_once(monkeypatch):
    child = Child("clock", die, failures=5)
    child.start()
    child.process.join()
    child.started_at -= supervision.STEADY + 1
    child.look_after()
    assert child.failures == 0
    child.look_after()
    assert child.process is not None
    child.process.join()


def test_one_that_does_not_listen_is_killed(supervisor, monkeypatch):
    monkeypatch.setattr(supervision, "GRACE", 0.2)
    child = supervisor.start("worker", hear_nothing)
    time.sleep(0.5)
    supervisor.stop()
    assert child.process.exitcode == -signal.SIGKILL
