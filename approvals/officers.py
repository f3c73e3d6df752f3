"""What officers and administrators do beforehand: sign standing approvals, and keep channels and their desks."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from guardian.shortcuts import assign_perm

from ledger.records import record, stamp, subject_of
from organization.models import Person, Unit

from .models import Channel, StandingApproval


@transaction.atomic
def give_standing_approval(
    *,
    actor: Person,
    units: Sequence[Unit],
    channels: Sequence[Channel],
    daily_cap: int,
    sampling_percent: int,
    ends_at: dt.datetime,
) -> StandingApproval:
    """Sign, in advance, for posts in which nothing is found."""
    if not actor.has_perm("approvals.give_standing_approval"):
        raise PermissionDenied("Only an approver signs standing approvals.")
    standing = StandingApproval(
        officer=actor,
        daily_cap=daily_cap,
        sampling_percent=sampling_percent,
        ends_at=ends_at,
        statement=(
            f"I, {actor.name}, clear in advance every post in which the checks of the policy in "
            f"force find nothing, for {_list(units)}, on {_list(channels)}: at most {daily_cap} a "
            f"day, until {ends_at:%d %B %Y}. One in every {100 // sampling_percent} is looked at "
            "afterwards."
            if sampling_percent
            else f"I, {actor.name}, clear in advance every post in which the checks of the policy "
            f"in force find nothing, for {_list(units)}, on {_list(channels)}: at most "
            f"{daily_cap} a day, until {ends_at:%d %B %Y}."
        ),
    )
    standing.entry = record(
        "standing_approval.given",
        actor=actor,
        subject=subject_of(standing),
        data={
            "units": [unit.pk for unit in units],
            "channels": [channel.pk for channel in channels],
            "daily_cap": daily_cap,
            "sampling_percent": sampling_percent,
            "ends_at": stamp(ends_at),
        },
        sealed={"statement": standing.statement},
    )
    standing.save(force_insert=True)
    standing.units.set(units)
    standing.channels.set(channels)
    return standing


@transaction.atomic
def revoke_standing_approval(standing: StandingApproval, *, actor: Person) -> None:
    """End it from now on; what it cleared stays cleared."""
    standing = StandingApproval.objects.select_for_update().get(pk=standing.pk)
    if not actor.has_perm("approvals.give_standing_approval"):
        raise PermissionDenied("Only an approver ends standing approvals.")
    if standing.revoked_at is None:
        record("standing_approval.revoked", actor=actor, subject=subject_of(standing))
        standing.revoked_at = timezone.now()
        standing.save(update_fields=["revoked_at"])


def _list(things: Sequence[object]) -> str:
    return ", ".join(str(thing) for thing in things)


@transaction.atomic
def keep_channel(channel: Channel, *, actor: Person, reviewers: Iterable[Person]) -> Channel:
    """Save a channel, and who sits at its desk: the group that holds the right to decide on its posts."""
    if not actor.has_perm("approvals.manage_channels"):
        raise PermissionDenied("Only an administrator keeps channels.")
    channel.save()
    desk, _ = Group.objects.get_or_create(name=f"Desk of channel {channel.pk}")
    assign_perm("approvals.review_channel", desk, channel)
    desk.user_set.set(reviewers)
    record(
        "channel.kept",
        actor=actor,
        subject=subject_of(channel),
        data=channel.snapshot()
        | {
            "is_official": channel.is_official,
            "content_class": channel.content_class,
            "is_active": channel.is_active,
            "reviewers": sorted(str(person.pk) for person in reviewers),
            "deputy": channel.deputy_id and str(channel.deputy_id),
        },
    )
    return channel
