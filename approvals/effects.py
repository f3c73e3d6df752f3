"""What a verdict brings about, and when: at once, or once it can no longer be undone.

All that comes of a verdict waits: the state that its author sees (`Submission.told_state`), the clearance's start, the
notices, the backing record, and what it says of findings. Each of them asks for the time itself, so nothing has to
happen at that moment, and a stop of worker or clock delays but changes nothing.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ledger.models import Entry
from ledger.records import record, subject_of
from organization import steps
from organization.system import CLOCK

from .models import FindingVerdict, Hit, Miss, Pending, Review, Settlement, Submission
from .settling import channel_kind


def after(now: dt.datetime, undo_for: dt.timedelta | None = None) -> dt.datetime | None:
    """When a verdict given now takes effect; None: at once."""
    wait = dt.timedelta(seconds=settings.COUNTERSIGN_UNDO_SECONDS) if undo_for is None else undo_for
    return now + wait if wait else None


@transaction.atomic
def take(pk: UUID, at: dt.datetime | None = None) -> None:
    """Write what was said of the findings with this review, once its time has come. Safe to call again.

    What somebody else judged meanwhile stays as they judged it.
    """
    review = Review.objects.select_related("revision__submission", "reviewer", "entry").get(pk=pk)
    submission = steps.locked(review.revision.submission, "author", "unit")
    pending = Pending.objects.filter(review=review).first()
    if pending is None or (at or timezone.now()) < review.effective_at:
        return
    said = pending.said
    pending.delete()
    record(  # with it the ledger's head is locked, so that nobody else settles meanwhile
        "submission.take_effect",
        actor=CLOCK,
        subject=subject_of(submission),
        data={"decision": review.entry_id},
    )
    keep(_verdicts(review, said), _misses(review, said), submission, entry=review.entry)


def _verdicts(review: Review, said: dict) -> list[FindingVerdict]:
    hits = Hit.objects.filter(revision=review.revision_id, verdict=None).in_bulk()
    return [
        FindingVerdict(hit=hits[key], outcome=outcome, reason=reason, reviewer=review.reviewer)
        for key, outcome, reason in said["verdicts"]
        if key in hits
    ]


def _misses(review: Review, said: dict) -> list[Miss]:
    known = Miss.objects.filter(revision=review.revision_id).values_list(*MISS)
    return [
        Miss(
            revision=review.revision, reviewer=review.reviewer, **dict(zip(MISS, one, strict=True))
        )
        for one in said["misses"]
        if (*one[:2], *one[3:]) not in {(*row[:2], *row[3:]) for row in known}
    ]


MISS = ("clause_name", "check_name", "version", "start", "end")


def keep(
    verdicts: Iterable[FindingVerdict],
    misses: Iterable[Miss],
    submission: Submission,
    *,
    entry: Entry,
) -> None:
    """Write the rows under the entry that tells of them, and settle what was overruled; the submission is locked, and
    an entry was recorded before: with it the ledger's head is locked, so that nobody else settles meanwhile.
    """
    for verdict in verdicts:
        verdict.entry = entry
        verdict.save(force_insert=True)
        if verdict.outcome == FindingVerdict.Outcome.OVERRULED and verdict.hit.may_settle:
            _settle(verdict, submission)
    for miss in misses:
        miss.entry = entry
        miss.save(force_insert=True)


def _settle(verdict: FindingVerdict, submission: Submission) -> None:
    hit, actor = verdict.hit, verdict.reviewer
    what = {
        "clause_name": hit.clause_name,
        "check_name": hit.check_name,
        "version": hit.version,
        "phrase": hit.phrase,
        "unit": submission.unit,
        "relation": submission.author.relation,
        "channel_kind": channel_kind(submission.channels.all()),
        "settled_by": actor,
    }
    if Settlement.objects.standing().filter(**what).exists():
        return
    steps.begin(
        Settlement(verdict=verdict, because=verdict.reason, **what),
        actor=actor,
        data={
            "verdict_entry": verdict.entry_id,
            "clause": hit.clause_name,
            "check": hit.check_name,
            "version": hit.version,
            "unit": submission.unit_id,
            "relation": what["relation"],
            "channel_kind": what["channel_kind"],
        },
        sealed={"because": verdict.reason, "phrase": hit.phrase},
    )
