"""Speech that the law protects (NLRA section 7, whistle-blower laws): recognised first, and never held.

It is always looked for, whatever an edition contains, because no edition may waive it. A sentence is protected when
it plainly speaks of organising, pay, hours, conditions or wrongdoing, or of these in the voice of one who works
there. A sentence that only touches them in such a voice is taken for protected as long as no check notices anything
in it: of two readings the careful one holds.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .patterns import Matcher, Words
from .reading import Reading

_SUBJECTS = ("plain", "topic", "touch")
_MANNERS = ("voice", "act", "not")


class Sentences(NamedTuple):
    """Numbers of protected sentences: threats and secrets pierce the ``firm`` ones, any finding the ``likely`` ones."""

    firm: frozenset[int] = frozenset()
    likely: frozenset[int] = frozenset()


class Protected:
    """What makes a sentence protected, in six lists of patterns.

    ``plain``: enough alone. ``topic``: a subject of working people, firm with ``voice`` (one who works there) and
    likely with ``act`` (a grievance, acting together), in the same or a neighbouring sentence. ``touch``: a word of
    many senses, likely with both. ``not``: never protected.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]], matcher: Matcher, words: Words) -> None:
        self._manner_of_speaking = Matcher()  # read only where a subject occurs
        self._numbers = {
            key: [home.pattern(one, words) for one in lists[key]]
            for keys, home in ((_SUBJECTS, matcher), (_MANNERS, self._manner_of_speaking))
            for key in keys
        }
        self._manner_of_speaking.freeze()
        self._subjects = [number for key in _SUBJECTS for number in self._numbers[key]]
        self.vocabulary = self._manner_of_speaking.vocabulary

    def sentences(self, reading: Reading) -> Sentences:
        """The protected sentences."""
        if not reading.matches.occurs(self._subjects):
            return Sentences()
        matches = {
            **dict.fromkeys(_SUBJECTS, reading.matches),
            **dict.fromkeys(_MANNERS, self._manner_of_speaking.read(reading.view)),
        }
        plain, topic, touch, voice, act, never = (
            {span.sentence for span in matches[key].all(self._numbers[key])}
            for key in (*_SUBJECTS, *_MANNERS)
        )
        hushed = _around(never)
        firm = (plain - never) | ((topic & _around(voice | plain)) - hushed)
        firm |= (_around(firm) & topic) - never
        spoken, joined = _around(voice), _around(act)
        likely = (topic & joined) | (touch & spoken & joined)
        likely |= _around(firm | likely) & (touch | topic | (voice & act))
        return Sentences(frozenset(firm), frozenset(likely - firm - hushed))


def _around(sentences: set[int]) -> set[int]:
    """These sentences and their neighbours."""
    return {number + step for number in sentences for step in (-1, 0, 1)}
