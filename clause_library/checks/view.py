"""A post as it is read: folded words, one sentence a line, with a map back to the text as typed.

In ``words`` a name of the company reads ``zqcompany``, a rival ``zqrival``, a link ``zqlink``, an e-mail address
``zqmail``, so that patterns can speak of them. Linear in the text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from heapq import merge
from itertools import compress, count, pairwise
from operator import attrgetter, itemgetter
from typing import NamedTuple

import re2

from .fold import LOOKALIKES, fold_char, is_letter, is_picture, is_unread, script_of

COMPANY, RIVAL, LINK, MAIL = "zqcompany", "zqrival", "zqlink", "zqmail"

_FIRST = (
    r"(?P<link>(?:https?://|www\.)[^\s<>]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/[^\s<>]*)",
    r"(?P<mail>\b[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b)",
)
_LAST = (
    r"(?P<tag>[#@][^\s#@.,!?;:()\"'/]+)",
    r"(?P<end>[.!?。]+[\"')\]]*(?:\s+|$)|[ \t]*\n[ \t]*\n\s*)",
    r"(?P<gap>\s\s+|[\t\n])",
)
_ONLY_WHERE = re2.Options()
_ONLY_WHERE.never_capture = True
_SIGNS, _ENDS = b" \t\n.!?\"')]", b".!?"
_NOTHING = r"(?P<nothing>[^\s\S])"
_LONG = 2000  # characters
_LONG_RUN = re2.compile(r"[a-z0-9._%+-]{200}")
_CAMEL = re2.compile(r"\p{Lu}?\p{Ll}{2,}(?:\p{Lu}\p{Ll}{2,})+")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st no nr vs inc ltd corp co approx e.g i.e fig dept".split()
)
_ASCII_SPACES = str.maketrans("\t\x0b\x0c\r`", "    '")
_ASCII_SIGNS = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())
_OTHERS = re.compile(
    r"[^\t\n -\]_-~]+"
)  # all but plain ASCII; "^" is read as a picture where there are others
_VOWEL_SIGNS = re.compile(r"[\u0900-\u17dd]")  # where there may be some
_LOOKALIKES = frozenset(LOOKALIKES)
_CONTROLS = re2.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LOOKS_LIKE = str.maketrans({char: one for char, one in LOOKALIKES.items() if len(one) == 1})
_SHORTEST_CAMEL = 6
LONGEST_TAG = 60  # letters; a longer run is not taken apart
_LONGEST_WORD = 18
_TRAILING = ".,!?;:'\")]}>*"


class _Run(NamedTuple):
    """A stretch of ``words`` and what of ``plain`` it is read from: character by character, or as a whole."""

    start: int
    length: int
    plain_start: int
    plain_end: int
    is_copy: bool


_is_read_at, _starts_at = attrgetter("start"), attrgetter("plain_start")


class Tokens:
    """One pattern of named groups, none within another."""

    def __init__(self, *groups: str) -> None:
        self._which = re2.compile("|".join(groups))
        self._where = re2.compile(self._which.pattern, _ONLY_WHERE)
        self._kinds = {number: kind for kind, number in self._which.groupindex.items()}

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and the name of the group of each, in the order of the text.

        RE2 counts in bytes; places are counted here, which is quicker than its Python wrapper does it.
        """
        data = text.encode("utf-8", "replace")
        is_ascii = len(data) == len(text)
        done = place = 0
        for match in self._where.finditer(data):
            start, end = match.span()
            kind = self._kind(data, start, end)
            if is_ascii:
                yield start, end, kind
            else:
                first = place + len(data[done:start].decode())
                done, place = end, first + len(data[start:end].decode())
                yield first, place, kind

    def _kind(self, data: bytes, start: int, end: int) -> str:
        """Most tokens are signs and spaces alone, which RE2 need not be asked about a second time."""
        if data[start:end].strip(_SIGNS):
            return self._kinds[self._which.match(data, start, end).lastindex]
        return "end" if data[start] in _ENDS or data.count(b"\n", start, end) > 1 else "gap"


