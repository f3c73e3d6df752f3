"""What the rules of routes are made of, and the rules that are shipped. Data only: pages, code and the digest read it.

Every rule that holds asks for its stage; none takes another's away. A rule holds when, of each condition that it
names, the post has one of the values. Rules that ask the same people make one stage, as demanding as the strictest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

DESK, SKILL, REGISTRATION = "desk", "skill", "registration"
YES, NO = "yes", "no"

# A condition's name, and how it begins on a page. Those of units, channels and countries have names of the company's.
CONDITIONS: Mapping[str, str] = {
    "lane": "The lane is",
    "topic": "It was noticed for",
    "channel": "It goes out on",
    "network": "The network is",
    "is_official": "It speaks in the company's name",
    "content_class": "It is",
    "unit": "Its author works in",
    "profile": "The author's unit is",
    "country": "The author's unit is in",
    "relation": "Its author is",
    "is_trained": "The author has been trained",
    "trust": "The author's record",
    "needs_principal": "The law asks for a registered principal",
}
YES_OR_NO = {YES: "Yes", NO: "No"}
TRUST = {
    "known": "Three or more posts cleared, none recalled or declined of late",
    "new": "Fewer than three posts cleared so far",
    "watched": "A post recalled or declined of late",
}


@dataclass(frozen=True)
class Rule:
    """When it holds, whom it asks and how many of them, and why in one sentence."""

    says: str
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of: str = DESK
    named: str = ""  # the skill, or what the registration must say
    votes: int = 1
    everybody: bool = False
    again: bool = False  # who agreed in another stage may agree in this one, too

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        when = {name: tuple(values) for name, values in data["when"].items()}
        return cls(**dict(data) | {"when": when})

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "says": self.says,
            "when": {name: sorted(values) for name, values in sorted(self.when.items())},
            "of": self.of,
            "named": self.named,
            "votes": self.votes,
            "everybody": self.everybody,
            "again": self.again,
        }


SHIPPED = (
    Rule(
        "One reviewer of the desk looks at every post that waits.",
        {"needs_principal": (NO,)},
    ),
)
# No rule takes these away: the law's, where no stage asks for a registration yet; and one person, where nothing holds.
FLOOR = Rule(
    "Only a registered principal clears this kind of content (FINRA 2210(b)(1); in the United Kingdom FSMA 2000 s21).",
    {"needs_principal": (YES,)},
    of=REGISTRATION,
)
OTHERWISE = Rule("No rule holds, and no post is cleared without a person.")
