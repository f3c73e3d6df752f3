"""Days on which a unit, or the whole company, is closed beside the public holidays."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ledger.models import Entry

from .calendars import Closed


class ClosureQuerySet(models.QuerySet):
    def holding_for(self, units: models.QuerySet | list) -> "ClosureQuerySet":
        """Those of these units and those of the whole company."""
        return self.filter(Q(unit=None) | Q(unit__in=units))

    def not_over(self, today: dt.date) -> "ClosureQuerySet":
        return self.filter(ends_on__gte=today)


class Closure(models.Model):
    """Closing days with a name, such as the days between the years; both ends included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.CASCADE, null=True, related_name="closures"
    )  # null: every unit
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="closure_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_on} to {self.ends_on}"

    @property
    def days(self) -> Closed:
        return Closed(self.starts_on, self.ends_on)