@dataclass(frozen=True)
class Names:
    """The names that a post is read with, compiled."""

    company: tuple[str, ...]
    rivals: tuple[str, ...]
    all_tokens: Tokens = field(repr=False, compare=False)
    alone: Tokens = field(repr=False, compare=False)
    others: Tokens = field(repr=False, compare=False)

    def tokens(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Names, links, tags and the ends of sentences, in the order of the text.

        In a run without spaces every name could begin a link or an address, and RE2 reads on to see whether it does.
        In a long one that is not linear, so names are looked for on their own.
        """
        if len(text) < _LONG or not _LONG_RUN.search(text):
            return self.all_tokens.find(text)
        return merge(self.alone.find(text), self.others.find(text), key=itemgetter(0))


@lru_cache(maxsize=256)
def names_of(company: tuple[str, ...], rivals: tuple[str, ...]) -> Names:
    """The tokens to look for: links first, then names, the longest first, then tags and the ends of sentences."""
    groups = [
        f"(?P<{group}>{_any_name(names)})"
        for group, names in (("company", company), ("rival", rivals))
        if _any_name(names)
    ]
    return Names(
        company,
        rivals,
        all_tokens=Tokens(*_FIRST, *groups, *_LAST),
        alone=Tokens(*groups or [_NOTHING]),
        others=Tokens(*_FIRST, *_LAST),
    )


def _any_name(names: Iterable[str]) -> str:
    folded = sorted({plain(name).strip() for name in names} - {""}, key=len, reverse=True)
    return "|".join(_name_pattern(name) for name in folded)


def _name_pattern(name: str) -> str:
    start = r"[#@]?\b" if name[0].isascii() and name[0].isalnum() else "[#@]?"
    return start + r"[\s_-]*".join(re2.escape(part) for part in name.split())


def encodable(text: str) -> str:
    """The text with half characters as question marks, one for one: patterns read UTF-8, which has none."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def skeleton(folded: str) -> str:
    """Look-alikes of other scripts as Latin letters, one for one."""
    return folded if folded.isascii() else folded.translate(_LOOKS_LIKE)


def plain(text: str) -> str:
    """The folded form of a whole text."""
    return _fold(text)[0]


def _fold(text: str) -> tuple[str, list[int] | range]:
    if text.isascii() and (text.replace("\n", "").isprintable() or not _CONTROLS.search(text)):
        return text.lower().translate(_ASCII_SPACES), range(len(text))
    seen = _unmask(text)
    pieces: list[str] = []
    at: list[int] = []
    done = 0
    for other in _OTHERS.finditer(seen):
        start, end = other.span()
        pieces.append(seen[done:start].lower().translate(_ASCII_SPACES))
        at += range(done, start)
        for place in range(start, end):
            folded = _folded_char(seen, place)
            pieces.append(folded)
            at += [place] * len(folded)
        done = end
    pieces.append(seen[done:].lower().translate(_ASCII_SPACES))
    at += range(done, len(seen))
    return "".join(pieces), at


def _folded_char(text: str, place: int) -> str:
    char = text[place]
    return "" if char == "\r" and text[place + 1 : place + 2] == "\n" else fold_char(char)


def _unmask(text: str) -> str:
    """Look-alike letters of other scripts read as Latin where a word mixes scripts, or wears only look-alikes."""
    if _LOOKALIKES.isdisjoint(text):
        return text
    chars = list(text)
    latin_text = sum(char.isascii() and char.isalpha() for char in chars) * 2 > sum(
        map(str.isalpha, chars)
    )
    for start, end in _runs_of_letters(chars):
        word = chars[start:end]
        scripts = {script_of(char) for char in word} - {""}
        disguised = (
            latin_text and end - start > 1 and all(c in LOOKALIKES or is_unread(c) for c in word)
        )
        if ("LATIN" in scripts and len(scripts) > 1) or disguised:
            chars[start:end] = [LOOKALIKES.get(char, char) for char in word]
    return "".join(chars)


def _runs_of_letters(chars: list[str]) -> Iterable[tuple[int, int]]:
    start = None
    for place, char in enumerate([*chars, " "]):
        inside = char.isalpha() or (start is not None and is_unread(char))
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            yield start, place
            start = None


class View:
    """A text as typed, its folded forms, and the way back."""

    def __init__(self, text: str, names: Names, vocabulary: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.plain, self._plain_at = _fold(text)
        self._names = names
        self.vocabulary = vocabulary
        self.links: list[tuple[int, int]] = []  # in ``plain``
        self._read()

    def _read(self) -> None:
        self._pieces: list[str] = []
        self._runs: list[_Run] = []
        self._length = 0  # of ``words`` so far
        done = 0
        for start, stop, group in self._names.tokens(self.plain):
            if start < done:
                continue
            kind, reading, end = self._reading(group, start, stop)
            if reading is None:
                continue
            self._copy(done, start)
            self._put(reading, start, end)
            if kind == "link":
                self.links.append((start, end))
            done = end
        self._copy(done, len(self.plain))
        self.words = "".join(self._pieces)
        self.data = self.words.encode("utf-8", "replace")
        self.sentence_ends = list(_places_of("\n", self.words))

    def _reading(self, kind: str, start: int, end: int) -> tuple[str, str | None, int]:
        """What a token reads as; None where it is read letter by letter."""
        match kind:
            case "link":
                end = start + len(self.plain[start:end].rstrip(_TRAILING))
                return kind, f"{LINK} ", end
            case "mail":
                return kind, MAIL, end
            case "company" | "rival":
                return kind, self._name(kind, start, end), end
            case "tag":
                ending = "\n" if self._ends_a_row_of_tags(start, end) else ""
                return kind, self._tag(start, end) + ending, end
            case "end":
                return kind, self._end(start, end), end
            case _:
                return "gap", "\n" if self._is_end_by_picture(start, end) else " ", end

    def _name(self, kind: str, start: int, end: int) -> str | None:
        reading = COMPANY if kind == "company" else RIVAL
        hashed = "#" if self.plain[start] in "#@" else ""
        following = self.plain[end : end + 1]
        if not (following.isalnum() or following == "_"):
            return hashed + reading
        if hashed or following == "_" or self._source(end).isupper():
            return f"{hashed}{reading} "
        return None

    def _source(self, place: int) -> str:
        return self.text[self._plain_at[place]]

    def is_hump(self, place: int) -> bool:
        """Whether a word in CamelCase goes on with a new one here, at a place of ``plain``."""
        if not 0 < place < len(self.plain):
            return False
        before, here, after = (
            self._source(at) for at in (place - 1, place, min(place + 1, len(self.plain) - 1))
        )
        return here.isupper() and (before.islower() or (before.isupper() and after.islower()))

    def sentence_of_plain(self, place: int) -> int:
        """The number of the sentence in which a character of ``plain`` stands."""
        return self.sentence(self.words_of_plain(place, place)[0])

    def words_of_plain(self, start: int, end: int) -> tuple[int, int]:
        """A span of ``plain`` as a span of ``words``."""
        opens = self._run_at(bisect_right(self._runs, start, key=_starts_at) - 1)
        closes = self._run_at(bisect_left(self._runs, end, key=_starts_at) - 1)
        first = opens.start + min(start - opens.plain_start, opens.length) * opens.is_copy
        length = min(end - closes.plain_start, closes.length) if closes.is_copy else closes.length
        return first, max(first, closes.start + length)

    def _run_at(self, number: int) -> _Run:
        return self._runs[number] if self._runs and number >= 0 else _Run(0, 0, 0, 0, is_copy=False)

    def words_of_typed(self, place: int) -> int:
        """Where a character of the text as typed stands in ``words``."""
        return self.words_of_plain(*[bisect_left(self._plain_at, place)] * 2)[0]

    def typed(self, start: int, end: int) -> str:
        """What stands in the text as typed at a span of ``plain``."""
        first, last = self.plain_as_typed(start, end)
        return self.text[first:last]

    def _tag(self, start: int, end: int) -> str:
        body = self.plain[start + 1 : end]
        humps = [
            n
            for n in range(start + 2, end)
            if self._source(n).isupper() and self._source(n - 1).islower()
        ]
        if humps:
            cuts = [start + 1, *humps, end]
            body = " ".join(self.plain[a:b] for a, b in pairwise(cuts))
        elif body.isalpha() and self.vocabulary:
            body = segmented(body, self.vocabulary)
        return "#" + body.replace("_", " ")

    def _is_end_by_picture(self, start: int, end: int) -> bool:
        """Whether a picture ends a sentence here ("so soft 😍 Try it"), and stands in no phrase."""
        if end + 1 >= len(self.plain) or not self._source(end).isupper():
            return False
        typed = self.text[self._plain_at[start] : self._plain_at[end]]
        word = self.plain[:start].rpartition(" ")[2]
        opening = self._source(start - len(word)) if word else " "
        return (
            self._source(end + 1).islower()
            and not opening.isupper()
            and not typed.isascii()
            and any(is_picture(char) for char in typed)
        )

    def _ends_a_row_of_tags(self, start: int, end: int) -> bool:
        """Whether a new sentence begins behind this tag, which is not the first of its row."""
        before = self.plain[:start].rstrip(" ").rpartition(" ")[2]
        after = self.plain[end : end + 1]
        return (
            before[:1] in ("#", "@")
            and after == " "
            and end + 2 < len(self.plain)
            and self._source(end + 1).isupper()
            and self._source(end + 2).islower()
        )

    def _end(self, start: int, end: int) -> str | None:
        word = self.plain[max(0, start - 8) : start].split(" ")[-1].split("\n")[-1].lstrip("(\"'")
        if (
            self.plain[start] == "."
            and end < len(self.plain)
            and (word in _ABBREVIATIONS or len(word) == 1 != word.isdigit())
        ):
            return None
        return self.plain[start:end].rstrip() + "\n"

    def _copy(self, start: int, end: int) -> None:
        """Take over letters as they are, but for words in CamelCase, which are read apart."""
        if start == end:
            return
        for place in self._humps[bisect_right(self._humps, start) : bisect_left(self._humps, end)]:
            self._put(self.plain[start:place].replace("_", " "), start, place, apart=True)
            self._put(" ", place, place)
            start = place
        self._put(self.plain[start:end].replace("_", " "), start, end, apart=True)

    @cached_property
    def _humps(self) -> list[int]:
        """Where in ``plain`` words in CamelCase go on, but for those that a check knows as they are."""
        if len(self.plain) < _SHORTEST_CAMEL or self.text.islower():
            return []
        return [
            place
            for word in _CAMEL.finditer(encodable(self.text))
            if word.group().lower() not in self.vocabulary
            for place in range(
                bisect_right(self._plain_at, word.start()),
                bisect_left(self._plain_at, word.end()),
            )
            if self._source(place).isupper() and self._source(place - 1).islower()
        ]

    def _put(self, reading: str, start: int, end: int, *, apart: bool = False) -> None:
        if not reading:
            return
        self._pieces.append(reading)
        is_copy = apart or (len(reading) == end - start and reading[0] == self.plain[start])
        self._runs.append(_Run(self._length, len(reading), start, end, is_copy))
        self._length += len(reading)

    def _span_in_plain(self, place: int) -> tuple[int, int]:
        """Which characters of ``plain`` a character of ``words`` is read from."""
        run = self._runs[bisect_right(self._runs, place, key=_is_read_at) - 1]
        if run.is_copy:
            start = run.plain_start + place - run.start
            return start, start + 1
        return run.plain_start, run.plain_end

    @cached_property
    def letters(self) -> str:
        """The letters and digits of ``plain`` alone."""
        if self.plain.isascii():
            return self.plain.translate(_ASCII_SIGNS)
        return "".join(filter(self._is_letter, self.plain))

    @cached_property
    def skeleton(self) -> str:
        """The letters as they look, one for one: what phrases are compared with."""
        return skeleton(self.letters)

    @cached_property
    def letters_at(self) -> list[int]:
        """For each of ``letters``, where it stands in ``plain``."""
        return list(compress(count(), map(self._is_letter, self.plain)))

    @cached_property
    def _is_letter(self) -> Callable[[str], bool]:
        """What tells letters in this text: the quick way, unless some of its vowels are marks."""
        return is_letter if _VOWEL_SIGNS.search(self.plain) else str.isalnum

    @cached_property
    def _chars(self) -> list[int]:
        """For each byte of ``data``, the character of ``words`` that it belongs to."""
        places = []
        for place, char in enumerate(self.words):
            places += [place] * len(char.encode("utf-8", "replace"))
        return [*places, len(self.words)]

    def span_of_bytes(self, start: int, end: int) -> tuple[int, int]:
        """A span of ``data`` as a span of ``words``."""
        if len(self.data) == len(self.words):
            return start, end
        return self._chars[start], self._chars[end]

    def as_typed(self, start: int, end: int) -> tuple[int, int]:
        """A span of ``words`` as a span of the text as typed, with the marks that belong to its last letter."""
        while start < end and self.words[start].isspace():
            start += 1
        while end > start and self.words[end - 1].isspace():
            end -= 1
        if start >= end:
            return self._place(start)
        first, _ = self._span_in_plain(start)
        _, last = self._span_in_plain(end - 1)
        return self.plain_as_typed(first, max(last, first + 1))

    def _place(self, place: int) -> tuple[int, int]:
        """An empty span where a character of ``words`` was typed."""
        first = self._span_in_plain(place)[0] if place < len(self.words) else len(self.plain)
        here = self._plain_at[first] if first < len(self.plain) else len(self.text)
        return here, here

    def plain_as_typed(self, start: int, end: int) -> tuple[int, int]:
        """A span of ``plain`` as a span of the text as typed."""
        first, last = self._plain_at[start], self._plain_at[end - 1] + 1
        while last < len(self.text) and is_unread(self.text[last]):
            last += 1
        return first, last

    def sentence(self, place: int) -> int:
        """The number of the sentence in which a character of ``words`` stands."""
        return bisect_right(self.sentence_ends, place - 1) if place else 0

    def sentence_span(self, number: int) -> tuple[int, int]:
        """Where a sentence stands in ``words``."""
        ends = self.sentence_ends
        start = ends[number - 1] + 1 if number else 0
        return start, ends[number] if number < len(ends) else len(self.words)

    @property
    def sentences(self) -> range:
        last = self.sentence_ends[-1] + 1 if self.sentence_ends else 0
        return range(len(self.sentence_ends) + (last < len(self.words)))


def _places_of(char: str, text: str) -> Iterator[int]:
    place = text.find(char)
    while place >= 0:
        yield place
        place = text.find(char, place + 1)


def segmented(body: str, vocabulary: frozenset[str]) -> str:
    """A run of letters cut into known words, the fewest; as it is where it cannot be."""
    if body in vocabulary or len(body) > LONGEST_TAG:
        return body
    best: list[tuple[str, ...] | None] = [()] + [None] * len(body)
    for end in range(1, len(body) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            known = best[start]
            if known is not None and body[start:end] in vocabulary:
                longer = (*known, body[start:end])
                if best[end] is None or len(longer) < len(best[end]):
                    best[end] = longer
    return " ".join(best[-1]) if best[-1] else body
