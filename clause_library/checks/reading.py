"""One post being read: its view, what occurs in it, and what excuses a phrase."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter

from .meaning import Sense
from .model import CheckError, Post
from .patterns import Matcher, Matches, Span, Words, near
from .view import LINK, View

_REACH = 60  # characters beside a phrase in which a "not" or a cake is still about it
_start, _end = attrgetter("start"), attrgetter("end")
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
    ] = ()  # of ``sense.parts``: what checks that only add are asked about
    noticed: dict[str, list[Noticed]] = field(default_factory=dict)  # by the checks' names
    _places: dict["Excuse", "Places"] = field(default_factory=dict, repr=False)
    _sentences: dict[tuple["Excuse", ...], frozenset[int]] = field(default_factory=dict, repr=False)

    def on(self, channel: str) -> "Reading":
        """The same for another network, with all that has been found out so far."""
        other = copy(self)
        other.post = replace(self.post, channel=channel)
        return other

    def places_of(self, excuse: "Excuse") -> "Places":
        """Where an excuse stands; looked up once, however many phrases it may be for."""
        if excuse not in self._places:
            self._places[excuse] = Places(excuse.standing(self.matches))
        return self._places[excuse]

    @cached_property
    def sense(self) -> Sense:
        """The post as the model of meaning reads it."""
        return Sense(self.view)

    def sentences_of(self, excuses: tuple["Excuse", ...]) -> frozenset[int]:
        """The sentences in which any of these excuses stands."""
        if excuses not in self._sentences:
            places = (self.places_of(excuse).sentences for excuse in excuses)
            self._sentences[excuses] = frozenset().union(*places)
        return self._sentences[excuses]

    def sentence_text(self, number: int) -> str:
        start, end = self.view.sentence_span(number)
        return self.view.words[start:end]


class Excuse:
    """What makes a phrase harmless where it stands: a "not" before it, a question, a warning, a report."""

    def __init__(self, definition: Mapping, matcher: Matcher, words: Words) -> None:
        self._where = definition["where"]
        if self._where not in _WHERE:
            raise CheckError(f"an excuse holds {sorted(_WHERE)}, not {self._where!r}")
        self._numbers, self._unless, self._but_not, self._needs, self._unless_post = (
            frozenset(matcher.pattern(pattern, words) for pattern in definition.get(key, []))
            for key in ("patterns", "unless", "but_not", "needs", "unless_post")
        )

    def holds(self, span: Span, reading: Reading) -> bool:
        """Whether this span is excused."""
        places = reading.places_of(self)
        if not places.spans or span.sentence in reading.matches.sentences(self._unless):
            return False
        match self._where:
            case "post":
                return True
            case "near":
                return span.sentence in places.near
            case "sentence":
                return span.sentence in places.sentences
            case "close":
                return self._is_close(span, places, reading)
        words = reading.view.words
        after = words[span.end : span.end + 30]
        return any(
            one.sentence == span.sentence and not _turns(words[one.end : span.start], after)
            for one in places.ending(span.start - _REACH, span.start)
        )

    @staticmethod
    def _is_close(span: Span, places: "Places", reading: Reading) -> bool:
        """Few characters apart, and no link between: what follows a link is often a thought of its own."""
        for one in places.ending(span.start - _REACH, span.end + 2 * _REACH):
            first, last = sorted((one, span), key=_start)
            between = reading.view.words[first.end : last.start]
            if one.sentence == span.sentence and len(between) <= _REACH and LINK not in between:
                return True
        return False

    def standing(self, matches: Matches) -> Sequence[Span]:
        """Where it may excuse something: nowhere, if the post lacks what it needs or has what forbids it."""
        if not matches.occurs(self._numbers) or (self._needs and not matches.occurs(self._needs)):
            return ()
        return () if matches.occurs(self._unless_post) else self.spans(matches)

    def spans(self, matches: Matches) -> Sequence[Span]:
        """Where the excuse stands, but not within a saying that only looks like it ("no doubt")."""
        return list(_outside(matches.all(self._numbers), matches.all(self._but_not)))


class Places:
    """Where an excuse stands in one post, in the order of the text."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans

    @cached_property
    def sentences(self) -> frozenset[int]:
        return frozenset(one.sentence for one in self.spans)

    @cached_property
    def near(self) -> frozenset[int]:
        return near(self.sentences)

    @cached_property
    def _by_end(self) -> list[Span]:
        return sorted(self.spans, key=_end)

    def ending(self, first: int, last: int) -> Sequence[Span]:
        """Those that end at these places or between them."""
        return self._by_end[
            bisect_left(self._by_end, first, key=_end) : bisect_right(self._by_end, last, key=_end)
        ]


def _outside(spans: Iterable[Span], sayings: Sequence[Span]) -> Iterable[Span]:
    """Those that do not begin within a saying; both in the order of the text."""
    known, reach = 0, -1
    for one in spans:
        while known < len(sayings) and sayings[known].start <= one.start:
            reach = max(reach, sayings[known].end)
            known += 1
        if one.start >= reach:
            yield one


def _turns(between: str, after: str) -> bool:
    """Whether the sentence changes direction between a "not" and the phrase."""
    if any(word in between for word in (" but ", ";", " however", " yet ", ": ", " - ")):
        return True
    listed = any(word in between + after for word in (" or ", " nor "))
    return "," in between and not listed
