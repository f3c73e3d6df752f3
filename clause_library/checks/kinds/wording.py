"""Finds what is said, by phrases and patterns, where nothing excuses it. Most kinds are this one."""

from collections.abc import Iterable, Sequence

from ..model import CheckError
from ..patterns import Matches, Span
from ..reading import Noticed, Reading
from .base import Kind


class Wording(Kind):
    """``find`` (patterns; a list in the list must all occur in one sentence) and ``phrases``.

    ``with_post``, ``with_near``: patterns, one of which must occur in the post, or in the sentence or one beside it.
    ``unless``, ``unless_near``, ``unless_post``: patterns that excuse, in the sentence, near it, anywhere.
    ``excuses``: named ones (negated, asked, warned…). ``fix``: {replace|before|after: text}.
    """

    takes = frozenset(
        {
            "find",
            "phrases",
            "with_post",
            "with_near",
            "unless",
            "unless_near",
            "unless_post",
            "excuses",
            "fix",
        }
    )

    def compile(self) -> None:
        self._find = [
            self._together([item] if isinstance(item, str) else item)
            for item in self.params.get("find", ())
        ]
        if self.params.get("phrases"):
            self._find.append([self._matcher.phrases(self.params["phrases"])])
        if not self._find:
            raise CheckError("it finds nothing: give it find or phrases")
        self.triggers = frozenset(item[0] for item in self._find)
        self._with_post = self.patterns("with_post")
        self._with_near = self.patterns("with_near")
        self._unless = self.patterns("unless")
        self._unless_near = self.patterns("unless_near")
        self._unless_post = self.patterns("unless_post")
        self._excused = self.excuses()
        self._fix = self.params.get("fix") or {}
        if set(self._fix) - {"replace", "before", "after"}:
            raise CheckError("fix takes one of replace, before, after")

    def _together(self, patterns: Sequence[str]) -> list[int]:
        """The first of them sets the check off."""
        return self.numbers(patterns[:1], sets_off=True) + self.numbers(patterns[1:])

    def look(self, reading: Reading) -> Iterable[Noticed]:
        if not self._is_context(reading):
            return
        told: set[int] = set()
        for span in sorted(self._spans(reading), key=lambda s: (s.start, -s.end)):
            if span.sentence in told or self._is_excused(span, reading):
                continue
            told.add(span.sentence)
            yield self._notice(span, reading)

    def _is_context(self, reading: Reading) -> bool:
        matches = reading.matches
        wanted = not self._with_post or matches.occurs(self._with_post)
        return wanted and not matches.occurs(self._unless_post)

    def _spans(self, reading: Reading) -> Iterable[Span]:
        matches = reading.matches
        there = set(matches.among(self.triggers))
        for head, *others in self._find:
            for span in matches.spans(head) if head in there else ():
                if all(span.sentence in matches.sentences((number,)) for number in others):
                    yield span

    def _is_excused(self, span: Span, reading: Reading) -> bool:
        matches = reading.matches
        return (
            span.sentence in matches.sentences(self._unless)
            or self._is_near(self._unless_near, span, matches)
            or (self._with_near and not self._is_near(self._with_near, span, matches))
            or any(excuse.holds(span, reading) for excuse in self._excused)
        )

    @staticmethod
    def _is_near(numbers: frozenset[int], span: Span, matches: Matches) -> bool:
        """Whether one of these patterns occurs in the sentence or in one beside it."""
        sentences = matches.sentences(numbers)
        return bool(sentences) and not sentences.isdisjoint(
            (span.sentence - 1, span.sentence, span.sentence + 1)
        )

    def _notice(self, span: Span, reading: Reading) -> Noticed:
        start, end = reading.view.as_typed(span.start, span.end)
        if "replace" in self._fix:
            return Noticed(start, end, self._fix["replace"])
        typed = reading.view.text[start:end]
        if self._fix:
            return Noticed(
                start, end, self._fix.get("before", "") + typed + self._fix.get("after", "")
            )
        return Noticed(start, end)
