"""An author asks that another person decides: once for each decision, by a clock of its own, and then it is final."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clause_library.text import check_text
from ledger.models import Entry
from organization import notices, steps
from organization.models import Person

from . import asking, rules
from .errors import RefusedPostError, TooEarlyError
from .holding import locked
from .models import Appeal, Review, Submission, Verdict
from .published import LONGEST_APPEAL
from .states import State


def appeal_of(submission: Submission) -> Appeal | None:
    """The one that was made against the decision on this revision."""
    return (
        Appeal.objects.filter(revision=submission.revision_id)
        .select_related("review__reviewer", "review__provision")
        .first()
    )


def may_appeal(submission: Submission, actor: Person) -> bool:
    """The author, once."""
    return (
        submission.state == State.DECLINED
        and not submission.is_pending()
        and rules.is_author(submission, actor)
        and appeal_of(submission) is None
    )


@transaction.atomic
def appeal(submission: Submission, *, actor: Person, seen: str, reason: str) -> Submission:
    """Put a declined post before another person, with the author's reason; promised as amber is.

    Raises TooEarlyError while the decision may still be undone.
    """
    submission = locked(submission, seen)
    if not rules.is_author(submission, actor):
        raise PermissionDenied("Only the author appeals.")
    for problem in check_text(reason, longest=LONGEST_APPEAL):
        raise RefusedPostError(problem)
    earlier = appeal_of(submission)
    if earlier and submission.state == State.IN_APPEAL and earlier.reason == reason:
        return submission  # the same press again
    if earlier:
        raise RefusedPostError(
            "You have appealed once, and another person has decided. That is final."
        )
    if submission.is_pending():
        raise TooEarlyError
    review = (
        Review.objects.declining(submission).select_related("reviewer").latest("decided_at")
        if submission.state == State.DECLINED
        else None
    )
    asked = asking.appealed(submission, list(submission.channels.all()), timezone.now())
    owner = asked["owner"]
    entry = steps.take(
        "appeal",
        submission,
        actor=actor,
        data={
            "revision": submission.revision.number,
            "digest": seen,
            "against": review and review.entry_id,
            "owner": owner and str(owner.pk),
        },
        sealed={"reason": reason},
        changes={"decided_at": None, "decided_by": None, "effective_at": None} | asked,
    )
    Appeal.objects.create(
        review=review, revision=submission.revision, reason=reason, appealed_by=actor, entry=entry
    )
    if owner:
        _tell(owner, "appeal_wanted", submission, entry)
    else:
        asking.tell_that_nobody_is_able(submission)
    _tell(review.reviewer, "appealed", submission, entry)
    return submission


def _tell(person: Person, event: str, submission: Submission, entry: Entry) -> None:
    at_desk = event == "appeal_wanted"
    notices.tell(
        person,
        event,
        f"{event}:{entry.pk}",
        {"author": submission.author.name},
        path=f"/posts/{submission.pk}/" + ("review/" if at_desk else ""),
    )


def tell_decided(submission: Submission, review: Review) -> None:
    """Whoever declined learns what another person made of it; the author is told as of any decision."""
    made = appeal_of(submission)
    notices.tell(
        made.review.reviewer,
        "appeal_decided",
        f"appeal_decided:{review.entry_id}",
        {
            "author": submission.author.name,
            "reviewer": review.reviewer.name,
            "cleared": review.verdict == Verdict.CLEAR,
            "reason": review.reason,
        },
        path=f"/posts/{submission.pk}/",
    )
