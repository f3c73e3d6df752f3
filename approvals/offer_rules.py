"""Where a second person decides on a wording that a reviewer offered, as a table that people read. Data only.

A reviewer who writes a wording has become a co-author of it (invariant 3). In a general company the author's own yes
and the reviewer's are two people's, and enough. Where a rule below names the profile, somebody else decides.
"""

from dataclasses import dataclass

from .lane_rules import BROKER_DEALER, HOSPITAL, PROFILES


@dataclass(frozen=True)
class SecondPerson:
    profile: str
    says: str
    law: str


SECOND_PERSON = (
    SecondPerson(
        BROKER_DEALER,
        "A principal approves what others wrote, not what they wrote themselves.",
        "FINRA 2210(b)(1), 3110(b)(6)",
    ),
    SecondPerson(
        HOSPITAL,
        "Whether words tell something about a patient is judged by somebody who did not write them.",
        "45 CFR 164.530(c)",
    ),
)


def second_person(*profiles: str) -> SecondPerson | None:
    """The rule that asks for one, by any of these profiles; one that is not known is held to the first."""
    unknown = any(profile not in PROFILES for profile in profiles)
    return next((rule for rule in SECOND_PERSON if unknown or rule.profile in profiles), None)
