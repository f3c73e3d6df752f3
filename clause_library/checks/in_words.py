"""A check as people read it: what it looks for, what happens then, and what came of its examples. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .examples import Tried
from .kinds import KINDS
from .kinds.base import CONNECTED, Kind
from .kinds.params import SHARED, Param, Shape
from .marking import segments
from .screener import shared_words

SEVERITY_WORDS: Mapping[str, tuple[str, str]] = {
    "advice": ("Advice", "The author reads it, and may post as it is."),
    "fix": ("Please change", "The author is asked to change it; as it is, a reviewer looks."),
    "review": ("A reviewer looks", "The post waits until a reviewer has decided."),
    "block": ("Not as it stands", "The post is red: it goes nowhere before a reviewer decides."),
}
CATEGORY_WORDS: Mapping[str, str] = {
    "disclosure": "Saying who you are",
    "financial_promise": "Promises about money",
    "material_nonpublic": "Inside information",
    "confidential": "Secrets",
    "personal_data": "Personal data",
    "health": "Health",
    "harassment": "Harassment",
    "competitor": "Competitors",
    "ip": "Other people's work",
    "spokesperson": "Speaking for the company",
    "promotion_terms": "Promotion terms",
    "unsafe_link": "Unsafe links",
    "text": "Hidden text",
    "style": "Style",
}
NETWORKS: Mapping[str, str] = {
    "linkedin": "LinkedIn",
    "x": "X",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "blog": "Blog or forum",
}
PLACES: Mapping[str, str] = {
    "any": "everywhere",
    "us": "United States",
    "us-ca": "California",
    "gb": "United Kingdom",
    "eu": "European Union",
}
RELATION_WORDS = SHARED["relation"].options or {}


@dataclass(frozen=True)
class Part:
    """One of the lists or texts of a check."""

    title: str
    says: str
    lines: tuple[str, ...] = ()
    is_code: bool = False
    excuses: tuple[tuple[str, str], ...] = ()  # title and sentence of each


@dataclass(frozen=True)
class Example:
    """An example, marked, with what came of it."""

    must: str
    segments: tuple[dict[str, Any], ...]
    about: str  # who posts it where, if it is not a member of staff anywhere
    is_right: bool

    @property
    def verdict(self) -> str:
        if self.is_right:
            return "caught" if self.must == "match" else "passed"
        return "not caught" if self.must == "match" else "caught, and must pass"


@dataclass(frozen=True)
class CheckInWords:
    name: str
    kind: str
    about: str
    severity: str
    severity_title: str
    what_happens: str
    category: str
    message: str
    where: str
    networks: str
    whose: str
    pierces: bool
    parts: tuple[Part, ...]
    examples: tuple[Example, ...]

    @property
    def wrong(self) -> int:
        return sum(not one.is_right for one in self.examples)


def check_in_words(check: Mapping[str, Any], tried: Iterable[Tried] = ()) -> CheckInWords:
    """A check that can be compiled, in words. Of ``tried``, its own examples are shown."""
    kind, params = KINDS[check["kind"]], check.get("params") or {}
    title, happens = SEVERITY_WORDS[check["severity"]]
    return CheckInWords(
        name=check["name"],
        kind=kind.title,
        about=kind.about,
        severity=check["severity"],
        severity_title=title,
        what_happens=happens,
        category=CATEGORY_WORDS[check["category"]],
        message=check["message"],
        where=_listed(PLACES, check.get("jurisdictions"), "everywhere"),
        networks=_listed(NETWORKS, check.get("channels"), "all networks"),
        whose=_listed(RELATION_WORDS, params.get("relation", CONNECTED), ""),
        pierces=bool(params.get("pierces")),
        parts=tuple(_parts(kind, params)),
        examples=tuple(_example(one) for one in tried if one.check == check["name"]),
    )


def _listed(words: Mapping[str, str], values: Iterable[str] | None, otherwise: str) -> str:
    return ", ".join(words.get(value, str(value)) for value in values or ()) or otherwise


def _parts(kind: type[Kind], params: Mapping[str, Any]) -> Iterable[Part]:
    named = {**kind.takes, "words": SHARED["words"]}
    for key, param in named.items():
        value = params.get(key)
        if value or value == 0:
            yield _part(param, value)


def _part(param: Param, value: Any) -> Part:
    match param.shape:
        case Shape.EXCUSES:
            return Part(param.title, param.says, excuses=tuple(map(excuse_in_words, value)))
        case Shape.OPTIONS:
            names = tuple((param.options or {}).get(one, one) for one in value)
            return Part(param.title, param.says, names)
        case Shape.PHRASES | Shape.LINES:
            return Part(param.title, param.says, tuple(map(str, value)))
    return Part(param.title, param.says, tuple(_lines(value)), is_code=param.shape != Shape.TEXT)


def _lines(value: Any) -> Iterable[str]:
    """What stands in a list or a mapping, one thing a line."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            shown = " · ".join(map(str, one)) if isinstance(one, list | tuple) else one
            yield f"{key}: {shown}"
    elif isinstance(value, list | tuple):
        yield from (one if isinstance(one, str) else " && ".join(map(str, one)) for one in value)
    else:
        yield str(value)


def excuse_in_words(name: str) -> tuple[str, str]:
    """What an excuse is called, and its sentence."""
    excuse = shared_words()["excuses"][name]
    return excuse["title"], excuse["about"]


def excuses_in_words() -> dict[str, tuple[str, str]]:
    return {name: excuse_in_words(name) for name in shared_words()["excuses"]}


def _example(one: Tried) -> Example:
    post, about = one.post, []
    if post.author_relation != "employee":
        about.append(
            {"partner": "by a partner", "none": "by somebody with no tie to us"}.get(
                post.author_relation, post.author_relation
            )
        )
    if post.channel:
        about.append(f"on {NETWORKS.get(post.channel, post.channel)}")
    if post.listed:
        about.append(
            "listed: " + ", ".join(name for names in post.listed.values() for name in names)
        )
    if post.quiet:
        about.append("while a quiet period is on")
    if post.media:
        about.append(
            "with " + ("a picture" if len(post.media) == 1 else f"{len(post.media)} pictures")
        )
    if post.own_hosts:
        about.append("own hosts: " + ", ".join(post.own_hosts))
    cut = segments(post.text, [asdict(finding) for finding in one.findings])
    return Example(one.must, tuple(cut), ", ".join(about), one.is_right)
