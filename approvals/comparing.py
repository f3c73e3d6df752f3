"""Whether what was published is what was cleared, and if not, where it differs first. Pure.

What counts as the same is published here, and is no more than networks and their editors change by themselves:

equal        the same bytes
folded       the same after the published folding (`ledger.canonical.fold`): NFC, line ends, spaces before a line's end
typography   straight and curly quotes, hyphens and dashes, three dots and an ellipsis, spaces in a row, blank lines
             in a row, and spaces around the whole text; never inside a link or a name of a site
query        links differ in parameters that only count visits (`TRACKING`)
different    anything else

Never NFKC: full-width and look-alike letters are other letters. An invisible character is a difference. A no-break
space counts as a space, but not between digits, where it keeps a number in one piece.
"""

import re
import unicodedata
from dataclasses import dataclass

from ledger.canonical import fold

EQUAL, FOLDED, TYPOGRAPHY, QUERY = "equal", "folded", "typography", "query"
DIFFERENT, NOT_COMPARED = "different", "not_compared"
HARMLESS = frozenset({EQUAL, FOLDED, TYPOGRAPHY, QUERY})

# Parameters that count visits and change nothing on the page that opens.
TRACKING = frozenset(
    "utm_source utm_medium utm_campaign utm_term utm_content utm_id fbclid gclid dclid gbraid wbraid msclkid "
    "twclid ttclid yclid li_fat_id igsh igshid mc_cid mc_eid _hsenc _hsmi ref_src ref_url trk".split()
)
# Links that a network has put in place of ours: where they lead, nobody sees from the text.
SHORTENED = re.compile(r"https?://(?:t\.co|lnkd\.in)/[A-Za-z0-9_-]+")

QUOTES = dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"') | dict.fromkeys(
    "\u2018\u2019\u201a\u201b\u2039\u203a", "'"
)
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
NO_BREAK = "\u00a0\u202f\u2007"
SPACES = frozenset(" \t\n" + NO_BREAK)
CONTROLS = {"\n": "LINE FEED", "\t": "TAB"}
OPENS = "\"'([{\u00ab\u2039\u2018\u201a\u201c\u201e"
CLOSES = "\"'.,;:!?)]}\u00bb\u203a\u2019\u201d\u2026"
TOKEN = re.compile(r"\S+|\s+")
# A site or a link: a dot before a letter, or "://". It is compared to the letter.
LINK_LIKE = re.compile(r"\w\.[^\W\d_]|://")
DASH_RUN = re.compile(f"[{DASHES}]+")

Placed = tuple[str, int]  # one code point as it is compared, and its place in the folded text


@dataclass(frozen=True)
class Difference:
    """The first code point that differs: where it stands in what was published, and both by name.

    Lines and columns count from 1, in code points of the folded text; a side that has ended is called "the end".
    """

    line: int
    column: int
    cleared: str
    published: str


@dataclass(frozen=True)
class Comparison:
    verdict: str
    difference: Difference | None = None


def compare(cleared: str, published: str) -> Comparison:
    """Hold what was published against what was cleared."""
    if cleared == published:
        return Comparison(EQUAL)
    was, now = fold(cleared), fold(published)
    if was == now:
        return Comparison(FOLDED)
    if _words(_plain(was)) == _words(_plain(now)):
        return Comparison(TYPOGRAPHY)
    plain_was, plain_now = _plain(was, without_tracking=True), _plain(now, without_tracking=True)
    if _words(plain_was) == _words(plain_now):
        return Comparison(QUERY)
    if _hidden_by_the_network(was, now):
        return Comparison(NOT_COMPARED)
    return Comparison(DIFFERENT, _first(plain_was, plain_now, now))


def _words(placed: list[Placed]) -> str:
    return "".join(sign for sign, _ in placed)


def _hidden_by_the_network(was: str, now: str) -> bool:
    """Whether all that differs is links which the network shortened: they may lead anywhere, and we ask nobody."""
    before, after = (re.split(r"(\s+)", _words(_plain(text))) for text in (was, now))
    return len(before) == len(after) and all(
        one == other or _shortens(one, other) for one, other in zip(before, after, strict=True)
    )


