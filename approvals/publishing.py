"""What authors say of a post once it is cleared: that it is out, where, since when, and what stands there."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from clause_library.text import check_text
from ledger.canonical import text_digest
from ledger.models import Entry
from ledger.records import record, subject_of
from organization import notices, steps
from organization.models import Person
from organization.roles import Role

from . import comparing, holds, rules
from .actions import LONGEST_POST
from .errors import RefusedPostError, TooEarlyError
from .holding import locked
from .models import Channel, Clearance, Likeness, Publication, Submission
from .published import LONGEST_ADDRESS
from .revisions import stamp
from .states import State

# A report is the author's word about the past, so it may come when the clearance is over.
MAY_BE_REPORTED = frozenset({State.CLEARED, State.PUBLISHED, State.LAPSED, State.RECALLED})
is_link = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Report:
    """What an author says of one channel; ``text`` as copied from the network, empty while there is only a link."""

    url: str = ""
    text: str = ""
    first_used_at: dt.datetime | None = None  # None: as reported before, else now
    last_used_at: dt.datetime | None = None  # None: it is still out


NOTHING_YET = Report()


@transaction.atomic
def publish(
    submission: Submission,
    *,
    actor: Person,
    seen: str,
    channel: Channel | None = None,
    report: Report = NOTHING_YET,
) -> Publication:
    """Report that the cleared text is out on a channel, or what more is known of it; the same twice is one row.

    FINRA 2210(b)(4)(A): dates of first and last use. Raises RefusedPostError in words where that cannot be so,
    or a hold keeps it back; TooEarlyError while its clearance may still be undone.
    """
    submission = locked(submission, seen)
    if not rules.is_author(submission, actor):
        raise PermissionDenied("Only the author reports where a post is out.")
    if submission.state not in MAY_BE_REPORTED:
        raise TransitionNotAllowed(f"A post that is {submission.state} is not reported.")
    if submission.is_pending():
        raise TooEarlyError
    clearance, now = submission.clearance, timezone.now()
    channel = _channel(submission, channel)
    last = clearance.publications.filter(channel=channel).last()
    report = _complete(report, last, now)
    if submission.state == State.CLEARED:
        holds.refuse_held(submission)
    _refuse_unfit(report, clearance, now)
    if last and all(getattr(last, name) == value for name, value in asdict(report).items()):
        return last
    compared = _compared(submission.revision.text, report)
    publication = Publication(
        clearance=clearance,
        channel=channel,
        **asdict(report),
        verdict=compared.verdict,
        difference=compared.difference and asdict(compared.difference),
        reported_by=actor,
        reported_at=now,
    )
    publication.entry = _recorded(submission, publication, actor)
    publication.save(force_insert=True)
    if publication.verdict == Likeness.DIFFERENT:
        _tell_officers(submission, publication)
    return publication


def _channel(submission: Submission, channel: Channel | None) -> Channel:
    channels = list(submission.channels.all())
    if channel is None and len(channels) == 1:
        return channels[0]
    if channel not in channels:
        raise RefusedPostError("Say on which of its channels the post is out.")
    return channel


def _complete(report: Report, last: Publication | None, now: dt.datetime) -> Report:
    """With what was reported of this channel before, where nothing else is said: the last row tells all."""
    return Report(
        url=report.url.strip() or (last.url if last else ""),
        text=report.text.replace("\r\n", "\n") or (last.text if last else ""),
        first_used_at=report.first_used_at or (last.first_used_at if last else now),
        last_used_at=report.last_used_at or (last.last_used_at if last else None),
    )


def _refuse_unfit(report: Report, clearance: Clearance, now: dt.datetime) -> None:
    """Refuse, in words, what cannot be; people give minutes, so seconds count for nothing."""
    first, last = report.first_used_at, report.last_used_at
    if report.text:
        for problem in check_text(report.text, longest=LONGEST_POST):
            raise RefusedPostError(problem)
    if report.url and not _is_link(report.url):
        raise RefusedPostError("That is not a link. Paste the whole address, or leave it empty.")
    if first > now or (last and last > now):
        raise RefusedPostError("That time has not come yet. Report the post once it is out.")
    if last and last < first:
        raise RefusedPostError("The last use must come after the first.")
    if first < clearance.starts_at.replace(second=0, microsecond=0):
        raise RefusedPostError(
            f"The clearance begins on {clearance.starts_at:%d %B %Y at %H:%M} UTC. "
            "What went out before is not backed."
        )
    if first >= clearance.over_at():
        raise RefusedPostError(
            "The clearance has ended. Submit the post again before it goes out; or, if it went out "
            "while the clearance stood, say when."
        )


def _is_link(url: str) -> bool:
    try:
        is_link(url)
    except ValidationError:
        return False
    return len(url) <= LONGEST_ADDRESS


def _compared(cleared: str, report: Report) -> comparing.Comparison:
    if not report.text.strip():
        return comparing.Comparison(comparing.NOT_COMPARED)
    return comparing.compare(cleared, report.text)


def _recorded(submission: Submission, publication: Publication, actor: Person) -> Entry:
    """The first report publishes the post; what comes later changes nothing but what is known."""
    data = {
        "clearance": publication.clearance.number,
        "channel": publication.channel_id,
        "verdict": str(publication.verdict),
        "published": text_digest(publication.text)["exact"] if publication.text else None,
        "first_used_at": stamp(publication.first_used_at),
        "last_used_at": stamp(publication.last_used_at),
    }
    sealed = {"url": publication.url, "text": publication.text}
    if submission.state == State.CLEARED:
        return steps.take(
            "publish",
            submission,
            actor=actor,
            data=data,
            sealed=sealed,
            changes={
                "published_at": publication.first_used_at,
                "published_url": publication.url,
            },
        )
    return record(
        "submission.report_use",
        actor=actor,
        subject=subject_of(submission),
        data=data,
        sealed=sealed,
    )


def _tell_officers(submission: Submission, publication: Publication) -> None:
    """The company backs the words it cleared; somebody has to know that others are out."""
    difference = publication.difference
    for officer in Person.objects.holding(Role.RECORDS_OFFICER).exclude(pk=submission.author_id):
        notices.tell(
            officer,
            "published_differs",
            f"published_differs:{publication.entry_id}",
            {
                "author": submission.author.name,
                "channel": publication.channel.name,
                "line": difference["line"],
                "column": difference["column"],
                "cleared": difference["cleared"],
                "published": difference["published"],
            },
            path=f"/posts/{submission.pk}/",
        )
