"""Keeping what we watch for: names on lists, and quiet periods.

What is kept is sealed in the ledger: an entry proves that something was added, by whom and when, and not what.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ledger.records import record, stamp, subject_of

from .calendars import moment_of
from .models import Company, Person, Unit
from .watched import QuietPeriod, WatchedName, key_of


class Window(NamedTuple):
    """From when until when (None: until somebody ends it), as a clock on the wall of a unit shows it."""

    unit: Unit
    starts: dt.datetime
    ends: dt.datetime | None = None

    def moments(self) -> tuple[dt.datetime, dt.datetime | None]:
        """In UTC; an hour that comes twice belongs to it. Raises ValueError for a time that never comes."""
        zone = self.unit.time_zone
        return moment_of(self.starts, zone), self.ends and moment_of(self.ends, zone, last=True)


class Added(NamedTuple):
    """How many names are new on a list, and how many stood there already."""

    new: int
    known: int


@transaction.atomic
def add_names(*, actor: Person, which: str, names: Sequence[str]) -> Added:
    """Put names on a list; one that stands there already stays as it is."""
    _check(actor)
    _hold_lists()
    wanted = {key_of(name): name for name in reversed(names)}  # of two spellings the first
    known = set(
        WatchedName.objects.watched().on(which).filter(key__in=wanted).values_list("key", flat=True)
    )
    for key in wanted.keys() - known:
        _add_name(actor, which, wanted[key], key)
    if wanted.keys() - known:
        _stamp_lists()
    return Added(len(wanted) - len(known), len(known))


def _add_name(actor: Person, which: str, name: str, key: str) -> None:
    row = WatchedName(list=which, name=name, key=key, added_by=actor)
    row.entry = record(
        "watched_name.added",
        actor=actor,
        subject=subject_of(row),
        data={"list": which},
        sealed={"name": name},
    )
    row.save(force_insert=True)


@transaction.atomic
def end_names(*, actor: Person, names: Iterable[WatchedName]) -> int:
    """Take names off their list, from now on; how many stood there still."""
    _check(actor)
    _hold_lists()
    standing = WatchedName.objects.watched().filter(pk__in=[one.pk for one in names])
    for row in standing:
        record("watched_name.ended", actor=actor, subject=subject_of(row), data={"list": row.list})
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
    if standing:
        _stamp_lists()
    return len(standing)


@transaction.atomic
def add_quiet_period(
    *,
    actor: Person,
    key: uuid.UUID,
    window: Window,
    topics: Sequence[str],
    issuer: str = "",
    also_called: Sequence[str] = (),
    reason: str = "",
) -> QuietPeriod:
    """Close topics of an issuer (ours, where none is named) for a while.

    ``key`` is made by the form, so the same press twice is one quiet period. Raises ValueError for a window with a
    time that never comes.
    """
    _check(actor)
    _hold_lists()
    if earlier := QuietPeriod.objects.filter(pk=key).first():
        return earlier
    starts_at, ends_at = window.moments()
    row = QuietPeriod(
        pk=key,
        issuer=issuer,
        also_called=list(also_called),
        topics=list(topics),
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=window.unit.time_zone,
        reason=reason,
        added_by=actor,
    )
    row.entry = record(
        "quiet_period.added", actor=actor, subject=subject_of(row), sealed={"period": _facts(row)}
    )
    row.save(force_insert=True)
    _stamp_lists()
    return row


def _facts(row: QuietPeriod) -> dict:
    return {
        "issuer": row.issuer,
        "also_called": row.also_called,
        "topics": row.topics,
        "starts_at": stamp(row.starts_at),
        "ends_at": row.ends_at and stamp(row.ends_at),
        "reason": row.reason,
    }


@transaction.atomic
def end_quiet_period(period: QuietPeriod, *, actor: Person) -> None:
    """End it now; one that has not begun never will have been. What is over stays over."""
    _check(actor)
    _hold_lists()
    period, now = QuietPeriod.objects.get(pk=period.pk), timezone.now()
    if period.is_over(now):
        return
    record("quiet_period.ended", actor=actor, subject=subject_of(period))
    period.ends_at = max(now, period.starts_at)
    period.save(update_fields=["ends_at"])
    _stamp_lists()


def _check(actor: Person) -> None:
    if not actor.has_perm("organization.keep_lists"):
        raise PermissionDenied("Only those who draft or approve policies keep what we watch for.")


def _hold_lists() -> None:
    """One change of the lists at a time; the company's row is the lock."""
    Company.objects.get_or_create(pk=1, defaults={"name": ""})
    Company.objects.select_for_update().get(pk=1)


def _stamp_lists() -> None:
    """A new stamp, which no process has seen: each reads the lists anew. Never a number, which a rollback repeats."""
    Company.objects.filter(pk=1).update(lists_stamp=uuid.uuid4())
