"""What goes into screening and what comes out. Plain values, frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SEVERITIES = ("advice", "fix", "review", "block")
CATEGORIES = frozenset(
    {
        "disclosure",
        "financial_promise",
        "material_nonpublic",
        "confidential",
        "personal_data",
        "health",
        "harassment",
        "competitor",
        "ip",
        "spokesperson",
        "promotion_terms",
        "unsafe_link",
        "text",
        "style",
    }
)
RELATIONS = ("employee", "partner", "none")
LONGEST_TEXT = 100_000  # code points


class CheckError(ValueError):
    """A check that cannot run. The message names the clause, the check and what to do."""


class TextTooLongError(ValueError):
    """A text that is longer than any post."""


@dataclass(frozen=True)
class CheckedClause:
    """A clause version and its checks, as they stand in its front matter."""

    clause: str
    version: int
    checks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class QuietPeriod:
    """A window that is open now: by which ``names`` its issuer is called, and which ``topics`` are closed.

    ``is_own``: the issuer is the company itself. Why it is quiet is nobody's business here.
    """

    names: tuple[str, ...]
    topics: tuple[str, ...]
    is_own: bool = False


LICENCES = ("own", "licensed", "unknown")
MINORS = ("none", "with_consent", "without_consent")


@dataclass(frozen=True)
class Medium:
    """A picture, a video or a PDF: what its author declares (see LICENCES and MINORS), then what its file says itself.

    ``file`` is the SHA-256 (hex) of the exact bytes that go out; empty while only words are known. ``words`` are those
    that a PDF says.
    """

    alt_text: str = ""
    licence: str = "unknown"
    minors: str = "none"
    file: str = ""
    media_type: str = ""
    size: int = 0  # bytes
    width: int = 0
    height: int = 0
    frames: int = 0
    duration_ms: int = 0
    pages: int = 0
    words: str = ""


@dataclass(frozen=True)
class Post:
    """A post as its author would publish it. ``company`` and ``rivals`` hold names of firms, brands, products.

    ``own_hosts``: the company's web hosts. ``listed``: lists that the company keeps, by name. ``quiet``: quiet
    periods that are open. All three empty: checks that need them notice nothing.
    """

    text: str
    channel: str = ""
    author_relation: str = "employee"
    company: tuple[str, ...] = ("Acme",)
    rivals: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    own_hosts: tuple[str, ...] = ()
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    quiet: tuple[QuietPeriod, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a check noticed: ``text[start:end]`` of the text as typed. ``fix`` replaces it, or is None.

    ``where`` names another text of the post than its own, such as an alt text; empty: the post's own.
    """

    check: str
    clause: str
    version: int
    category: str
    severity: str
    start: int
    end: int
    message: str
    fix: str | None = None
    where: str = ""


@dataclass(frozen=True)
class Screening:
    """All that was noticed in a post. ``not_ours``: protected speech, and nothing else needs clearance."""

    findings: tuple[Finding, ...]
    protected: tuple[tuple[int, int], ...]
    not_ours: bool
