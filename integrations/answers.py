"""What is kept of posts, as the API tells it."""

import datetime as dt

from django.conf import settings
from django.urls import reverse

from approvals import actions, lanes, rules
from approvals.models import Channel, Submission
from approvals.preview import Preview
from organization.models import Person

from .shapes import (
    ChannelOut,
    FindingOut,
    NoClearanceOut,
    ReviewOut,
    ScreenOut,
    SubmissionDetail,
    SubmissionOut,
    SubmissionRow,
)

NEEDED = ("author", "owner", "revision", "clearance")
NO_CLEARANCE = NoClearanceOut(
    says="This needs no clearance: the law protects it. Nothing of it was stored."
)


def of_finding(finding: dict) -> FindingOut:
    """A finding, without whose word settled it."""
    return FindingOut(
        check=finding["check"],
        provision=finding["number"],
        title=finding["title"],
        category=finding["category"],
        severity=finding["severity"],
        message=finding["message"],
        where=finding.get("where", ""),
        start=finding["start"],
        end=finding["end"],
        fix=finding["fix"],
        settled=finding["settled"] is not None,
    )


def of_preview(preview: Preview) -> ScreenOut:
    return ScreenOut(
        lane=preview.lane,
        needs_clearance=preview.lane != lanes.NOT_OURS,
        reasons=list(preview.reasons),
        problems=list(preview.problems),
        findings=[of_finding(one) for one in preview.findings],
        answer_by=_utc(preview.answer_by),
        usual=preview.usual,
        rest=preview.rest,
    )


def of_channel(channel: Channel, *, may_review: bool) -> ChannelOut:
    return ChannelOut(
        id=channel.pk,
        name=channel.name,
        network=channel.network,
        is_official=channel.is_official,
        content_class=channel.content_class,
        may_review=may_review,
    )


def of_row(submission: Submission, reader: Person) -> SubmissionRow:
    return SubmissionRow(**_row(submission, reader))


def of_submission(submission: Submission, reader: Person) -> SubmissionOut:
    return SubmissionOut(**_facts(submission, reader))


def of_detail(submission: Submission, reader: Person) -> SubmissionDetail:
    """With the words: for its author, and for whoever decides on it."""
    revision = submission.revision
    reviews = revision.reviews.standing()
    if rules.wrote(submission, reader):
        reviews = reviews.in_effect()
    return SubmissionDetail(
        **_facts(submission, reader),
        text=revision.text,
        note=revision.note,
        channels=[channel["name"] for channel in revision.channels],
        window_from=_utc(revision.window_from),
        window_until=_utc(revision.window_until),
        reviews=[
            ReviewOut(
                verdict=review.verdict,
                reviewer=review.reviewer.name,
                reason=review.reason,
                provision=review.provision and review.provision.number,
                decided_at=_utc(review.decided_at),
            )
            for review in reviews.select_related("reviewer", "provision")
        ],
    )


def _is_kept_from(submission: Submission, reader: Person) -> bool:
    """A verdict that may yet be undone is not told to who wrote the post."""
    return submission.is_pending() and rules.wrote(submission, reader)


def _row(submission: Submission, reader: Person) -> dict:
    kept = _is_kept_from(submission, reader)
    return {
        "id": submission.pk,
        "state": submission.told_state if kept else submission.state,
        "lane": submission.lane,
        "digest": submission.revision.digest,
        "author": submission.author.name,
        "owner": submission.owner and submission.owner.name,
        "submitted_at": _utc(submission.submitted_at),
        "due_at": _utc(submission.due_at),
        "url": settings.COUNTERSIGN_URL + reverse("approvals:submission", args=[submission.pk]),
    }


def _facts(submission: Submission, reader: Person) -> dict:
    kept = _is_kept_from(submission, reader)
    clearance = None if kept else submission.clearance
    screening = actions.latest_screening(submission.revision)
    return _row(submission, reader) | {
        "revision": submission.revision.number,
        "decided_at": None if kept else _utc(submission.decided_at),
        "published_at": _utc(submission.published_at),
        "clearance": clearance and clearance.number,
        "valid_until": clearance and _utc(clearance.ended_at or clearance.ends_at),
        "findings": [of_finding(one) for one in screening.findings],
    }


def _utc(at: dt.datetime | None) -> dt.datetime | None:
    """Whole seconds in UTC: the same whenever it is asked."""
    return at and at.astimezone(dt.UTC).replace(microsecond=0)
