"""The company withdraws its word from now on, never backwards."""

from django.db import transaction
from django.utils import timezone

from organization import notices, steps
from organization.models import Person

from . import rules
from . import standing as standing_approvals
from .holding import locked
from .models import Submission
from .states import State


@transaction.atomic
def recall(submission: Submission, *, actor: Person, reason: str) -> Submission:
    """Withdraw the company's word from now on, from copies too that rest on it. Posts published before stay backed."""
    submission = locked(submission)
    copies = []
    if (
        submission.clearance
    ):  # all locks come before the first entry, so that nobody waits in a circle
        standing_approvals.hold_word(submission.clearance)
        resting = Submission.objects.filter(
            clearance__rests_on=submission.clearance, state__in=[State.CLEARED, State.PUBLISHED]
        )
        copies = [locked(copy) for copy in resting.order_by("pk")]
    _recall(submission, actor, reason)
    for copy in copies:
        if rules.may_recall(copy, actor):
            _recall(copy, actor, reason)
    return submission


def _recall(submission: Submission, actor: Person, reason: str) -> None:
    clearance = submission.clearance
    entry = steps.take(
        "recall",
        submission,
        actor=actor,
        data={"clearance": clearance and clearance.number},
        sealed={"reason": reason},
    )
    clearance.recalled_at, clearance.recall_reason = timezone.now(), reason
    clearance.save(update_fields=["recalled_at", "recall_reason"])
    notices.tell(
        submission.author,
        "recalled",
        f"recalled:{entry.pk}",
        {"reason": reason},
        path=f"/posts/{submission.pk}/",
    )
