"""What authors of cleared posts are reminded of: to say that the post is out, and that its clearance ends."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from organization import notices

from .holding import locked
from .models import ENDS_SOON, Submission
from .states import State

NOT_REPORTED = dt.timedelta(days=3)


def not_reported(at: dt.datetime) -> QuerySet[Submission]:
    """Posts that were cleared three days ago, and of which nobody has said that they are out."""
    return Submission.objects.filter(
        state=State.CLEARED,
        clearance__asked_at=None,
        clearance__starts_at__lte=at - NOT_REPORTED,
        clearance__ends_at__gt=at,
    ).order_by("clearance__starts_at")


def ending(at: dt.datetime) -> list[Submission]:
    """Posts that are not out yet, and whose clearance ends soon, for its length; but for those that came too late."""
    near = Submission.objects.filter(
        state=State.CLEARED,
        clearance__warned_at=None,
        clearance__ends_at__gt=at,
        clearance__ends_at__lte=at + ENDS_SOON,
    )
    found = near.select_related("clearance__revision").order_by("clearance__ends_at")
    ended = [one for one in found if one.clearance.warn_at() <= at]
    return [one for one in ended if not one.clearance.came_late]


@transaction.atomic
def ask(submission: Submission, *, at: dt.datetime) -> None:
    """Ask the author, once for each clearance, whether the post is out."""
    _remind(submission, "not_reported", "asked_at", at)


@transaction.atomic
def warn(submission: Submission, *, at: dt.datetime) -> None:
    """Tell the author, once for each clearance, that it ends."""
    _remind(submission, "ends_soon", "warned_at", at)


def _remind(submission: Submission, event: str, field: str, at: dt.datetime) -> None:
    submission = locked(submission)
    clearance = submission.clearance
    if submission.state != State.CLEARED or getattr(clearance, field):
        return
    setattr(clearance, field, at)
    clearance.save(update_fields=[field])
    notices.tell(
        submission.author,
        event,
        f"{event}:{clearance.pk}",
        {"until": f"{clearance.ends_at:%d %B %Y}"},
        path=f"/posts/{submission.pk}/",
    )
