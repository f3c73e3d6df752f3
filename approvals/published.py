"""What authors report of cleared posts that are out, who was told of a recall, and who appealed.

Rows are written once, but for the moment at which somebody says that they have seen a recall.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from ledger.models import Entry
from organization.models import Notice

from . import comparing

LONGEST_ADDRESS = 500
LONGEST_APPEAL = 2_000


class Likeness(models.TextChoices):
    """The values are those of approvals.comparing."""

    EQUAL = comparing.EQUAL, "Exactly what was cleared"
    FOLDED = comparing.FOLDED, "The same, but for line ends or how letters are stored"
    TYPOGRAPHY = comparing.TYPOGRAPHY, "The same, but for quotes, dashes or spaces"
    QUERY = comparing.QUERY, "The same, but for parameters that count visits to a link"
    DIFFERENT = comparing.DIFFERENT, "Different from what was cleared"
    NOT_COMPARED = comparing.NOT_COMPARED, "Not compared yet"


class PublicationQuerySet(models.QuerySet):
    def differing(self) -> "PublicationQuerySet":
        """Those that differ, unless the author has mended the post since and shown it."""
        mended = self.model.objects.filter(
            clearance=OuterRef("clearance"),
            channel=OuterRef("channel"),
            pk__gt=OuterRef("pk"),
            verdict__in=comparing.HARMLESS,
        )
        return self.filter(~Exists(mended), verdict=Likeness.DIFFERENT)


class Publication(models.Model):
    """One report that a cleared post is out on one channel; what is known later is another row.

    FINRA 2210(b)(4)(A) wants the dates of first and last use; the report may come after them.
    """

    clearance = models.ForeignKey(
        "Clearance", on_delete=models.PROTECT, related_name="publications"
    )
    channel = models.ForeignKey("Channel", on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    text = models.TextField(blank=True)  # as the author copied it from the network
    verdict = models.CharField(max_length=12, choices=Likeness)
    difference = models.JSONField(null=True)  # comparing.Difference: the first that differs
    first_used_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # None: still out
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_used_at=None) | Q(last_used_at__gte=F("first_used_at")),
                name="last_used_after_first",
            )
        ]
        indexes = [
            models.Index(fields=["clearance"], condition=Q(verdict="different"), name="differing")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} on {self.channel_id}"


class RecallNotice(models.Model):
    """One person whom a recall concerns: told when, and when they said that they have seen it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clearance = models.ForeignKey(
        "Clearance", on_delete=models.PROTECT, related_name="recall_notices"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="+")
    remind_at = models.DateTimeField(null=True)  # None: no more
    seen_at = models.DateTimeField(null=True)
    seen_entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["notice__created_at"]
        constraints = [
            models.UniqueConstraint(fields=["clearance", "person"], name="told_of_a_recall_once"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_entry=None)
                | Q(seen_at__isnull=False, seen_entry__isnull=False, remind_at=None),
                name="seen_with_its_entry",
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="recalls_to_remind_of",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} told of the recall of {self.clearance_id}"


class Appeal(models.Model):
    """An author's word against one decision to decline; another person decides, and that is final."""

    review = models.OneToOneField("Review", on_delete=models.PROTECT, related_name="appeal")
    revision = models.OneToOneField("Revision", on_delete=models.PROTECT, related_name="appeal")
    reason = models.TextField()
    appealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    appealed_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["appealed_at"]

    def __str__(self) -> str:
        return f"Appeal against {self.review_id}"
