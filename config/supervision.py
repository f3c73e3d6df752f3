"""Keeping the processes of one Countersign alive, and stopping them together.

They are forked from a parent that has loaded Django already, which saves each of them a second.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from django.db import connections

GRACE = 28  # seconds that processes get to finish what they are at; then they are killed
STEADY = 60  # seconds after which a process counts as well again
LONGEST_PAUSE = 30
LOOK = 0.25

_fork = multiprocessing.get_context("fork")


@dataclass
class Child:
    """One process that should always run."""

    name: str
    run: Callable[[], object]
    process: BaseProcess | None = None
    started_at: float = 0.0
    failures: int = 0
    rest_until: float = 0.0

    def start(self) -> None:
        connections.close_all()  # a connection must not be shared by two processes
        self.process = _fork.Process(target=self._live, name=self.name)
        self.process.start()
        self.started_at = time.monotonic()

    def _live(self) -> None:
        os.setsid()  # so that Ctrl+C reaches the parent alone, and all stop in order
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if (comm := Path("/proc/self/comm")).exists():
            comm.write_text(f"cs-{self.name}"[:15])  # what `ps` and `pgrep` show, on Linux
        self.run()

    def look_after(self) -> None:
        """Restart it if it died: at once the first time, then after 1, 2, 4 … seconds."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.rest_until:
                self.start()
            return
        if self.process.is_alive():
            return
        self.failures = 0 if now - self.started_at > STEADY else self.failures + 1
        pause = min(2 ** (self.failures - 1), LONGEST_PAUSE) if self.failures else 0
        say(f"The {self.name} ended with {self.process.exitcode}; it starts again in {pause} s.")
        self.process, self.rest_until = None, now + pause

    def is_running(self) -> bool:
        return self.process is not None and self.process.is_alive()


@dataclass
class Supervisor:
    """Starts children, keeps them running, and stops them by their process ids."""

    children: list[Child] = field(default_factory=list)

    def start(self, name: str, run: Callable[[], object]) -> Child:
        child = Child(name, run)
        child.start()
        self.children.append(child)
        return child

    def watch(self) -> None:
        """Until a signal interrupts it."""
        while True:
            time.sleep(LOOK)
            for child in self.children:
                child.look_after()

    def finish(self, name: str, run: Callable[[], object]) -> bool:
        """Run something to its end, once; whether it went well."""
        child = self.start(name, run)
        child.process.join()
        self.children.remove(child)
        return child.process.exitcode == 0

    def stop(self) -> None:
        """Ask all to stop, wait, and kill what is left."""
        running = [child.process for child in self.children if child.is_running()]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            process.join(max(0, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def stop_on_signals() -> None:
    """SIGTERM and SIGINT both end the program by way of KeyboardInterrupt."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_signal: int, _frame: object) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
