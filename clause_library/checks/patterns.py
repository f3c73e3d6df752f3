"""The pattern language of checks, and one matcher for all of them. Patterns run on RE2, phrases on an automaton.

Sugar over RE2, for people who edit checks:
    a space       one to three characters that are no letters, within the sentence ("no-risk", "no, risk")
    ~  and  ~~    up to four, up to nine words between
    {name}        any of the named words
    word*         the word with any ending
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

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
_CLOSES = re.compile(r"[a-z*]\)$")
_DEEPEST = 6
_WORD = re.compile(r"[a-z]{2,}")

Words = Mapping[str, Sequence[str]]


def expanded(pattern: str, words: Words, depth: int = 0) -> str:
    """The pattern as RE2 reads it. Raises CheckError for a name that nobody has defined."""
    if depth > _DEEPEST:
        raise CheckError("the words name each other in a circle")
    text = "".join(char if char.isascii() else fold_char(char) for char in pattern)
    starts, ends = text[:1], text[-1:]
    text = _sweetened(_ENDING.sub(r"\\w*", text))
    text = _NAMED.sub(lambda named: _any_of(named[1], words, depth), text)
    left = r"\b" if starts.isalnum() or _OPENS.match(pattern) else ""
    right = r"\b" if ends.isalnum() or _CLOSES.search(pattern) else ""
    return f"{left}(?:{text}){right}" if left or right else text


def _sweetened(text: str) -> str:
    """Spaces and tildes replaced, but for those in a character class."""
    pieces = _CLASS.split(text)
    for place in range(0, len(pieces), 2):
        plain_piece = pieces[place].replace("~~", "\0").replace("~", "\1").replace(" ", _SPACE)
        pieces[place] = plain_piece.replace("\0", _MANY).replace("\1", _FEW)
    return "".join(pieces)


def _any_of(name: str, words: Words, depth: int) -> str:
    if name not in words:
        raise CheckError(f"nobody has defined the words {{{name}}}")
    return "(?:" + "|".join(expanded(member, words, depth + 1) for member in words[name]) + ")"


class Span(NamedTuple):
    """A place in ``View.words`` and its sentence."""

    start: int
    end: int
    sentence: int


_PLACE = attrgetter("start", "end")
_NOWHERE: frozenset[int] = frozenset()


class Matcher:
    """All patterns and phrases of an edition, compiled into one; immutable after ``freeze``."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._filter = re2.Filter()
        self._options = re2.Options()
        self._options.log_errors = False
        self._options.never_capture = True  # where a whole match stands is all that is asked
        self._regexes: list = []
        self._phrases = Phrases()
        self._count = 0
        self._vocabulary: set[str] = set()

    def pattern(self, pattern: str, words: Words) -> int:
        """The number under which a pattern's matches are found. Raises CheckError where RE2 cannot run it."""
        source = expanded(pattern, words)
        if source not in self._ids:
            self._ids[source] = self._add(pattern, source)
            self._vocabulary.update(_WORD.findall(source.replace("\\b", " ").replace("\\w", " ")))
        return self._ids[source]

    def _add(self, pattern: str, source: str) -> int:
        if not isinstance(pattern, str) or not pattern.strip():
            raise CheckError("a pattern is empty: remove it or write what it should find")
        try:
            index = self._filter.Add(source.encode(), self._options)
        except re2.error as error:
            raise CheckError(
                f"the pattern {pattern!r} cannot run in linear time or is malformed: "
                "write it without look-around, back references or open brackets"
            ) from error
        number = self._next()
        self._regexes.append((index, number))
        return number

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
        if self._regexes:
            self._filter.Compile()
        self._numbers = dict(self._regexes)
        self._compiled = {number: self._filter.re(index) for index, number in self._regexes}
        self._phrases.freeze()
        self.vocabulary = frozenset(self._vocabulary)
        return self

    def read(self, view: View) -> "Matches":
        """Which phrases occur, and which patterns may: those whose letters do. They run when they are asked for."""
        found: dict[int, list[Span]] = {}
        for start, end, number in self._phrases.find(view):
            first, last = view.words_of_plain(start, end)
            found.setdefault(number, []).append(Span(first, last, view.sentence(first)))
        likely = self._filter.Match(view.data, potential=True) if self._regexes else None
        return Matches(
            view, frozenset(self._numbers[index] for index in likely or ()), found, self._compiled
        )


class Matches:
    """What occurs in one view. Each pattern runs once, when it is first asked for, and most never are."""

    def __init__(
        self, view: View, likely: frozenset[int], phrases: dict[int, list[Span]], compiled: dict
    ) -> None:
        self.view = view
        self._likely = likely.union(phrases)
        self._compiled = compiled
        self._spans = phrases
        self._is_there = dict.fromkeys(phrases, True)
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

    def sentences(self, numbers: Iterable[int]) -> frozenset[int]:
        """The sentences in which any of several patterns occurs."""
        key = tuple(self._likely.intersection(numbers))
        if not key:
            return _NOWHERE
        if key not in self._sentences:
            self._sentences[key] = frozenset(span.sentence for span in self.all(key))
        return self._sentences[key]


def near(sentences: Iterable[int], reach: int = 1) -> frozenset[int]:
    """These sentences and those beside them."""
    return frozenset(number + step for number in sentences for step in range(-reach, reach + 1))
