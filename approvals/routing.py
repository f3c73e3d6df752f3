"""Who owns a post while it waits: one person, never a group. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from .routes import ANY_OF_THE_DESK, Stage

# The promise, in working minutes, by lane: red a first human answer, amber a decision for 95 of 100. A green post
# that a person looks at after all is promised as amber is.
PROMISED_MINUTES = {"red": 60, "amber": 120, "green": 120}

FEWEST_WAITS = 5  # fewer say nothing about the next post, and too much about one reviewer


@dataclass(frozen=True)
class Candidate:
    """A reviewer, and what matters for choosing among those whom a stage asks."""

    person: UUID
    is_author: bool
    is_at_work: bool
    waiting: int  # posts that they own already
    reports_to_author: bool
    registration: str  # e.g. a FINRA principal's; empty where there is none
    is_away: bool = False  # has said so, or an administrator for them
    is_co_author: bool = False  # wrote the revision that stands
    on_desk: bool = True  # a reviewer of every channel of the post
    skills: frozenset[str] = frozenset()
    has_agreed: bool = False  # and so may not agree once more


def is_able(candidate: Candidate, stage: Stage) -> bool:
    """Whether this stage may count them: nobody decides on their own post or on their manager's (invariant 3)."""
    return (
        not candidate.is_author
        and not candidate.is_co_author
        and not candidate.reports_to_author
        and not candidate.is_away
        and not candidate.has_agreed
        and stage.asks(
            on_desk=candidate.on_desk,
            skills=candidate.skills,
            registration=candidate.registration,
        )
    )


def ranked(candidates: Iterable[Candidate], stage: Stage = ANY_OF_THE_DESK) -> list[Candidate]:
    """Those who are able, the next owner first: at work before not, then the least loaded."""
    return sorted(
        (candidate for candidate in candidates if is_able(candidate, stage)),
        key=lambda candidate: (not candidate.is_at_work, candidate.waiting, candidate.person.hex),
    )


def choose_owner(
    candidates: Iterable[Candidate], stage: Stage = ANY_OF_THE_DESK
) -> Candidate | None:
    """The one who is asked next; None where nobody is able."""
    return next(iter(ranked(candidates, stage)), None)


def in_words(wait: dt.timedelta) -> str:
    """A wait as people say it, rounded up: "a minute", "25 minutes", "3 hours", "2 days"."""
    minutes = -(-wait // dt.timedelta(minutes=1))
    for size, unit in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{-(-minutes // size)} {unit}s"
    return f"{minutes} minutes" if minutes > 1 else "a minute"
