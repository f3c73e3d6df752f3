"""What is known before a lane is chosen: the author's record, who cleared exactly this before."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from clause_library.checks.model import Medium
from ledger.canonical import text_digest
from organization.models import Person
from policy_builder.models import Edition

from . import lane_rules, revisions
from .models import Channel, Clearance, Publication, Review, Submission, Verdict
from .states import ShelfState


@dataclass(frozen=True)
class Record:
    """An author's, as far as a lane depends on it; the names are those of lanes.Inputs."""

    posts_cleared: int
    days_since_setback: int | None
    cleared_since_setback: int | None


def record_of(author: Person, now: dt.datetime) -> Record:
    """Two queries, and a third for those whose post was recalled or declined."""
    reviews = Review.objects.in_effect(now).filter(revision__submission__author=author)
    cleared = Q(verdict=Verdict.CLEAR) | Q(verdict=Verdict.OFFER, clearance__isnull=False)
    posts = Count("revision__submission", filter=cleared, distinct=True)
    # What another person cleared on appeal was no fault.
    overturned = reviews.filter(verdict=Verdict.CLEAR, revision__appeal__isnull=False)
    stands = ~Q(revision__in=overturned.values("revision"))
    declined = Max("decided_at", filter=Q(verdict=Verdict.DECLINE) & stands)
    seen = reviews.aggregate(cleared=posts, declined_at=declined)
    # A copy that was recalled with what it rests on is no fault of who shared it; to publish other words is.
    fell = Max("recalled_at", filter=Q(rests_on=None))
    differed = Max(
        "publications__reported_at",
        filter=Q(publications__in=Publication.objects.differing().values("pk")),
    )
    clearances = Clearance.objects.filter(revision__submission__author=author)
    setbacks = clearances.aggregate(fell=fell, differed=differed)
    moments = [seen["declined_at"], *setbacks.values()]
    setback = max((at for at in moments if at), default=None)
    if setback is None:
        return Record(seen["cleared"], None, None)
    since = reviews.filter(decided_at__gt=setback).aggregate(cleared=posts)["cleared"]
    return Record(seen["cleared"], (now - setback).days, since)


def cleared_before(
    text: str,
    author: Person,
    channels: Sequence[Channel],
    edition: Edition,
    now: dt.datetime,
    *,
    media: Sequence[Medium] = (),
    besides: Submission | None = None,
) -> Clearance | None:
    """A reviewer's clearance that stands, of exactly this post, for all these channels, under the same edition.

    Not the author's own decision (invariant 3), nor one about words of an employee where a partner shares them. A
    principal's comes first. What it covered beside the text is compared by the revision's own digest; of a picture or
    video without its file nobody knows whether it is the same.
    """
    wanted = {str(channel.pk) for channel in channels}
    same = Clearance.objects.filter(revision__exact_digest=text_digest(text)["exact"])
    if (
        not wanted or lacks_files(media) or not same.exists()
    ):  # asked at each pause in typing, and almost never there
        return None
    standing = (
        same.filter(
            revision__submission__author__relation=author.relation,
            edition=edition,
            review__isnull=False,
            review__is_break_glass=False,  # an exception is no example
            recalled_at=None,
            ended_at=None,
            starts_at__lte=now,
            ends_at__gt=now,
        )
        .exclude(review__reviewer=author)
        .exclude(shelf_items__state=ShelfState.RETIRED)
        .exclude(revision__submission=besides and besides.pk)
        .select_related("review", "revision")
    )
    return max(
        (one for one in standing if _covers(one, text, media, wanted)),
        key=lambda one: bool(one.review.registration),
        default=None,
    )


def lacks_files(media: Sequence[Medium]) -> bool:
    """Whether something goes out with a post of which no more than words are here."""
    return not all(medium.file for medium in media)


def _covers(clearance: Clearance, text: str, media: Sequence[Medium], wanted: set[str]) -> bool:
    revision = clearance.revision
    unedited = revisions.digest(
        text, revision.channels, revision.window_from, revision.window_until, media
    )
    return unedited == revision.digest and wanted <= {one["id"] for one in revision.channels}


def cleared_by(clearance: Clearance | None) -> str:
    """Whose word an earlier clearance is, as lanes.Inputs has it."""
    if clearance is None:
        return "no"
    return lane_rules.PRINCIPAL if clearance.review.registration else lane_rules.REVIEWER


def strongest(words: Collection[str]) -> str:
    """Of several words that a post rests on, a principal's first."""
    return next(
        (word for word in (lane_rules.PRINCIPAL, lane_rules.REVIEWER) if word in words), "no"
    )
