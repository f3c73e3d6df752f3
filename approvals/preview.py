"""What an author is told before pressing: findings, the lane, who looks and by when. Nothing is stored."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from clause_library.checks.marking import segments
from clause_library.checks.model import Medium
from clause_library.text import check_text
from organization.models import Person

from . import asking, desks, figures, networks, passages, routing, standing
from .forms import LONGEST_POST
from .models import Channel, Lane, Submission
from .screening import Screened, screen
from .states import WITH_AUTHOR

LONGEST_LIVE_TEXT = 20_000  # code points; longer texts are screened when submitted
TOO_LONG_TO_WATCH = (
    "With {:,} characters this is too long to be checked while you type. "
    "It is checked when you submit it."
)


@dataclass(frozen=True)
class Preview:
    """An answer in words while a post is being written."""

    text: str
    findings: tuple[dict, ...] = ()
    segments: tuple[dict, ...] = ()
    lane: str = ""  # a Lane's value, "not_ours", or empty where there is nothing to say yet
    reasons: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()  # why it cannot be put forward as it is
    owner: Person | None = None  # who would look at it
    answer_by: dt.datetime | None = None
    usual: str = ""  # how long such posts waited lately, in words
    rest: str | None = None  # of a mixed post: what is left without its protected passages
    taken: tuple[str, ...] = ()  # and those passages
    edition: object | None = None
    author: str = ""  # their name, as networks show it
    looks: tuple[networks.Look, ...] = ()  # how it will look where it goes out

    @property
    def fixable(self) -> int:
        return sum(finding["fix"] is not None for finding in self.findings)


def preview(
    text: str,
    author: Person,
    channels: list[Channel],
    submission: Submission | None = None,
    longest: int = LONGEST_LIVE_TEXT,
    media: Sequence[Medium] = (),
) -> Preview:
    if not text.strip():
        return Preview(text)
    problems = tuple(check_text(text, longest=LONGEST_POST))
    if not problems and len(text) > longest:
        problems = (TOO_LONG_TO_WATCH.format(len(text)),)
    if problems:
        return Preview(text, problems=problems)
    screened = screen(text, author, channels, submission=submission, media=media)
    if screened is None:
        return Preview(text, problems=("No policy is in force for your unit yet.",))
    may_pass = submission is None or submission.state in WITH_AUTHOR
    return _answer(text, author, channels, screened, may_pass=may_pass)


def _answer(
    text: str, author: Person, channels: list[Channel], screened: Screened, *, may_pass: bool
) -> Preview:
    """``may_pass``: a post that waits, or is cleared already, is looked at again, however green its new text."""
    now = timezone.now()
    evaluation, owner, by, usual = screened.evaluation, None, None, None
    if channels:
        covering = may_pass and standing.covering(author, screened, channels, now)
        evaluation = evaluation.with_standing(covering or None)
    if evaluation.lane in {Lane.AMBER, Lane.RED} and channels:
        facts = asking.facts_of(evaluation, evaluation.lane, author.unit, channels)
        owner = asking.first_owner(facts, channels, now, author=author)
        by = desks.due_at(author.unit, evaluation.lane, now)
        usual = figures.usual_wait(author.unit, evaluation.lane, now)
    mixed = screened.protected if screened.is_mixed else ()
    return Preview(
        text=text,
        findings=screened.findings,
        segments=tuple(segments(text, screened.findings)),
        lane=evaluation.lane,
        reasons=evaluation.reasons,
        owner=owner,
        answer_by=by,
        usual=routing.in_words(usual) if usual else "",
        rest=passages.rest_of(text, mixed) if mixed else None,
        taken=tuple(passages.taken_out(text, mixed)),
        edition=screened.edition,
        author=author.name,
        looks=networks.looks(text, [channel.network for channel in channels]),
    )
