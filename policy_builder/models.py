"""Policies, their editions, and who has acknowledged them."""

import datetime as dt
import hashlib
import json
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Concat
from django.utils import timezone

from clause_library.models import ClauseVersion
from documents.models import StoredFile
from ledger.models import Entry
from organization.kept import KeptDocument
from organization.models import Notice, Unit

from . import states


class DamagedEditionError(Exception):
    """The bytes of an issued edition have changed: restore them from a backup."""


class Policy(models.Model):
    """A living policy for some units (all, where none is named). Its editions are its issued texts."""

    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80, unique=True)
    playbook = models.CharField(max_length=80)  # name of the playbook it started from
    units = models.ManyToManyField(Unit, blank=True, related_name="policies")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.title


class EditionQuerySet(models.QuerySet):
    def issued(self) -> "EditionQuerySet":
        """Every text that was ever put in force, the superseded and withdrawn ones too."""
        state = states.EditionState
        return self.filter(state__in=[state.ISSUED, state.SUPERSEDED, state.WITHDRAWN])

    def in_force(self, at: dt.datetime | None = None) -> "EditionQuerySet":
        """For each policy the newest issued edition whose date has come."""
        at = at or timezone.now()
        newest = (
            self.model.objects.filter(
                policy=models.OuterRef("policy"),
                state=states.EditionState.ISSUED,
                in_force_from__lte=at,
            )
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest))

    def material_after(self, edition: "Edition") -> "EditionQuerySet":
        """Those in force with a higher number that people must read again."""
        material = ClauseVersion.Significance.MATERIAL
        return self.in_force().filter(number__gt=edition.number, significance=material)

    def same_rules_as(self, edition: "Edition") -> "EditionQuerySet":
        """Editions up to this one that say the same to people: those since the last material change."""
        material = ClauseVersion.Significance.MATERIAL
        before = self.issued().filter(number__lte=edition.number)
        last = before.filter(significance=material).aggregate(last=models.Max("number"))["last"]
        return before.filter(number__gte=last or 0)

    def for_unit(self, unit: Unit) -> "EditionQuerySet":
        """Editions whose policy names the unit, or names none; the one that names it comes first."""
        return (
            self.filter(models.Q(policy__units=unit) | models.Q(policy__units=None))
            .annotate(is_for_all=models.Q(policy__units=None))
            .order_by("is_for_all", "-issued_at")
            .distinct()
        )


class Edition(states.EditionLifecycle):
    """One text of a policy: a draft until it is issued, frozen from then on (invariant 1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(null=True)  # given at issue
    answers = models.JSONField(default=dict)
    overrides = models.JSONField(default=dict)  # what the drafter changed; see assembly.Overrides
    pinned = models.JSONField(
        default=dict
    )  # clause name -> ClauseVersion id, chosen for this draft
    significance = models.CharField(
        max_length=10,
        choices=ClauseVersion.Significance,
        default=ClauseVersion.Significance.MATERIAL,
    )
    change_note = models.CharField(max_length=300, blank=True)
    review_note = models.CharField(max_length=1000, blank=True)  # why it came back
    in_force_from = models.DateTimeField(null=True)
    text_digest = models.CharField(max_length=64)  # of the draft as assembled; what an approver saw
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    writers = models.JSONField(default=list)  # ids of all who wrote in it: none of them approves
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    snapshot = models.BinaryField(null=True)  # canonical JSON, written once at issue
    digest = models.CharField(max_length=64, blank=True)  # sha256 hex of the snapshot
    html = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_edition_per_number"),
            models.UniqueConstraint(
                fields=["policy"],
                condition=models.Q(state__in=["draft", "in_review", "approved"]),
                name="one_open_draft_per_policy",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "in_review", "approved"])
                | models.Q(
                    number__isnull=False, snapshot__isnull=False, in_force_from__isnull=False
                ),
                name="issued_edition_is_frozen",
            ),
        ]
        permissions = [
            ("draft_policy", "Can draft policies"),
            ("approve_edition", "Can approve editions"),
            ("open_round", "Can open acknowledgement rounds"),
        ]

    def __str__(self) -> str:
        return f"{self.policy.title}, edition {self.number or '(draft)'}"

    @property
    def jurisdiction(self) -> str:
        """Whose law it is written for; frozen with its text."""
        return self.content["policy"]["jurisdiction"]

    @property
    def content(self) -> dict:
        """The frozen snapshot, read from its bytes; refused where they are not the ones that were issued."""
        data = bytes(self.snapshot)
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise DamagedEditionError(f"The snapshot of {self} is not the one that was issued.")
        return json.loads(data)

    @property
    def is_editorial(self) -> bool:
        return self.significance == ClauseVersion.Significance.EDITORIAL

    @property
    def is_open(self) -> bool:
        """Still being written: draft, in review or approved."""
        state = states.EditionState
        return self.state in {state.DRAFT, state.IN_REVIEW, state.APPROVED}

    def is_in_force(self, at: dt.datetime | None = None) -> bool:
        at = at or timezone.now()
        return (
            self.state == states.EditionState.ISSUED
            and self.in_force_from is not None
            and self.in_force_from <= at
        )


class Provision(models.Model):
    """A clause version as it stands, numbered, in one issued edition. Rows are written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="provisions")
    clause_version = models.ForeignKey(
        ClauseVersion, on_delete=models.PROTECT, related_name="provisions"
    )
    number = models.CharField(max_length=12)  # e.g. "3.2"
    anchor = models.SlugField(max_length=80)  # the clause's name: the same in every edition
    title = models.CharField(max_length=160)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "anchor"], name="one_provision_per_anchor"),
            models.UniqueConstraint(fields=["edition", "number"], name="one_provision_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Round(models.Model):
    """One asking for acknowledgements of an edition, from the people whom its policy covers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="round")
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"Round for {self.edition}"


class AcknowledgementQuerySet(models.QuerySet):
    def due(self) -> "AcknowledgementQuerySet":
        return self.filter(state=states.AcknowledgementState.DUE)

    def of(self, person) -> "AcknowledgementQuerySet":
        return self.filter(person=person)

    def untold(self) -> "AcknowledgementQuerySet":
        """Due under an edition in force, to people who have not been told yet."""
        told = Notice.objects.filter(
            person=models.OuterRef("person"),
            key=Concat(models.Value("due:"), models.OuterRef("number")),
        )
        in_force = Edition.objects.in_force().values("pk")
        return self.due().filter(~models.Exists(told), edition__in=in_force)


class Acknowledgement(states.AcknowledgementLifecycle):
    """A person's signed “I have read this edition”, or the request for it."""

    class How(models.TextChoices):
        SIGN_IN = "sign-in", "Signed in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=32, unique=True)  # 128 random bits, hex; on the receipt
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="acknowledgements")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="acknowledgements")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    how = models.CharField(max_length=12, choices=How, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        ordering = ["person"]
        constraints = [
            models.UniqueConstraint(fields=["person", "edition"], name="one_per_person_and_edition")
        ]
        indexes = [models.Index(fields=["edition", "state"])]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.edition_id}: {self.state}"

    def is_overdue(self, at: dt.datetime | None = None) -> bool:
        return self.state == states.AcknowledgementState.DUE and self.round.due_at < (
            at or timezone.now()
        )


class Receipt(KeptDocument):
    """What the person keeps of an acknowledgement: the act, its proof, and the policy inside."""

    acknowledgement = models.OneToOneField(
        Acknowledgement, on_delete=models.PROTECT, related_name="receipt"
    )

    class Meta:
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return f"Receipt {self.acknowledgement.number}"
