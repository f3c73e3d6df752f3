"""One post being read: its view, what occurs in it, and what excuses a phrase."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .meaning import Sums, features_of, shipped_model, windows
from .model import CheckError, Post
from .patterns import Matcher, Matches, Span, Words
from .view import View

MAYBE_PROTECTED = 0.3  # from here on the model of meaning holds nothing back
_REACH = 60  # characters before a phrase in which a "not" is still about it
_WHERE = frozenset({"before", "sentence", "near", "post"})


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
    open_sentences: tuple[int, ...] = ()  # what checks that only add are asked about
    _judged: dict = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def is_connected(self) -> bool:
        """Whether the author works for the company or is paid by it."""
        return self.post.author_relation != "none"

    @cached_property
    def features(self) -> list[frozenset[str]]:
        """What the model of meaning reads of each sentence."""
        return [features_of(self.sentence_text(number)) for number in self.view.sentences]

    @cached_property
    def evidence(self) -> list[Sums]:
        """What each sentence adds to what it is judged by."""
        return [shipped_model().sums(features) for features in self.features]

    def judged(self, context: tuple["Excuse", ...]) -> list[tuple[float, tuple[int, ...]]]:
        """The windows of open sentences with how sure it is that they are held back, the surest first.

        What may be protected speech is left out: better to miss than to hold that.
        """
        key = self.open_sentences, context
        if key not in self._judged:
            beside = frozenset(
                span.sentence for excuse in context for span in excuse.spans(self.matches)
            )
            self._judged[key] = sorted(
                (
                    (self.judge(window)[0], window)
                    for window in windows(self.open_sentences, beside)
                    if self._maybe_protected.isdisjoint(window)
                ),
                reverse=True,
            )
        return self._judged[key]

    @cached_property
    def _maybe_protected(self) -> frozenset[int]:
        """The sentences that, alone or with those beside them, read like protected speech."""
        return frozenset(
            one
            for window in windows(self.view.sentences, frozenset())
            if self.judge(window)[1] >= MAYBE_PROTECTED
            for one in window
        )

    def judge(self, window: Iterable[int]) -> tuple[float, float]:
        """How likely these sentences are to be held back, and to be protected speech."""
        return shipped_model().judge(self.evidence[one] for one in window)

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
        if excuse.sentence != span.sentence or not excuse.end <= span.start <= excuse.end + _REACH:
            return False
        return not _turns(
            reading.view.words[excuse.end : span.start],
            reading.view.words[span.end : span.end + 30],
        )


def _turns(between: str, after: str) -> bool:
    """Whether the sentence changes direction between a "not" and the phrase."""
    if any(word in between for word in (" but ", ";", " however", " yet ", ": ", " - ")):
        return True
    listed = any(word in between + after for word in (" or ", " nor "))
    return "," in between and not listed
