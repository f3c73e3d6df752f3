"""The pattern language of checks, and one matcher for all of them. Patterns run on RE2, phrases on an automaton.

Sugar over RE2, for people who edit checks:
    a space       one to three characters that are no letters, within the sentence ("no-risk", "no, risk")
    ~  and  ~~    up to four, up to nine words between
    {name}        any of the named words
    word*         the word with any ending
A pattern that starts or ends with a letter (or with one that may be missing: "stars?") starts or ends with a word.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import re2

from .fold import fold_char
from .model import CheckError
from .phrases import Phrases
from .view import View, plain

_NAMED = re.compile(r"\{([a-z][a-z_]*)\}")
_ENDING = re.compile(r"(?<=[a-z])(?<!\\w)(?<!\\s)(?<!\\d)\*")
_SPACE = r"(?:[^\w\n]{1,3})"
_FEW = r"[^\w\n]+(?:[\w'%-]+[^\w\n]+){0,4}"
_MANY = r"[^\w\n]+(?:[\w'%-]+[^\w\n]+){0,9}"
_CLASS = re.compile(r"((?<!\\)\[\^?\]?(?:\\.|[^\]\\])*\])")
_OPENS = re.compile(r"\((?:\?:)?[a-z]")
_CLOSES = re.compile(r"[a-z*]\)$|[a-z]\?$")
_DEEPEST = 6
LONGEST_SOURCE = 60_000  # characters of a pattern with all its named words in place
HEAVIEST = 50_000  # instructions of one pattern's program; about 30 bytes of memory each
HEAVIEST_TOGETHER = 4_000_000
_WORD = re.compile(r"[a-z]{2,}")

Words = Mapping[str, Sequence[str]]


def expanded(pattern: str, words: Words, depth: int = 0) -> str:
    """The pattern as RE2 reads it. Raises CheckError for a name that nobody has defined."""
    if depth > _DEEPEST:
        raise CheckError("the words name each other in a circle")
    text = "".join(char if char.isascii() else fold_char(char) for char in pattern)
    starts, ends = text[:1], text[-1:]
    text = _sweetened(_ENDING.sub(r"\\w*", text))
    text = _NAMED.sub(_Filling(words, depth), text)
    if len(text) > LONGEST_SOURCE:
        raise CheckError(_too_long(pattern))
    left = r"\b" if starts.isalnum() or _OPENS.match(pattern) else ""
    right = r"\b" if ends.isalnum() or _CLOSES.search(pattern) else ""
    return f"{left}(?:{text}){right}" if left or right else text


def _text(pattern: str) -> str:
    if not isinstance(pattern, str) or not pattern.strip():
        raise CheckError("a pattern is empty: remove it or write what it should find")
    return pattern


def _sweetened(text: str) -> str:
    """Spaces and tildes replaced, but for those in a character class."""
    pieces = _CLASS.split(text)
    for place in range(0, len(pieces), 2):
        plain_piece = pieces[place].replace("~~", "\0").replace("~", "\1").replace(" ", _SPACE)
        pieces[place] = plain_piece.replace("\0", _MANY).replace("\1", _FEW)
    return "".join(pieces)


class _Filling:
    """Puts the named words in their places; stops as soon as they are too many, before they fill the memory."""

    def __init__(self, words: Words, depth: int) -> None:
        self._words, self._depth, self._length = words, depth, 0

    def __call__(self, named: re.Match) -> str:
        name = named[1]
        if name not in self._words:
            raise CheckError(f"nobody has defined the words {{{name}}}")
        return "(?:" + "|".join(self._filled(one, name) for one in self._words[name]) + ")"

    def _filled(self, member: str, name: str) -> str:
        found = expanded(member, self._words, self._depth + 1)
        self._length += len(found)
        if self._length > LONGEST_SOURCE:
            raise CheckError(_too_long(f"{{{name}}}"))
        return found


def _too_long(pattern: str) -> str:
    return f"the pattern {pattern!r} becomes too long with its named words in place: name fewer of them"


class Span(NamedTuple):
    """A place in ``View.words`` and its sentence."""

    start: int
    end: int
    sentence: int


_PLACE = attrgetter("start", "end")
_NOWHERE: frozenset[int] = frozenset()


class Matcher:
    """All patterns and phrases of an edition, compiled into one; immutable after ``freeze``.

    Those that set a check off run on every post, all in one call. Those that are only asked about what was set off
    run when they are asked for.
    """

    def __init__(self) -> None:
        self._first, self._later = _Filter(), _Filter()
        self._ids: dict[str, int] = {}
        self._phrases = Phrases()
        self._count = 0
        self._weight = 0
        self._vocabulary: set[str] = set()

    def pattern(self, pattern: str, words: Words, *, sets_off: bool = False) -> int:
        """The number under which a pattern's matches are found. Raises CheckError where RE2 cannot run it."""
        source = expanded(_text(pattern), words)
        if source not in self._ids:
            self._ids[source] = self._next()
            self._vocabulary.update(_WORD.findall(source.replace("\\b", " ").replace("\\w", " ")))
        number = self._ids[source]
        where = self._first if sets_off else self._later
        if number not in self._first and number not in where:
            self._weigh(pattern, where.add(pattern, source, number))
        return number

    def _weigh(self, pattern: str, weight: int) -> None:
        """Refuse what would eat memory, before anything is compiled from it."""
        self._weight += weight
        if weight > HEAVIEST:
            raise CheckError(
                f"the pattern {pattern!r} is too heavy: use smaller counts and fewer named words, or split it"
            )
        if self._weight > HEAVIEST_TOGETHER:
            raise CheckError(
                f"with the pattern {pattern!r} all patterns together are too heavy: use phrases instead of patterns"
            )

    def phrases(self, phrases: Iterable[str]) -> int:
        """The number under which any of these phrases is found. A phrase may end in * for any ending."""
        number = self._next()
        for phrase in phrases:
            if not self._phrases.add(
                phrase.rstrip("* "), number, is_stem=phrase.rstrip().endswith("*")
            ):
                raise CheckError(
                    f"the phrase {phrase!r} has no letters: remove it or write what it should find"
                )
            self._vocabulary.update(_WORD.findall(plain(phrase)))
        return number

    def _next(self) -> int:
        self._count += 1
        return self._count

    def freeze(self) -> "Matcher":
        """Compile. Nothing can be added afterwards."""
        self._compiled = self._later.freeze() | self._first.freeze()
        self._phrases.freeze()
        self.vocabulary = frozenset(self._vocabulary)
        return self

    def read(self, view: View) -> "Matches":
        """Which phrases and patterns occur, and which may: those whose letters do."""
        found: dict[int, list[Span]] = {}
        for start, end, number in self._phrases.find(view):
            first, last = view.words_of_plain(start, end)
            found.setdefault(number, []).append(Span(first, last, view.sentence(first)))
        there, likely = self._first.match(view.data), self._later.match(view.data, potential=True)
        return Matches(view, there, likely, found, self._compiled)


