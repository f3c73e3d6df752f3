"""What happened to a post, in the order it happened, for the people who may see it."""

import datetime as dt
from dataclasses import dataclass
from itertools import zip_longest

from clause_library.redline import redline

from .models import Review, Submission


@dataclass(frozen=True)
class Moment:
    """One line of a post's story."""

    at: dt.datetime
    says: str
    detail: str = ""


def story_of(submission: Submission) -> list[Moment]:
    """Revisions, decisions and what became of the clearance; a constant number of queries."""
    moments = [
        Moment(
            revision.created_at,
            "Submitted" if revision.number == 1 else f"Changed: revision {revision.number}",
            revision.note,
        )
        for revision in submission.revisions.all()
    ]
    reviews = Review.objects.filter(revision__submission=submission)
    moments += [
        Moment(
            review.decided_at,
            f"{review.reviewer.name}: {review.get_verdict_display().lower()}",
            review.reason,
        )
        for review in reviews.select_related("reviewer")
    ]
    return sorted([*moments, *_clearance_moments(submission)], key=lambda moment: moment.at)


def _clearance_moments(submission: Submission) -> list[Moment]:
    clearance, moments = submission.clearance, []
    if clearance and clearance.standing_approval:
        officer, earlier = clearance.standing_approval.officer.name, clearance.rests_on
        says = f"Cleared by the standing approval of {officer}"
        known = (
            f"{earlier.review.reviewer.name} had cleared exactly this before." if earlier else ""
        )
        moments.append(Moment(submission.submitted_at, says, known))
    if submission.published_at:
        moments.append(Moment(submission.published_at, "Published", submission.published_url))
    if clearance and clearance.recalled_at:
        moments.append(Moment(clearance.recalled_at, "Recalled", clearance.recall_reason))
    elif clearance and clearance.ended_at:
        moments.append(Moment(clearance.ended_at, "The clearance ended"))
    return moments


@dataclass(frozen=True)
class Since:
    """What differs from the revision before: the words as a redline, and pictures and video side by side."""

    redline: list
    media: list["MediumChange"]


@dataclass(frozen=True)
class MediumChange:
    """One place among the pictures and videos in which something else stands now; as `Revision.media_in_words`."""

    number: int
    before: dict | None
    after: dict | None

    @property
    def says(self) -> list[str]:
        """What became of it, in words."""
        if self.before is None:
            return ["Added"]
        if self.after is None:
            return ["Taken out"]
        told = {
            "file": "Another file",
            "alt_text": "Another alt text",
            "licence": "Another right to use it",
            "minors": "Something else about children",
        }
        return [words for name, words in told.items() if self.before[name] != self.after[name]]


def since_last_look(submission: Submission) -> Since | None:
    """What changed since the revision before this one; None for a first revision."""
    if submission.revision.number == 1:
        return None
    before = submission.revisions.get(number=submission.revision.number - 1)
    now = submission.revision
    pairs = zip_longest(before.media_in_words, now.media_in_words)
    changes = [
        MediumChange(number, was, is_now)
        for number, (was, is_now) in enumerate(pairs, start=1)
        if was != is_now
    ]
    return Since(redline(before.text, now.text), changes)
