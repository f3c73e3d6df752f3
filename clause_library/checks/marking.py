"""A text cut where findings begin and end, so that a page can mark them. Pure.

Findings are dicts with ``start`` and ``end``: code points of the text as typed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import pairwise


def segments(text: str, findings: Sequence[dict]) -> list[dict]:
    """Cut the text where findings begin and end: ``[{"text", "finding": number | None}]``, in order.

    Where findings overlap, a stretch carries the first of them. A missing thing (start = end) is an empty segment.
    Findings in another text of the post (``where``) keep their numbers and mark nothing here.
    """
    here = [(number, one) for number, one in enumerate(findings) if not one.get("where")]
    cuts = sorted({0, len(text), *_edges(one for _, one in here)})
    begins: dict[int, list[int]] = defaultdict(list)
    missing: dict[int, list[dict]] = defaultdict(list)
    for number, finding in here:
        if finding["start"] < finding["end"]:
            begins[finding["start"]].append(number)
        else:
            missing[finding["start"]].append({"text": "", "finding": number})
    pieces: list[dict] = []
    covering: list[int] = []  # a heap: the first finding that began and has not ended is on top
    for start, end in pairwise(cuts):
        for number in begins[start]:
            heappush(covering, number)
        while covering and findings[covering[0]]["end"] <= start:
            heappop(covering)
        pieces += missing[start]
        pieces.append({"text": text[start:end], "finding": covering[0] if covering else None})
    return pieces + missing[len(text)]


def _edges(findings: Iterable[dict]) -> Iterable[int]:
    for finding in findings:
        yield finding["start"]
        yield finding["end"]
