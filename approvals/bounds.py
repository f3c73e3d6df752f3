"""What somebody who shares a post from the shelf may change in it. Pure: decided by the text alone.

unedited   the same bytes as the cleared text
within     the cleared text with its slots filled in, and, where that is allowed, one sentence of one's own before it

{name}     the name of the person who shares, in full or the first of it; no other name
{city}     one to four words of letters of one script, each with a capital where the script has them, but for small
           words such as "upon" and "de"; the same city wherever it stands
sentence   one, ended by a stop, before the text and apart from it by one space, one line end or one blank line; no
           link, no address, no other line, no invisible character, no word in two scripts

Everything else is another text. In the broker-dealer profile there are no bounds: what a principal has approved is
used as it is (FINRA 2210(b)(1)).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

NAME, CITY = "{name}", "{city}"
SLOT = re.compile(r"\{name\}|\{city\}")
LONGEST_CITY, MOST_WORDS = 40, 4
LONGEST_SENTENCE = 200  # code points, that a curator may allow
SMALL_WORDS = frozenset(
    "am an auf bei da das de del den der di do dos du el en i in im la le les los na nad of on pod "
    "sur the und upon y".split()
)
STOPS = ".!?"
APART = (" ", "\n", "\n\n")
# No link, no address of a site or a person: a dot or a colon before a letter, an @, a slash.
LEADS_AWAY = re.compile(r"[@/\\]|\w[.:]\S")
BLANKS = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
)
UNBOUNDED = frozenset({"broker-dealer"})  # profiles


@dataclass(frozen=True)
class Bounds:
    """A cleared text, the same with its slots marked, and how long an own first sentence may be (0: none)."""

    text: str
    template: str
    longest_sentence: int = 0


@dataclass(frozen=True)
class Fit:
    """How a text comes from one on the shelf."""

    unedited: bool
    city: str = ""
    sentence: str = ""


def fit(bounds: Bounds, text: str, *, names: Iterable[str], profile: str) -> Fit | None:
    """How ``text`` comes from the shelf; None where it is another text.

    ``names``: what the person who shares is called.
    """
    if text == bounds.text:
        return Fit(unedited=True)
    if profile in UNBOUNDED:
        return None
    return next(_within(bounds, text, names), None)


def _within(bounds: Bounds, text: str, names: Iterable[str]) -> Iterator[Fit]:
    for name in names:
        found = _pattern(bounds.template, name, bool(bounds.longest_sentence)).fullmatch(text)
        if found is None:
            continue
        said = found.groupdict()
        city, sentence = said.get("city") or "", said.get("sentence") or ""
        if (not city or is_city(city)) and (
            not sentence or is_sentence(sentence, bounds.longest_sentence)
        ):
            yield Fit(unedited=False, city=city, sentence=sentence)


@lru_cache(maxsize=512)
def _pattern(template: str, name: str, sentence: bool) -> re.Pattern[str]:  # noqa: FBT001  part of the key
    """The template as a pattern; every wildcard in it is bounded."""
    pieces, at, has_city = [], 0, False
    for slot in SLOT.finditer(template):
        pieces.append(re.escape(template[at : slot.start()]))
        if slot[0] == NAME:
            pieces.append(re.escape(name))
        else:
            pieces.append("(?P=city)" if has_city else rf"(?P<city>[^\n]{{1,{LONGEST_CITY}}})")
            has_city = True
        at = slot.end()
    pieces.append(re.escape(template[at:]))
    own = rf"(?:(?P<sentence>[^\n]{{1,{LONGEST_SENTENCE}}})(?:{'|'.join(APART)}))?"
    return re.compile((own if sentence else "") + "".join(pieces))


def is_city(value: str) -> bool:
    """Whether this can be a place's name, and nothing else that we can tell."""
    words = value.split(" ")
    if not 1 <= len(words) <= MOST_WORDS or len(value) > LONGEST_CITY:
        return False
    return bool(words[0]) and all(map(_is_name, words)) and _is_big(words[0]) and _one_script(value)


