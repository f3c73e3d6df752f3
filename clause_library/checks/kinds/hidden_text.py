"""Characters that hide what is read: direction controls, invisible ones inside words, words of two scripts."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ..fold import script_of
from ..reading import Noticed, Reading
from .base import Kind
from .params import Param, Shape

_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset(
    "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e\u034f\u115f\u1160\u3164\uffa0"
)
_JOINERS = frozenset("\u200c\u200d")
_JOINED_SCRIPTS = frozenset(
    "ARABIC DEVANAGARI BENGALI TAMIL TELUGU KANNADA MALAYALAM GUJARATI GURMUKHI ORIYA SINHALA KHMER "
    "MYANMAR MONGOLIAN SYRIAC HEBREW".split()
)
_TAGS = range(0xE0000, 0xE0080)
_FLAG = "\U0001f3f4"
_MOST_MARKS = 4  # a letter of any living script wears fewer
_LATIN_LIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


class HiddenText(Kind):
    """``looks``: which of direction, invisible, scripts this check looks for."""

    title = "Hidden text"
    about = "Letters that nobody sees, and words that mix alphabets to look like others."
    takes: Mapping[str, Param] = {
        "looks": Param(
            "What it looks for",
            "Tick what to look for.",
            Shape.OPTIONS,
            {"invisible": "letters that nobody sees", "scripts": "words of two alphabets"},
        ),
    }

    def look(self, reading: Reading) -> Iterable[Noticed]:
        text = reading.view.text
        if (
            text.isascii()
            and text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable()
        ):
            return
        looks, letters = self.params.get("looks", ()), set(text)
        if "invisible" in looks and any(map(_may_hide, letters)):
            yield from _unread(text)
        if "scripts" in looks and len(_LATIN_LIKE.intersection(map(script_of, letters))) > 1:
            yield from _two_scripts(text)


@lru_cache(maxsize=4096)
def _may_hide(char: str) -> bool:
    """Whether such a character is ever one that nobody sees; most texts have none, and need no closer look."""
    if char in _DIRECTION or char in _INVISIBLE or char in _JOINERS or ord(char) in _TAGS:
        return True
    return unicodedata.category(char) in {"Mn", "Cc", "Cs", "Cn", "Co"} and char not in "\n\r\t"


def _unread(text: str) -> Iterable[Noticed]:
    """Runs of characters that nobody sees; the fix takes them out."""
    start = marks = 0
    run = False
    for place, char in enumerate(text):
        marks = marks + 1 if unicodedata.category(char) == "Mn" else 0
        hidden = _hides(text, place) or marks > _MOST_MARKS
        if hidden and not run:
            start, run = place, True
        elif run and not hidden:
            yield Noticed(start, place, "")
            run = False
    if run:
        yield Noticed(start, len(text), "")


def _hides(text: str, place: int) -> bool:
    char = text[place]
    if char in _DIRECTION or char in _INVISIBLE:
        return True
    if char in _JOINERS:
        return place == 0 or not _joins(text[place - 1])
    if ord(char) in _TAGS:
        return _FLAG not in text[max(0, place - 8) : place]
    return unicodedata.category(char) in {"Cc", "Cs", "Cn", "Co"} and char not in "\n\r\t"


def _joins(char: str) -> bool:
    """Whether a joiner may follow: after pictures, and in scripts that need it."""
    return (
        unicodedata.category(char) in {"So", "Sk", "Mn", "Mc", "Me"}
        or script_of(char) in _JOINED_SCRIPTS
    )


def _two_scripts(text: str) -> Iterable[Noticed]:
    """Words that mix letters of scripts which look alike."""
    start = 0
    for place, char in enumerate([*text, " "]):
        if char.isalpha() or unicodedata.category(char) == "Mn":
            continue
        word = text[start:place]
        if not word.isascii() and len({script_of(one) for one in word} & _LATIN_LIKE) > 1:
            yield Noticed(start, place)
        start = place + 1
