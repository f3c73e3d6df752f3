"""Verdicts before they take effect: what waits to be written of them, and that they were taken back."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from ledger.models import Entry


class Pending(models.Model):
    """What a reviewer said of the findings, until the verdict takes effect or is undone; then the row goes."""

    review = models.OneToOneField("Review", on_delete=models.PROTECT, related_name="pending")
    said = models.JSONField()  # judging.Said.as_data()

    class Meta:
        ordering = ["review"]
        verbose_name_plural = "pending"

    def __str__(self) -> str:
        return f"Pending of {self.review_id}"


class Undoing(models.Model):
    """That a verdict was taken back before it had any effect. Rows are written once."""

    review = models.OneToOneField("Review", on_delete=models.PROTECT, related_name="undoing")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["undone_at"]

    def __str__(self) -> str:
        return f"{self.review_id} undone by {self.undone_by_id}"
