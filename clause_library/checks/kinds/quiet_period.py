"""What nobody says while an issuer's quiet period is on: results, deals, shares."""

from collections.abc import Iterable, Mapping

from ..model import CheckError, QuietPeriod
from ..names import names_in
from ..reading import Noticed, Reading
from .base import Kind
from .params import EXCUSES, UNLESS, Param, Shape


class Quiet(Kind):
    """``topics``: {topic: patterns}. ``own``: patterns by which the company speaks of itself.

    ``strong``: patterns that make a sentence one on the issuer wherever the post speaks of it, unless the sentence
    is on somebody else (``others``).
    In a sentence that speaks of the issuer of an open quiet period, whatever touches one of its closed topics is
    noticed. ``unless``: patterns that excuse a sentence; ``excuses``: named ones. Nothing says why it is
    quiet.
    """

    title = "Quiet periods"
    about = "Talk of results, deals and shares while a quiet period is open."
    takes: Mapping[str, Param] = {
        "strong": Param(
            "Surely about the issuer",
            "A sentence with one of these speaks of the issuer, where the post does.",
        ),
        "own": Param("About us", "How the company speaks of itself."),
        "others": Param(
            "About somebody else", "A sentence with one of these speaks of somebody else."
        ),
        "unless": UNLESS,
        "excuses": EXCUSES,
        "topics": Param(
            "Topics", "{topic: [patterns]}: what each closed topic is known by.", Shape.DATA
        ),
    }

    def compile(self) -> None:
        topics = self.params.get("topics") or {}
        if not topics:
            raise CheckError("topics says by which words each closed topic is known")
        self._topics = {name: self.numbers(patterns) for name, patterns in topics.items()}
        self._own, self._unless, self._strong, self._others = map(
            self.patterns, ("own", "unless", "strong", "others")
        )
        self._excused = self.excuses()

    def look(self, reading: Reading) -> Iterable[Noticed]:
        told: set[int] = set()
        for period in reading.post.quiet:
            closed = [n for topic in period.topics for n in self._topics.get(topic, ())]
            if reading.matches.occurs(closed):
                yield from self._touched(period, closed, reading, told)

    def _touched(
        self, period: QuietPeriod, closed: list[int], reading: Reading, told: set[int]
    ) -> Iterable[Noticed]:
        spoken_of = self._sentences_on(period, reading)
        spoken_of -= reading.matches.sentences(self._unless)
        for span in reading.matches.all(closed):
            if span.sentence not in spoken_of or span.sentence in told:
                continue
            if not any(excuse.holds(span, reading) for excuse in self._excused):
                told.add(span.sentence)
                yield Noticed(*reading.view.as_typed(span.start, span.end))

    def _sentences_on(self, period: QuietPeriod, reading: Reading) -> set[int]:
        """The sentences that speak of the issuer."""
        view = reading.view
        found = {view.sentence_of_plain(start) for start, _ in names_in(view, period.names)}
        if period.is_own:
            found |= reading.matches.sentences(self._own)
        if not found:
            return found
        strong = reading.matches.sentences(self._strong)
        return found | strong - reading.matches.sentences(self._others)
