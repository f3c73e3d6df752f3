"""The rules of routes, drafted and issued, and what a submission keeps of the route that it goes."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ledger.models import Entry

from . import routes, states
from .lanes import digest_of
from .route_rules import DESK, REGISTRATION, SKILL


class DamagedRulesError(Exception):
    """Kept rules of routes are not the ones that were issued. Nothing goes by them."""


class RouteTable(models.Model):
    """Rules of routes as they were once in force, kept once for each digest. Written once."""

    digest = models.CharField(primary_key=True, max_length=64)  # of the table's canonical JSON
    table = models.JSONField()  # routes.table_of
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kept_at"]

    def __str__(self) -> str:
        return f"Rules of routes {self.digest[:8]}"

    @classmethod
    def keep(cls, table: Mapping[str, Any]) -> "RouteTable":
        return cls.objects.get_or_create(digest=digest_of(table), defaults={"table": table})[0]

    @property
    def checked(self) -> dict[str, Any]:
        """The table; refused where it is not the one that its digest names."""
        if digest_of(self.table) != self.digest:
            raise DamagedRulesError(f"{self} were changed after they were issued.")
        return self.table


class RouteRulesQuerySet(models.QuerySet):
    def in_force(self) -> "RouteRulesQuerySet":
        return self.filter(state=states.RouteRulesState.ISSUED)

    def issued(self) -> "RouteRulesQuerySet":
        """Those in force, and all before them; the newest first."""
        return self.exclude(state=states.RouteRulesState.DRAFT)

    def draft(self) -> "RouteRules | None":
        return self.filter(state=states.RouteRulesState.DRAFT).first()


class RouteRules(states.RouteRulesLifecycle):
    """One numbered text of the rules of routes: a draft until a second person issues it, frozen from then on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    table = models.JSONField()  # as drafted; what is in force is `kept`
    digest = models.CharField(max_length=64)  # of the table; what an issuer saw
    kept = models.ForeignKey(RouteTable, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    writers = models.JSONField(default=list)  # ids of all who wrote in them: none of them issues
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    issued_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    objects = RouteRulesQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "rules of routes"
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="draft"), name="one_draft_of_routes"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="issued"), name="one_table_of_routes_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(kept__isnull=False, kept=models.F("digest"), issued_by__isnull=False),
                name="issued_routes_are_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"Rules of routes {self.number}"

    @property
    def is_in_force(self) -> bool:
        return self.state == states.RouteRulesState.ISSUED

    @property
    def text(self) -> dict[str, Any]:
        """The table: of a draft as it stands, of issued rules the frozen one."""
        return self.kept.checked if self.kept else self.table


def table_in_force() -> dict[str, Any]:
    """By which posts go now: the rules that were issued, or those that are shipped until any are."""
    issued = RouteRules.objects.in_force().select_related("kept").first()
    return issued.text if issued else routes.SHIPPED_TABLE


class Routed(models.Model):
    """What a submission keeps of its route, and of the stage in which it stands (for lists, in columns)."""

    class Asks(models.TextChoices):
        DESK = DESK, "Reviewers of the desk"
        SKILL = SKILL, "Reviewers with a skill"
        REGISTRATION = REGISTRATION, "Registered reviewers of the desk"

    route = models.JSONField(default=dict)  # routes.Route.as_data()
    route_rules = models.CharField(max_length=64, blank=True)  # digest, of the rules it goes by
    stage = models.PositiveSmallIntegerField(default=0)  # in which it stands, or ended
    asks = models.CharField(max_length=12, choices=Asks, default=Asks.DESK)
    asks_named = models.CharField(max_length=60, blank=True)  # the skill or registration, folded
    asks_again = models.BooleanField(default=False)  # also who agreed in another stage
    votes_after = models.BigIntegerField(default=-1)  # index of an entry: what is older is used up

    class Meta:
        abstract = True

    @property
    def way(self) -> routes.Route:
        return routes.Route.of_data(self.route)

    @property
    def asked(self) -> routes.Stage:
        """The stage in which it stands."""
        stages = self.way.stages
        return stages[self.stage] if self.stage < len(stages) else routes.ANY_OF_THE_DESK


def standing_at(route: routes.Route, number: int) -> dict[str, Any]:
    """The columns of `Routed` for a post that stands in this stage of its route."""
    stage = route.stages[number]
    return {
        "route": route.as_data(),
        "stage": number,
        "asks": stage.of,
        "asks_named": stage.named.casefold(),
        "asks_again": stage.again,
    }
