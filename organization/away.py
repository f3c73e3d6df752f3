"""Who is away, between two moments, and who decides for them meanwhile."""

import datetime as dt
import uuid
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ledger.models import Entry


class DelegationQuerySet(models.QuerySet):
    def open(self, at: dt.datetime | None = None) -> "DelegationQuerySet":
        at = at or timezone.now()
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def not_over(self, at: dt.datetime | None = None) -> "DelegationQuerySet":
        """Those that are open or still to come; what was called off before it began is neither."""
        return self.filter(ends_at__gt=at or timezone.now()).exclude(ends_at=F("starts_at"))

    def overlapping(self, starts_at: dt.datetime, ends_at: dt.datetime) -> "DelegationQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exclude(
            ends_at=F("starts_at")
        )

    def stand_in(self, of: UUID, at: dt.datetime | None = None) -> UUID | None:
        """Who decides for this person now: the last of the chain of those who are away. One query."""
        return last_of(dict(self.open(at).values_list("of", "to")), of)


def last_of(chain: Mapping[UUID, UUID | None], of: UUID) -> UUID | None:
    """Follow who stands in for whom to somebody who is there; None where that leads nowhere, or in a circle."""
    passed = {of}
    to = chain.get(of)
    while to in chain:
        if to in passed:
            return None
        passed.add(to)
        to = chain[to]
    return None if to in passed else to


class Delegation(models.Model):
    """An absence. Without a delegate, what would have come to the person goes where it goes anyway."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # the first moment after it
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="delegation_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(of=F("to")), name="nobody_is_their_own_delegate"),
        ]
        indexes = [models.Index(fields=["of", "ends_at"], name="absences_of_a_person")]

    def __str__(self) -> str:
        return f"{self.of_id} away until {self.ends_at}"

    def is_open(self, at: dt.datetime | None = None) -> bool:
        return self.starts_at <= (at or timezone.now()) < self.ends_at
