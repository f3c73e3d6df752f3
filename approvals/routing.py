"""Who owns a post while it waits: one person, never a group. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

# The promise, in working minutes, by lane: red a first human answer, amber a decision for 95 of 100. A green post
# that a person looks at after all is promised as amber is.
PROMISED_MINUTES = {"red": 60, "amber": 120, "green": 120}

FEWEST_WAITS = 5  # fewer say nothing about the next post, and too much about one reviewer


@dataclass(frozen=True)
class Candidate:
    """A reviewer of every channel of the post, and what matters for choosing among them."""

    person: UUID
    is_author: bool
    is_at_work: bool
    waiting: int  # posts that they own already
    reports_to_author: bool
    registration: str  # e.g. a FINRA principal's; empty where there is none


def choose_owner(
    candidates: Iterable[Candidate], *, needs_registration: bool = False
) -> Candidate | None:
    """The least loaded reviewer at work; nobody decides on their own post or on their manager's.

    FINRA 2210(b)(1) wants a registered principal for static content: without one there is no owner.
    """
    able = [
        candidate
        for candidate in candidates
        if not candidate.is_author
        and not candidate.reports_to_author
        and (candidate.registration or not needs_registration)
    ]
    return min(
        able,
        key=lambda candidate: (not candidate.is_at_work, candidate.waiting, candidate.person.hex),
        default=None,
    )


def in_words(wait: dt.timedelta) -> str:
    """A wait as people say it, rounded up: "a minute", "25 minutes", "3 hours", "2 days"."""
    minutes = -(-wait // dt.timedelta(minutes=1))
    for size, unit in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{-(-minutes // size)} {unit}s"
    return f"{minutes} minutes" if minutes > 1 else "a minute"
