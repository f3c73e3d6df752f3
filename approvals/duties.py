"""What the clock does for posts: end what has ended, look again, hand over, and make what is still missing.

Silence never clears (invariant 8): a timer hands a post to somebody else, it does not decide.
"""

import datetime as dt
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from organization import notices
from organization.models import Delegation, Person, QuietPeriod, WatchedName
from policy_builder.models import Edition

from . import actions, effects, moving, recalling, reminding, routes, tasks
from .models import Blackout, Clearance, Pending, RecallNotice, Settlement, Submission
from .routed import table_in_force
from .states import UNDER_WAY, WITH_REVIEWER, SettlementState, State

A_BATCH = 200
A_FEW = 50  # in the request that made them homeless
A_DAY = dt.timedelta(days=1)
LOST_AFTER = dt.timedelta(minutes=2)  # a record not made by then had its task lost


def lapse_ended(at: dt.datetime | None = None) -> None:
    """End the clearances of posts that were not published in time."""
    at = at or timezone.now()
    ended = Submission.objects.filter(state=State.CLEARED, clearance__ends_at__lte=at)
    for submission in ended[:A_BATCH]:
        actions.lapse(submission, at=at)


def keep_moving(at: dt.datetime | None = None) -> None:
    """Pass on what its owner did not decide in time, what has no owner, and what somebody owns who is gone."""
    at = at or timezone.now()
    waiting = Submission.objects.filter(state__in=WITH_REVIEWER)
    due = waiting.filter(Q(next_rung_at__lte=at) | Q(next_rung_at=None))
    away = Delegation.objects.open(at).values("of")
    left = waiting.filter(Q(owner__is_active=False) | Q(owner__in=away))
    for submission in [*left[:A_BATCH], *due.order_by("next_rung_at")[:A_BATCH]]:
        moving.keep_moving(submission, at=at)


def hand_over_from(*, person: UUID, **_: object) -> None:
    """At once, where somebody leaves or an absence begins; what is more than a batch follows by the clock."""
    for submission in Submission.objects.filter(state__in=WITH_REVIEWER, owner=person)[:A_FEW]:
        moving.keep_moving(submission, at=timezone.now())


def tell_of_blackouts(at: dt.datetime | None = None) -> None:
    """Warn the authors whose cleared posts a blackout keeps back, each once, a day ahead where there is one.

    Of a verdict that may still be undone they know nothing yet; the clock comes again.
    """
    at = at or timezone.now()
    near = Blackout.objects.not_over(at).filter(starts_at__lte=at + A_DAY)
    for blackout in near.prefetch_related("channels"):
        key = f"blackout:{blackout.pk}"
        held = (
            Submission.objects.filter(
                state=State.CLEARED, clearance__ends_at__gt=blackout.starts_at
            )
            .exclude(effective_at__gt=at)
            .exclude(author__notices__key=key)
        )
        if not blackout.is_for_all:
            held = held.filter(channels__in=blackout.channels.all())
        authors = Person.objects.active().filter(submissions__in=held).select_related("unit")
        for author in authors.distinct()[:A_BATCH]:
            _tell_of(blackout, author, key)


def _tell_of(blackout: Blackout, author: Person, key: str) -> None:
    begins, ends = (
        f"{moment.astimezone(author.zone):%d %B %Y, %H:%M %Z}"
        for moment in (blackout.starts_at, blackout.ends_at)
    )
    context = {"begins": begins, "until": ends, "reason": blackout.reason}
    notices.tell(author, "blackout", key, context, path="/posts/")


def reroute_after_change(at: dt.datetime | None = None) -> None:
    """Ask by newer rules of routes, too, where posts wait that went by former ones (invariant 6)."""
    digest = routes.digest_of(table_in_force())
    waiting = Submission.objects.filter(state__in=WITH_REVIEWER).exclude(route_rules=digest)
    for submission in waiting[:A_BATCH]:
        actions.reroute(submission)


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


def take_effect(at: dt.datetime | None = None) -> None:
    """Write what reviewers said of findings, once their verdicts can no longer be undone."""
    at = at or timezone.now()
    due = Pending.objects.filter(review__effective_at__lte=at).values_list("review", flat=True)
    for review in due[:A_BATCH]:
        effects.take(review, at)


def make_missing_records(at: dt.datetime | None = None) -> None:
    """Ask again for backing records whose task was lost."""
    at = at or timezone.now()
    missing = (
        Clearance.objects.filter(backing_record__pdf=None, starts_at__lte=at - LOST_AFTER)
        .exclude(ended_at__lte=F("starts_at"))  # undone: it never began
        .order_by("starts_at")
    )
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
