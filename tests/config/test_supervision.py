"""Processes are restarted when they die, and end when they are told to."""

import sys
import time

import pytest

from config import supervision
from config.supervision import Child, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DIE = [sys.executable, "-c", "raise SystemExit(3)"]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
STUBBORN = [sys.executable, "-c", DEAF]


@pytest.fixture
def supervisor():
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()


def test_a_process_that_died_is_started_again(supervisor, capsys):
    child = supervisor.start("worker", SLEEP)
    first = child.process
    first.kill()
    first.wait()
    child.look_after()
    child.rest_until = 0
    child.look_after()
    assert child.is_running()
    assert child.process.pid != first.pid
    assert "The worker ended with -9" in capsys.readouterr().err


def test_one_that_dies_again_and_again_gets_longer_and_longer_pauses(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    child = Child("clock", DIE)
    pauses = []
    for _ in range(7):
        child.start()
        child.process.wait()
        child.look_after()
        pauses.append(child.rest_until - now)
        now = child.rest_until
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_one_that_ran_well_for_a_minute_is_started_again_at_once(monkeypatch):
    child = Child("clock", DIE, failures=5)
    child.start()
    child.process.wait()
    child.started_at -= supervision.STEADY + 1
    child.look_after()
    assert child.failures == 0
    child.look_after()
    assert child.process is not None
    child.process.wait()


def test_one_that_does_not_listen_is_killed(supervisor, monkeypatch):
    monkeypatch.setattr(supervision, "GRACE", 0.2)
    child = supervisor.start("worker", STUBBORN)
    time.sleep(0.5)
    supervisor.stop()
    assert child.process.poll() in {-9, -15}
