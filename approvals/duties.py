"""What the clock does for posts: end what has ended, look again, hand over, and make what is still missing.

Silence never clears (invariant 8): a timer hands a post to somebody else, it does not decide.
"""

import datetime as dt

from django.utils import timezone

from organization.models import QuietPeriod, WatchedName
from policy_builder.models import Edition

from . import actions, recalling, reminding, tasks
from .models import Clearance, RecallNotice, Settlement, Submission
from .states import UNDER_WAY, WITH_REVIEWER, SettlementState, State

A_BATCH = 200
LOST_AFTER = dt.timedelta(minutes=2)  # a record not made by then had its task lost


def lapse_ended(at: dt.datetime | None = None) -> None:
    """End the clearances of posts that were not published in time."""
    at = at or timezone.now()
    ended = Submission.objects.filter(state=State.CLEARED, clearance__ends_at__lte=at)
    for submission in ended[:A_BATCH]:
        actions.lapse(submission, at=at)


def hand_over_late(at: dt.datetime | None = None) -> None:
    """Pass on what its owner did not decide in the promised time, and what has no owner."""
    at = at or timezone.now()
    late = Submission.objects.filter(state__in=WITH_REVIEWER, due_at__lte=at)
    for submission in late[:A_BATCH]:
        actions.hand_over(submission, actor=actions.CLOCK)


def rescreen_after_change(at: dt.datetime | None = None) -> None:
    """Look again at posts that wait or have not gone out, where a newer edition is in force (invariant 6)."""
    at = at or timezone.now()
    in_force = Edition.objects.in_force(at).values("pk")
    stale = (
        Submission.objects.filter(state__in=UNDER_WAY)
        .exclude(revision__screenings__edition__in=in_force)
        .distinct()
    )
    for submission in stale[:A_BATCH]:
        actions.rescreen(submission)


def rescreen_for_lists(at: dt.datetime | None = None) -> None:
    """Look again at posts under way once a name is added, or a quiet period begins (invariant 6).

    A row is marked when all of them have been looked at, so a stop in between loses nothing.
    """
    at = at or timezone.now()
    names = WatchedName.objects.watched().filter(looked_again_at=None)
    periods = QuietPeriod.objects.open(at).filter(looked_again_at=None)
    new = [rows.model.objects.filter(pk__in=[row.pk for row in rows]) for rows in (names, periods)]
    if any(rows.exists() for rows in new):
        under_way = Submission.objects.filter(state__in=UNDER_WAY)
        for submission in under_way.iterator():
            actions.rescreen(submission)
        for rows in new:
            rows.update(looked_again_at=at)


def rescreen_after_lifting(at: dt.datetime | None = None) -> None:
    """Look again at posts under way that relied on a settlement which has been lifted (invariant 6)."""
    at = at or timezone.now()
    lifted = Settlement.objects.filter(state=SettlementState.LIFTED, looked_again_at=None)
    for settlement in lifted[:A_BATCH]:
        relied = Submission.objects.filter(
            state__in=UNDER_WAY, revision__hits__settlement=settlement
        )
        for submission in relied.distinct():
            actions.rescreen(submission)
        settlement.looked_again_at = at
        settlement.save(update_fields=["looked_again_at"])


def make_missing_records(at: dt.datetime | None = None) -> None:
    """Ask again for backing records whose task was lost."""
    at = at or timezone.now()
    missing = Clearance.objects.filter(
        backing_record__pdf=None, starts_at__lte=at - LOST_AFTER
    ).order_by("starts_at")
    for clearance in missing[:A_BATCH]:
        tasks.issue_backing_record.enqueue(str(clearance.pk))


def remind_authors(at: dt.datetime | None = None) -> None:
    """Ask whether a cleared post is out, and tell before its clearance ends; each once."""
    at = at or timezone.now()
    for submission in reminding.not_reported(at)[:A_BATCH]:
        reminding.ask(submission, at=at)
    for submission in reminding.ending(at)[:A_BATCH]:
        reminding.warn(submission, at=at)


def remind_of_recalls(at: dt.datetime | None = None) -> None:
    """Tell again of a recall whoever has not said that they have seen it."""
    at = at or timezone.now()
    for told in RecallNotice.objects.filter(remind_at__lte=at).order_by("remind_at")[:A_BATCH]:
        recalling.remind(told, at=at)
