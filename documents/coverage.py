"""Which characters our fonts can print, and how the others are shown: as U+XXXX, never as a blank box."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

LIST = Path(__file__).resolve().parent / "fonts" / "coverage.txt"
# Shape the characters beside them, or break lines, and print nothing of their own.
SILENT = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
# Turn the reading order of a line around, so a reader could be shown other words than were cleared.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@cache
def printable() -> frozenset[str]:
    """Each character that a shipped font has a shape for."""
    lines = LIST.read_text().split()
    runs = (line.partition("-") for line in lines)
    return frozenset(
        chr(code)
        for first, _, last in runs
        for code in range(int(first, 16), int(last or first, 16) + 1)
    )


@cache
def _unprintable() -> re.Pattern[str]:
    known = sorted(ord(c) for c in (printable() | SILENT) - TURNING)
    spans = (f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in runs_of(known))
    return re.compile(f"([^{''.join(spans)}])")


def unprintable(text: str) -> list[str]:
    """The characters of the text that our fonts cannot print, each once, in order."""
    return list(dict.fromkeys(_unprintable().findall(text)))


def pieces(text: str) -> list[str]:
    """The text cut so that each second piece is one character that cannot be printed."""
    return _unprintable().split(text)


def code_point(character: str) -> str:
    """``U+1F9FF``, as the character's name tag."""
    return f"U+{ord(character):04X}"


def described(character: str) -> str:
    """``U+13080 EGYPTIAN HIEROGLYPH D010``."""
    return f"{code_point(character)} {unicodedata.name(character, '')}".strip()


def runs_of(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Sorted numbers as runs: 1 2 3 7 gives (1, 3) and (7, 7)."""
    first = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None:
            yield first, last
        first = last = number
    if first is not None:
        yield first, last
