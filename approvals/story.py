"""What happened to a post, in the order it happened, for the people who may see it."""

import datetime as dt
from dataclasses import dataclass
from itertools import zip_longest

from clause_library.redline import redline
from ledger.models import Entry
from ledger.records import subject_of
from organization.models import Person

from .models import Appeal, HandOver, Publication, Review, Revision, Submission
from .offer_rules import SecondPerson, second_person


@dataclass(frozen=True)
class Moment:
    """One line of a post's story."""

    at: dt.datetime
    says: str
    detail: str = ""


def story_of(submission: Submission, *, for_author: bool = False) -> list[Moment]:
    """Revisions, decisions and what became of the clearance; a constant number of queries.

    Its author is not told of verdicts that were undone, or still may be.
    """
    moments = [
        Moment(
            revision.created_at,
            "Submitted" if revision.number == 1 else f"Changed: revision {revision.number}",
            revision.note,
        )
        for revision in submission.revisions.filter(based_on=None)
    ]
    reviews = Review.objects.filter(revision__submission=submission)
    if for_author:
        reviews = reviews.in_effect()
    for review in reviews.select_related("reviewer", "undoing", "entry"):
        moments.append(
            Moment(review.decided_at, f"{_who(review)}: {_verdict(review)}", review.reason)
        )
        if hasattr(review, "undoing"):
            moments.append(
                Moment(review.undoing.undone_at, f"{review.reviewer.name} took that back")
            )
    passed_on = HandOver.objects.filter(revision__submission=submission)
    moments += [
        Moment(one.handed_at, _now_with(one), one.get_because_display())
        for one in passed_on.select_related("to_owner", "delegation__of")
    ]
    moments += [
        *_answers(submission),
        *_appeals(submission),
        *_reports(submission),
        *_clearance_moments(submission),
    ]
    return sorted(moments, key=lambda moment: moment.at)


def _appeals(submission: Submission) -> list[Moment]:
    return [
        Moment(appeal.appealed_at, "Appealed: another person decides", appeal.reason)
        for appeal in Appeal.objects.filter(revision__submission=submission)
    ]


def _reports(submission: Submission) -> list[Moment]:
    """What its author has said of where it is out."""
    published = Publication.objects.filter(clearance__revision__submission=submission)
    return [
        Moment(
            one.reported_at,
            f"Reported as out on {one.channel.name}: {one.get_verdict_display().lower()}",
            one.url,
        )
        for one in published.select_related("channel")
    ]


ANSWERS = {
    "submission.accept": "The author took the wording, and it was cleared",
    "submission.accept_for_review": "The author took the wording; others decide",
    "submission.turn_down": "The author left the wording",
}


def _answers(submission: Submission) -> list[Moment]:
    """What the author said to wordings that were offered."""
    entries = Entry.objects.about(subject_of(submission)).filter(type__in=ANSWERS)
    return [Moment(entry.created_at, ANSWERS[entry.type]) for entry in entries]


def _verdict(review: Review) -> str:
    return (
        "cleared by break-glass" if review.is_break_glass else review.get_verdict_display().lower()
    )


def _now_with(one: HandOver) -> str:
    if one.to_owner is None:
        return "Nobody who may decide is there; the administrators know"
    stands_in = f", for {one.delegation.of.name}" if one.delegation else ""
    return f"{one.to_owner.name} has it now{stands_in}"


def _who(review: Review) -> str:
    """Who decided, and by what program, if not by hand (invariant 14)."""
    through = review.entry.content["actor"].get("through")
    return f"{review.reviewer.name}, by {through}" if through else review.reviewer.name


def _clearance_moments(submission: Submission) -> list[Moment]:
    clearance, moments = submission.clearance, []
    if clearance and clearance.standing_approval:
        officer, earlier = clearance.standing_approval.officer.name, clearance.rests_on
        says = f"Cleared by the standing approval of {officer}"
        known = (
            f"{earlier.review.reviewer.name} had cleared exactly this before." if earlier else ""
        )
        moments.append(Moment(submission.submitted_at, says, known))
    if clearance and clearance.recalled_at:
        moments.append(Moment(clearance.recalled_at, "Recalled", clearance.recall_reason))
    elif clearance and clearance.ended_at:
        moments.append(Moment(clearance.ended_at, "The clearance ended"))
    return moments


@dataclass(frozen=True)
class Offered:
    """Another wording, beside the post as it stands, and who offers it."""

    wording: Revision
    redline: list
    by: str
    reason: str
    second_person: (
        SecondPerson | None
    )  # the rule by which somebody else decides after the author took it


def offered_in(submission: Submission, person: Person) -> Offered | None:
    """What is on offer, as far as this person may know; for its author only once it has taken effect."""
    if submission.wording is None or (
        submission.author_id == person.pk and submission.is_pending()
    ):
        return None
    wording = submission.wording
    review = Review.objects.standing().select_related("reviewer").get(revision=wording)
    screening = wording.screenings.latest("screened_at")
    profiles = submission.unit.profile, screening.evaluation["inputs"]["profile"]
    return Offered(
        wording=wording,
        redline=redline(submission.revision.text, wording.text),
        by=review.reviewer.name,
        reason=review.reason,
        second_person=second_person(*profiles),
    )


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
    now = submission.revision
    before = now.based_on or submission.revisions.get(number=now.number - 1)
    pairs = zip_longest(before.media_in_words, now.media_in_words)
    changes = [
        MediumChange(number, was, is_now)
        for number, (was, is_now) in enumerate(pairs, start=1)
        if was != is_now
    ]
    return Since(redline(before.text, now.text), changes)
