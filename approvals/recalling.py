"""The company withdraws its word from now on, never backwards, and knows who has been told, and when."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from ledger.models import Entry
from ledger.records import record, subject_of
from organization import notices, steps
from organization.models import Person

from . import rules
from . import standing as standing_approvals
from .holding import locked
from .models import Clearance, RecallNotice, Submission
from .states import State

A_REMINDER = dt.timedelta(days=1)
MOST_FOUND = 500
MAY_BE_RECALLED = (State.CLEARED, State.PUBLISHED)


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
            clearance__rests_on=submission.clearance, state__in=MAY_BE_RECALLED
        )
        copies = [locked(copy) for copy in resting.order_by("pk")]
    _recall(submission, actor, reason)
    for copy in copies:
        copy.clearance.rests_on = submission.clearance  # as it is now: recalled
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
    for person in authors_of(submission):
        _tell(person, submission, entry, reason)


def authors_of(submission: Submission) -> tuple[Person, ...]:
    """All whom a recall of this post concerns."""
    return (submission.author, *submission.co_authors.order_by("pk"))


def _tell(person: Person, submission: Submission, entry: Entry, reason: str) -> None:
    notice = notices.tell(
        person,
        "recalled",
        f"recalled:{entry.pk}",
        {"reason": reason},
        path=f"/posts/{submission.pk}/",
    )
    RecallNotice.objects.create(
        clearance=submission.clearance,
        person=person,
        notice=notice,
        remind_at=notice.created_at + A_REMINDER,
    )


@transaction.atomic
def confirm(told: RecallNotice, *, actor: Person) -> RecallNotice:
    """Whoever was told says that they have seen it; the second press changes nothing."""
    told = steps.locked(told, "clearance__revision__submission")
    if told.person_id != actor.pk or not actor.is_active:
        raise PermissionDenied("Only whoever was told says that they have seen it.")
    if told.seen_at is None:
        told.seen_entry = record(
            "submission.recall_seen",
            actor=actor,
            subject=subject_of(told.clearance.revision.submission),
            data={"clearance": told.clearance.number},
        )
        told.seen_at, told.remind_at = timezone.now(), None
        told.save(update_fields=["seen_at", "seen_entry", "remind_at"])
    return told


@transaction.atomic
def remind(told: RecallNotice, *, at: dt.datetime) -> None:
    """Tell once more whoever has not said that they have seen it; once for each day, however late we are."""
    told = steps.locked(told, "person", "notice", "clearance__revision__submission")
    if told.remind_at is None or told.remind_at > at:
        return
    days = (at - told.notice.created_at) // A_REMINDER
    told.remind_at = None
    if told.person.is_active:
        told.remind_at = told.notice.created_at + (days + 1) * A_REMINDER
        notices.tell(
            told.person,
            "recall_unseen",
            f"recall_unseen:{told.pk}:{days}",
            {"reason": told.clearance.recall_reason},
            path=f"/posts/{told.clearance.revision.submission_id}/",
        )
    told.save(update_fields=["remind_at"])


def found_by(phrase: str, actor: Person) -> list[Submission]:
    """Posts whose clearance stands, which this person may recall, and which hold these words in text or alt text.

    Copies fall with what they rest on and so are found by themselves. At most MOST_FOUND, the newest first.
    """
    words = " ".join(phrase.split())
    if not words:
        return []
    in_json = (words, json.dumps(words)[1:-1])  # as PostgreSQL and as SQLite keep it
    near = Q(revision__text__icontains=words)
    for form in in_json:
        near |= Q(revision__media__icontains=form)
    candidates = (
        Submission.objects.visible_to(actor)
        .filter(near, state__in=MAY_BE_RECALLED, clearance__recalled_at=None)
        .select_related("author", "revision", "clearance__rests_on")
        .order_by("-submitted_at")
    )
    found = (one for one in candidates.iterator() if _holds(one, words))
    mine = (one for one in found if rules.may_recall(one, actor))
    return [one for one, _ in zip(mine, range(MOST_FOUND), strict=False)]


def _holds(submission: Submission, words: str) -> bool:
    texts = [submission.revision.text, *(one["alt_text"] for one in submission.revision.media)]
    return any(words.casefold() in " ".join(text.split()).casefold() for text in texts)


@dataclass
class Recalled:
    """What came of recalling several posts at once."""

    done: list[Submission] = field(default_factory=list)
    too_late: list[Submission] = field(default_factory=list)  # recalled meanwhile, or taken back


def recall_all(submissions: Iterable[Submission], *, actor: Person, reason: str) -> Recalled:
    """Recall each by a step and an entry of its own; what was faster is told, and stops none of the others."""
    came = Recalled()
    for submission in submissions:
        try:
            came.done.append(recall(submission, actor=actor, reason=reason))
        except TransitionNotAllowed:
            came.too_late.append(submission)
    return came


def touched_by(clearance: Clearance) -> Iterator[RecallNotice]:
    """Who was told of its recall, and of those that rested on it."""
    return (
        RecallNotice.objects.filter(Q(clearance=clearance) | Q(clearance__rests_on=clearance))
        .select_related("person__unit", "notice", "clearance__revision")
        .order_by("seen_at", "notice__created_at")
    )
