"""Clearing a post past its desk when nobody there can be reached: rare, reasoned, and loud."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ledger.models import Entry
from organization import notices, steps
from organization.models import Person
from organization.roles import Role

from . import clearances, desks
from .errors import TextChangedError
from .models import Review, Submission, Verdict

AUTHORITY = "By break-glass, past the desk of the channel"
LOUD = [Role.ADMINISTRATOR, Role.RECORDS_OFFICER]


@transaction.atomic
def break_glass(submission: Submission, *, actor: Person, seen: str, reason: str) -> Submission:
    """Clear exactly the revision on the actor's screen, without its desk, and tell everybody who answers for it.

    Where a registered principal must decide (FINRA 2210(b)(1)), nobody else does so by this way either.
    """
    submission = steps.locked(
        submission, "revision", "author__unit", "unit", "owner", "clearance__review"
    )
    if submission.revision.digest != seen:
        raise TextChangedError(submission)
    if desks.lacks_principal(submission, actor):
        raise PermissionDenied("The law has only a registered principal clear this kind of post.")
    review = Review(
        revision=submission.revision,
        reviewer=actor,
        verdict=Verdict.CLEAR,
        stage=submission.stage,
        reason=reason,
        role=actor.job_title or "Officer",
        authority=AUTHORITY,
        registration=actor.registration,
        is_break_glass=True,
        decided_at=timezone.now(),
    )
    edition = submission.revision.screenings.latest("screened_at").edition
    clearance = clearances.for_revision(
        submission.revision, edition, review.decided_at, review=review
    )
    owner = submission.owner
    review.entry = steps.take(
        "break_glass",
        submission,
        actor=actor,
        data={
            "revision": submission.revision.number,
            "digest": seen,
            "edition": str(edition.pk),
            "clearance": clearance.number,
            "owner": owner and str(owner.pk),
        },
        sealed={"reason": reason},
        changes={
            "clearance": clearance,
            "decided_at": review.decided_at,
            "decided_by": actor,
            "owner": None,
        },
    )
    review.save(force_insert=True)
    clearances.issue(clearance, review.entry)
    _tell(submission, owner, actor, reason, review.entry)
    return submission


def _tell(
    submission: Submission, owner: Person | None, actor: Person, reason: str, entry: Entry
) -> None:
    """All administrators and records officers, and whoever had it."""
    people = Person.objects.active().filter(groups__name__in=[role.value for role in LOUD])
    told = {*people.distinct(), *filter(None, [owner])}
    for person in sorted(told, key=lambda person: person.pk):
        notices.tell(
            person,
            "glass_broken",
            f"glass_broken:{entry.pk}",
            {"officer": actor.name, "author": submission.author.name, "reason": reason},
            path="/posts/break-glass/",
        )
