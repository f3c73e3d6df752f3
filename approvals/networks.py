"""How a post will look on each network: where it is cut, what is a link, how much room there is. Pure.

Networks change these numbers without a word and differ by device: the fold is that of a phone, where most people read,
and "about". Compared with posttruncate.com and toolshake.xyz in 2026; the limits are those of an account that pays for
nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

A_LINK = 23  # what X and Mastodon count for any link
_MARKED = re.compile(r"(?P<link>https?://\S+)|(?P<tag>(?<!\w)#\w+)|(?P<mention>(?<!\w)@\w[\w.]*)")
_LINK = re.compile(r"https?://\S+")
# Code points that X counts once; all others count twice (twitter-text, configuration v3).
_SINGLE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_JOINED = "\u200d\ufe0f"


@dataclass(frozen=True)
class Habits:
    """What a network does with a text. ``fold``: characters that a phone shows before "more"; None: it shows all."""

    name: str
    limit: int | None
    fold: int | None = None
    lines: int | None = None  # likewise
    more: str = "more"
    counts: str = "characters"  # or "weights" (X), "links" (Mastodon), "signs" (Bluesky)


NETWORKS = {
    "linkedin": Habits("LinkedIn", 3_000, 140, 3, "see more"),
    "x": Habits("X", 280, counts="weights"),
    "instagram": Habits("Instagram", 2_200, 125, 2),
    "facebook": Habits("Facebook", 63_206, 110, 3, "See more"),
    "bluesky": Habits("Bluesky", 300, counts="signs"),
    "mastodon": Habits("Mastodon", 500, counts="links"),
    "tiktok": Habits("TikTok", 4_000, 150, 2),
    "youtube": Habits("YouTube", 5_000, 100, 2),
    "blog": Habits("Blog or forum", None),
}


class Piece(NamedTuple):
    kind: str  # text, link, tag or mention
    text: str


@dataclass(frozen=True)
class Look:
    """A text as one network shows it: ``shown`` before the fold, ``hidden`` after it."""

    network: str
    name: str
    shown: tuple[Piece, ...]
    hidden: tuple[Piece, ...]
    more: str
    length: int
    limit: int | None

    @property
    def over(self) -> int:
        """By how much it is too long; 0 where it fits."""
        return max(0, self.length - self.limit) if self.limit else 0


def look(text: str, network: str) -> Look:
    habits = NETWORKS[network]
    at = _fold(text, habits)
    at += len(text[at:]) - len(text[at:].lstrip())  # a gap is seen on neither side
    return Look(
        network=network,
        name=habits.name,
        shown=tuple(_pieces(text[:at])),
        hidden=tuple(_pieces(text[at:])),
        more=habits.more,
        length=length(text, habits.counts),
        limit=habits.limit,
    )


def looks(text: str, networks: "list[str]") -> tuple[Look, ...]:
    """On each of these networks once, in the order of the table; nothing of an empty text."""
    return tuple(look(text, one) for one in NETWORKS if one in networks) if text.strip() else ()


def _fold(text: str, habits: Habits) -> int:
    """Where it is cut, at the end of a word where that is near."""
    if habits.fold is None:
        return len(text)
    ends = [at for at, sign in enumerate(text) if sign == "\n"][: habits.lines]
    at = ends[-1] if habits.lines and len(ends) == habits.lines else len(text)
    if at <= habits.fold:
        return at if text[at:].strip() else len(text)
    space = max(text.rfind(" ", 0, habits.fold + 1), text.rfind("\n", 0, habits.fold + 1))
    return space if space > habits.fold // 2 else habits.fold


def _pieces(text: str):
    last = 0
    for found in _MARKED.finditer(text):
        if found.start() > last:
            yield Piece("text", text[last : found.start()])
        yield Piece(found.lastgroup, found.group())
        last = found.end()
    if last < len(text):
        yield Piece("text", text[last:])


def length(text: str, counts: str) -> int:
    """As the network counts."""
    if counts == "characters":
        return len(text)
    if counts == "signs":
        return sum(_begins(sign) for sign in text.replace("\u200d", "")) - text.count("\u200d")
    links = len(_LINK.findall(text)) * A_LINK
    words = _LINK.sub("", text)
    if counts == "links":
        return links + len(words)
    words = unicodedata.normalize("NFC", words)
    return links + sum(1 if _is_single(sign) else 2 for sign in words if sign not in _JOINED)


def _is_single(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in _SINGLE)


def _begins(sign: str) -> bool:
    """Marks and variation signs belong to the sign before them."""
    return not unicodedata.combining(sign) and sign not in _JOINED and not _is_skin(sign)


def _is_skin(sign: str) -> bool:
    return "\U0001f3fb" <= sign <= "\U0001f3ff"
