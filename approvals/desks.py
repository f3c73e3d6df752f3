"""Who looks at a post, and by when: the people at its channels' desks, and the unit's working hours."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from organization.models import Delegation, Person, Unit
from organization.roles import Role
from organization.working_time import calendar_of, calendars_of

from . import ladder, lanes, routing, rules
from .models import Channel, ContentClass, Review, Submission, reviewers_of
from .route_rules import SKILL
from .routes import Stage
from .states import WITH_REVIEWER

MOST_MANAGERS = 20  # one above the other; more is a circle


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
    people = {person.pk: person for person in _asked(stage, channels, now)}
    on_desk = (
        set(reviewers_of(channels).values_list("pk", flat=True))
        if stage.of == SKILL
        else set(people)
    )
    calendars = calendars_of({person.unit for person in people.values()})
    candidates = (
        routing.Candidate(
            person=person.pk,
            is_author=author is not None and person.pk == author.pk,
            is_at_work=calendars[person.unit_id].is_open(now),
            waiting=person.waiting,
            reports_to_author=author is not None and person.manager_id == author.pk,
            registration=person.registration,
            is_away=person.is_away,
            is_co_author=person.pk in writers,
            on_desk=person.pk in on_desk,
            skills=frozenset(person.skills),
            has_agreed=person.pk in agreed,
        )
        for person in people.values()
    )
    return [people[one.person] for one in routing.ranked(candidates, stage)]


def _asked(stage: Stage, channels: Sequence[Channel], now: dt.datetime) -> list[Person]:
    """The reviewers among whom a stage asks, with how many posts each owns, and whether they are away."""
    found = Person.objects.holding(Role.REVIEWER) if stage.of == SKILL else reviewers_of(channels)
    waiting = Count("owned", filter=Q(owned__state__in=WITH_REVIEWER), distinct=True)
    is_away = Exists(Delegation.objects.open(now).filter(of=OuterRef("pk")))
    return list(found.select_related("unit").annotate(waiting=waiting, is_away=is_away))


def may_own(submission: Submission, person: Person | None, now: dt.datetime) -> bool:
    """Whether this one person could be its owner now: one whom the stage asks in which it stands."""
    return (
        person is not None
        and person.manager_id != submission.author_id
        and not rules.wrote(submission, person)
        and rules.may_agree(submission, person)
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
