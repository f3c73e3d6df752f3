"""The lane of a post: how much looking it needs. Pure, and short enough to be read on one page.

| what was found | lane |
| --- | --- |
| protected speech, and nothing else that needs clearance | not ours: no clearance needed, nothing stored |
| a finding that blocks | red |
| a finding to fix or to review | amber |
| advice only, or nothing | green |

A profile may ask for more. Broker-dealer: static content waits for a registered principal (FINRA 2210(b)(1)), so it is
never green. Everywhere: whoever is not trained yet is looked at, where the profile demands training.
"""

import hashlib
from dataclasses import dataclass

from clause_library.checks import Screening

BLOCKS = {"block"}
HOLDS = {"fix", "review"}
RULES_DIGEST = hashlib.sha256(__doc__.encode()).hexdigest()


@dataclass(frozen=True)
class Context:
    """What besides the text decides the lane."""

    profile: str = "general"  # general | broker-dealer | hospital
    content_class: str = "interactive"  # interactive | static
    trained: bool = True


@dataclass(frozen=True)
class Evaluation:
    """The lane, why, and the digest of the rules that gave it; the same inputs give the same answer."""

    lane: str  # green | amber | red | not_ours
    reasons: tuple[str, ...]
    rules_digest: str = RULES_DIGEST


def evaluate(screening: Screening, context: Context = Context()) -> Evaluation:  # noqa: B008  frozen
    """Read from top to bottom: the first line that holds decides."""
    severities = {finding.severity for finding in screening.findings}
    if screening.not_ours:
        return Evaluation("not_ours", ("This is protected speech; nobody needs to clear it.",))
    if severities & BLOCKS:
        return Evaluation("red", ("Something in it may not go out as it stands.",))
    if severities & HOLDS:
        return Evaluation("amber", ("A person looks at what was found.",))
    if context.profile == "broker-dealer" and context.content_class == "static":
        return Evaluation(
            "amber", ("Static content of a broker-dealer waits for a registered principal.",)
        )
    return Evaluation("green", ("Nothing was found that holds it.",))
