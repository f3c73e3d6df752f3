"""Links that hide where they lead, or ask for what nobody should give."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import re2

from .. import hosts
from ..model import CheckError
from ..reading import Noticed, Reading
from ..view import View, encodable
from .base import Kind
from .params import Param, Shape

_TOP = (
    r"(?:com|org|net|edu|gov|info|biz|io|co|me|example|test|de|fr|es|it|nl|pl|uk|us|ca|eu|ch|at|be|se|no|dk|fi|ie|pt|br"
    r"|in|au|nz|jp|cn|ru|za|mx|online|email|app|dev|shop|site|xyz|top|club|live|support|help|link|click|cloud|store|web)"
)
_HOST = rf"(?:[^\s.:/@()\[\]<>\"',]+\.)+{_TOP}"
_BARE = re2.compile(rf"{_HOST}(?:$|[^a-z0-9.@-]|\.(?:\s|$))")
_ADDRESS = r"(?:[^\s()<>]|\([^\s()<>]*\))+"
_MARKDOWN = re2.compile(rf"\[([^\[\]\n]+)\]\(\s*<?({_ADDRESS})>?(?:\s[^()\n]*)?\)")
_HTML = re2.compile(
    r"<a\s(?:[^<>]*\s)?href\s*=\s*[\"']?([^\s\"'<>]+)[\"']?[^<>]*>((?s:.*?))</a\s*>"
)
_ASIDE = re2.compile(
    rf"({_HOST}(?:/[^\s()<>]*)?) {{0,2}}[(<] {{0,2}}(https?://{_ADDRESS}) {{0,2}}[)>]"
)
_NAMED = re2.compile(rf"(?:https?://|www\.)?({_HOST})(?:$|[^a-z0-9.-]|\.(?:\s|$))")

Look = Callable[["Link", Reading], bool]


@dataclass(frozen=True)
class Link:
    """A link as typed, and where it stands in the text as typed."""

    start: int
    end: int
    address: str
    is_bare: bool = False  # a host in the words: ours.example

    @cached_property
    def host(self) -> str:
        return hosts.host_of(self.address)


class Links(Kind):
    """``shorteners``, ``denied``: hosts. ``inside``: parts of the names of inside hosts.

    ``bait``: words that ask for credentials; with one of them a link to a host that is not ours is held.
    ``lures``, ``landlords``: see `hosts.pretends`. ``lists``: lists of denied hosts that the company keeps.
    ``looks``: which of user_part, shortener, look_alike, address, inside, bait, denied, text, pretends, punycode
    this check looks for. The company's own hosts are never noticed.
    """

    title = "Links"
    about = "Links that hide where they lead, pretend to be ours, or lead where nobody should go."
    takes: Mapping[str, Param] = {
        "looks": Param(
            "What it looks for",
            "Tick what to look for. The company's own hosts are never noticed.",
            Shape.OPTIONS,
            {
                "shortener": "shortened links",
                "denied": "denied hosts",
                "text": "a host other than its text shows",
                "look_alike": "letters that only look alike",
                "punycode": "hosts spelled in code",
                "pretends": "hosts that pretend to be ours",
                "user_part": "a name before the host",
                "address": "a bare number as host",
                "inside": "hosts inside the company",
                "bait": "asking for a password",
            },
        ),
        "shorteners": Param("Shorteners", "Hosts of link shorteners.", Shape.LINES),
        "denied": Param("Denied hosts", "Hosts never to link to.", Shape.LINES),
        "lists": Param(
            "Lists of denied hosts", "Lists that the company keeps: denied_hosts.", Shape.LINES
        ),
        "inside": Param("Inside", "Parts of the names of hosts inside the company.", Shape.LINES),
        "bait": Param("Bait", "Words that ask for a password or a card."),
        "lures": Param(
            "Lures", "Words that hosts which pretend carry beside our name.", Shape.LINES
        ),
        "landlords": Param("Landlords", "Hosts under which anybody may open a site.", Shape.LINES),
        "unless": Param(
            "Not where the post has", "With one of these anywhere, nothing is noticed."
        ),
    }

    def compile(self) -> None:
        for name in ("shorteners", "inside", "denied", "lures", "landlords"):
            setattr(self, f"_{name}", frozenset(self.params.get(name, ())))
        self._lists = tuple(self.params.get("lists", ()))
        self._bait, self._unless = self.patterns("bait"), self.patterns("unless")
        known = self._known_looks()
        looks = set(self.params.get("looks", ()))
        if unknown := looks - set(known) - {"text"}:
            raise CheckError(f"looks does not know {', '.join(sorted(unknown))}")
        self._compares_texts = "text" in looks
        self._looks = tuple(known[name] for name in sorted(looks - {"text"}))
        self._reads_bare = not looks.isdisjoint({"pretends", "punycode", "denied"})

    def _known_looks(self) -> dict[str, Look]:
        return {
            "user_part": lambda link, _: "@" in hosts.authority(link.address),
            "shortener": lambda link, _: link.host in self._shorteners,
            "denied": self._is_denied,
            "address": lambda link, _: hosts.is_number(link.host),
            "inside": lambda link, _: self._is_inside(link.host),
            "look_alike": lambda link, _: hosts.is_disguised(link.host),
            "punycode": lambda link, _: hosts.is_punycode(link.host),
            "pretends": self._pretends,
            "bait": self._is_bait,
        }

    def look(self, reading: Reading) -> Iterable[Noticed]:
        if reading.matches.occurs(self._unless):
            return
        if self._compares_texts:
            yield from _contradictions(reading)
        if not self._looks:
            return
        for link in _links(reading.view, bare=self._reads_bare):
            if not self._is_ours(link, reading) and any(one(link, reading) for one in self._looks):
                yield Noticed(link.start, link.end)

    def _is_ours(self, link: Link, reading: Reading) -> bool:
        """One of the hosts that the company calls its own; not where a user's name stands before it."""
        return "@" not in hosts.authority(link.address) and hosts.is_within(
            link.host, reading.post.own_hosts
        )

    def _is_denied(self, link: Link, reading: Reading) -> bool:
        listed = (reading.post.listed.get(name, ()) for name in self._lists)
        return hosts.is_within(link.host, self._denied) or any(
            hosts.is_within(link.host, one) for one in listed
        )

    def _is_inside(self, host: str) -> bool:
        return hosts.is_private(host) or not self._inside.isdisjoint(host.split("."))

    def _pretends(self, link: Link, reading: Reading) -> bool:
        names = (*reading.post.company, *reading.post.rivals)
        return hosts.pretends(link.host, names, self._lures, self._landlords)

    def _is_bait(self, link: Link, reading: Reading) -> bool:
        """Asks for a password or payment on a host that is not one of ours."""
        post = reading.post
        return reading.matches.occurs(self._bait) and not hosts.is_ours(
            link.host, post.company, post.own_hosts
        )


