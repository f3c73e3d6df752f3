"""Speech that the law protects (NLRA section 7, whistle-blower laws): recognised first, and never held.

It is always looked for, whatever an edition contains, because no edition may waive it. A sentence is protected when
it plainly speaks of organising, pay, hours, conditions or wrongdoing, or touches them and speaks as one
who works there.
"""

from collections.abc import Mapping, Sequence

from .patterns import Matcher, Words, near
from .reading import Reading


class Protected:
    """``plain``: enough alone. ``topic``: with ``voice`` in the same or a neighbouring sentence. ``not``: neither."""

    def __init__(self, lists: Mapping[str, Sequence[str]], matcher: Matcher, words: Words) -> None:
        numbers = {
            key: frozenset(
                matcher.pattern(one, words, sets_off=key in {"plain", "topic"}) for one in found
            )
            for key, found in lists.items()
        }
        self._plain, self._topic, self._voice = numbers["plain"], numbers["topic"], numbers["voice"]
        self._not = numbers["not"]

    def sentences(self, reading: Reading) -> frozenset[int]:
        """The numbers of the protected sentences."""
        matches = reading.matches
        if not (matches.occurs(self._plain) or matches.occurs(self._topic)):
            return frozenset()
        plain = matches.sentences(self._plain)
        spoken = matches.sentences(self._topic) & near(matches.sentences(self._voice) | plain)
        return (plain | spoken) - matches.sentences(self._not)
