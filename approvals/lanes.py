"""How much looking a post needs: the table of `lane_rules`, applied. Pure; the same inputs give the same answer.

An evaluation is kept with its inputs, and with the digest of the table that gave it. The digest is of the table itself,
conditions and all, so no rule can change without it; the table is kept once for each digest, and so an evaluation of
long ago still replays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import Any, Self

from clause_library.checks import Screening
from ledger.canonical import canonical

from .lane_rules import AMBER, GREEN, NOT_OURS, OTHERWISE, PRINCIPAL, PROFILES, RED, RULES, Rule
from .passages import is_more_than

__all__ = [
    "AMBER",
    "GREEN",
    "NOT_OURS",
    "OTHERWISE",
    "PROFILES",
    "RED",
    "Evaluation",
    "Inputs",
    "Replay",
]

# How the table below is read. Another way of reading it is another form; a test replays an evaluation of this one.
FORM = "countersign/lanes/1"
TABLE: dict[str, Any] = {
    "form": FORM,
    "profiles": list(PROFILES),
    "rules": [rule.as_data() for rule in RULES],
    "otherwise": {"lane": GREEN, "says": OTHERWISE},
}


def digest_of(table: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical JSON of a table of rules."""
    return sha256(canonical(table)).hexdigest()


DIGEST = digest_of(TABLE)


@dataclass(frozen=True)
class Inputs:
    """All that a lane depends on, as plain values.

    What is left out is as for a trained employee who has posted before, on an account of their own: so it is for the
    ``screen`` command, which knows nobody. A number that is not known is None, and below nothing.
    """

    profile: str = "general"
    country: str = "us"  # the unit's, ISO 3166, lower case
    severities: tuple[str, ...] = ()  # of the findings
    subjects: tuple[str, ...] = ()  # categories of the findings above advice
    protected: str = "none"  # speech: none, part, whole; or kept in a post under way
    content_class: str = "interactive"  # or static: FINRA 2210
    is_official: bool = False  # one of the channels speaks in the company's name
    networks: tuple[str, ...] = ()
    relation: str = "employee"  # or partner
    is_trained: bool = True
    is_registered: bool = True
    posts_cleared: int | None = None  # of the author's, by reviewers
    days_since_setback: int | None = None  # since a recall, a decline, or other words published
    cleared_since_setback: int | None = None
    cleared_before: str = (
        "no"  # exactly this, or as it lies on the shelf: no, reviewer or principal
    )
    shelf: str = "no"  # whether it comes from there: no, unedited, within its bounds, or retired
    lane_before: str = ""  # where the rules change while the post waits
    standing_approval: bool | None = None  # whether one covers it; None before anybody asked

    @classmethod
    def of(cls, text: str, seen: Screening, **facts: Any) -> Self:
        """The inputs of a screened text, with what is known of its author and its channels."""
        return cls(
            severities=_each_once(one.severity for one in seen.findings),
            subjects=_each_once(one.category for one in seen.findings if one.severity != "advice"),
            protected=_protected(text, seen),
            **facts,
        )

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


# What the post itself gives, and what is known only after a look at it; the rest of the inputs is known besides.
OF_THE_POST = frozenset({"severities", "subjects", "protected", "lane_before", "standing_approval"})


