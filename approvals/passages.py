"""A post's text with its findings marked, fixes applied to it, and protected passages taken out of it. Pure.

Findings are dicts with ``start``, ``end`` (code points of the text as typed) and ``fix``; spans are such (start, end).
"""

import re
from collections.abc import Iterable, Sequence

# What says nothing by itself beside a protected passage: "#fairpay @colleague"
_TAGS = re.compile(r"[#@][\w.]+")
_WORDS = re.compile(r"\w")


def apply_fixes(text: str, findings: Sequence[dict], which: str) -> str:
    """The text with one fix applied (its number), or ``all``; from the end, so that offsets stay right."""
    chosen = [
        finding
        for number, finding in enumerate(findings)
        if finding["fix"] is not None and which in {"all", str(number)}
    ]
    last = len(text) + 1
    for finding in sorted(chosen, key=lambda one: (one["start"], one["end"]), reverse=True):
        if finding["end"] <= last:
            text = text[: finding["start"]] + finding["fix"] + text[finding["end"] :]
            last = finding["start"]
    return text


def rest_of(text: str, spans: Iterable[Sequence[int]]) -> str:
    """The text without these passages: every word outside them, in its order, with one gap where a passage was."""
    rest, gap = "", ""
    for piece in outside(text, spans):
        said = piece.strip()
        gap = _wider(gap, piece[: len(piece) - len(piece.lstrip())])
        if said:
            rest += (gap if rest else "") + said
            gap = piece[len(piece.rstrip()) :]
    return rest


def without(text: str, spans: Iterable[Sequence[int]], sign: str) -> str:
    """The text with a sign in the place of each passage."""
    return sign.join(outside(text, spans))


def outside(text: str, spans: Iterable[Sequence[int]]) -> list[str]:
    """The stretches between the passages, the first and the last included."""
    pieces, last = [], 0
    for start, end in sorted(spans):
        pieces.append(text[last : max(start, last)])
        last = max(end, last)
    return [*pieces, text[last:]]


def taken_out(text: str, spans: Iterable[Sequence[int]]) -> list[str]:
    """The passages themselves, to be shown to their author once."""
    return [text[start:end].strip() for start, end in sorted(spans)]


def is_more_than(text: str, spans: Iterable[Sequence[int]]) -> bool:
    """Whether anything is said outside these passages; signs, hashtags and mentions say nothing alone."""
    return any(_WORDS.search(_TAGS.sub("", piece)) for piece in outside(text, spans))


def _wider(one: str, other: str) -> str:
    """A new paragraph or line where there was one; else a space."""
    gap = max(one, other, key=lambda blank: blank.count("\n"))
    return gap if "\n" in gap else " "
