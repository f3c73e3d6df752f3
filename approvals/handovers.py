"""Who had a post, one after another, and why it went on. Rows are written once."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from ledger.models import Entry
from organization.models import Delegation, Person


class HandOverQuerySet(models.QuerySet):
    def had_by(self, revision: models.Model) -> set[uuid.UUID]:
        """Everybody who owned this revision before its present owner."""
        known = self.filter(revision=revision).exclude(from_owner=None)
        return set(known.values_list("from_owner", flat=True))

    def stood_in_by(self, submission: models.Model, person: Person) -> Delegation | None:
        """The absence for which this person has the post now; None where they have it in their own right."""
        latest = self.filter(revision=submission.revision_id).select_related("delegation__of")
        latest = latest.order_by("-entry").first()
        if latest is None or latest.to_owner_id != person.pk or submission.owner_id != person.pk:
            return None
        return latest.delegation


class HandOver(models.Model):
    """One change of owner while a post waits."""

    class Because(models.TextChoices):
        BY_HAND = "by_hand", "Its reviewer handed it on."
        HALF_TIME = "half_time", "Half of the promised time was up."
        TIME_UP = "time_up", "The promised time was up."
        OVERDUE = "overdue", "The promised time was long up."
        AWAY = "away", "Its reviewer is away."
        LEFT = "left", "Its reviewer has left."
        FOUND = "found", "Nobody who may decide was there before."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(
        "approvals.Revision", on_delete=models.PROTECT, related_name="hand_overs"
    )
    from_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: nobody who may decide is there
    because = models.CharField(max_length=10, choices=Because)
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, related_name="+"
    )  # where the new owner decides for somebody who is away
    handed_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["handed_at"]

    def __str__(self) -> str:
        return f"To {self.to_owner_id}: {self.because}"
