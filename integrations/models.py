"""Tokens by which programs act for people, and receivers that are told what happens to posts."""

import base64
import datetime as dt
import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from approvals.models import Channel
from approvals.states import State
from ledger.models import Entry

PREFIX = "cs_"
SECRET_BYTES = 32
WEBHOOK_PREFIX = "whsec_"


def new_secret() -> str:
    """A token as its person gets it, once: 256 random bits behind a prefix that scanners for lost secrets know."""
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a token. 256 random bits cannot be guessed, so no slow hash is needed (ASVS 11.4)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_webhook_secret() -> str:
    """A signing secret as Standard Webhooks writes it: ``whsec_`` and base64 of 32 bytes."""
    return WEBHOOK_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class TokenQuerySet(models.QuerySet):
    def standing(self, at: dt.datetime | None = None) -> "TokenQuerySet":
        """Those that open something now: not revoked, not over, and of somebody who is still here."""
        at = at or timezone.now()
        return self.filter(revoked_at=None, ends_at__gt=at, person__is_active=True)

    def behind(self, secret: str, at: dt.datetime | None = None) -> "Token | None":
        """The standing token with this secret."""
        found = self.standing(at).filter(digest=digest_of(secret))
        return found.select_related("person__unit").first()


class Token(models.Model):
    """By which a program acts for a person, within its scopes. Only a digest of it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens"
    )
    name = models.CharField(max_length=40)  # of the program
    scopes = models.JSONField()  # list of Scope values
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret, hex
    created_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    # How often it was used in one minute: one row, one update for each use.
    counted_at = models.DateTimeField(null=True)  # the minute's beginning
    uses = models.PositiveIntegerField(default=0)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def stands(self, at: dt.datetime | None = None) -> bool:
        return self.revoked_at is None and self.ends_at > (at or timezone.now())


class UsedKey(models.Model):
    """An idempotency key that a person's program has used, with what it was answered."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    taken_at = models.DateTimeField(default=timezone.now)
    # All of these are empty while the request is under way: nothing of it is kept before it is stored (invariant 13).
    request = models.CharField(max_length=64, blank=True)  # a keyed digest of what was asked
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)  # JSON, without the post's text

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["taken_at"], name="keys_by_age")]

    def __str__(self) -> str:
        return f"Key of {self.person_id}"


class Kind(models.TextChoices):
    WEBHOOK = "webhook", "A program of ours (signed webhook)"
    SLACK = "slack", "A room in Slack"
    TEAMS = "teams", "A room in Microsoft Teams"


EVENTS = [(f"submission.{state.value}", state.label) for state in State if state is not State.DRAFT]
REVIEW_WANTED = "review_wanted"


class ReceiverQuerySet(models.QuerySet):
    def active(self) -> "ReceiverQuerySet":
        return self.filter(is_active=True)


class Receiver(models.Model):
    """Who is told, outside, what happens to posts. Its address may be a secret itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=80, unique=True)
    url = models.CharField(max_length=1000)
    events = models.JSONField(default=list, blank=True)  # of a webhook: names in EVENTS
    with_text = models.BooleanField(default=False)  # whether the post's words go out, too
    channels = models.ManyToManyField(Channel, blank=True, related_name="+")  # of a room: its desk
    secret = models.CharField(max_length=60, default=new_webhook_secret)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # one after the other
    rests_until = models.DateTimeField(null=True)  # nothing is tried before, after many failures
    stopped_because = models.CharField(max_length=300, blank=True)

    objects = ReceiverQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_webhook(self) -> bool:
        return self.kind == Kind.WEBHOOK


class DeliveryQuerySet(models.QuerySet):
    def waiting(self) -> "DeliveryQuerySet":
        return self.filter(try_after__isnull=False).order_by("try_after")


class Delivery(models.Model):
    """One message to one receiver: written when the entry is read, sent after it, until it has arrived."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    receiver = models.ForeignKey(Receiver, on_delete=models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now)
    # When a sender may take it up; also the claim of whoever sends it now. Null: it is over.
    try_after = models.DateTimeField(null=True, default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    says = models.CharField(max_length=300, blank=True)  # why it did not arrive

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["receiver", "entry"], name="one_delivery_per_entry")
        ]
        indexes = [
            models.Index(
                fields=["try_after"],
                condition=Q(try_after__isnull=False),
                name="deliveries_to_send",
            ),
            models.Index(fields=["receiver", "-created_at"], name="last_deliveries"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.receiver_id}"

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a receiver can tell a repetition: the entry's index."""
        return f"msg_{self.entry_id}"


class Cursor(models.Model):
    """Up to which entry of the ledger receivers have been served: the one row that a forwarder locks."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    index = models.BigIntegerField()  # of the first entry that is not yet looked at

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_cursor")]

    def __str__(self) -> str:
        return f"Cursor at {self.index}"