def _shortens(link: str, shortened: str) -> bool:
    bare = shortened.lstrip(OPENS).rstrip(CLOSES)
    return bool(LINK_LIKE.search(link) and SHORTENED.fullmatch(bare))


def _plain(text: str, *, without_tracking: bool = False) -> list[Placed]:
    """A folded text as it is compared, each code point with its place."""
    placed: list[Placed] = []
    for found in TOKEN.finditer(text):
        token, at = found[0], found.start()
        if token[0].isspace():
            placed += _gap(text, token, at)
        elif LINK_LIKE.search(token):
            placed += _link(token, at, without_tracking=without_tracking)
        else:
            placed += _typed(token, at)
    start, end = 0, len(placed)
    while start < end and placed[start][0] in " \n":
        start += 1
    while end > start and placed[end - 1][0] in " \n":
        end -= 1
    return placed[start:end]


def _gap(text: str, gap: str, at: int) -> list[Placed]:
    """One space, one line end, or one blank line; what is no plain space stays itself, and so between digits."""
    before, after = text[at - 1 : at], text[at + len(gap) : at + len(gap) + 1]
    keeps_a_number = before.isdigit() and after.isdigit() and not set(NO_BREAK).isdisjoint(gap)
    if not set(gap) <= SPACES or keeps_a_number:
        return [(sign, at + by) for by, sign in enumerate(gap)]
    return [("\n", at)] * min(gap.count("\n"), 2) or [(" ", at)]


def _typed(token: str, at: int) -> list[Placed]:
    """A word with its quotes, dashes and dots as on an old typewriter; dashes in a row are one."""
    placed: list[Placed] = []
    for by, sign in enumerate(token):
        if sign in DASHES:
            if not by or token[by - 1] not in DASHES:
                placed.append(("-", at + by))
        elif sign == "\u2026":
            placed += [(".", at + by)] * 3
        else:
            placed.append((QUOTES.get(sign, sign), at + by))
    return placed


def _link(token: str, at: int, *, without_tracking: bool) -> list[Placed]:
    """A link to the letter; only the quotes and stops around it are typography."""
    start = len(token) - len(token.lstrip(OPENS))
    end = max(start, len(token.rstrip(CLOSES)))
    link = [(sign, at + start + by) for by, sign in enumerate(token[start:end])]
    return [
        *_typed(token[:start], at),
        *(_without_tracking(link) if without_tracking else link),
        *_typed(token[end:], at + end),
    ]


def _without_tracking(link: list[Placed]) -> list[Placed]:
    """The link without the parameters of its query that only count visits."""
    words = _words(link)
    end = words.find("#") % (len(words) + 1)
    asks = words.find("?", 0, end)
    if asks < 0:
        return link
    kept, at = [], asks + 1
    for parameter in words[asks + 1 : end].split("&"):
        if parameter.partition("=")[0] not in TRACKING:
            kept.append(link[at - 1 : at + len(parameter)])
        at += len(parameter) + 1
    query = [one for parameter in kept for one in parameter]
    if query:
        query[0] = ("?", query[0][1])
    return [*link[:asks], *query, *link[end:]]


def _first(was: list[Placed], now: list[Placed], text: str) -> Difference:
    """Where the two part ways."""
    pairs = enumerate(zip(was, now, strict=False))
    at = next((at for at, (one, other) in pairs if one[0] != other[0]), min(len(was), len(now)))
    place = now[at][1] if at < len(now) else len(text)
    return Difference(
        line=text.count("\n", 0, place) + 1,
        column=place - (text.rfind("\n", 0, place) + 1) + 1,
        cleared=_named(was, at),
        published=_named(now, at),
    )


def _named(placed: list[Placed], at: int) -> str:
    """A code point by number and name: "U+0430 CYRILLIC SMALL LETTER A"."""
    if at >= len(placed):
        return "the end"
    sign = placed[at][0]
    return f"U+{ord(sign):04X} {unicodedata.name(sign, CONTROLS.get(sign, 'without a name'))}"
