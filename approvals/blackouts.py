"""Times in which channels must be silent, whatever is cleared."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ledger.models import Entry


class BlackoutQuerySet(models.QuerySet):
    def not_over(self, at: dt.datetime | None = None) -> "BlackoutQuerySet":
        """Those that are on or still to come; what was called off before it began is neither."""
        return self.filter(ends_at__gt=at or timezone.now()).exclude(ends_at=F("starts_at"))

    def over_channels(self, channels: Iterable[int]) -> "BlackoutQuerySet":
        """Those that silence one of these channels, by their keys."""
        return self.filter(Q(is_for_all=True) | Q(channels__in=list(channels))).distinct()


class Blackout(models.Model):
    """A window in which nothing goes out on its channels, or on none at all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_for_all = models.BooleanField()  # every channel, those to come as well
    channels = models.ManyToManyField("approvals.Channel", related_name="blackouts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # the first moment after it
    time_zone = models.CharField(max_length=64)  # of the unit on whose clock it was given
    reason = models.CharField(max_length=300)  # authors read it
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = BlackoutQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="blackout_ends_after_it_starts"
            )
        ]
        permissions = [("keep_blackouts", "Can set and end blackouts")]

    def __str__(self) -> str:
        return f"Blackout {self.pk}"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def is_on(self, at: dt.datetime | None = None) -> bool:
        return self.starts_at <= (at or timezone.now()) < self.ends_at
