"""Speech that the law protects (NLRA section 7, whistle-blower laws): recognised first, and never held.

It is always looked for, whatever an edition contains, because no edition may waive it. A sentence is protected when
it plainly speaks of organising, pay, hours, conditions or wrongdoing, or of these in the voice of one who works
there. A sentence that only touches them in such a voice is taken for protected as long as no check notices anything
in it: of two readings the careful one holds.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .patterns import Matcher, Words, near
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
        self._numbers = {
            key: frozenset(
                matcher.pattern(one, words, sets_off=key in _SUBJECTS) for one in lists[key]
            )
            for key in (*_SUBJECTS, *_MANNERS)
        }
        self._subjects = frozenset().union(*(self._numbers[key] for key in _SUBJECTS))

    def is_plain(self, reading: Reading) -> bool:
        """Whether something stands there that is enough alone."""
        return reading.matches.occurs(self._numbers["plain"])

    def sentences(self, reading: Reading) -> Sentences:
        """The protected sentences."""
        matches = reading.matches
        if not matches.occurs(self._subjects):
            return Sentences()
        plain, topic, touch, voice, act, never = (
            matches.sentences(self._numbers[key]) for key in (*_SUBJECTS, *_MANNERS)
        )
        hushed = near(never)
        firm = (plain - never) | ((topic & near(voice | plain)) - hushed)
        firm |= (near(firm) & topic) - never
        spoken, joined = near(voice), near(act)
        likely = (topic & joined) | (touch & spoken & joined)
        likely |= near(firm | likely) & (touch | topic | (voice & act))
        return Sentences(firm, likely - firm - hushed)