class _Filter:
    """Numbered patterns that run together: RE2 looks first for the letters that each needs."""

    def __init__(self) -> None:
        self._filter = re2.Filter()
        self._options = re2.Options()
        self._options.log_errors = False
        self._options.never_capture = True  # where a whole match stands is all that is asked
        self._numbers: list[int] = []
        self._known: set[int] = set()

    def __contains__(self, number: int) -> bool:
        return number in self._known

    def add(self, pattern: str, source: str, number: int) -> int:
        """How heavy it is, in instructions. Raises CheckError where RE2 cannot run it."""
        try:
            index = self._filter.Add(source.encode(), self._options)
        except (re2.error, UnicodeEncodeError) as error:
            raise CheckError(
                f"the pattern {pattern!r} cannot run in linear time or is malformed: "
                "write it without look-around, back references, open brackets or large counts of counts"
            ) from error
        self._numbers.append(number)
        self._known.add(number)
        return self._filter.re(index).programsize

    def freeze(self) -> dict[int, object]:
        """Each pattern by its number."""
        if self._numbers:
            self._filter.Compile()
        return {number: self._filter.re(index) for index, number in enumerate(self._numbers)}

    def match(self, data: bytes, *, potential: bool = False) -> frozenset[int]:
        """Which occur; ``potential``: which may, at a tenth of the cost."""
        found = self._filter.Match(data, potential) if self._numbers else None
        return frozenset(map(self._numbers.__getitem__, found or ()))


class Matches:
    """What occurs in one view. Each pattern runs once, when it is first asked for, and most never are."""

    def __init__(
        self,
        view: View,
        there: frozenset[int],
        likely: frozenset[int],
        phrases: dict[int, list[Span]],
        compiled: Mapping[int, Any],
    ) -> None:
        self.view = view
        self._likely = likely.union(there, phrases)
        self._is_there = dict.fromkeys([*there, *phrases], True)
        self._spans = phrases
        self._compiled = compiled
        self._all: dict[tuple[int, ...], list[Span]] = {}
        self._sentences: dict[tuple[int, ...], frozenset[int]] = {}

    def among(self, numbers: frozenset[int]) -> Iterator[int]:
        """Which of the numbered patterns and phrases occur."""
        return filter(self._occurs, self._likely & numbers)

    def occurs(self, numbers: Iterable[int]) -> bool:
        """Whether any of the numbered patterns or phrases occurs."""
        return any(map(self._occurs, self._likely.intersection(numbers)))

    def _occurs(self, number: int) -> bool:
        """Of one that is likely."""
        if number not in self._is_there:
            self._is_there[number] = self._compiled[number].search(self.view.data) is not None
        return self._is_there[number]

    def spans(self, number: int) -> list[Span]:
        """All places of one numbered pattern."""
        if number not in self._spans:
            self._spans[number] = self._locate(number) if number in self._likely else []
            self._is_there[number] = bool(self._spans[number])
        return self._spans[number]

    def _locate(self, number: int) -> list[Span]:
        view = self.view
        spans = []
        for match in self._compiled[number].finditer(view.data):
            start, end = view.span_of_bytes(*match.span())
            spans.append(Span(start, end, view.sentence(start)))
        return spans

    def all(self, numbers: Iterable[int]) -> list[Span]:
        """All places of several patterns, in the order of the text."""
        key = tuple(self._likely.intersection(numbers))
        if not key:
            return []
        if key not in self._all:
            found = [span for number in key for span in self.spans(number)]
            self._all[key] = sorted(found, key=_PLACE)
        return self._all[key]

    def sentences(self, numbers: Collection[int]) -> frozenset[int]:
        """The sentences in which any of several patterns occurs."""
        key = tuple(self._likely.intersection(numbers)) if numbers else None
        if not key:
            return _NOWHERE
        if key not in self._sentences:
            self._sentences[key] = frozenset(span.sentence for span in self.all(key))
        return self._sentences[key]


def near(sentences: Iterable[int], reach: int = 1) -> frozenset[int]:
    """These sentences and those beside them."""
    return frozenset(number + step for number in sentences for step in range(-reach, reach + 1))
