"""Posts that comms has cleared for everybody to share: the shelf."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ledger.models import Entry

from . import bounds, states


class ShelfItem(states.ShelfLifecycle):
    """A cleared post to share, unedited or within bounds; it holds as long as its clearance does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clearance = models.ForeignKey("Clearance", on_delete=models.PROTECT, related_name="shelf_items")
    title = models.CharField(max_length=80)
    template = models.TextField()  # the cleared text with its slots marked; see approvals.bounds
    longest_sentence = models.PositiveSmallIntegerField(default=0)  # code points; 0: none
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField(default=timezone.now)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)
    retired_because = models.CharField(max_length=500, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-put_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clearance"], condition=Q(state="on_shelf"), name="on_the_shelf_once"
            ),
            models.CheckConstraint(
                condition=Q(state="on_shelf")
                | Q(retired_by__isnull=False, retired_at__isnull=False),
                name="retired_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def bounds(self) -> bounds.Bounds:
        return bounds.Bounds(self.clearance.revision.text, self.template, self.longest_sentence)
