"""Short hands for posts that have been decided."""

from approvals import actions
from approvals.models import Verdict


def clear(submission, reviewer):
    seen = submission.revision.digest
    return actions.decide(submission, actor=reviewer, verdict=Verdict.CLEAR, seen=seen)


def decline(submission, reviewer):
    return actions.decide(
        submission,
        actor=reviewer,
        verdict=Verdict.DECLINE,
        seen=submission.revision.digest,
        reason="No.",
        provision=submission.revision.screenings.latest("screened_at").edition.provisions.first(),
    )
