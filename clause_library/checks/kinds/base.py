"""What every kind of check shares: its data, who and where it applies, and its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..model import RELATIONS, CheckError, Post
from ..patterns import Matcher, Words
from ..reading import Excuse, Noticed, Reading
from .params import SHARED, Param

CONNECTED = ("employee", "partner")


@dataclass(frozen=True)
class CheckData:
    """A check as it stands in a clause version."""

    name: str
    clause: str
    version: int
    kind: str
    category: str
    severity: str
    message: str
    params: Mapping[str, Any]
    channels: tuple[str, ...]


class Kind:
    """A check, compiled. ``look`` yields what it notices."""

    title = ""  # what people call this kind
    about = ""  # what it looks for, in a sentence
    takes: Mapping[str, Param] = {}  # its params, in the order in which people read them
    triggers: frozenset[int] | None = (
        None  # patterns without which it notices nothing; None: unknown
    )
    only_adds = (
        False  # asked last, of what is neither protected nor found by another check of its category
    )
    reads_channel = False  # what it notices differs from network to network
    never_stored = False  # what it notices must be taken out before anything is stored

    def __init__(
        self, data: CheckData, matcher: Matcher, words: Words, excuses: Mapping[str, Excuse]
    ) -> None:
        self.data = data
        self.params = data.params
        self._matcher = matcher
        self._excuses = excuses
        self.words = {**words, **self.params.get("words", {})}
        self._refuse_unknown()
        self.relations = tuple(self.params.get("relation", CONNECTED))
        if set(self.relations) - set(RELATIONS):
            raise CheckError(f"relation lists some of {', '.join(RELATIONS)}")
        self.pierces = bool(self.params.get("pierces", False))
        self.compile()

    def _refuse_unknown(self) -> None:
        unknown = set(self.params) - set(self.takes) - set(SHARED)
        if unknown:
            raise CheckError(
                f"“{self.title}” does not take {', '.join(sorted(unknown))}; "
                f"it takes {', '.join(sorted([*self.takes, *SHARED]))}"
            )

    def compile(self) -> None:
        """Give all patterns to the matcher."""

    def applies(self, post: Post) -> bool:
        """Whether this check looks at such a post at all."""
        in_channel = not self.data.channels or post.channel in self.data.channels
        return in_channel and post.author_relation in self.relations

    def look(self, reading: Reading) -> Iterable[Noticed]:
        """Everything that this check notices."""
        raise NotImplementedError

    def patterns(self, key: str, *, sets_off: bool = False) -> frozenset[int]:
        """The numbers of the patterns that stand under a key of ``params``."""
        return frozenset(self.numbers(self.params.get(key, ()), sets_off=sets_off))

    def numbers(self, patterns: Sequence[str], *, sets_off: bool = False) -> list[int]:
        if isinstance(patterns, str):
            raise CheckError("patterns stand in a list")
        return [
            self._matcher.pattern(pattern, self.words, sets_off=sets_off) for pattern in patterns
        ]

    def excuses(self) -> list[Excuse]:
        """The excuses that ``params`` names."""
        named = self.params.get("excuses", ())
        unknown = set(named) - set(self._excuses)
        if unknown:
            raise CheckError(
                f"there is no excuse {', '.join(sorted(unknown))}; there are {', '.join(sorted(self._excuses))}"
            )
        return [self._excuses[name] for name in named]
