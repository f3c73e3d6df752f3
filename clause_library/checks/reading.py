"""One post being read: its view, what occurs in it, and what excuses a phrase."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .meaning import Sense
from .model import CheckError, Post
from .patterns import Matcher, Matches, Span, Words
from .view import LINK, View

_REACH = 60  # characters beside a phrase in which a "not" or a cake is still about it
_WHERE = frozenset({"before", "close", "sentence", "near", "post"})


@dataclass(frozen=True)
class Noticed:
    """A place in the text as typed, with a fix; ``message`` where it differs from the check's."""

    start: int
    end: int
    fix: str | None = None
    message: str | None = None


@dataclass
class Reading:
    """A post, folded, with all that occurs in it."""

    post: Post
    view: View
    matches: Matches
    open_parts: tuple[
        int, ...
    ] = ()  # what checks that only add are asked about, of ``sense.parts``

    @cached_property
    def is_connected(self) -> bool:
        """Whether the author works for the company or is paid by it."""
        return self.post.author_relation != "none"

    @cached_property
    def sense(self) -> Sense:
        """The post as the model of meaning reads it."""
        return Sense(self.view)

    def sentence_text(self, number: int) -> str:
        start, end = self.view.sentence_span(number)
        return self.view.words[start:end]


class Excuse:
    """What makes a phrase harmless where it stands: a "not" before it, a question, a warning, a report."""

    def __init__(self, definition: Mapping, matcher: Matcher, words: Words) -> None:
        self._where = definition["where"]
        if self._where not in _WHERE:
            raise CheckError(f"an excuse holds {sorted(_WHERE)}, not {self._where!r}")
        self._numbers = [matcher.pattern(pattern, words) for pattern in definition["patterns"]]
        self._unless, self._but_not, self._needs, self._unless_post = (
            [matcher.pattern(pattern, words) for pattern in definition.get(key, [])]
            for key in ("unless", "but_not", "needs", "unless_post")
        )

    def holds(self, span: Span, reading: Reading) -> bool:
        """Whether this span is excused."""
        matches = reading.matches
        if not matches.occurs(self._numbers) or (self._needs and not matches.occurs(self._needs)):
            return False
        if matches.occurs(self._unless_post) or any(
            stop.sentence == span.sentence for stop in matches.all(self._unless)
        ):
            return False
        return any(self._reaches(excuse, span, reading) for excuse in self.spans(matches))

    def spans(self, matches: Matches) -> list[Span]:
        """Where the excuse stands, but not within a saying that only looks like it ("no doubt")."""
        sayings = matches.all(self._but_not)
        return [
            one
            for one in matches.all(self._numbers)
            if not any(saying.start <= one.start < saying.end for saying in sayings)
        ]

    def _reaches(self, excuse: Span, span: Span, reading: Reading) -> bool:
        match self._where:
            case "post":
                return True
            case "near":
                return abs(excuse.sentence - span.sentence) <= 1
            case "sentence":
                return excuse.sentence == span.sentence
            case "close":
                return excuse.sentence == span.sentence and self._is_close(excuse, span, reading)
        if excuse.sentence != span.sentence or not excuse.end <= span.start <= excuse.end + _REACH:
            return False
        return not _turns(
            reading.view.words[excuse.end : span.start],
            reading.view.words[span.end : span.end + 30],
        )

    @staticmethod
    def _is_close(excuse: Span, span: Span, reading: Reading) -> bool:
        """Few characters apart, and no link between: what follows a link is often a thought of its own."""
        first, last = sorted((excuse, span), key=lambda one: one.start)
        between = reading.view.words[first.end : last.start]
        return len(between) <= _REACH and LINK not in between


def _turns(between: str, after: str) -> bool:
    """Whether the sentence changes direction between a "not" and the phrase."""
    if any(word in between for word in (" but ", ";", " however", " yet ", ": ", " - ")):
        return True
    listed = any(word in between + after for word in (" or ", " nor "))
    return "," in between and not listed
