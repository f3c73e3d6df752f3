"""One post as the model of meaning reads it: cut into parts, each with what it adds to the judgement."""

import re
from collections.abc import Iterator
from functools import cached_property

from ..fold import is_picture
from ..patterns import Span
from ..view import View
from .features import features_of
from .model import Sums, shipped_model, windows

MAYBE_PROTECTED = 0.3  # from here on nothing is held back
_VARIATION = "\ufe0f"  # may stand behind a picture
_CLOSING = frozenset(")]}»”…")
_LINK = ("http://", "https://", "www.")
_WORD = re.compile(r"\S+")

Window = tuple[int, ...]


class Sense:
    """``parts``: the sentences, cut also where a picture, bracket or link ends one ("Lovely 😍 Try it")."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.parts = [part for number in view.sentences for part in self._parts_of(number)]
        self._judged: dict[Window, tuple[float, float]] = {}
        self._categories: dict[Window, str] = {}
        self._held: dict[tuple[Window, frozenset[int]], list[tuple[float, Window]]] = {}

    def _parts_of(self, number: int) -> Iterator[Span]:
        start, end = self._view.sentence_span(number)
        for cut in self._cuts(start, end):
            yield Span(start, cut, number)
            start = cut
        yield Span(start, end, number)

    def _cuts(self, start: int, end: int) -> Iterator[int]:
        view = self._view
        first, last = view.as_typed(start, end)
        text, ended = view.text[first:last], False
        for word in _WORD.finditer(text):
            if ended and word[0][0].isupper() and word[0][1:2].islower():
                yield view.words_of_typed(first + word.start())
            ended = (
                word[0][-1] in _CLOSING or word[0].startswith(_LINK) or _is_pictured(word[0][-1])
            )

    @cached_property
    def typed(self) -> list[tuple[int, int]]:
        """Where the parts stand in the text as typed."""
        return [self._view.as_typed(part.start, part.end) for part in self.parts]

    @cached_property
    def features(self) -> list[frozenset[str]]:
        return [features_of(self._view.words[part.start : part.end]) for part in self.parts]

    @cached_property
    def evidence(self) -> list[Sums]:
        model = shipped_model()
        return [model.sums(features) for features in self.features]

    def judge(self, window: Window) -> tuple[float, float]:
        """How likely these parts are to be held back, and to be protected speech: 0 to 1."""
        if window not in self._judged:
            self._judged[window] = shipped_model().judge(self.evidence[one] for one in window)
        return self._judged[window]

    def said_in(self, window: Window) -> frozenset[str]:
        """The features of these parts."""
        return frozenset().union(*(self.features[one] for one in window))

    def category(self, window: Window) -> str:
        """What these parts are most likely held back for; asked once for a window, by every check of meaning."""
        if window not in self._categories:
            self._categories[window] = shipped_model().category(self.said_in(window))
        return self._categories[window]

    def held(self, open_parts: Window, context: frozenset[int]) -> list[tuple[float, Window]]:
        """Windows of parts that may be judged with how sure it is that they are held back, the surest first.

        ``context``: sentences that change how a post is understood, read with each window. What may be protected
        speech is left out: better to miss than to hold that.
        """
        key = open_parts, context
        if key not in self._held:
            beside = frozenset(
                number for number, part in enumerate(self.parts) if part.sentence in context
            )
            self._held[key] = sorted(
                (
                    (self.judge(window)[0], window)
                    for window in windows(open_parts, beside)
                    if self._maybe_protected.isdisjoint(window)
                ),
                reverse=True,
            )
        return self._held[key]

    @cached_property
    def _maybe_protected(self) -> frozenset[int]:
        """The parts that, alone or with those beside them, read like protected speech."""
        return frozenset(
            one
            for window in windows(range(len(self.parts)), frozenset())
            if self.judge(window)[1] >= MAYBE_PROTECTED
            for one in window
        )


def _is_pictured(char: str) -> bool:
    return is_picture(char) or char == _VARIATION
