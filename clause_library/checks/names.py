"""Finds names of a list in a text, however they are written: case, width, accents, look-alikes, #tags, CamelCase.

One automaton for a list, compiled once; linear in the text. Names are compared without what stands between their
parts, so that "Project Falcon" is found in "#ProjectFalcon", "project_falcon" and "PROJECT - FALCON".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import ahocorasick

from .fold import LOOKALIKES, script_of
from .view import View, plain, segmented

_LOOKS_LIKE = str.maketrans({char: one for char, one in LOOKALIKES.items() if len(one) == 1})
_PAUSES = frozenset(",;!?")
_WIDEST_GAP = 4  # characters between the parts of a name
_UNSPACED = frozenset("CJK HIRAGANA KATAKANA THAI LAO KHMER MYANMAR TIBETAN".split())
LISTS_IN_MEMORY = 64

Place = tuple[int, int]


@dataclass(frozen=True)
class _Name:
    length: int
    joints: frozenset[int]  # where something may stand between two of its characters
    pauses: frozenset[str]  # what may not


def names_in(view: View, names: tuple[str, ...]) -> list[Place]:
    """Where any of these names stands in ``view.plain``, in order; of names within one another the longest."""
    if not names or not view.plain:
        return []
    automaton = _compiled(names)
    if not len(automaton):
        return []
    return _longest(_found(view, automaton))


@lru_cache(maxsize=LISTS_IN_MEMORY)
def _compiled(names: tuple[str, ...]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for name in names:
        for parts in _ways(name):
            _add(automaton, name, parts)
    if len(automaton):
        automaton.make_automaton()
    return automaton


def _add(automaton: ahocorasick.Automaton, name: str, parts: tuple[str, ...]) -> None:
    """Two names that differ only in how they are parted are found in both ways."""
    key = "".join(parts)
    known = automaton.get(key, _Name(len(key), frozenset(), _PAUSES))
    joints = known.joints | set(accumulate(map(len, parts[:-1])))
    automaton.add_word(key, _Name(len(key), joints, known.pauses - set(name)))


def _ways(name: str) -> Iterator[tuple[str, ...]]:
    """The parts of a name, folded; also as look-alikes would be read in a text of Latin letters."""
    spaced = _humps_apart(name)
    for one in (spaced, "".join(LOOKALIKES.get(char, char) for char in spaced)):
        parts = tuple("".join(filter(str.isalnum, part)) for part in _words(_skeleton(plain(one))))
        if parts := tuple(filter(None, parts)):
            yield parts


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text).split()


def _humps_apart(name: str) -> str:
    return "".join(
        f" {char}" if place and char.isupper() and name[place - 1].islower() else char
        for place, char in enumerate(name)
    )


def _skeleton(folded: str) -> str:
    return folded if folded.isascii() else folded.translate(_LOOKS_LIKE)


def _found(view: View, automaton: ahocorasick.Automaton) -> Iterator[Place]:
    skeleton = _skeleton(view.plain)
    at = [place for place, char in enumerate(skeleton) if char.isalnum()]
    squeezed = "".join(skeleton[place] for place in at)
    for last, name in automaton.iter(squeezed):
        first = last + 1 - name.length
        start, end = at[first], at[last] + 1
        if _holds_together(at, first, name, skeleton) and _stands_alone(view, start, end):
            yield start, end


def _holds_together(at: list[int], first: int, name: _Name, text: str) -> bool:
    """Whether only a few signs stand between its parts, no end of a sentence, and none inside a part."""
    if at[first + name.length - 1] - at[first] == name.length - 1:
        return True
    for offset in range(1, name.length):
        gap = at[first + offset] - at[first + offset - 1] - 1
        if gap and (offset not in name.joints or gap > _WIDEST_GAP):
            return False
        between = text[at[first + offset] - gap : at[first + offset]]
        if ". " in between or not name.pauses.isdisjoint(between):
            return False
    return True


def _stands_alone(view: View, start: int, end: int) -> bool:
    """Whether it is a word of its own: by spaces, by humps, by script, or in a tag of known words."""
    text = view.plain
    before = text[start - 1] if start else " "
    after = text[end : end + 1] or " "
    opens = not before.isalnum() or _breaks(before, text[start]) or view.is_hump(start)
    closes = (
        not after.isalnum()
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
    while first and text[first - 1].isalnum():
        first -= 1
    while last < len(text) and text[last].isalnum():
        last += 1
    if not first or text[first - 1] not in "#@":
        return False
    rest = [text[first:start], text[end:last]]
    return all(
        not one or one in view.vocabulary or segmented(one, view.vocabulary) != one for one in rest
    )


def _longest(places: Iterable[Place]) -> list[Place]:
    kept: list[Place] = []
    for start, end in sorted(set(places), key=lambda place: (place[0], -place[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