def known_besides(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Of kept inputs what was known of the author and the channels; another look at the post may start from it."""
    names = {field.name for field in fields(Inputs)} - OF_THE_POST
    return {name: kept[name] for name in names if name in kept}


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _protected(text: str, seen: Screening) -> str:
    """Whole: outside of the protected passages nothing is said, and no passage is held for what stands in it."""
    if not seen.protected:
        return "none"
    held = any(one.severity != "advice" and one.start < one.end for one in seen.findings)
    return "part" if held or is_more_than(text, seen.protected) else "whole"


@dataclass(frozen=True)
class Evaluation:
    """A lane, why, and what gave it."""

    lane: str
    reasons: tuple[str, ...]
    inputs: Inputs
    rules_digest: str = DIGEST

    def with_standing(self, standing: object | None) -> Self:
        """The same, once it is known which standing approval covers the post; asked of a green one only."""
        if self.lane != GREEN:
            return self
        return evaluate(replace(self.inputs, standing_approval=standing is not None))

    def under_way(self, lane_before: str) -> Self:
        """Of a post that waits already, or has been cleared: a person looks, and no less than before (invariant 6).

        Its author has put it forward as it is; that a new edition finds less in it does not make it not ours.
        """
        protected = "none" if self.inputs.protected == "none" else "kept"
        inputs = replace(self.inputs, protected=protected, lane_before=lane_before)
        return evaluate(inputs).with_standing(None)

    @classmethod
    def of_data(cls, kept: Mapping[str, Any]) -> Self:
        """As it was kept."""
        names = {field.name for field in fields(Inputs)} & set(kept["inputs"])
        inputs = {
            name: tuple(value) if isinstance(value := kept["inputs"][name], list) else value
            for name in names
        }
        return cls(kept["lane"], tuple(kept["reasons"]), Inputs(**inputs), kept["rules_digest"])

    def as_data(self) -> dict[str, Any]:
        """What is kept, and replays."""
        return {
            "lane": self.lane,
            "reasons": list(self.reasons),
            "inputs": self.inputs.as_data(),
            "rules_digest": self.rules_digest,
        }


def evaluate(inputs: Inputs) -> Evaluation:
    """The lane by the rules of today."""
    lane, reasons = _by(TABLE, inputs.as_data())
    return Evaluation(lane, reasons, inputs)


def lane_of(text: str, seen: Screening) -> str:
    """The lane of a text whose author nobody knows."""
    return evaluate(Inputs.of(text, seen)).lane


def rests_on_earlier_clearance(inputs: Inputs) -> bool:
    """Whether it is green only because exactly this was cleared before."""
    alone = replace(inputs, cleared_before="no")
    return evaluate(inputs).lane == GREEN and evaluate(alone).lane != GREEN


def needs_principal(inputs: Inputs) -> bool:
    """Whether only a registered principal, or in the United Kingdom an authorised person, may decide."""
    facts = inputs.as_data()
    return any(
        rule["by"] == PRINCIPAL and _holds(rule, facts) for rule in _rules(TABLE, inputs.profile)
    )


def rules_for(profile: str) -> tuple[Rule, ...]:
    """The rules of one profile in their order, for a page."""
    return tuple(rule for rule in RULES if profile in rule.profiles)


@dataclass(frozen=True)
class Replay:
    """What came of reading a kept evaluation again."""

    is_same: bool
    says: str


def replay(evaluation: Mapping[str, Any], table: Mapping[str, Any] = TABLE) -> Replay:
    """Evaluate kept inputs again, by the very rules that were used."""
    if digest_of(table) != evaluation.get("rules_digest"):
        return Replay(is_same=False, says="These are not the rules that it was evaluated with.")
    if table["form"] != FORM:
        return Replay(
            is_same=False,
            says=f"These rules are of the form {table['form']}, which we cannot read.",
        )
    facts = {field.name: None for field in fields(Inputs)} | dict(evaluation.get("inputs") or {})
    lane, reasons = _by(table, facts)
    kept = evaluation.get("lane"), tuple(evaluation.get("reasons") or ())
    if (lane, reasons) != kept:
        return Replay(is_same=False, says=f"It was {kept[0]}; replayed it is {lane}.")
    return Replay(is_same=True, says="It replays to the same answer.")


def _by(table: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The lane of the first rule that holds, and the sentences of all that hold for that lane."""
    held = [rule for rule in _rules(table, facts["profile"]) if _holds(rule, facts)]
    if not held:
        return table["otherwise"]["lane"], (table["otherwise"]["says"],)
    lane = held[0]["lane"]
    return lane, tuple(_reason(rule) for rule in held if rule["lane"] == lane)


def _rules(table: Mapping[str, Any], profile: str) -> list[Mapping[str, Any]]:
    """A profile that is not known is held to the rules of all of them."""
    is_known = profile in table["profiles"]
    return [rule for rule in table["rules"] if not is_known or profile in rule["profiles"]]


def _holds(rule: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    return all(_is(facts[name], wanted) for name, wanted in rule["when"].items())


def _is(fact: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return fact is not None and fact < wanted["below"]
    return not set(fact if isinstance(fact, list) else [fact]).isdisjoint(wanted)


def _reason(rule: Mapping[str, Any]) -> str:
    return f"{rule['says'].removesuffix('.')} ({rule['law']})." if rule["law"] else rule["says"]
