"""Which standing approval lets a green post clear."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, F, Q

from organization.models import Person, Unit

from .models import Channel, Clearance, Lane, StandingApproval
from .screening import Screened

A_DAY = dt.timedelta(days=1)


def hold(unit: Unit) -> None:
    """Until the transaction ends nobody else counts towards their caps, or ends them."""
    list(StandingApproval.objects.filter(units=unit).select_for_update().values_list("pk"))


def hold_word(clearance: Clearance) -> bool:
    """Until the transaction ends nobody recalls it, or leans on it; whether it still stands."""
    held = Clearance.objects.select_for_update().get(pk=clearance.pk)
    return held.recalled_at is None and held.ended_at is None


def covering(
    author: Person, screened: Screened, channels: Sequence[Channel], now: dt.datetime
) -> StandingApproval | None:
    """One that names the unit and every channel, by somebody else, with room left in its 24 hours."""
    if screened.lane != Lane.GREEN:
        return None
    wanted = {channel.pk for channel in channels}
    day = Q(clearances__starts_at__gt=now - A_DAY)
    candidates = (
        StandingApproval.objects.in_force(now)
        .filter(units=author.unit)
        .exclude(officer=author)
        .annotate(today=Count("clearances", filter=day, distinct=True))
        .filter(today__lt=F("daily_cap"))
        .prefetch_related("channels")
        .order_by("starts_at")
    )
    return next(
        (one for one in candidates if wanted <= {channel.pk for channel in one.channels.all()}),
        None,
    )
