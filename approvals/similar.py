"""Posts already decided that are most like one that waits: what colleagues said of the same words. Bounded work."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from organization.models import Person

from .likeness import likeness, shape_of
from .models import Review, Submission

NEWEST = 300  # decisions that are compared
LONGEST = 1_000  # code points of each
MOST = 3
ALIKE = 0.3  # below this two posts have little to do with each other


class Decided(NamedTuple):
    submission: object
    text: str
    verdict: str
    reason: str
    by: str
    at: dt.datetime
    folded: str


@dataclass(frozen=True)
class Similar:
    decided: Decided
    likeness: float  # 1: the same words

    @property
    def verdict_label(self) -> str:
        return Review(verdict=self.decided.verdict).get_verdict_display()


def similar_to(
    submission: Submission, person: Person, at: dt.datetime | None = None
) -> list[Similar]:
    """At most three, the most alike first; of several decisions on one post the last. Two queries.

    Only posts that this person may see, and no verdict that may still be undone.
    """
    reviews = (
        Review.objects.in_effect(at)
        .filter(revision__submission__in=Submission.objects.visible_to(person).values("pk"))
        .exclude(revision__submission=submission)
        .order_by("-decided_at")
    )
    folded = submission.revision.folded_digest
    same = _read(reviews.filter(revision__folded_digest=folded)[:MOST])
    others = _read(reviews.exclude(revision__folded_digest=folded)[:NEWEST])
    found = [Similar(one, 1.0) for one in same]
    if len(found) < MOST:
        found += _most_alike(submission.revision.text[:LONGEST], others)
    return _each_post_once(found)[:MOST]


def _read(reviews: QuerySet[Review]) -> list[Decided]:
    rows = reviews.annotate(start=Left("revision__text", LONGEST), by=F("reviewer__name"))
    columns = ["revision__submission", "start", "verdict", "reason", "by", "decided_at"]
    return [Decided(*row) for row in rows.values_list(*columns, "revision__folded_digest")]


def _most_alike(text: str, others: Iterable[Decided]) -> list[Similar]:
    shape = shape_of(text)
    compared = (Similar(one, likeness(shape, shape_of(one.text))) for one in others)
    alike = [one for one in compared if one.likeness >= ALIKE]
    return sorted(alike, key=lambda one: -one.likeness)


def _each_post_once(found: Iterable[Similar]) -> list[Similar]:
    kept: dict[object, Similar] = {}
    for one in found:
        kept.setdefault(one.decided.submission, one)
    return list(kept.values())
