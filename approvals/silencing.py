"""Setting a blackout, and ending it early."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ledger.records import record, stamp, subject_of
from organization.models import Person
from organization.watching import Window

from .blackouts import Blackout
from .models import Channel


@transaction.atomic
def set_blackout(
    *, actor: Person, key: uuid.UUID, window: Window, channels: Sequence[Channel], reason: str
) -> Blackout:
    """Have these channels (none named: all of them, those to come as well) be silent for a while.

    ``key`` is made by the form, so the same press twice is one blackout. Raises ValueError for a window with a time
    that never comes.
    """
    _check(actor)
    if earlier := Blackout.objects.filter(pk=key).first():
        return earlier
    starts_at, ends_at = window.moments()
    blackout = Blackout(
        pk=key,
        is_for_all=not channels,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=window.unit.time_zone,
        reason=reason,
        set_by=actor,
    )
    blackout.entry = record(
        "blackout.set",
        actor=actor,
        subject=subject_of(blackout),
        data={
            "channels": sorted(channel.pk for channel in channels),
            "is_for_all": blackout.is_for_all,
            "starts_at": stamp(starts_at),
            "ends_at": stamp(ends_at),
        },
        sealed={"reason": reason},
    )
    blackout.save(force_insert=True)
    blackout.channels.set(channels)
    return blackout


@transaction.atomic
def end_blackout(blackout: Blackout, *, actor: Person) -> None:
    """End it now; one that has not begun never will have been. What is over stays over."""
    _check(actor)
    blackout = Blackout.objects.select_for_update().get(pk=blackout.pk)
    now = timezone.now()
    if blackout.ends_at <= max(now, blackout.starts_at):
        return
    record("blackout.ended", actor=actor, subject=subject_of(blackout))
    blackout.ends_at = max(now, blackout.starts_at)
    blackout.save(update_fields=["ends_at"])


def _check(actor: Person) -> None:
    if not actor.has_perm("approvals.keep_blackouts"):
        raise PermissionDenied("Only reviewers and approvers keep blackouts.")
