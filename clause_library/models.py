"""Clauses and their versions."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from ledger.models import Entry

from . import states
from .checks import CheckedClause
from .files import ClauseText


class Category(models.Model):
    """A shelf of the library; rights to draft can be granted per shelf."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    about = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """A topic that the library can speak to. It lives for ever; its words are its versions'."""

    name = models.SlugField(max_length=80, unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="clauses")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClauseVersionQuerySet(models.QuerySet):
    def approved(self) -> "ClauseVersionQuerySet":
        return self.filter(state=states.State.APPROVED)

    def latest_approved(self) -> "ClauseVersionQuerySet":
        """One version a clause: the newest approved one."""
        newest = (
            self.model.objects.approved()
            .filter(clause=models.OuterRef("clause"))
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest))


class ClauseVersion(states.Lifecycle):
    """A clause's exact words, frozen once approved."""

    class Significance(models.TextChoices):
        MATERIAL = "material", "Material: people must read it again"
        EDITORIAL = "editorial", "Editorial: nothing changes for people"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    short = models.CharField(max_length=300)
    body = models.TextField()
    why = models.TextField()
    do = models.JSONField(default=list)
    dont = models.JSONField(default=list)
    jurisdictions = models.JSONField(default=list)
    sectors = models.JSONField(default=list)
    citations = models.JSONField(default=list)
    blanks = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    significance = models.CharField(
        max_length=10, choices=Significance, default=Significance.MATERIAL
    )
    change_note = models.CharField(max_length=300, blank=True)
    review_note = models.CharField(max_length=1000, blank=True)  # why it came back
    digest = models.CharField(max_length=64)  # sha256 hex of the canonical content
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    writers = models.JSONField(default=list)  # ids of all who wrote in it: none of them approves
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = ClauseVersionQuerySet.as_manager()

    class Meta:
        ordering = ["clause", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["clause"],
                condition=models.Q(state__in=["draft", "in_review"]),
                name="one_open_version_per_clause",
            ),
        ]
        permissions = [
            ("draft_clause", "Can draft clauses"),
            ("approve_clause", "Can approve clauses"),
        ]

    def __str__(self) -> str:
        return f"{self.clause.name} {self.number}"

    @property
    def is_open(self) -> bool:
        """Still being written."""
        return self.state in {states.State.DRAFT, states.State.IN_REVIEW}

    @property
    def checked(self) -> CheckedClause:
        """Its checks, as they are compiled."""
        return CheckedClause(self.clause.name, self.number, self.checks)

    @property
    def text(self) -> ClauseText:
        """The content as assembly, checks and digests take it."""
        return ClauseText(
            name=self.clause.name,
            category=self.clause.category.slug,
            title=self.title,
            short=self.short,
            why=self.why,
            body=self.body,
            do=tuple(self.do),
            dont=tuple(self.dont),
            jurisdictions=tuple(self.jurisdictions),
            sectors=tuple(self.sectors),
            citations=tuple(self.citations),
            blanks=tuple(self.blanks),
            checks=tuple(self.checks),
            version=self.number,
        )
