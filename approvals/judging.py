"""What reviewers say of findings: right to ask, or fine here; what the checks missed; what is settled and lifted.

A verdict is given by a press, never guessed: a press says it of one finding, of all that stood on the screen, or,
where a post is declined, of those that cite the provision named. It is recorded in the entry of that press.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clause_library.models import ClauseVersion
from ledger.records import record, subject_of
from organization import steps
from organization.models import Person
from policy_builder.models import Provision

from . import effects, replay, rules, tasks
from .errors import AlreadyJudgedError, RefusedPostError, TextChangedError
from .models import (
    FindingVerdict,
    Hit,
    Miss,
    Pending,
    Replay,
    Review,
    Revision,
    Settlement,
    Submission,
)

UPHELD, OVERRULED = FindingVerdict.Outcome.UPHELD, FindingVerdict.Outcome.OVERRULED


class Opinion(NamedTuple):
    outcome: str
    reason: str = ""


class Missed(NamedTuple):
    """Words of the post, and what should have noticed them; no check where the clause has none for it."""

    quote: str
    clause: str
    version: int
    check: str = ""


@dataclass(frozen=True)
class Said:
    """What a reviewer says of a post's findings: opinions by the key of their hit."""

    opinions: Mapping[int, Opinion] = field(default_factory=dict)
    missed: Missed | None = None


NOTHING = Said()


@dataclass(frozen=True)
class Weighed:
    """What was said, as rows that are not written yet."""

    verdicts: Sequence[FindingVerdict] = ()
    misses: Sequence[Miss] = ()

    @property
    def data(self) -> dict:
        """For the entry: which findings, and the outcome; no words of the post."""
        return {
            "verdicts": [[*one.hit.key, str(one.outcome)] for one in self.verdicts],
            "missed": [
                [one.clause_name, one.check_name, one.version, one.start, one.end]
                for one in self.misses
            ],
        }

    @property
    def as_rows(self) -> dict:
        """For `Pending`: all that the rows will hold."""
        return {
            "verdicts": [[one.hit.pk, str(one.outcome), one.reason] for one in self.verdicts],
            "misses": [
                [one.clause_name, one.check_name, one.version, one.start, one.end]
                for one in self.misses
            ],
        }

    @property
    def sealed(self) -> dict:
        reasons = [one.reason for one in self.verdicts]
        return {"verdict_reasons": reasons} if any(reasons) else {}


def weigh(
    revision: Revision, said: Said, *, actor: Person, provision: Provision | None = None
) -> Weighed:
    """Match what is said with the revision's findings; the submission is locked.

    Findings that cite ``provision``, with which the post is declined, are upheld unless something else is said.
    Raises AlreadyJudgedError where somebody was faster, RefusedPostError where a reason or the quote is missing.
    """
    hits = list(revision.hits.select_related("verdict"))
    opinions = dict(said.opinions)
    if opinions.keys() - {hit.pk for hit in hits}:
        raise TextChangedError(revision.submission)
    if any(hit.pk in opinions and hasattr(hit, "verdict") for hit in hits):
        raise AlreadyJudgedError
    if provision:
        for hit in hits:
            if hit.clause_name == provision.anchor and not hasattr(hit, "verdict"):
                opinions.setdefault(hit.pk, Opinion(UPHELD))
    verdicts = [_verdict(hit, opinions[hit.pk], actor) for hit in hits if hit.pk in opinions]
    misses = [_miss(revision, said.missed, actor)] if said.missed else []
    if any(_is_known(miss) for miss in misses):
        raise AlreadyJudgedError
    return Weighed(verdicts, misses)


def _verdict(hit: Hit, opinion: Opinion, actor: Person) -> FindingVerdict:
    reason = opinion.reason.strip() if opinion.outcome == OVERRULED else ""
    if opinion.outcome == OVERRULED and not reason:
        raise RefusedPostError("Say in a sentence why this is fine here.")
    return FindingVerdict(hit=hit, outcome=opinion.outcome, reason=reason, reviewer=actor)


def _miss(revision: Revision, missed: Missed, actor: Person) -> Miss:
    span = span_of(missed.quote, revision.text)
    if span is None:
        raise RefusedPostError("These words are not in the post. Copy them from it.")
    return Miss(
        revision=revision,
        clause_name=missed.clause,
        check_name=missed.check,
        version=missed.version,
        start=span[0],
        end=span[1],
        reviewer=actor,
    )


def span_of(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quoted words stand first, whatever their case."""
    words = quote.strip().replace("\r\n", "\n")
    start = text.find(words)
    if start < 0 and len(text.lower()) == len(text):
        start = text.lower().find(words.lower())
    return (start, start + len(words)) if words and start >= 0 else None


def keep_from(review: Review, weighed: Weighed, submission: Submission) -> None:
    """Write what was said with a decision, now or, while that may be undone, as soon as it takes effect."""
    if review.effective_at is None:
        effects.keep(weighed.verdicts, weighed.misses, submission, entry=review.entry)
    elif weighed.verdicts or weighed.misses:
        Pending.objects.create(review=review, said=weighed.as_rows)


@transaction.atomic
def judge(submission: Submission, *, actor: Person, seen: str, said: Said) -> bool:
    """Say something of findings, or of what was missed, without a decision; False where nothing is said.

    Only reviewers of all its channels, and never the author (invariant 3).
    """
    submission = steps.locked(submission, "revision", "author__unit", "unit")
    if submission.revision.digest != seen:
        raise TextChangedError(submission)
    if not rules.may_review(submission, actor):
        raise PermissionDenied("Only a reviewer of the channel judges its findings.")
    weighed = weigh(submission.revision, said, actor=actor)
    if not weighed.verdicts and not weighed.misses:
        return False
    entry = record(
        "submission.judge",
        actor=actor,
        subject=subject_of(submission),
        data={"revision": submission.revision.number, "digest": seen} | weighed.data,
        sealed=weighed.sealed,
    )
    effects.keep(weighed.verdicts, weighed.misses, submission, entry=entry)
    return True


def _is_known(miss: Miss) -> bool:
    return Miss.objects.filter(
        revision=miss.revision,
        clause_name=miss.clause_name,
        check_name=miss.check_name,
        start=miss.start,
        end=miss.end,
    ).exists()


@transaction.atomic
def lift(settlement: Settlement, *, actor: Person) -> Settlement:
    """Ask again from now on; posts under way that relied on it are looked at again by the clock."""
    settlement = steps.locked(settlement)
    steps.take(
        "lift",
        settlement,
        actor=actor,
        changes={"lifted_by": actor, "lifted_at": timezone.now()},
    )
    return settlement


@transaction.atomic
def ask_for_replay(version: ClauseVersion, *, actor: Person, most: int) -> Replay:
    """Have a version's checks run over decided posts; the one that is under way, where it is the same."""
    version = steps.locked(version, "clause")
    under_way = Replay.objects.filter(
        version=version,
        digest=version.digest,
        most=most,
        finished_at=None,
        asked_at__gt=timezone.now() - replay.LOST_AFTER,
    ).first()
    if under_way:
        return under_way
    asked = Replay.objects.create(
        version=version, digest=version.digest, checks=version.checks, most=most, asked_by=actor
    )
    transaction.on_commit(partial(tasks.run_replay.enqueue, str(asked.pk)))
    return asked
