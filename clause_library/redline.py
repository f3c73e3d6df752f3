"""The redline: what changed between two texts, word by word and exact to the character. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

MOST_CELLS = 400_000_000  # one bit each: 50 MB, reached by two texts of 20,000 words or signs
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
LINES = re.compile(r"[^\n]*\n|[^\n]+")
JOINERS = "\u200c\u200d"


class Run(NamedTuple):
    """Equal and delete runs join to the old text; equal, insert and move runs to the new one."""

    op: Literal["equal", "delete", "insert", "move"]
    text: str
    move: int | None = None  # the number that a delete and its move share; see `moves`


def redline(old: str, new: str) -> list[Run]:
    """The fewest changed words, found exactly; where the texts are very long, in the lines that changed."""
    if (runs := _compare(_words(old), _words(new))) is not None:
        return runs
    if (runs := _compare(LINES.findall(old), LINES.findall(new))) is not None:
        return _by_words(runs)
    return _joined([("delete", old), ("insert", new)])


def _by_words(runs: Sequence[Run]) -> list[Run]:
    """Lines that replace lines, compared again by their words where these are few enough."""
    finer: list[Run] = []
    for run in runs:
        replaced = finer[-1].text if finer and finer[-1].op == "delete" else ""
        words = _compare(_words(replaced), _words(run.text)) if run.op == "insert" else None
        if replaced and words:
            finer[-1:] = words
        else:
            finer.append(run)
    return _joined([(run.op, run.text) for run in finer])


def _words(text: str) -> list[str]:
    """Words, spaces and signs; a mark or joiner stays with the letter before it."""
    tokens: list[str] = []
    for token in WORDS.findall(text):
        if tokens and (token in JOINERS or unicodedata.category(token[0]).startswith("M")):
            tokens[-1] += token
        else:
            tokens.append(token)
    return tokens


def _compare(old: Sequence[str], new: Sequence[str]) -> list[Run] | None:
    """None where the comparison would cost too much."""
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    was, now = old[start : len(old) - end], new[start : len(new) - end]
    if len(was) * len(now) > MOST_CELLS:
        return None
    middle = list(_changes(was, now))[::-1]
    tail = [("equal", token) for token in old[len(old) - end :]]
    return _joined(_tidy([*(("equal", token) for token in old[:start]), *middle, *tail]))


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many tokens both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (was, now) in pairs if was != now), min(len(old), len(new)))


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Walk a longest common subsequence from the end to the start."""
    rows = _rows(old, new)
    at, to = len(old), len(new)
    while at and to:
        if old[at - 1] == new[to - 1]:
            at, to = at - 1, to - 1
            yield "equal", old[at]
        elif rows[to] >> (at - 1) & 1:
            at -= 1
            yield "delete", old[at]
        else:
            to -= 1
            yield "insert", new[to]
    yield from (("delete", token) for token in reversed(old[:at]))
    yield from (("insert", token) for token in reversed(new[:to]))


def _rows(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """Bit-parallel table of the longest common subsequence (Hyyrö 2004), one integer a new token.

    Bit i of row j is 0 where the first i + 1 old tokens share one more with the first j new ones
    than the first i do. Work grows with the product of the lengths over the machine's word.
    """
    places: dict[str, int] = {}
    for at, token in enumerate(old):
        places[token] = places.get(token, 0) | 1 << at
    full = (1 << len(old)) - 1
    rows = [full]
    for token in new:
        row = rows[-1]
        match = row & places.get(token, 0)
        rows.append(((row + match) | (row - match)) & full)
    return rows


def _tidy(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Count a space or sign between two replaced words as replaced: phrases stay whole."""
    groups = [
        (same, list(group)) for same, group in groupby(steps, key=lambda step: step[0] == "equal")
    ]
    tidied: list[tuple[str, str]] = []
    for at, (same, group) in enumerate(groups):
        inside = same and 0 < at < len(groups) - 1
        if inside and _is_filler(group) and all(_replaces(groups[at + by][1]) for by in (-1, 1)):
            tidied += [(kind, token) for _, token in group for kind in ("delete", "insert")]
        else:
            tidied += group
    return tidied


def _is_filler(group: list[tuple[str, str]]) -> bool:
    return not any(re.search(r"\w", token) for _, token in group)


def _replaces(group: list[tuple[str, str]]) -> bool:
    return {kind for kind, _ in group} == {"delete", "insert"}


def _joined(steps: list[tuple[str, str]]) -> list[Run]:
    """One run for each change, what was deleted before what was inserted."""
    runs: list[Run] = []
    for same, group in groupby(steps, key=lambda step: step[0] == "equal"):
        tokens = list(group)
        kinds = ("equal",) if same else ("delete", "insert")
        texts = ["".join(token for step, token in tokens if step == kind) for kind in kinds]
        runs += [Run(kind, text) for kind, text in zip(kinds, texts, strict=True) if text]
    return runs
