"""The body of a delivery, made when it is sent from what is kept for ever: no second copy of a post lies about."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook

from approvals.models import Lane, Revision, Submission
from approvals.states import WITH_REVIEWER
from ledger.models import Entry

from . import slack, teams
from .models import Delivery, Kind
from .wanted import Wanted

ROOMS = {Kind.SLACK: slack.message, Kind.TEAMS: teams.message}


class NoLongerWantedError(Exception):
    """What was to be said is not so any more; ``says`` why nothing is sent."""

    says = "Not sent: the post was decided or changed before."


def body_of(delivery: Delivery) -> bytes:
    """UTF-8 JSON. Raises NoLongerWantedError where a room would be called to a post that does not wait."""
    submission = submission_of(delivery.entry)
    if delivery.receiver.is_webhook:
        told = event(delivery.entry, submission, with_text=delivery.receiver.with_text)
    else:
        wanted = _wanted(delivery, submission)
        told = ROOMS[Kind(delivery.receiver.kind)](wanted)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(delivery: Delivery, body: bytes, at: dt.datetime) -> dict[str, str]:
    """Signed by the Standard Webhooks scheme: HMAC-SHA-256 over id, time and body."""
    headers = {"Content-Type": "application/json"}
    if not delivery.receiver.is_webhook:
        return headers
    signature = Webhook(delivery.receiver.secret).sign(delivery.message_id, at, body.decode())
    return headers | {
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def submission_of(entry: Entry) -> Submission:
    """The post that an entry is about."""
    key = entry.subject.rpartition(":")[2]
    rows = Submission.objects.select_related("author__unit", "owner", "revision")
    return rows.get(pk=key)


def event(entry: Entry, submission: Submission, *, with_text: bool) -> dict:
    """What a webhook says: the entry's facts, never what became of the post since, so every attempt says the same."""
    content = entry.content
    revision = _revision_of(content, submission)
    data = {
        "submission": str(submission.pk),
        "state": entry.state,
        "step": entry.type.rpartition(".")[2],
        "revision": revision.number,
        "digest": revision.digest,
        "lane": content["data"].get("lane"),
        "clearance": content["data"].get("clearance"),
        "channels": [channel["name"] for channel in revision.channels],
        "actor": content["actor"],
        "entry": entry.index,
        "url": settings.COUNTERSIGN_URL + reverse("approvals:submission", args=[submission.pk]),
    }
    if with_text:
        data["text"] = revision.text
    return {
        "type": f"submission.{entry.state}",
        "timestamp": content["at"],
        "data": data,
    }


def _revision_of(content: dict, submission: Submission) -> Revision:
    """The revision that the entry names; else the last one that there was then."""
    number = content["data"].get("revision")
    revisions = submission.revisions.order_by("-number")
    if number:
        return revisions.get(number=number)
    at = dt.datetime.fromisoformat(content["at"])
    return revisions.filter(created_at__lte=at).first() or revisions.last()


def _wanted(delivery: Delivery, submission: Submission) -> Wanted:
    """As it is now: whoever reads it decides now."""
    if submission.state not in WITH_REVIEWER or submission.entry_id != delivery.entry_id:
        raise NoLongerWantedError
    screening = submission.revision.screenings.latest("screened_at")
    is_red = submission.lane == Lane.RED  # what may be secret or personal leaves by no message
    noticed = sum(finding["severity"] != "advice" for finding in screening.findings)
    channels = ", ".join(channel["name"] for channel in submission.revision.channels)
    return Wanted(
        title=f"{submission.author.name} asks for a review",
        facts=(
            ("Goes out on", channels),
            ("Lane", Lane(submission.lane).label),
            ("Findings", str(noticed) if noticed else "None"),
            ("Answer by", _moment(submission)),
            ("Waits for", submission.owner.name if submission.owner else "Nobody yet"),
        ),
        text=submission.revision.text if delivery.receiver.with_text and not is_red else "",
        link=settings.COUNTERSIGN_URL + reverse("approvals:review", args=[submission.pk]),
    )


def _moment(submission: Submission) -> str:
    """When the answer is due, in the time zone of the author's unit."""
    zone = submission.unit.time_zone
    local = timezone.localtime(submission.due_at, ZoneInfo(zone))
    return f"{local:%A, %-d %B, %H:%M} ({zone})"
