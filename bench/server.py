"""A Countersign of its own, as bin/serve runs it, with the demonstration company; and a person signed in to it."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 240  # seconds until the demonstration company is made
AUTHOR = "ada.ahmed@acme.example"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CHANNEL = re.compile(r'name="channels" value="(\d+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    body: str


@dataclass(frozen=True)
class Server:
    """A running one: its port, what it has printed, and the id of its first process."""

    port: int
    printed: str
    process: int

    def processor_seconds(self) -> float:
        """What all its processes have used so far (Linux)."""
        parents, ticks = {}, {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            process = int(stat.parent.name)
            parents[process] = int(fields[1])
            ticks[process] = int(fields[11]) + int(fields[12])
        ours = (one for one in ticks if self.process in _line_of(one, parents))
        return sum(map(ticks.get, ours)) / os.sysconf("SC_CLK_TCK")

    def wait_until_idle(self) -> None:
        """The worker has mails and papers to make for a new company first."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            before = self.processor_seconds()
            time.sleep(3)
            if self.processor_seconds() - before < 0.3:
                return


def _line_of(process: int, parents: dict[int, int]) -> Iterator[int]:
    """A process, the one that started it, and so on."""
    while process:
        yield process
        process = parents.get(process, 0)


@contextmanager
def running() -> Iterator[Server]:
    """It lives in a new folder and is stopped by its own process id."""
    with tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder:
        port = free_port()
        output = Path(folder) / "output.txt"
        with output.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=_environment(Path(folder) / "var", port),
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        try:
            _wait_until_ready(process, output)
            yield Server(port, output.read_text(), process.pid)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)


def _environment(data: Path, port: int) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COUNTERSIGN_")
        and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return kept | {"COUNTERSIGN_DATA": str(data), "PORT": str(port)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(process: subprocess.Popen, output: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while "is ready" not in output.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The server did not come up:\n{output.read_text()}")
        time.sleep(0.2)


class Browser:
    """One person's browser, as far as forms need it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie", []):
                self._cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            return Answer(response.status, response.read().decode())
        finally:
            connection.close()

    def sign_in(self, email: str, password: str) -> None:
        token = _TOKEN.search(self.get("/sign-in/").body)[1]
        answer = self.post(
            "/sign-in/",
            [("csrfmiddlewaretoken", token), ("email", email), ("password", password)],
        )
        if answer.status != 302:
            raise RuntimeError(f"{email} could not sign in: {answer.status}")

    def form_of_a_post(self) -> list[tuple[str, str]]:
        """The fields of an empty post that is to go out on the first channel."""
        page = self.get("/posts/new/").body
        return [
            ("csrfmiddlewaretoken", _TOKEN.search(page)[1]),
            ("channels", _CHANNEL.search(page)[1]),
        ]


def author_of(server: Server) -> Browser:
    """The employee of the demonstration, signed in."""
    lines = server.printed.splitlines()
    password = next(line.split()[1] for line in lines if line.strip().startswith(AUTHOR))
    browser = Browser(server.port)
    browser.sign_in(AUTHOR, password)
    return browser