def _links(view: View, *, bare: bool) -> Iterator[Link]:
    """All links of a post in the order of the text; ``bare`` adds hosts that stand there as words."""
    done = -1
    for link in sorted(_written_links(view, bare=bare), key=lambda one: (one.start, -one.end)):
        if link.start >= done:
            done = link.end
            yield link


def _written_links(view: View, *, bare: bool) -> Iterator[Link]:
    for start, end in view.links:
        for first, last in _apart(view, start, end):
            if first < last:
                yield _link(view, first, last)
    if bare and "." in view.plain:
        for match in _BARE.finditer(view.plain):
            start, end = match.start(), match.start() + len(match.group().rstrip(" \n.,;!?"))
            while end > start and not view.plain[end - 1].isalnum():
                end -= 1
            if view.plain[start - 1 : start] != "@":
                yield _link(view, start, end, is_bare=True)


def _apart(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The text and the address of ``[text](address)`` are two links."""
    middle = view.plain.find("](", start, end)
    if middle < 0:
        yield start, end
    else:
        yield from ((start, middle), (middle + 2, end))


def _link(view: View, start: int, end: int, *, is_bare: bool = False) -> Link:
    first, last = view.plain_as_typed(start, end)
    return Link(first, last, view.text[first:last], is_bare)


def _contradictions(reading: Reading) -> Iterator[Noticed]:
    """Links whose text names another host than the one they lead to; the fix is the plain address."""
    view = reading.view
    if "http" not in view.plain and "](" not in view.plain and "href" not in view.plain:
        return
    for match, said, leads in _labelled(view.plain):
        named = _NAMED.search(encodable(view.typed(*match.span(said))).lower())
        address = view.typed(*match.span(leads))
        host = hosts.host_of(address)
        if (
            named
            and not hosts.same_site(hosts.host_of(named.group(1)), host)
            and not hosts.is_within(host, reading.post.own_hosts)
        ):
            yield Noticed(*view.plain_as_typed(*match.span()), address)


def _labelled(plain: str) -> Iterator[tuple]:
    """Matches of each form, with the numbers of the groups that hold the text and the address."""
    for pattern, said, leads in ((_MARKDOWN, 1, 2), (_HTML, 2, 1), (_ASIDE, 1, 2)):
        for match in pattern.finditer(plain):
            if plain[match.start() - 1 : match.start()] != "@":
                yield match, said, leads
