"""Taking a verdict back, by who gave it, before it has had any effect. An entry of its own says so."""

from django.db import transaction
from django.utils import timezone

from organization import notices, steps
from organization.models import Person

from . import actions, clearances
from .errors import TooLateToUndoError
from .models import Pending, Review, Submission, Undoing, Verdict

EVENTS = {Verdict.SEND_BACK: "sent_back", Verdict.DECLINE: "declined"}


@transaction.atomic
def undo(submission: Submission, *, actor: Person) -> Submission:
    """Put the post back before its reviewer, as if nothing had been decided; what was recorded stays recorded.

    Its clearance never becomes valid, the author is told nothing, and what was said of the findings is not written.
    """
    submission = actions.locked(submission)
    now = timezone.now()
    if not submission.is_pending(now):
        raise TooLateToUndoError
    review = Review.objects.filter(revision__submission=submission).latest("decided_at")
    clearances.end(submission)
    entry = steps.take(
        "undo",
        submission,
        actor=actor,
        data={
            "verdict": review.verdict,
            "decision": review.entry_id,
            "clearance": submission.clearance and submission.clearance.number,
        },
        changes={
            "clearance": None,
            "wording": None,
            "decided_at": None,
            "decided_by": None,
            "effective_at": None,
            "owner": actor,
        },
    )
    Undoing.objects.create(review=review, undone_by=actor, undone_at=now, entry=entry)
    Pending.objects.filter(review=review).delete()
    notices.take_back(submission.author, _told_by(review), now)
    return submission


def _told_by(review: Review) -> str:
    """The key of the notice to its author; a clearance is told of by its backing record, which is not made."""
    if review.verdict == Verdict.OFFER:
        return actions.offer_key(review.revision)
    return f"{EVENTS.get(review.verdict, review.verdict)}:{review.entry_id}"
