"""Keep how long a post waits, in the transaction of each of its steps. Called by `organization.steps`."""

import datetime as dt
from typing import Any

from ledger.models import Entry
from organization.calendars import Calendar
from organization.models import Person

from . import desks, pace
from .models import Submission
from .waits import FOLLOWED, Wait


def note(row: Submission, step: str, actor: Any, entry: Entry, **_: object) -> None:
    """Follow one step of a post; one query to read and at most two to write.

    A receiver of `steps.taken`. The post's row is locked, so no two steps of it are followed at once.
    """
    last = Wait.objects.filter(submission=row).order_by("-entry_id").first()
    before = last.told if last else None
    after, begun = pace.follow(before, _act(row, step, actor, entry))
    calendar = desks.calendar_of(row.unit)
    if last and after != before:
        _keep(last, after, calendar, actor)
        last.save()
    if begun:
        new = Wait(submission=row, entry=entry, unit=row.unit)
        _keep(new, begun, calendar, actor)
        new.save(force_insert=True)


def _act(row: Submission, step: str, actor: Any, entry: Entry) -> pace.Act:
    puts_forward = step in pace.PUT_FORWARD | {pace.GREEN_STEP}
    return pace.Act(
        step=step,
        state=row.state,
        at=entry.created_at,
        asked_at=min(row.submitted_at, entry.created_at) if puts_forward else entry.created_at,
        by_another=isinstance(actor, Person) and actor.pk != row.author_id,
        lane=row.lane,
        stage=row.stage,
    )


def _keep(wait: Wait, told: pace.Wait, calendar: Calendar, actor: Any) -> None:
    """Write down what is told of a wait, and the times that follow from it."""
    has_ended = told.ended_at is not None
    if has_ended and wait.ended_at is None:
        is_author = actor == wait.submission.author
        wait.ended_by = actor if isinstance(actor, Person) and not is_author else None
    for name in FOLLOWED:
        setattr(wait, name, getattr(told, name))
    is_answer = told.outcome in pace.ANSWERS
    wait.is_first = told.is_first
    wait.wall, wait.business = _between(told.began_at, told.ended_at, calendar)
    wait.touch_wall, wait.touch_business = _between(told.asked_at, told.first_touch_at, calendar)
    wait.answer_wall, wait.answer_business = _between(
        told.asked_at, told.ended_at if is_answer else None, calendar
    )
    wait.clear_wall, wait.clear_business = _between(told.since_at, told.cleared_at, calendar)
    wait.ended_on, wait.cleared_on, wait.lapsed_on = (
        at and at.astimezone(calendar.zone).date()
        for at in (told.ended_at, told.cleared_at, told.lapsed_at)
    )


def _between(
    start: dt.datetime, end: dt.datetime | None, calendar: Calendar
) -> tuple[int | None, int | None]:
    """Seconds on the wall and in working hours; nothing where it has no end yet."""
    if end is None:
        return None, None
    return pace.kept_seconds(end - start), pace.kept_seconds(calendar.between(start, end))
