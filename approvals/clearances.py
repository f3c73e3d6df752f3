"""The company's yes to one revision: its terms, its writing, its early end. Called by actions, which hold the lock."""

import datetime as dt
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ledger.models import Entry
from organization import later
from policy_builder.models import Edition

from . import tasks
from .models import Clearance, Review, Revision, ShelfItem, StandingApproval, Submission
from .numbers import new_number

A_CLEARANCE = dt.timedelta(days=settings.COUNTERSIGN_CLEARANCE_DAYS)


def for_revision(
    revision: Revision,
    edition: Edition,
    now: dt.datetime,
    *,
    review: Review | None = None,
    standing_approval: StandingApproval | None = None,
    rests_on: Clearance | None = None,
    shelf_item: ShelfItem | None = None,
) -> Clearance:
    """Open for the post's window, at most a clearance's time, and no longer than what it rests on."""
    starts_at = max(now, revision.window_from or now)
    ends = [starts_at + A_CLEARANCE, revision.window_until, rests_on and rests_on.ends_at]
    ends_at = min(end for end in ends if end)
    number = new_number()
    return Clearance(
        number=number,
        revision=revision,
        edition=edition,
        review=review,
        standing_approval=standing_approval,
        rests_on=rests_on,
        shelf_item=shelf_item,
        is_sampled=bool(standing_approval)
        and int(number, 16) % 100 < standing_approval.sampling_percent,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def issue(clearance: Clearance, entry: Entry) -> None:
    """Write the clearance; a task then makes its backing record."""
    clearance.entry = entry
    clearance.save(force_insert=True)
    waits_until = clearance.review and clearance.review.effective_at
    if waits_until and waits_until <= timezone.now():
        waits_until = None
    make = partial(later.enqueue, tasks.issue_backing_record, str(clearance.pk), at=waits_until)
    transaction.on_commit(make)


def end(submission: Submission) -> None:
    """Also of one that has not begun: the window of its post, or the time to undo it, still lay ahead."""
    clearance, now = submission.clearance, timezone.now()
    if (
        clearance
        and clearance.ended_at is None is clearance.recalled_at
        and now < clearance.ends_at
    ):
        clearance.ended_at = now
        clearance.save(update_fields=["ended_at"])