def _is_name(word: str) -> bool:
    """Letters, with marks on them, joined by hyphens, apostrophes or stops: "St.", "Val-d'Or"."""
    parts = re.split("[-'\u2019]", word.removesuffix("."))
    if not all(part and all(_is_letter(sign) for sign in part) for part in parts):
        return False
    return all(_is_big(part) or part in SMALL_WORDS or len(part) == 1 for part in parts)


def _is_letter(sign: str) -> bool:
    """A letter or a mark that people see, and no styled or full-width form of another letter."""
    kind = unicodedata.category(sign)
    return kind in {"Lu", "Ll", "Lt", "Lo", "Mn", "Mc"} and not (
        _is_blank(sign) or _is_styled(sign)
    )


def _is_big(word: str) -> bool:
    """It begins with a capital, or its script has none; a mark alone begins nothing."""
    return unicodedata.category(word[0]) in {"Lu", "Lt", "Lo"}


def is_sentence(value: str, longest: int) -> bool:
    """Whether this is one plain sentence within the length that was allowed."""
    if not 1 < len(value) <= longest or value != value.strip() or value[-1] not in STOPS:
        return False
    inner = value.rstrip(STOPS)
    if not inner or any(stop in inner for stop in STOPS) or LEADS_AWAY.search(value):
        return False
    return all(_is_plain(sign) for sign in value) and all(map(_one_script, value.split(" ")))


def _is_plain(sign: str) -> bool:
    """Something that people see: no control or format character, no space but the plain one."""
    kind = unicodedata.category(sign)
    if kind[0] in "LN":
        return not (_is_blank(sign) or _is_styled(sign))
    return sign == " " or ((kind[0] in "PS" or kind in {"Mn", "Mc"}) and not _is_blank(sign))


def _is_blank(sign: str) -> bool:
    """Letters, marks and symbols that show nothing: fillers, variation selectors, the grapheme joiner."""
    place = ord(sign)
    return any(low <= place <= high for low, high in BLANKS)


def _is_styled(sign: str) -> bool:
    """A compatibility form, such as a full-width or a mathematical letter."""
    return unicodedata.decomposition(sign).startswith("<")


def _one_script(text: str) -> bool:
    """Whether all letters are of one script; the scripts of Japanese, of Korean and of Chinese count as one."""
    scripts = {_script(sign) for sign in text if unicodedata.category(sign).startswith("L")}
    return len(scripts) <= 1


def _script(sign: str) -> str:
    """The script in a letter's name: "CYRILLIC SMALL LETTER A" is Cyrillic, a styled letter is a script of its own."""
    first = unicodedata.name(sign, "UNKNOWN").split()[0].partition("-")[0]
    return "CJK" if first in {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"} else first


def fill(bounds: Bounds, *, name: str, city: str) -> str:
    """The template with its slots filled in, to begin from."""
    values = {NAME: name, CITY: city}
    return SLOT.sub(lambda slot: values[slot[0]], bounds.template)


def problem(bounds: Bounds) -> str:
    """Why a curator cannot put this on the shelf; empty where it fits the cleared text."""
    others = re.sub(r"\{name\}|\{city\}", "", bounds.template)
    if "{" in others or "}" in others:
        return "Only {name} and {city} can be marked. Take other braces out."
    if not 0 <= bounds.longest_sentence <= LONGEST_SENTENCE:
        return f"An own sentence has {LONGEST_SENTENCE} characters at most."
    if values_of(bounds) is None:
        return "Apart from {name} and {city} this is not the cleared text. Mark the places, change nothing else."
    return ""


def values_of(bounds: Bounds) -> dict[str, str] | None:
    """What stands in the slots of the cleared text; None where the template is not that text."""
    pieces, at, seen = [], 0, set()
    for slot in SLOT.finditer(bounds.template):
        pieces.append(re.escape(bounds.template[at : slot.start()]))
        key = slot[0][1:-1]
        pieces.append(f"(?P={key})" if key in seen else rf"(?P<{key}>[^\n]{{1,{LONGEST_CITY}}})")
        seen.add(key)
        at = slot.end()
    pieces.append(re.escape(bounds.template[at:]))
    found = re.fullmatch("".join(pieces), bounds.text)
    if found is None or not all(is_city(value) for value in found.groupdict().values()):
        return None
    return found.groupdict()
