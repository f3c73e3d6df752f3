"""Who looks at a post, and by when: the people at its channels' desks, and the unit's working hours."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from organization.calendars import Calendar
from organization.models import Person, Unit

from . import lanes, routing
from .models import Channel, ContentClass, Submission, reviewers_of
from .states import State


def choose_owner(
    author: Person,
    channels: Sequence[Channel],
    now: dt.datetime,
    without: Person | None = None,
    co_authors: Iterable[Person] = (),
) -> Person | None:
    """The one accountable reviewer, chosen by `routing`."""
    writers = {author.pk, *(person.pk for person in co_authors)}
    reviewers = {
        person.pk: person
        for person in reviewers_of(channels)
        .select_related("unit")
        .annotate(waiting=Count("owned", filter=Q(owned__state=State.IN_REVIEW), distinct=True))
        if person != without
    }
    chosen = routing.choose_owner(
        (
            routing.Candidate(
                person=person.pk,
                is_author=person.pk in writers,
                is_at_work=calendar_of(person.unit).is_open(now),
                waiting=person.waiting,
                reports_to_author=person.manager_id == author.pk,
                registration=person.registration,
            )
            for person in reviewers.values()
        ),
        needs_registration=needs_principal(author.unit, channels),
    )
    return chosen and reviewers[chosen.person]


def may_keep(person: Person, author: Person, channels: Sequence[Channel]) -> bool:
    """Whether this reviewer could be chosen: by desk, by registration, and not over their own manager's post."""
    return (
        person != author
        and person.manager_id != author.pk
        and bool(person.registration or not needs_principal(author.unit, channels))
        and reviewers_of(channels).filter(pk=person.pk).exists()
    )


def needs_principal(unit: Unit, channels: Sequence[Channel]) -> bool:
    """By the table of lanes, so that the page of rules and the choice of a reviewer never differ."""
    return lanes.needs_principal(
        lanes.Inputs(
            profile=unit.profile,
            country=unit.country,
            content_class=ContentClass.strictest_of(channels),
        )
    )


def lacks_principal(submission: Submission, actor: Person) -> bool:
    channels = list(submission.channels.all())
    return needs_principal(submission.unit, channels) and not actor.registration


def calendar_of(unit: Unit) -> Calendar:
    return Calendar(unit.country, ZoneInfo(unit.time_zone))


def due_at(unit: Unit, lane: str, now: dt.datetime) -> dt.datetime:
    """When the promised time is up, in the unit's working hours."""
    return calendar_of(unit).add(now, routing.PROMISED_MINUTES[lane])
