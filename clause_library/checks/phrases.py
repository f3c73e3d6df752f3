"""Finds phrases and names in a text, however they are written: case, width, accents, look-alikes, #tags, CamelCase.

One automaton for all, compiled once; linear in the text. What is looked for is compared without what stands between its
parts, so that "Project Falcon" is found in "#ProjectFalcon", "project_falcon" and "PROJECT - FALCON".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import ahocorasick

from .fold import LOOKALIKES, is_letter, script_of
from .view import LONGEST_TAG, View, plain, segmented, skeleton

_PAUSES = frozenset(",;!?")
_WIDEST_GAP = 4  # characters between two parts
_UNSPACED = frozenset("CJK HIRAGANA KATAKANA THAI LAO KHMER MYANMAR TIBETAN".split())
_NO_SIGNS = " \"'()[]"


@dataclass(frozen=True)
class _Way:
    """One way to write a phrase, and what it must look like where it stands."""

    length: int  # letters and digits
    spelled: str  # its parts with a space between them, as it mostly stands there
    joints: frozenset[int]  # where something may stand between two of them
    pauses: frozenset[str]  # what may not
    opens: str  # the signs it begins and ends with, as "#" in "#1" and "%" in "100%"
    closes: str
    number: int
    is_stem: bool  # any ending may follow


class Phrases:
    """Phrases by number. Add all, then freeze; threads may share it afterwards."""

    def __init__(self) -> None:
        self._ways: dict[str, list[_Way]] = {}
        self._automaton = ahocorasick.Automaton()

    def add(self, phrase: str, number: int = 0, *, is_stem: bool = False) -> bool:
        """Look for a phrase from now on; False where it has neither letters nor digits."""
        ways = list(_parts_of(phrase))
        folded = plain(phrase).strip()
        opens, closes = _signs(folded), _signs(folded[::-1])[::-1]
        for parts in ways:
            key = "".join(parts)
            way = _Way(
                len(key),
                " ".join(parts),
                frozenset(accumulate(map(len, parts[:-1]))),
                _PAUSES - set(phrase),
                opens,
                closes,
                number,
                is_stem,
            )
            known = self._ways.setdefault(key, [])
            if way not in known:
                known.append(way)
        return bool(ways)

    def freeze(self) -> "Phrases":
        for key, ways in self._ways.items():
            self._automaton.add_word(key, tuple(ways))
        if self._ways:
            self._automaton.make_automaton()
        return self

    def find(self, view: View) -> Iterator[tuple[int, int, int]]:
        """Where they stand: start and end in ``view.plain``, and the number; in the order of their ends."""
        if not self._ways or not view.letters:
            return
        for last, ways in self._automaton.iter(view.skeleton):
            for way in ways:
                place = _placed(view, last + 1 - way.length, way)
                if place:
                    yield *place, way.number


def _parts_of(phrase: str) -> Iterator[tuple[str, ...]]:
    """The parts of a phrase, folded; also as look-alikes would be read in a text of Latin letters."""
    spaced = _humps_apart(phrase)
    told = set()
    for one in (spaced, "".join(LOOKALIKES.get(char, char) for char in spaced)):
        parts = tuple("".join(filter(is_letter, part)) for part in _words(skeleton(plain(one))))
        parts = tuple(filter(None, parts))
        if parts and parts not in told:
            told.add(parts)
            yield parts


def _words(text: str) -> list[str]:
    return "".join(char if is_letter(char) else " " for char in text).split()


def _signs(folded: str) -> str:
    """The signs before the first letter or digit, but for brackets and quotes."""
    first = next((place for place, char in enumerate(folded) if is_letter(char)), 0)
    return folded[:first].strip(_NO_SIGNS)


def _humps_apart(phrase: str) -> str:
    return "".join(
        f" {char}" if place and char.isupper() and phrase[place - 1].islower() else char
        for place, char in enumerate(phrase)
    )


def _placed(view: View, first: int, way: _Way) -> tuple[int, int] | None:
    """Where these letters stand in ``view.plain``, if they stand there as this phrase."""
    at = view.letters_at
    start, end = at[first], at[first + way.length - 1] + 1
    if not (_holds_together(at, first, way, view.plain) and _stands_alone(view, start, end, way)):
        return None
    if not (view.plain.endswith(way.opens, 0, start) and view.plain.startswith(way.closes, end)):
        return None
    return start - len(way.opens), end + len(way.closes)


def _holds_together(at: list[int] | range, first: int, way: _Way, text: str) -> bool:
    """Whether only a few signs stand between its parts, no end of a sentence, and none inside a part."""
    if text.startswith(way.spelled, at[first]):
        return True
    if at[first + way.length - 1] - at[first] == way.length - 1:
        return True
    for offset in range(1, way.length):
        gap = at[first + offset] - at[first + offset - 1] - 1
        if gap and (offset not in way.joints or gap > _WIDEST_GAP):
            return False
        between = text[at[first + offset] - gap : at[first + offset]]
        if ". " in between or not way.pauses.isdisjoint(between):
            return False
    return True


def _stands_alone(view: View, start: int, end: int, way: _Way) -> bool:
    """Whether it is a word of its own: by spaces, by humps, by script, or in a tag of known words."""
    text = view.plain
    before = text[start - 1] if start else " "
    after = text[end : end + 1] or " "
    opens = not is_letter(before) or _breaks(before, text[start]) or view.is_hump(start)
    closes = (
        way.is_stem
        or not is_letter(after)
        or _breaks(text[end - 1], after)
        or script_of(after) == "HANGUL"  # particles are written on to the word
        or view.is_hump(end)
    )
    return (opens and closes) or _is_cut_from_a_tag(view, start, end)


def _breaks(one: str, other: str) -> bool:
    """Whether one word may end and another begin between two characters without a space."""
    unspaced = script_of(one) in _UNSPACED or script_of(other) in _UNSPACED
    return unspaced or one.isdigit() != other.isdigit()


def _is_cut_from_a_tag(view: View, start: int, end: int) -> bool:
    """Whether it stands in a run-together #tag whose other letters are known words."""
    text = view.plain
    first, last = start, end
    while start - first <= LONGEST_TAG and first and text[first - 1].isalnum():
        first -= 1
    if start - first > LONGEST_TAG or not first or text[first - 1] not in "#@":
        return False
    while last - end <= LONGEST_TAG and last < len(text) and text[last].isalnum():
        last += 1
    rest = [text[first:start], text[end:last]]
    return all(
        not one or one in view.vocabulary or segmented(one, view.vocabulary) != one for one in rest
    )
