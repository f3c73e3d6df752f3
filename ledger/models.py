"""What the ledger keeps: entries, what they sealed, the tree over them, and its signed heads."""

import json
from typing import Any

from django.db import models
from django.utils import timezone

from .fields import BytesField


class Effect(models.Model):
    """That a row took the state which its entry claims. Only the state guards' triggers add rows."""

    index = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = "effect"

    def __str__(self) -> str:
        return f"Effect of entry {self.index}"


class EntryQuerySet(models.QuerySet):
    def about(self, subject: str) -> "EntryQuerySet":
        """The story of one subject, in the order in which it happened."""
        return self.filter(subject=subject).order_by("index")


class Entry(models.Model):
    """One line of the ledger: who did what, to what, when. `body` is what is hashed, as stored.

    The other columns repeat what the body says, for queries. An entry that claims a state needs
    its effect at commit: the foreign key is deferred, and only a state guard adds the effect.
    """

    index = models.BigIntegerField(primary_key=True)
    type = models.CharField(max_length=100)
    subject = models.CharField(max_length=150, db_index=True)
    state = models.CharField(max_length=50, null=True)  # noqa: DJ001  no state is not an empty one
    body = BytesField()
    leaf_hash = BytesField(max_length=32)
    created_at = models.DateTimeField()
    effect = models.OneToOneField(Effect, on_delete=models.PROTECT, null=True, related_name="+")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["index"]
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__isnull=True, effect__isnull=True)
                | models.Q(state__isnull=False, effect__isnull=False, effect=models.F("index")),
                name="a_state_needs_its_effect",
            )
        ]

    def __str__(self) -> str:
        return f"Entry {self.index}, {self.type}"

    @property
    def content(self) -> dict[str, Any]:
        """What the entry says, read from the bytes that are in the tree."""
        return json.loads(self.body)

    def opened(self, label: str) -> tuple[str, Any] | None:
        """The key (hex) and value that were sealed under this label; None once they are erased."""
        if label not in self.content["sealed"]:
            raise KeyError(f"Entry {self.index} sealed nothing under {label!r}.")
        sealed = self.sealed_values.filter(label=label).first()
        return sealed and (sealed.key.hex(), json.loads(sealed.value))


class Sealed(models.Model):
    """Personal data of an entry, which holds only a keyed digest of it: erasing breaks no proof."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="sealed_values")
    label = models.CharField(max_length=50)
    key = BytesField(max_length=32)
    value = BytesField()

    class Meta:
        verbose_name_plural = "sealed values"
        constraints = [
            models.UniqueConstraint(fields=["entry", "label"], name="one_sealed_value_per_label")
        ]

    def __str__(self) -> str:
        return f"{self.label} of entry {self.entry_id}"


class Head(models.Model):
    """The one row that is locked to take the next index: size and frontier of the tree."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    frontier = BytesField(default=b"", max_length=63 * 32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_head")]

    def __str__(self) -> str:
        return f"Head at {self.size} entries"


class Subtree(models.Model):
    """Root of a full subtree of 256**level entries, so that a proof needs few small reads."""

    level = models.PositiveSmallIntegerField()
    position = models.BigIntegerField()
    hash = BytesField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "position"], name="one_hash_per_subtree")
        ]

    def __str__(self) -> str:
        return f"Subtree {self.position} of level {self.level}"


class Checkpoint(models.Model):
    """The signed head of the ledger at one size, in the C2SP signed-note form."""

    size = models.BigIntegerField(primary_key=True)
    root = BytesField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["size"]
        get_latest_by = "size"

    def __str__(self) -> str:
        return f"Checkpoint at {self.size} entries"
