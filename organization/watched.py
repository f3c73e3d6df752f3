"""What legal and comms have the checks watch for: names that are secrets themselves, sites, quiet periods.

They stand here, beside the company and its rivals, because they are the company's and no edition's: a name is kept
from the moment it is added, without a new edition. Whoever screens asks from above. What a row says never stands in
its ``str``, a log, a notice or the open part of an entry.
"""

import datetime as dt
import unicodedata
import uuid
import zoneinfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ledger.models import Entry


class WatchedNameQuerySet(models.QuerySet):
    def watched(self) -> "WatchedNameQuerySet":
        """Those that the checks look for now."""
        return self.filter(ended_at=None)

    def on(self, which: str) -> "WatchedNameQuerySet":
        return self.filter(list=which)


class WatchedName(models.Model):
    """A name on one of the company's lists, from the day it was added until it is taken off."""

    class List(models.TextChoices):
        PROJECT_NAMES = "project_names", "Project names"
        UNANNOUNCED_CUSTOMERS = "unannounced_customers", "Customers not yet public"
        DENIED_HOSTS = "denied_hosts", "Sites we never link to"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.CharField(max_length=30, choices=List)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=240)  # folded: two spellings of one name are one
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    looked_again_at = models.DateTimeField(null=True)  # posts under way have been screened with it
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = WatchedNameQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "key"], condition=Q(ended_at=None), name="one_name_per_list"
            )
        ]
        permissions = [("keep_lists", "Can keep what we watch for")]

    def __str__(self) -> str:
        return f"{self.get_list_display()}: {self.pk}"


def key_of(name: str) -> str:
    """By what two spellings are told to be one: case, width and spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class QuietPeriodQuerySet(models.QuerySet):
    def open(self, at: dt.datetime | None = None) -> "QuietPeriodQuerySet":
        at = at or timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)

    def not_over(self, at: dt.datetime | None = None) -> "QuietPeriodQuerySet":
        """Those that are open or still to come."""
        called_off = Q(ends_at__lte=F("starts_at"))
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at or timezone.now()) & ~called_off)


class QuietPeriod(models.Model):
    """A window in which nobody speaks of an issuer's closed topics. Without an issuer it is our own."""

    class Topic(models.TextChoices):
        RESULTS = "results", "Results, forecasts and prospects"
        DEAL = "deal", "Deals: mergers, talks, big contracts"
        OFFERING = "offering", "Shares and offerings"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.CharField(max_length=120, blank=True)
    also_called = models.JSONField(default=list, blank=True)  # other names and tickers, list of str
    topics = models.JSONField()  # list of Topic: what is closed
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(
        null=True
    )  # the first moment after it; null: until somebody ends it
    time_zone = models.CharField(max_length=64)  # of the unit on whose clock it was given
    reason = models.CharField(
        max_length=500, blank=True
    )  # for those who keep the lists, nobody else
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    looked_again_at = models.DateTimeField(null=True)  # posts under way have been screened with it
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = QuietPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="quiet_period_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"Quiet period {self.pk}"

    @property
    def is_own(self) -> bool:
        return not self.issuer

    @property
    def names(self) -> tuple[str, ...]:
        """By which names posts may speak of the issuer, besides those of the company."""
        return tuple(filter(None, [self.issuer, *self.also_called]))

    @property
    def closed(self) -> list[str]:
        """What is closed, in words."""
        return [self.Topic(topic).label for topic in self.topics]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def is_open(self, at: dt.datetime | None = None) -> bool:
        at = at or timezone.now()
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def is_over(self, at: dt.datetime | None = None) -> bool:
        """Also where it was called off before it began."""
        return self.ends_at is not None and self.ends_at <= max(
            at or timezone.now(), self.starts_at
        )
