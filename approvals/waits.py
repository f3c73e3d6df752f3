"""How long each post waited, one row for each stage of each round, and forecasts of it.

`approvals.timekeeping` writes a wait in the transaction of the step that it tells of.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from ledger.models import Entry
from organization.models import Unit

from . import pace

OF_ENDED = (
    "unit",
    "lane",
    "stage",
    "is_first",
    "outcome",
    "wall",
    "business",
    "touch_wall",
    "touch_business",
    "answer_wall",
    "answer_business",
    "touches",
    "passed_on",
)
OF_CLEARED = ("unit", "lane", "outcome", "clear_wall", "clear_business", "run_touches")


class Wait(models.Model):
    """One time that a post waited for people, see `pace.Wait`; times in seconds, as `pace.kept_seconds` keeps them.

    Days are those of the unit's own calendar. Open while ``ended_at`` is empty; what is told of answers and
    clearances is empty until there is one.
    """

    submission = models.ForeignKey("Submission", on_delete=models.PROTECT, related_name="waits")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")  # that began it
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    lane = models.CharField(max_length=6)
    stage = models.PositiveSmallIntegerField(default=0)
    since_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField()
    first_touch_at = models.DateTimeField(null=True)
    touches = models.PositiveSmallIntegerField(default=0)
    run_touches = models.PositiveSmallIntegerField(default=0)  # since it was first put forward
    passed_on = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=30, blank=True)  # the step that ended it
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # for the forecast; no page tells how fast a person is
    wall = models.PositiveIntegerField(null=True)  # of the stage
    business = models.PositiveIntegerField(null=True)
    is_first = models.BooleanField(default=True)  # stage of its round
    touch_wall = models.PositiveIntegerField(null=True)  # from asking to the first touch
    touch_business = models.PositiveIntegerField(null=True)
    answer_wall = models.PositiveIntegerField(null=True)  # from asking to what the author is told
    answer_business = models.PositiveIntegerField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_on = models.DateField(null=True)
    clear_wall = models.PositiveIntegerField(null=True)  # from first asking, over all rounds
    clear_business = models.PositiveIntegerField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    lapsed_on = models.DateField(null=True)

    class Meta:
        ordering = ["entry_id"]
        indexes = [
            models.Index(fields=["submission", "-entry"], name="last_wait"),
            # The page of numbers reads from these alone, and never a row.
            models.Index(fields=["ended_on", *OF_ENDED], name="waits_ended"),
            models.Index(fields=["cleared_on", *OF_CLEARED], name="waits_cleared"),
            models.Index(
                fields=["lapsed_on"], condition=models.Q(lapsed_on__isnull=False), name="lapsed"
            ),
            models.Index(
                fields=["unit", "lane", "ended_on", "answer_wall", "answer_business"],
                name="usual_wait",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(ended_at=None),
                name="waits_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Wait of {self.submission_id}, {self.outcome or 'open'}"

    @property
    def told(self) -> pace.Wait:
        """What `pace` reads of it."""
        return pace.Wait(**{name: getattr(self, name) for name in FOLLOWED})


FOLLOWED = tuple(pace.Wait.__dataclass_fields__)


class Forecast(models.Model):
    """How long posts would wait: asked for, under way, or done. Its inputs and seed give its result again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.JSONField()  # forecasting.Asked: what if
    inputs = models.JSONField(null=True)  # what the simulation reads, once the history was read
    seed = models.PositiveIntegerField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    done = models.PositiveSmallIntegerField(default=0)  # runs
    of = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    problem = models.CharField(max_length=1000, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"Forecast of {self.asked_at:%Y-%m-%d %H:%M}"
