"""A whole Countersign as bin/serve runs it, for tests: web server, worker and clock."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90  # seconds to come up, on a busy machine


@dataclass
class Live:
    """A running Countersign without a demonstration company."""

    url: str
    data: Path
    environment: dict[str, str]
    process: subprocess.Popen
    output: Path

    @property
    def printed(self) -> str:
        """What it has printed so far: its address and, until there is an administrator, the link."""
        return self.output.read_text()

    def manage(self, *words: str) -> str:
        """Run one of our commands on it; what it prints."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        """Run a few lines inside it, with its models; what they print."""
        return self.manage("shell", "--no-imports", "--command", code)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while "is ready" not in self.printed:
            assert self.process.poll() is None, self.printed
            assert time.monotonic() < deadline, self.printed
            time.sleep(0.1)

    def stop(self) -> int:
        """Ask it to stop, by its own process id; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One for the tests of a file, on a free port, with a data folder and a database of its own."""
    with running(tmp_path_factory.mktemp("live")) as live:
        yield live


@contextmanager
def running(folder: Path, *, empty: bool = True, **variables: str) -> Iterator[Live]:
    """Run it in this folder with these environment variables."""
    port = free_port()
    with own_database() as database:
        environment = {name: value for name, value in os.environ.items() if not _is_ours(name)} | {
            "COUNTERSIGN_DATA": str(folder / "var"),
            "PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **database,
            **variables,
        }
        output = folder / "output.txt"
        with output.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *(["--empty"] if empty else [])],
                env=environment,
                cwd=ROOT,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        live = Live(f"http://127.0.0.1:{port}", folder / "var", environment, process, output)
        try:
            live.wait_until_ready()
            yield live
        finally:
            if process.poll() is None:
                live.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """On PostgreSQL a new database, dropped afterwards; SQLite's lies in the data folder anyway."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield {}
        return
    name = f"live_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield {"DATABASE_URL": urlsplit(address)._replace(path=f"/{name}").geturl()}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _is_ours(name: str) -> bool:
    return name.startswith("COUNTERSIGN_") or name in {"DATABASE_URL", "PORT"}
