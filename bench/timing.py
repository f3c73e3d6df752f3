"""Times of calls, and what is told of them."""

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, what came out, what it should be. ``holds``: whether it is."""

    part: str
    what: str
    came_out: str
    bar: str = ""
    holds: bool | None = None


@dataclass(frozen=True)
class Times:
    """Seconds that calls took, sorted."""

    seconds: tuple[float, ...]

    def at(self, share: float) -> float:
        """The time within which this share of the calls was done."""
        return self.seconds[min(len(self.seconds) - 1, int(len(self.seconds) * share))]

    @property
    def median(self) -> float:
        return self.at(0.5)

    @property
    def mean(self) -> float:
        return sum(self.seconds) / len(self.seconds)

    @property
    def longest(self) -> float:
        return self.seconds[-1]


def times_of(call: Callable[[Any], object], inputs: Iterable[Any], rounds: int = 1) -> Times:
    """The best time of each input of several rounds: what the call takes when nothing else is in its way."""
    inputs = list(inputs)
    best = [float("inf")] * len(inputs)
    for _ in range(rounds):
        for number, one in enumerate(inputs):
            started = time.perf_counter()
            call(one)
            best[number] = min(best[number], time.perf_counter() - started)
    return Times(tuple(sorted(best)))


def rate_of(call: Callable[[Any], object], inputs: Iterable[Any], rounds: int = 1) -> float:
    """Calls in a second of one core's time, in the best of several rounds."""
    inputs = list(inputs)
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        for one in inputs:
            call(one)
        taken.append(time.process_time() - started)
    return len(inputs) / min(taken)


def shown(seconds: float) -> str:
    """A time as people read it."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.2g} µs"


def machine() -> str:
    """What these figures were measured on."""
    return f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
