"""What an author is told before pressing: findings, the lane, who looks and by when. Nothing is stored."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from clause_library.text import check_text
from organization.models import Person

from . import desks, passages, standing
from .models import Channel, Lane
from .screening import Screened, screen

LONGEST_LIVE_TEXT = 20_000  # code points; longer texts are screened when submitted


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
    protected: bool = False  # a part of it is protected speech
    edition: object | None = None

    @property
    def fixable(self) -> int:
        return sum(finding["fix"] is not None for finding in self.findings)


def preview(text: str, author: Person, channels: list[Channel]) -> Preview:
    if not text.strip():
        return Preview(text)
    problems = tuple(check_text(text, longest=LONGEST_LIVE_TEXT))
    if problems:
        return Preview(text, problems=problems)
    screened = screen(text, author, channels)
    if screened is None:
        return Preview(text, problems=("No policy is in force for your unit yet.",))
    return _answer(text, author, channels, screened)


def _answer(text: str, author: Person, channels: list[Channel], screened: Screened) -> Preview:
    now = timezone.now()
    lane, reasons, owner, by = screened.lane, screened.evaluation.reasons, None, None
    covered = channels and standing.covering(author, screened, channels, now)
    if lane == Lane.GREEN and channels and not covered:
        lane, reasons = Lane.AMBER.value, (*reasons, standing.NONE_COVERS)
    if lane in {Lane.AMBER, Lane.RED} and channels:
        owner = desks.choose_owner(author, channels, now)
        by = desks.due_at(author.unit, lane, now)
    return Preview(
        text=text,
        findings=screened.findings,
        segments=tuple(passages.segments(text, screened.findings)),
        lane=lane,
        reasons=tuple(reasons),
        owner=owner,
        answer_by=by,
        protected=bool(screened.protected),
        edition=screened.edition,
    )
