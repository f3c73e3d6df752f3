"""Who looks at a post, and by when: the people at its channels' desks, and the unit's working hours."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from organization.calendars import Calendar
from organization.models import Person, Unit
from organization.roles import Role

from . import lanes, routing
from .models import Channel, ContentClass, Review, Submission, reviewers_of
from .route_rules import SKILL
from .routes import Stage
from .states import State


def able(
    stage: Stage,
    channels: Sequence[Channel],
    now: dt.datetime,
    *,
    author: Person | None = None,
    writers: Collection[UUID] = (),
    agreed: Collection[UUID] = (),
) -> list[Person]:
    """Those whom a stage may count, the next owner first, by `routing`; of a made-up post without an author, too.

    ``writers`` wrote what stands; ``agreed`` have agreed, and are not counted once more.
    """
    people = {person.pk: person for person in _asked(stage, channels)}
    on_desk = (
        set(reviewers_of(channels).values_list("pk", flat=True))
        if stage.of == SKILL
        else set(people)
    )
    candidates = (
        routing.Candidate(
            person=person.pk,
            is_author=author is not None and person.pk == author.pk,
            is_at_work=calendar_of(person.unit).is_open(now),
            waiting=person.waiting,
            reports_to_author=author is not None and person.manager_id == author.pk,
            registration=person.registration,
            is_co_author=person.pk in writers,
            on_desk=person.pk in on_desk,
            skills=frozenset(person.skills),
            has_agreed=person.pk in agreed,
        )
        for person in people.values()
    )
    return [people[one.person] for one in routing.ranked(candidates, stage)]


def _asked(stage: Stage, channels: Sequence[Channel]) -> list[Person]:
    """The reviewers among whom a stage asks, with how many posts each owns."""
    found = Person.objects.holding(Role.REVIEWER) if stage.of == SKILL else reviewers_of(channels)
    waiting = Count("owned", filter=Q(owned__state=State.IN_REVIEW), distinct=True)
    return list(found.select_related("unit").annotate(waiting=waiting))


def needs_principal(
    unit: Unit, channels: Sequence[Channel], content_class: str | None = None
) -> bool:
    """By the table of lanes, so that the page of rules and the choice of a reviewer never differ."""
    return lanes.needs_principal(
        lanes.Inputs(
            profile=unit.profile,
            country=unit.country,
            content_class=content_class or ContentClass.strictest_of(channels),
        )
    )


def lacks_principal(submission: Submission, actor: Person) -> bool:
    """Whether one must agree, by unit and channels as they are now, and none has: not the actor, nor anybody before."""
    channels = list(submission.channels.all())
    if actor.registration or not needs_principal(submission.unit, channels):
        return False
    return not Review.objects.counting_for(submission).exclude(registration="").exists()


def calendar_of(unit: Unit) -> Calendar:
    return Calendar(unit.country, ZoneInfo(unit.time_zone))


def due_at(unit: Unit, lane: str, now: dt.datetime) -> dt.datetime:
    """When the promised time is up, in the unit's working hours."""
    return calendar_of(unit).add(now, routing.PROMISED_MINUTES[lane])
