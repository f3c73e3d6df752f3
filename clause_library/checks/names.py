"""Finds names of a list that the company keeps, compiled once for each list."""

from collections.abc import Iterable
from functools import lru_cache

from .phrases import Phrases
from .view import View

LISTS_IN_MEMORY = 64

Place = tuple[int, int]


def names_in(view: View, names: tuple[str, ...]) -> list[Place]:
    """Where any of these names stands in ``view.plain``, in order; of names within one another the longest."""
    if not names:
        return []
    return _longest((start, end) for start, end, _ in _compiled(names).find(view))


@lru_cache(maxsize=LISTS_IN_MEMORY)
def _compiled(names: tuple[str, ...]) -> Phrases:
    phrases = Phrases()
    for name in names:
        phrases.add(name)
    return phrases.freeze()


def _longest(places: Iterable[Place]) -> list[Place]:
    kept: list[Place] = []
    for start, end in sorted(set(places), key=lambda place: (place[0], -place[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
