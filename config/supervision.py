"""Keeping the processes of one Countersign alive, and stopping them together."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

GRACE = 28  # seconds that processes get to finish what they are at; then they are killed
STEADY = 60  # seconds after which a process counts as well again
LONGEST_PAUSE = 30
LOOK = 0.25


@dataclass
class Child:
    """One process that should always run."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    failures: int = 0
    rest_until: float = 0.0

    def start(self) -> None:
        # In a session of its own, so that Ctrl+C reaches us alone and all stop in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603  ours
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Restart it if it died: at once the first time, then after 1, 2, 4 … seconds."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.rest_until:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.failures = 0 if now - self.started_at > STEADY else self.failures + 1
        pause = min(2 ** (self.failures - 1), LONGEST_PAUSE) if self.failures else 0
        say(f"The {self.name} ended with {code}; it starts again in {pause} s.")
        self.process, self.rest_until = None, now + pause

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Starts children, keeps them running, and stops them by their process ids."""

    children: list[Child] = field(default_factory=list)

    def start(self, name: str, command: list[str]) -> Child:
        child = Child(name, command)
        child.start()
        self.children.append(child)
        return child

    def watch(self) -> None:
        """Until a signal interrupts it."""
        while True:
            time.sleep(LOOK)
            for child in self.children:
                child.look_after()

    def stop(self) -> None:
        """Ask all to stop, wait, and kill what is left."""
        running = [child.process for child in self.children if child.is_running()]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


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
