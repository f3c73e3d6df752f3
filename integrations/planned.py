"""Planned posts as a calendar feed (RFC 5545): when each may go out, never more of its words than a line."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from approvals.models import Submission
from approvals.states import State
from organization.models import Company, Person

from .wanted import shortened

LONGEST_SUMMARY = 60  # characters of a post
MOST = 500
BACK = dt.timedelta(days=31)
AN_HOUR = dt.timedelta(hours=1)  # shown for a post without a last moment
STATUSES = {State.CLEARED: "CONFIRMED", State.IN_REVIEW: "TENTATIVE"}


def feed(person: Person, at: dt.datetime | None = None) -> bytes:
    """iCalendar, UTF-8: one's own planned posts, and those on channels that one reviews.

    The same posts, the same bytes.
    """
    since = (at or timezone.now()) - BACK
    planned = (
        Submission.objects.visible_to(person)
        .filter(state__in=STATUSES, revision__window_from__gte=since)
        .select_related("revision", "author", "entry")
        .order_by("revision__window_from", "pk")
    )
    calendar = Calendar()
    calendar.add("prodid", "-//Countersign//Planned posts//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Planned posts, {Company.current().name}")
    calendar.add("refresh-interval", dt.timedelta(hours=1), {"VALUE": "DURATION"})
    for submission in planned[:MOST]:
        calendar.add_component(_event(submission))
    return calendar.to_ical()


def _event(submission: Submission) -> Event:
    revision, state = submission.revision, submission.get_state_display()
    starts_at = revision.window_from.astimezone(dt.UTC)
    ends_at = revision.window_until or starts_at + AN_HOUR
    channels = ", ".join(channel["name"] for channel in revision.channels)
    words = shortened(" ".join(revision.text.split()), LONGEST_SUMMARY)
    event = Event()
    event.add("uid", f"{submission.pk}@{urlsplit(settings.COUNTERSIGN_URL).hostname}")
    event.add("dtstamp", submission.entry.created_at.astimezone(dt.UTC))
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at.astimezone(dt.UTC))
    event.add("summary", f"{state}: {words}")
    event.add("description", f"{submission.author.name}, for {channels}")
    event.add("status", STATUSES[State(submission.state)])
    event.add("transp", "TRANSPARENT")
    path = reverse("approvals:submission", args=[submission.pk])
    event.add("url", settings.COUNTERSIGN_URL + path)
    return event
