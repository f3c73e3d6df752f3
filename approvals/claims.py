"""Saying that one is looking at a post now, so that two people do not read the same one. It ends by itself.

A claim keeps nobody from deciding: it tells. One press makes it, or the first letter typed on the review page.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from organization import steps
from organization.models import Person

from . import actions
from .errors import ClaimedError
from .models import Submission

A_CLAIM = dt.timedelta(minutes=10)


@transaction.atomic
def claim(submission: Submission, *, actor: Person) -> Submission:
    """Look at it for ten minutes; again, when half of them are over. One's own fresh claim stays as it is."""
    submission = actions.locked(submission)
    now = timezone.now()
    holder = submission.claimant(now)
    if holder and holder != actor:
        raise ClaimedError(holder.name, f"{timezone.localtime(submission.claimed_until):%H:%M}")
    if holder == actor and submission.claimed_until - now > A_CLAIM / 2:
        return submission
    until = now + A_CLAIM
    steps.take(
        "claim",
        submission,
        actor=actor,
        data={"until": until.isoformat(timespec="seconds")},
        changes={"claimed_by": actor, "claimed_until": until},
    )
    return submission


@transaction.atomic
def release(submission: Submission, *, actor: Person) -> Submission:
    """Leave it to others again; one that has run out is left already."""
    submission = actions.locked(submission)
    if submission.claimant() is None:
        return submission
    steps.take(
        "release", submission, actor=actor, changes={"claimed_by": None, "claimed_until": None}
    )
    return submission
