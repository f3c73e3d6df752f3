"""Hostile texts of growing length: the time a character takes stays what it is."""

import time
from collections.abc import Iterator

from clause_library.checks import Post, QuietPeriod, Screener

from .editions import shipped_edition
from .hostile import PIECES, hostile
from .timing import Row, shown

PART = "linear"
LENGTHS = (1_000, 10_000, 100_000)
MOST = 2.0  # seconds for the longest text that is taken
STEEPEST = 3.0  # times longer for a character of the longest text than for one of a tenth of it


def post_of(text: str) -> Post:
    """With everything to look for that a company can have."""
    return Post(
        text,
        "x",
        company=("Acme", "Blue Lantern"),
        rivals=("Globex", "Initech"),
        own_hosts=("acme.example",),
        listed={
            "project_names": ("Project Falcon", "Orion"),
            "unannounced_customers": ("Initrode",),
            "denied_hosts": ("bit.ly",),
        },
        quiet=(QuietPeriod(("Acme",), ("results", "deals", "shares"), is_own=True),),
    )


def measure(*, quick: bool = False) -> Iterator[Row]:
    lengths = (100, 200, 400) if quick else LENGTHS
    screener = shipped_edition()
    screener.screen(post_of("The first text takes longer."))
    taken = {
        name: [_seconds(screener, hostile(name, length)) for length in lengths] for name in PIECES
    }
    slowest = max(taken, key=lambda name: taken[name][-1])
    steepest = max(taken, key=lambda name: _steepness(taken[name], lengths))
    yield Row(
        PART,
        f"{len(PIECES)} hostile texts of {lengths[-1]:,} characters, the slowest ({slowest})",
        shown(taken[slowest][-1]),
        f"under {shown(MOST)}",
        taken[slowest][-1] < MOST,
    )
    steepness = _steepness(taken[steepest], lengths)
    yield Row(
        PART,
        f"a character in the longest text against one in a tenth of it, the worst ({steepest})",
        f"{steepness:.1f} times",
        f"under {STEEPEST:.0f} times",
        steepness < STEEPEST,
    )
    for name in sorted(taken, key=lambda name: -taken[name][-1])[:5]:
        each = (
            f"{1e6 * took / length:.1f}" for took, length in zip(taken[name], lengths, strict=True)
        )
        yield Row(PART, f"{name}: µs a character at {_lengths(lengths)}", ", ".join(each))


def _lengths(lengths: tuple[int, ...]) -> str:
    return ", ".join(f"{length:,}" for length in lengths)


def _seconds(screener: Screener, text: str) -> float:
    started = time.process_time()
    screener.screen(post_of(text))
    return time.process_time() - started


def _steepness(taken: list[float], lengths: tuple[int, ...]) -> float:
    shorter, longer = (took / length for took, length in zip(taken[-2:], lengths[-2:], strict=True))
    return longer / shorter
