"""What a clause version would change: the last decided posts, screened without it and with it.

Both times by the checks as they run now, with the edition in force for the author's unit, the lists of today, and the
quiet periods that were open when the post was submitted: what differs comes from the version alone. A version
replaces the one that an edition has of its clause; a clause that no edition has yet is added to each. What is settled
does not count, because a version is to be judged by what it notices. What else a lane depends on (the author's record,
who had cleared the same before) is taken from the evaluation that was kept when the post was put forward.

Of the posts nothing is kept but which they are, what would be found where, and the lanes.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from clause_library.checks import CheckError
from clause_library.checks.marking import segments
from clause_library.models import ClauseVersion
from organization.models import Company, Person, Unit
from policy_builder.models import Edition, Provision

from . import lanes
from .models import Replay, Submission
from .screening import Looked, Rules, look, post_of, rules_of
from .states import State

DECIDED = [
    State.CLEARED,
    State.PUBLISHED,
    State.DECLINED,
    State.RETURNED,
    State.LAPSED,
    State.RECALLED,
]
A_STEP = 25  # posts between two words on how far it is
LOST_AFTER = dt.timedelta(minutes=5)


def run(pk: UUID) -> None:
    """Do the work of one replay. Run twice, it does the same; a finished one is left alone."""
    replay = Replay.objects.select_related("version__clause").get(pk=pk)
    if replay.finished_at:
        return
    try:
        _run(replay)
    except CheckError as error:
        replay.problem = str(error)
    replay.finished_at = timezone.now()
    replay.save(update_fields=["done", "of", "changed", "problem", "finished_at"])


def _run(replay: Replay) -> None:
    version = replay.version
    version.checks = replay.checks  # as they stood when it was asked for; never saved
    posts = list(
        Submission.objects.filter(state__in=DECIDED, decided_at__isnull=False)
        .order_by("-decided_at")
        .select_related("revision", "author__unit")
        .prefetch_related("channels", "revision__screenings")[: replay.most]
    )
    replay.done, replay.of, replay.changed = 0, len(posts), []
    pairs = _pairs(version, {post.author.unit for post in posts})
    company = Company.current()
    for number, post in enumerate(posts, start=1):
        if pair := pairs.get(post.author.unit_id):
            before, after = (_look(rules, post, company) for rules in pair)
            replay.changed += _difference(post, before, after)
        if number % A_STEP == 0:
            replay.done = number
            replay.save(update_fields=["done", "of"])
    replay.done = len(posts)


def _look(rules: Rules, post: Submission, company: Company) -> Looked:
    author, channels = post.author, list(post.channels.all())
    revision = post.revision
    written = post_of(company, revision.text, author, post.submitted_at, revision.declared)
    first = revision.screenings.all()[0]
    facts = lanes.known_besides(first.evaluation["inputs"])
    return look(rules, written, author, channels, facts, with_settlements=False)


def _pairs(version: ClauseVersion, units: Iterable[Unit]) -> dict[int, tuple[Rules, Rules]]:
    """For each unit the checks without the version and with it; units that it does not reach are left out."""
    editions = {unit.pk: Edition.objects.in_force().for_unit(unit).first() for unit in units}
    there = {edition.pk: edition.jurisdiction for edition in editions.values() if edition}
    provisions: dict = {key: [] for key in there}
    for row in Provision.objects.filter(edition__in=provisions).select_related("clause_version"):
        provisions[row.edition_id].append(row)
    name = version.clause.name
    having = {key for key, rows in provisions.items() if any(row.anchor == name for row in rows)}
    pairs = {
        key: (rules_of(there[key], rows), rules_of(there[key], rows, instead=version))
        for key, rows in provisions.items()
        if key in having or not having
    }
    return {
        unit: pairs[edition.pk]
        for unit, edition in editions.items()
        if edition and edition.pk in pairs
    }


def _difference(post: Submission, before: Looked, after: Looked) -> list[dict]:
    """What is kept of a post that would be seen otherwise; nothing of any other."""
    was, would_be = ({_kept(one) for one in seen.findings} for seen in (before, after))
    lane_before, lane_after = before.evaluation.lane, after.evaluation.lane
    if was == would_be and lane_before == lane_after:
        return []
    return [
        {
            "submission": str(post.pk),
            "digest": post.revision.digest,
            "new": sorted(would_be - was),
            "gone": sorted(was - would_be),
            "before": lane_before,
            "after": lane_after,
        }
    ]


def _kept(finding: dict) -> tuple:
    """What an author would notice of a finding; neither words of the post nor the version's number."""
    kept = tuple(finding[name] for name in ("start", "end", "clause", "check", "severity"))
    return (*kept, finding["where"]) if finding["where"] else kept


@dataclass(frozen=True)
class Found:
    """A finding that would come or go."""

    start: int
    end: int
    clause: str
    check: str
    severity: str
    where: str = ""


@dataclass(frozen=True)
class Changed:
    """A post that would be seen otherwise; without it where the reader may not see the post."""

    submission: Submission | None
    new: tuple[Found, ...]
    gone: tuple[Found, ...]
    before: str  # lanes
    after: str

    @property
    def is_newly_flagged(self) -> bool:
        return _flagged(self.new) and not _flagged(self.gone)

    @property
    def is_no_longer_flagged(self) -> bool:
        return _flagged(self.gone) and not _flagged(self.new)

    @property
    def segments(self) -> list[dict]:
        """The text with every place that would be marked, or would no longer be."""
        places = [
            {"start": one.start, "end": one.end, "where": one.where}
            for one in (*self.new, *self.gone)
        ]
        return segments(self.submission.revision.text, places)


def _flagged(findings: Iterable[Found]) -> bool:
    return any(one.severity != "advice" for one in findings)


def changed_by(replay: Replay, reader: Person) -> list[Changed]:
    """What a replay found, one query: with the posts that this person may see and that are still the same."""
    visible = (
        Submission.objects.visible_to(reader)
        .filter(pk__in=[one["submission"] for one in replay.changed])
        .select_related("revision", "author")
    )
    posts = {(str(post.pk), post.revision.digest): post for post in visible}
    return [
        Changed(
            posts.get((one["submission"], one["digest"])),
            _found(one["new"]),
            _found(one["gone"]),
            one["before"],
            one["after"],
        )
        for one in replay.changed
    ]


def _found(kept: Sequence) -> tuple[Found, ...]:
    return tuple(Found(*one) for one in kept)
