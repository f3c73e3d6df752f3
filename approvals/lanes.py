"""How much looking a post needs: the rules, by profile. Pure; the same inputs give the same answer for ever.

not ours   only protected speech needs saying anything about: no clearance is needed
red        a finding blocks
amber      a finding must be fixed or looked at, or the profile wants a person's look
green      nothing above advice: a standing approval may clear it (whether there is one is the caller's to know)

general         as above
hospital        as above, and who has not been trained is never green
broker-dealer   as above, and static content is never green, but for an unedited item that a registered principal
                cleared (FINRA 2210(b)(1)); who has not been trained is never green
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from clause_library.checks import Screening

GREEN, AMBER, RED, NOT_OURS = "green", "amber", "red", "not_ours"
STATIC = "static"
PROFILES = ("general", "broker-dealer", "hospital")
RULES_VERSION = 1


@dataclass(frozen=True)
class Context:
    """Who posts what where, as far as the lane depends on it."""

    profile: str = "general"
    content_class: str = "interactive"  # or static: FINRA 2210
    trained: bool = True
    principal_cleared_unedited: bool = (
        False  # an unedited item which a registered principal cleared
    )


@dataclass(frozen=True)
class Evaluation:
    """A lane, why, and the digest of the rules that gave it."""

    lane: str
    reasons: tuple[str, ...]
    rules_digest: str


@dataclass(frozen=True)
class Rule:
    """A lane, the profiles it holds for, a sentence, and when it holds."""

    lane: str
    profiles: tuple[str, ...]
    says: str
    holds: Callable[[frozenset[str], Context], bool]


RULES = (
    Rule(
        RED,
        PROFILES,
        "A finding blocks this post.",
        lambda severities, _: "block" in severities,
    ),
    Rule(
        AMBER,
        PROFILES,
        "A finding asks for a fix or for a reviewer's look.",
        lambda severities, _: not severities.isdisjoint({"fix", "review"}),
    ),
    Rule(
        AMBER,
        ("broker-dealer",),
        "Static content waits for a registered principal (FINRA 2210(b)(1)).",
        lambda _, context: (
            context.content_class == STATIC and not context.principal_cleared_unedited
        ),
    ),
    Rule(
        AMBER,
        ("broker-dealer", "hospital"),
        "The author has not been trained yet, so a reviewer looks.",
        lambda _, context: not context.trained,
    ),
)


def rules_digest() -> str:
    """What identifies these rules: lanes, profiles and sentences, and the version raised with any condition."""
    rules = [[rule.lane, rule.profiles, rule.says] for rule in RULES]
    return sha256(json.dumps([RULES_VERSION, rules], separators=(",", ":")).encode()).hexdigest()


def evaluate(screening: Screening, context: Context | None = None) -> Evaluation:
    """The lane of a screened post. An unknown profile is held to the strictest rules."""
    context = context or Context()
    if screening.not_ours:
        return Evaluation(
            NOT_OURS, ("This is protected speech. It needs no clearance.",), rules_digest()
        )
    severities = frozenset(finding.severity for finding in screening.findings)
    profile = context.profile if context.profile in PROFILES else "broker-dealer"
    held = [rule for rule in RULES if profile in rule.profiles and rule.holds(severities, context)]
    if not held:
        return Evaluation(GREEN, ("Nothing found that needs a person.",), rules_digest())
    lane = RED if any(rule.lane == RED for rule in held) else AMBER
    return Evaluation(lane, tuple(rule.says for rule in held if rule.lane == lane), rules_digest())


def lane_of(screening: Screening, context: Context | None = None) -> str:
    """The lane alone."""
    return evaluate(screening, context).lane
