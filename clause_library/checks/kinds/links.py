"""Links that hide where they lead, or ask for what nobody should give."""

import unicodedata
from collections.abc import Iterable
from ipaddress import ip_address

from ..fold import LOOKALIKES, script_of
from ..reading import Noticed, Reading
from .base import Kind

_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu"})


class Links(Kind):
    """``shorteners``, ``denied``: hosts. ``inside``: parts of the names of inside hosts.

    ``bait``: words that ask for credentials; with one of them a link to a host that is not ours is held.
    ``looks``: which of user_part, shortener, look_alike, address, inside, bait, denied this check looks for.
    """

    takes = frozenset({"shorteners", "denied", "inside", "bait", "looks", "unless"})

    def compile(self) -> None:
        self._shorteners = frozenset(self.params.get("shorteners", ()))
        self._inside = frozenset(self.params.get("inside", ()))
        self._denied = frozenset(self.params.get("denied", ()))
        self._bait = self.patterns("bait")
        self._unless = self.patterns("unless")
        self._looks = frozenset(self.params.get("looks", ()))

    def look(self, reading: Reading) -> Iterable[Noticed]:
        if reading.matches.occurs(self._unless):
            return
        for start, end in reading.view.links:
            first, last = reading.view.plain_as_typed(start, end)
            if self._is_unsafe(reading.view.text[first:last], reading):
                yield Noticed(first, last)

    def _is_unsafe(self, link: str, reading: Reading) -> bool:
        authority = _authority(link)
        host = authority.rpartition("@")[2].partition(":")[0].lower()
        return any(
            (
                "user_part" in self._looks and "@" in authority,
                "shortener" in self._looks and host.removeprefix("www.") in self._shorteners,
                "denied" in self._looks and host in self._denied,
                "address" in self._looks and _is_number(host),
                "inside" in self._looks
                and (_is_private(host) or not self._inside.isdisjoint(host.split("."))),
                "look_alike" in self._looks and _is_disguised(host),
                "bait" in self._looks and self._is_bait(host, reading),
            )
        )

    def _is_bait(self, host: str, reading: Reading) -> bool:
        """Asks for a password or payment on a host that is not one of ours."""
        return reading.matches.occurs(self._bait) and not _is_ours(host, reading)


def _authority(link: str) -> str:
    rest = link.partition("//")[2] if "//" in link[:9] else link
    for sign in "/?#\\":
        rest = rest.partition(sign)[0]
    return rest


def _is_number(host: str) -> bool:
    return bool(host) and host.replace(".", "").isdecimal()


def _is_private(host: str) -> bool:
    try:
        return _is_number(host) and ip_address(host).is_private
    except ValueError:
        return False


def _is_disguised(host: str) -> bool:
    """A host that mixes scripts within a label, or is written in look-alikes only."""
    for label in unicodedata.normalize("NFC", host).split("."):
        scripts = {script_of(char) for char in label} - {""}
        if len(scripts - {"CJK", "HIRAGANA", "KATAKANA"}) > 1 or (
            label and all(c in LOOKALIKES for c in label)
        ):
            return True
    return False


def _is_ours(host: str, reading: Reading) -> bool:
    """One of our names is the registered name: acme.example, login.acme.co.uk, not acme.login.example."""
    labels = host.split(".")
    names = {"".join(name.lower().split()) for name in reading.post.company}
    registered = labels[-3:-2] if labels[-2:-1] and labels[-2] in _SECOND_LEVEL else labels[-2:-1]
    return not names.isdisjoint(registered)
