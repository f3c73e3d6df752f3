"""The rules that give a post its lane, as one table. Data only: the page at /lanes/, the code and the digest read it.

The first rule that holds for the author's profile gives the lane. A rule holds when each input that it names is one of
the values beside it (of an input with several values, any of them), or is a number below the one beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GREEN, AMBER, RED, NOT_OURS = "green", "amber", "red", "not_ours"
GENERAL, BROKER_DEALER, HOSPITAL = "general", "broker-dealer", "hospital"
PROFILES = (GENERAL, BROKER_DEALER, HOSPITAL)
REVIEWER, PRINCIPAL = "reviewer", "principal"

WATCHED_DAYS = 90
CLEARED_SINCE = 3  # posts, after which an author is no longer on watch
FIRST_POSTS = 3
NEW_TO_US = "and no reviewer has cleared exactly this before or put it on the shelf"


@dataclass(frozen=True)
class Below:
    """A number that is known, and smaller than this one."""

    number: int


@dataclass(frozen=True)
class Rule:
    """A sentence for people, and the same as a condition. ``by``: who must be the one to look."""

    lane: str
    profiles: tuple[str, ...]
    says: str
    when: Mapping[str, tuple[str | bool, ...] | Below]
    law: str = ""
    by: str = REVIEWER

    def as_data(self) -> dict[str, Any]:
        return {
            "lane": self.lane,
            "profiles": list(self.profiles),
            "says": self.says,
            "when": {
                name: {"below": wanted.number} if isinstance(wanted, Below) else list(wanted)
                for name, wanted in self.when.items()
            },
            "law": self.law,
            "by": self.by,
        }


RULES = (
    Rule(
        NOT_OURS,
        PROFILES,
        "It is protected speech (pay, hours, safety, unions or wrongdoing) and needs no clearance.",
        {"protected": ("whole",)},
        law="29 U.S.C. 157",
    ),
    Rule(RED, PROFILES, "A finding blocks this post.", {"severities": ("block",)}),
    Rule(
        RED,
        (BROKER_DEALER,),
        "It may hold inside information.",
        {"subjects": ("material_nonpublic",)},
        law="15 U.S.C. 78o(g)",
    ),
    Rule(
        RED,
        (BROKER_DEALER,),
        "It speaks of gains, and its author holds no registration.",
        {"subjects": ("financial_promise",), "is_registered": (False,)},
        law="FINRA 1210",
    ),
    Rule(
        RED,
        (HOSPITAL,),
        "It may tell something about a patient, or about health.",
        {"subjects": ("health", "personal_data")},
        law="45 CFR 164.502",
    ),
    Rule(
        RED,
        PROFILES,
        "It was red before the rules changed, and a later look never weakens that.",
        {"lane_before": (RED,)},
    ),
    Rule(
        AMBER,
        PROFILES,
        "A finding asks for a fix, or for a reviewer's look.",
        {"severities": ("fix", "review")},
    ),
    Rule(
        AMBER,
        PROFILES,
        f"A post of this author's was recalled, declined or published in other words than were cleared in the last "
        f"{WATCHED_DAYS} days, and fewer than "
        f"{CLEARED_SINCE} were cleared since.",
        {"days_since_setback": Below(WATCHED_DAYS), "cleared_since_setback": Below(CLEARED_SINCE)},
    ),
    Rule(
        AMBER,
        PROFILES,
        "It was on the shelf and has been taken off, so a person looks.",
        {"shelf": ("retired",)},
    ),
    Rule(
        AMBER,
        PROFILES,
        f"It speaks in the company's name, on an account of the company, {NEW_TO_US}.",
        {"is_official": (True,), "cleared_before": ("no",)},
    ),
    Rule(
        AMBER,
        PROFILES,
        f"Its author is a partner or an agency, for whose words we answer, {NEW_TO_US}.",
        {"relation": ("partner",), "cleared_before": ("no",)},
        law="16 CFR 255.1(d)",
    ),
    Rule(
        AMBER,
        (BROKER_DEALER,),
        "It is a profile, banner, advert or video: that waits for a registered principal, unless one has cleared "
        "exactly this before.",
        {"content_class": ("static",), "cleared_before": ("no", REVIEWER)},
        law="FINRA 2210(b)(1)",
        by=PRINCIPAL,
    ),
    Rule(
        AMBER,
        (BROKER_DEALER,),
        "In the United Kingdom replies wait for an authorised person too, unless one has cleared exactly this before.",
        {"country": ("gb",), "cleared_before": ("no", REVIEWER)},
        law="FSMA 2000 s21; FCA FG24/1",
        by=PRINCIPAL,
    ),
    Rule(
        AMBER,
        (HOSPITAL,),
        "On Instagram, TikTok and YouTube the picture is the post. The checks read words only, and a face tells who a "
        "patient is; a reviewer looks, unless one has cleared exactly this before.",
        {"networks": ("instagram", "tiktok", "youtube"), "cleared_before": ("no",)},
        law="45 CFR 164.514(b)(2)",
    ),
    Rule(
        AMBER,
        (BROKER_DEALER,),
        "The author has not been trained yet.",
        {"is_trained": (False,)},
        law="FINRA Regulatory Notice 10-06",
    ),
    Rule(
        AMBER,
        (HOSPITAL,),
        "The author has not been trained yet.",
        {"is_trained": (False,)},
        law="45 CFR 164.530(b)",
    ),
    Rule(
        AMBER,
        (BROKER_DEALER, HOSPITAL),
        f"Fewer than {FIRST_POSTS} posts of this author's were cleared by a reviewer so far, {NEW_TO_US}.",
        {"posts_cleared": Below(FIRST_POSTS), "cleared_before": ("no",)},
    ),
    Rule(
        NOT_OURS,
        PROFILES,
        "Part of it is protected speech and the rest needs no person, so it needs no clearance.",
        {"protected": ("part",)},
        law="29 U.S.C. 157",
    ),
    Rule(
        AMBER,
        PROFILES,
        "No standing approval covers it, so a person looks.",
        {"standing_approval": (False,)},
    ),
)
OTHERWISE = "Nothing found that needs a person."  # and the lane is green
