"""A text cut where findings begin and end, so that a page can mark them. Pure.

Findings are dicts with ``start`` and ``end``: code points of the text as typed.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise


def segments(text: str, findings: Sequence[dict]) -> list[dict]:
    """Cut the text where findings begin and end: ``[{"text", "finding": number | None}]``, in order.

    Where findings overlap, a stretch carries the first of them. A missing thing (start = end) is an empty segment.
    """
    cuts = sorted({0, len(text), *_edges(findings)})
    pieces = []
    for start, end in pairwise(cuts):
        pieces += _missing_at(start, findings)
        pieces.append({"text": text[start:end], "finding": _covering(start, end, findings)})
    return pieces + _missing_at(len(text), findings)


def _edges(findings: Iterable[dict]) -> Iterable[int]:
    for finding in findings:
        yield finding["start"]
        yield finding["end"]


def _missing_at(place: int, findings: Sequence[dict]) -> list[dict]:
    return [
        {"text": "", "finding": number}
        for number, finding in enumerate(findings)
        if finding["start"] == finding["end"] == place
    ]


def _covering(start: int, end: int, findings: Sequence[dict]) -> int | None:
    return next(
        (
            number
            for number, finding in enumerate(findings)
            if finding["start"] <= start and end <= finding["end"] and start < end
        ),
        None,
    )
