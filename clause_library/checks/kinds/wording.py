"""Finds what is said, by phrases and patterns, where nothing excuses it. Most kinds are this one."""

from collections.abc import Iterable, Mapping, Sequence

from ..model import CheckError
from ..patterns import Matches, Span
from ..reading import Noticed, Reading
from .base import Kind
from .params import EXCUSES, PHRASES, UNLESS, Param, Shape


class Wording(Kind):
    """``find`` (patterns; a list in the list must all occur in one sentence) and ``phrases``.

    ``with_post``, ``with_near``: patterns, one of which must occur in the post, or in the sentence or one beside it.
    ``unless``, ``unless_near``, ``unless_post``: patterns that excuse, in the sentence, near it, anywhere.
    ``excuses``: named ones (negated, asked, warned…). ``fix``: {replace|before|after: text}.
    """

    takes: Mapping[str, Param] = {
        "phrases": PHRASES,
        "find": Param(
            "Patterns",
            "For what one phrase cannot say. Join patterns with && where all must stand in one sentence.",
            Shape.PAIRS,
        ),
        "excuses": EXCUSES,
        "unless": UNLESS,
        "fix": Param("Wording to offer instead", "What one press puts there.", Shape.FIX),
        "with_near": Param(
            "Only with one of these near by",
            "In the sentence or one beside it. Without one of them, nothing is noticed.",
            is_rare=True,
        ),
        "with_post": Param(
            "Only with one of these in the post",
            "Anywhere in it. Without one of them, nothing is noticed.",
            is_rare=True,
        ),
        "unless_near": Param(
            "Not with one of these near by", "In the sentence or one beside it.", is_rare=True
        ),
        "unless_post": Param("Not with one of these in the post", "Anywhere in it.", is_rare=True),
    }

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


class Claims(Wording):
    title = "Claims and promises"
    about = "Promises, guarantees, exaggeration and forecasts that we cannot stand behind."


class Secrets(Wording):
    title = "Secrets"
    about = "Plans, figures and material that belong inside the company."


class InsideInformation(Wording):
    title = "Inside information"
    about = "Results, deals and events that could move a share price and are not public."


class Respect(Wording):
    title = "Respect"
    about = "Threats, slurs and attacks on a person; a strong opinion is none."


class Competitors(Wording):
    title = "Competitors"
    about = "Rivals run down, and comparisons without proof."


class Rights(Wording):
    title = "Other people's work"
    about = "Text, music, pictures and marks that belong to somebody else."


class SpeakingForCompany(Wording):
    title = "Speaking for the company"
    about = "Words that sound as if the company itself were speaking."


class PromotionTerms(Wording):
    title = "Promotion terms"
    about = "Prizes, offers and reviews that lack what the law wants said with them."


class Health(Wording):
    title = "Health"
    about = "Claims that something heals or prevents, and what would point to a patient."


class Tone(Wording):
    title = "Tone"
    about = "Wording that the tone guide would put otherwise; best kept to advice."
