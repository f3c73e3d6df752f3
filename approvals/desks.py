"""Who looks at a post, and by when: the people at its channels' desks, and the unit's working hours."""

import datetime as dt
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from organization.calendars import Calendar
from organization.models import Person, Unit

from . import lanes, routing
from .models import Channel, ContentClass, Review, Submission, Verdict, reviewers_of
from .states import WITH_REVIEWER


def choose_owner(
    author: Person,
    channels: Sequence[Channel],
    now: dt.datetime,
    without: Person | None = None,
    besides: Collection[Person] = (),
) -> Person | None:
    """The one accountable reviewer, chosen by `routing`; neither ``without`` nor one of those ``besides``."""
    reviewers = {
        person.pk: person
        for person in reviewers_of(channels)
        .select_related("unit")
        .annotate(waiting=Count("owned", filter=Q(owned__state__in=WITH_REVIEWER), distinct=True))
        if person != without and person not in besides
    }
    chosen = routing.choose_owner(
        (
            routing.Candidate(
                person=person.pk,
                is_author=person.pk == author.pk,
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


def decliners_of(submission: Submission) -> list[Person]:
    """Who declined the post as it stands: on an appeal none of them decides."""
    declined = Review.objects.filter(revision=submission.revision_id, verdict=Verdict.DECLINE)
    return list(Person.objects.filter(pk__in=declined.values("reviewer")))


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
