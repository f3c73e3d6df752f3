"""What checks noticed in posts, what reviewers said of it, what they missed, and what is settled.

A hit is written once for each finding of a revision; whatever people say of it stands in rows beside it, each written
once with its entry. Who looks for rates and lists counts these rows; no post is copied into them.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clause_library.models import ClauseVersion
from ledger.models import Entry
from organization.models import Person, Unit

from . import states

LONGEST_NAME = 200
LONGEST_REASON = 500


class SettlementQuerySet(models.QuerySet):
    def standing(self) -> "SettlementQuerySet":
        return self.filter(state=states.SettlementState.STANDS)

    def holding_for(self, author: Person, channel_kind: str) -> "SettlementQuerySet":
        """In this author's context. Nobody is helped by what they settled themselves (invariant 3)."""
        return (
            self.standing()
            .filter(unit=author.unit_id, relation=author.relation, channel_kind=channel_kind)
            .exclude(settled_by=author.pk)
        )


class Settlement(states.SettlementLifecycle):
    """A finding that was overruled, remembered for its phrase and context; see `approvals.settling`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verdict = models.OneToOneField(
        "FindingVerdict", on_delete=models.PROTECT, related_name="settlement"
    )
    clause_name = models.CharField(max_length=80)
    check_name = models.CharField(max_length=LONGEST_NAME)
    version = models.PositiveIntegerField()  # of the clause; the next one asks again
    phrase = models.CharField(max_length=64)  # digest, see settling.phrase_digest
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=10, choices=Person.Relation)
    channel_kind = models.CharField(max_length=30)
    because = models.CharField(max_length=LONGEST_REASON)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    looked_again_at = models.DateTimeField(
        null=True
    )  # after lifting: at the posts that relied on it
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = SettlementQuerySet.as_manager()

    class Meta:
        ordering = ["-settled_at"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "phrase",
                    "version",
                    "unit",
                    "relation",
                    "channel_kind",
                    "settled_by",
                ],
                condition=Q(state="stands"),
                name="settled_once_by_each_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(state="stands") | Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="lifted_by_somebody",
            ),
        ]
        permissions = [("lift_settlement", "Can lift what reviewers have settled")]

    def __str__(self) -> str:
        return f"{self.check_name}, settled by {self.settled_by_id}"


class Hit(models.Model):
    """One finding of a revision, as its check's record counts it. Rows are written once."""

    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="hits")
    clause_name = models.CharField(max_length=80)
    check_name = models.CharField(max_length=LONGEST_NAME)
    version = models.PositiveIntegerField()
    category = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)
    start = models.PositiveIntegerField()  # code points of the text as typed
    end = models.PositiveIntegerField()
    where = models.CharField(max_length=12, blank=True)  # another text than the post's own
    phrase = models.CharField(max_length=64)  # digest, see settling.phrase_digest
    may_settle = models.BooleanField()
    settlement = models.ForeignKey(
        Settlement, on_delete=models.PROTECT, null=True, related_name="hits"
    )  # that it relied on when it was found
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "revision",
                    "clause_name",
                    "check_name",
                    "version",
                    "start",
                    "end",
                    "where",
                ],
                name="noted_once",
            )
        ]
        indexes = [models.Index(fields=["clause_name", "check_name", "found_at"])]

    def __str__(self) -> str:
        return f"{self.clause_name}/{self.check_name} in {self.revision_id}"

    @property
    def key(self) -> tuple:
        """What names a finding within its revision; the text that it stands in last, where it is not the post's own."""
        place = self.clause_name, self.check_name, self.version, self.start, self.end
        return (*place, self.where) if self.where else place


class FindingVerdict(models.Model):
    """What a reviewer said of one finding: right, or fine here because. Rows are written once."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Right to ask"
        OVERRULED = "overruled", "Fine here"

    hit = models.OneToOneField(Hit, on_delete=models.PROTECT, related_name="verdict")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["judged_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="overruled") | ~Q(reason=""), name="overruled_with_a_reason"
            )
        ]
        indexes = [models.Index(fields=["judged_at"])]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.reviewer_id}"


class Miss(models.Model):
    """A passage that a check should have noticed, by a reviewer. Rows are written once."""

    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="misses")
    clause_name = models.CharField(max_length=80)
    check_name = models.CharField(max_length=LONGEST_NAME, blank=True)  # empty: the clause has none
    version = models.PositiveIntegerField()
    start = models.PositiveIntegerField()  # code points of the text as typed
    end = models.PositiveIntegerField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    noticed_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["noticed_at"]
        verbose_name_plural = "misses"
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "clause_name", "check_name", "start", "end"],
                name="missed_once",
            )
        ]
        indexes = [models.Index(fields=["clause_name", "check_name", "noticed_at"])]

    def __str__(self) -> str:
        return f"{self.clause_name}/{self.check_name} missed in {self.revision_id}"


class Replay(models.Model):
    """What a version's checks would change in the last decided posts: asked for, under way, or done.

    Of the posts it keeps which they are and what would be found where (`approvals.replay`), none of their words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(ClauseVersion, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # of the version as it stood then
    checks = models.JSONField(default=list)  # likewise
    most = models.PositiveSmallIntegerField()  # how many posts at most
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    done = models.PositiveSmallIntegerField(default=0)
    of = models.PositiveSmallIntegerField(default=0)
    changed = models.JSONField(default=list)
    problem = models.CharField(max_length=1000, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"Replay of {self.version}"
