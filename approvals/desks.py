"""Who looks at a post, and by when: the people at its channels' desks, and the unit's working hours."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from organization.models import Delegation, Person, Unit
from organization.working_time import calendar_of, calendars_of

from . import ladder, lanes, routing, rules
from .models import Channel, ContentClass, Submission, reviewers_of
from .states import State

MOST_MANAGERS = 20  # one above the other; more is a circle


def choose_owner(
    author: Person,
    channels: Sequence[Channel],
    now: dt.datetime,
    without: Collection[UUID] = (),
) -> Person | None:
    """The one accountable reviewer, chosen by `routing`; none of those ``without``, by their keys."""
    reviewers = {
        person.pk: person
        for person in reviewers_of(channels)
        .select_related("unit")
        .annotate(
            waiting=Count("owned", filter=Q(owned__state=State.IN_REVIEW), distinct=True),
            is_away=Exists(Delegation.objects.open(now).filter(of=OuterRef("pk"))),
        )
        if person.pk not in without
    }
    calendars = calendars_of({person.unit for person in reviewers.values()})
    chosen = routing.choose_owner(
        (
            routing.Candidate(
                person=person.pk,
                is_author=person.pk == author.pk,
                is_at_work=calendars[person.unit_id].is_open(now),
                waiting=person.waiting,
                reports_to_author=person.manager_id == author.pk,
                registration=person.registration,
                is_away=person.is_away,
            )
            for person in reviewers.values()
        ),
        needs_registration=needs_principal(author.unit, channels),
    )
    return chosen and reviewers[chosen.person]


def may_own(submission: Submission, person: Person | None, now: dt.datetime) -> bool:
    """Whether this one person could be its owner now; the rules are those by which `routing` chooses."""
    return (
        person is not None
        and person.manager_id != submission.author_id
        and rules.may_review(submission, person)
        and not lacks_principal(submission, person)
        and not person.absences.open(now).exists()
    )


def deputies(submission: Submission) -> Iterator[Person]:
    """Those of the channels' desks."""
    for channel in submission.channels.select_related("deputy"):
        if channel.deputy:
            yield channel.deputy


def managers(person: Person | None) -> Iterator[Person]:
    """From the nearest upwards."""
    for _ in range(MOST_MANAGERS):
        person = person and person.manager
        if person is None:
            return
        yield person


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


def due_at(unit: Unit, lane: str, now: dt.datetime) -> dt.datetime:
    """When the promised time is up, in the unit's working hours."""
    return calendar_of(unit).add(now, routing.PROMISED_MINUTES[lane])


def clock(unit: Unit, lane: str, now: dt.datetime, owner: Person | None) -> dict[str, object]:
    """The fields of a post that begins to wait now: by when, and when the clock looks after it."""
    calendar, promised = calendar_of(unit), routing.PROMISED_MINUTES[lane]
    return {
        "due_at": calendar.add(now, promised),
        "rung": ladder.Rung.FIRST,
        "next_rung_at": ladder.first_look(calendar, promised, now) if owner else now,
    }
