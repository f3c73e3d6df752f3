"""Finds what no phrase names, by what a post says as a whole; shows the post it is most like."""

from collections.abc import Iterable, Iterator, Mapping

from ..meaning import Model, Window, shipped_model
from ..model import CheckError
from ..reading import Noticed, Reading
from .base import Kind
from .params import Param, Shape

_SURE = 60
_LONGEST_EXAMPLE = 140


class Meaning(Kind):
    """``sure``: in percent, how sure it must be. ``excuses``: sentences that they name are read with every other.

    It only adds: it is asked last, of sentences that are not protected and in which no other check of its category
    has found something.
    """

    title = "Meaning"
    about = "Posts that read like the examples a model has learned from; it only adds to what others find."
    takes: Mapping[str, Param] = {
        "excuses": Param(
            "What is read with the rest",
            "Sentences in which one of these holds are read together with every other.",
            Shape.EXCUSES,
        ),
        "sure": Param(
            "How sure", "In percent, how sure it must be; 60 where nothing is said.", Shape.DATA
        ),
    }
    only_adds = True

    def compile(self) -> None:
        sure = self.params.get("sure", _SURE)
        if sure not in range(1, 100):
            raise CheckError("sure is a whole number of percent between 1 and 99")
        self._sure = sure / 100
        self._model: Model = shipped_model()
        if self.data.category not in self._model.by_category:
            known = ", ".join(sorted(self._model.by_category))
            raise CheckError(f"meaning is learned for {known}, not for {self.data.category}")
        self._context = tuple(self.excuses())

    def look(self, reading: Reading) -> Iterable[Noticed]:
        window = next(self._held(reading), None)
        if window is None:
            return
        sense = reading.sense
        start, end = sense.typed[max(window, key=lambda one: sense.evidence[one].held)]
        yield Noticed(start, end, message=self._message(sense.said_in(window)))

    def _held(self, reading: Reading) -> Iterator[Window]:
        """The windows that would be held back for this category, the surest first."""
        context = reading.sentences_of(self._context)
        for sure, window in reading.sense.held(reading.open_parts, context):
            if sure < self._sure:
                return
            if reading.sense.category(window) == self.data.category:
                yield window

    def _message(self, said: frozenset[str]) -> str:
        example = self._model.nearest(said, self.data.category)
        if len(example) > _LONGEST_EXAMPLE:
            example = example[: example.rindex(" ", 0, _LONGEST_EXAMPLE)] + " …"
        return f"{self.data.message} It reads like this example: “{example}”"
