"""Why a cleared post may not go out just now: a blackout, or its author's own *not before*."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from .blackouts import Blackout
from .errors import RefusedPostError
from .models import Submission
from .states import State


@dataclass(frozen=True)
class Hold:
    """Nothing goes out until then."""

    until: dt.datetime
    is_blackout: bool
    reason: str = ""

    @property
    def says(self) -> str:
        until = f"{timezone.localtime(self.until):%d %B %Y, %H:%M %Z}"
        if self.is_blackout:
            return (
                f"A blackout is on until {until}: {self.reason.rstrip('.')}. Nothing goes out on this "
                "channel before it ends. If your post is out already, take it down until then."
            )
        return f"This post may not go out before {until}. Wait until then, or change its time."


def hold_on(submission: Submission, at: dt.datetime | None = None) -> Hold | None:
    """What keeps this post back at that moment, and for how long. One query."""
    at = at or timezone.now()
    return _blackout(blackouts_of(submission, at), at) or _embargo(submission, at)


@dataclass(frozen=True)
class Timing:
    """What the page of a post says of its time."""

    hold: Hold | None = None  # nothing may go out now
    coming: Blackout | None = None  # the next blackout, where it begins before the clearance ends
    is_late: bool = False  # cleared when the wanted time was over

    @property
    def may_go_out(self) -> bool:
        return self.hold is None and not self.is_late


def timing_of(submission: Submission, at: dt.datetime | None = None) -> Timing:
    """For a post that is cleared and not out. One query."""
    at = at or timezone.now()
    clearance = submission.clearance
    if submission.state != State.CLEARED or clearance is None:
        return Timing(is_late=submission.state == State.LAPSED and clearance.came_late)
    blackouts = blackouts_of(submission, at)
    hold = _blackout(blackouts, at) or _embargo(submission, at)
    coming = next(
        (one for one in blackouts if at < one.starts_at < clearance.ends_at and not hold), None
    )
    return Timing(hold, coming, clearance.came_late)


def refuse_held(submission: Submission, at: dt.datetime | None = None) -> None:
    """Raises RefusedPostError, in words, while something keeps it back."""
    if hold := hold_on(submission, at):
        raise RefusedPostError(hold.says)


def blackouts_of(submission: Submission, at: dt.datetime) -> list[Blackout]:
    """Those of its channels that are on or still to come, the earliest first."""
    channels = [int(channel["id"]) for channel in submission.revision.channels]
    return list(Blackout.objects.not_over(at).over_channels(channels))


def _blackout(blackouts: Iterable[Blackout], at: dt.datetime) -> Hold | None:
    """Blackouts that follow on each other are one."""
    until, reason = at, ""
    for blackout in blackouts:
        if blackout.starts_at <= until < blackout.ends_at:
            until, reason = blackout.ends_at, reason or blackout.reason
    return Hold(until, is_blackout=True, reason=reason) if reason else None


def _embargo(submission: Submission, at: dt.datetime) -> Hold | None:
    not_before = submission.revision.window_from
    return Hold(not_before, is_blackout=False) if not_before and at < not_before else None
