"""What waits for a reviewer, in the order of `ordering`; which comes next; and which say the same."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from organization.models import Person

from . import ordering
from .models import Hit, Lane, Screening, Submission
from .states import State

NEAR = 200  # posts among which the neighbours of one are looked for
MOST_AT_ONCE = 25  # posts in one batch
FEWEST_AT_ONCE = 2


def waiting_for(person: Person, at: dt.datetime | None = None) -> QuerySet[Submission]:
    """All on which this person may decide; ``place`` and ``urgent_at`` give the order."""
    now = at or timezone.now()
    is_read = Q(claimed_until__gt=now) & ~Q(claimed_by=person)
    return (
        Submission.objects.asking(person)
        .select_related("revision", "author__unit", "owner", "claimed_by")
        .annotate(
            place=Case(
                When(is_read, then=Value(ordering.BEING_READ)),
                When(Q(owner=person) | Q(owner=None), then=Value(ordering.MINE)),
                default=Value(ordering.COLLEAGUES),
                output_field=IntegerField(),
            ),
            urgent_at=Case(
                *(
                    When(lane=lane, then=_earlier(minutes))
                    for lane, minutes in ordering.HEAD_START.items()
                ),
                default=F("due_at"),
                output_field=DateTimeField(),
            ),
        )
        .order_by("place", "urgent_at", "pk")
    )


def _earlier(minutes: int) -> ExpressionWrapper:
    return ExpressionWrapper(
        F("due_at") - dt.timedelta(minutes=minutes), output_field=DateTimeField()
    )


def next_for(person: Person) -> Submission | None:
    """What to look at now: the first that no colleague is looking at."""
    return waiting_for(person).exclude(place=ordering.BEING_READ).first()


def neighbours(person: Person, pk: UUID) -> tuple[UUID | None, UUID | None]:
    """What stands before and after this post in the queue; None at its ends."""
    keys = list(waiting_for(person).values_list("pk", flat=True)[:NEAR])
    if pk not in keys:
        return None, keys[0] if keys else None
    at = keys.index(pk)
    return (keys[at - 1] if at else None), (keys[at + 1] if at + 1 < len(keys) else None)


@dataclass(frozen=True)
class Batch:
    """Posts of several people that say the same, of low risk: nothing was found in them that asks for a look."""

    posts: Sequence[Submission]

    @property
    def text(self) -> str:
        return self.posts[0].revision.text


def batches_for(person: Person) -> list[Batch]:
    """Green and amber posts without findings and without pictures, grouped by folded text. Two queries, or one."""
    quiet = (
        waiting_for(person)
        .filter(place=ordering.MINE, revision__media=[], state=State.IN_REVIEW)
        .exclude(lane=Lane.RED)
        .exclude(_has_findings())
        .exclude(_has_protected())
    )
    same = (
        quiet.order_by()
        .values("revision__folded_digest")
        .annotate(many=Count("pk", distinct=True))
        .filter(many__gte=FEWEST_AT_ONCE)
        .values_list("revision__folded_digest", flat=True)
    )
    digests = list(same[:MOST_AT_ONCE])
    groups: dict[str, list[Submission]] = {digest: [] for digest in digests}
    if digests:
        for post in quiet.filter(revision__folded_digest__in=digests):
            group = groups[post.revision.folded_digest]
            if len(group) < MOST_AT_ONCE:
                group.append(post)
    return [Batch(posts) for posts in groups.values() if len(posts) >= FEWEST_AT_ONCE]


def _has_findings() -> Exists:
    """Advice counts too: whoever clears many at once has looked at one."""
    return Exists(Hit.objects.filter(revision=OuterRef("revision")))


def _has_protected() -> Exists:
    return Exists(Screening.objects.filter(revision=OuterRef("revision")).exclude(protected=[]))
