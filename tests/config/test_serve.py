"""`bin/serve` for real: it comes up, keeps its processes alive, and stops cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.living import PATIENCE, running

pytestmark = pytest.mark.slow


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.status, response.read().decode()


def process_ids(live, name: str) -> set[int]:
    """Of the processes under this server that have the name."""
    command = ["pgrep", "-P", str(live.process.pid), name]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return {int(line) for line in found.stdout.split()}


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_empty_one_answers_and_prints_the_link_for_the_first_administrator(live):
    assert get(f"{live.url}/healthz") == (200, "ok")
    link = re.search(rf"{live.url}/setup/\S+/", live.printed).group()
    status, page = get(link)
    assert status == 200
    assert "Let us set up Countersign" in page


def test_it_is_ready_and_keeps_everything_in_its_folder(live):
    assert get(f"{live.url}/readyz") == (200, "ready")
    assert {path.name for path in live.data.iterdir()} >= {"keys", "static"}
    assert not [path for path in live.data.rglob("*") if path.stat().st_mode & 0o077]


def test_assets_are_served_compressed_and_for_long(live):
    _, page = get(f"{live.url}/sign-in/")
    sheet = re.search(r'href="(/static/css/countersign\.[0-9a-f]+\.css)"', page).group(1)
    request = urllib.request.Request(live.url + sheet, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "immutable" in response.headers["Cache-Control"]


def test_f05_a_killed_worker_is_replaced(live):
    (worker,) = process_ids(live, "cs-worker")
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: process_ids(live, "cs-worker") - {worker})


def test_a_port_that_is_taken_is_named(live, tmp_path):
    port = live.url.rpartition(":")[2]
    environment = live.environment | {"COUNTERSIGN_DATA": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve", "--empty"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"PORT={int(port) + 1} bin/serve" in done.stderr


def test_f16_it_stops_with_all_that_it_started(tmp_path):
    with running(tmp_path) as live:
        children = process_ids(live, "")
        assert len(children) == 3
        assert live.stop() == 0
        assert not [pid for pid in children if os.path.exists(f"/proc/{pid}")]  # noqa: PTH110
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(live.url.rpartition(":")[2])))


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="Only made where nothing is set.")
def test_a_first_start_makes_the_demonstration_and_a_second_one_repeats_its_logins(tmp_path):
    with running(tmp_path, empty=False) as live:
        logins = (live.data / "demo_logins.txt").read_text()
        assert "@" in logins
        assert logins.strip() in live.printed
    with running(tmp_path, empty=False) as live:
        assert logins.strip() in live.printed
        assert "Making the demonstration" not in live.printed
