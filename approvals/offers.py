"""Another wording: a reviewer offers it, and its author takes it in one press, or leaves it.

The offer is the reviewer's review of exactly that revision. Taking it is the author's yes to the same digest, so both
stand behind the same words; where `offer_rules` asks for a second person, somebody else decides after that.
"""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ledger.canonical import text_digest
from organization import notices, steps
from organization.models import Person

from . import actions, asking, clearances, effects, lanes, passages, revisions, rules, uploads
from .errors import MixedPostError, RefusedPostError, StaleOfferError
from .models import Channel, HandOver, Review, Revision, Screening, Submission, Verdict
from .offer_rules import SecondPerson, second_person
from .screening import Screened, screen
from .states import State


@transaction.atomic
def offer(
    submission: Submission,
    *,
    actor: Person,
    seen: str,
    text: str,
    reason: str = "",
    undo_for: dt.timedelta | None = None,
) -> Submission:
    """Clear the post with this wording, if its author takes it. Only the text changes; it is screened first."""
    submission = actions.locked(submission, seen)
    if not rules.may_review(submission, actor):
        raise PermissionDenied("Only a reviewer of the channel offers another wording.")
    if submission.state != State.IN_REVIEW:
        raise StaleOfferError
    if not rules.may_agree(submission, actor):
        raise PermissionDenied(asking.why_not(submission, actor))
    base, now = submission.revision, timezone.now()
    absence = HandOver.objects.stood_in_by(submission, actor)
    channels = list(submission.channels.all())
    actions.refuse_unfit(text, channels, base.window_from, base.window_until)
    screened = _screened(submission, text, channels)
    revision = _reworded(base, text, actor, actions.next_number(submission))
    screening = actions.screening_of(revision, screened, screened.evaluation, standing=None)
    review = Review(
        revision=revision,
        reviewer=actor,
        verdict=Verdict.OFFER,
        stage=submission.stage,
        reason=reason,
        role=actor.job_title or "Reviewer",
        authority=actions.authority_of(submission, actor, absence),
        registration=actor.registration,
        decided_at=now,
        effective_at=effects.after(now, undo_for),
    )
    review.entry = steps.take(
        "offer",
        submission,
        actor=actor,
        data=actions.facts_of(revision, screening) | {"instead_of": base.digest},
        sealed={"post": actions.sealed_of(revision), "reason": reason},
        changes={
            "wording": revision,
            "decided_at": now,
            "decided_by": actor,
            "effective_at": review.effective_at,
            "owner": None,
        },
        on_behalf_of=absence and absence.of,
    )
    revision.save(force_insert=True)
    uploads.claim(revision, submission.author)
    actions.keep_screening(screening)
    review.save(force_insert=True)
    notices.tell(
        submission.author,
        "offered",
        actions.offer_key(revision),
        {"reviewer": actor.name, "reason": reason, "text": text},
        path=f"/posts/{submission.pk}/",
        tell_at=review.effective_at,
    )
    return submission


def _screened(submission: Submission, text: str, channels: list[Channel]) -> Screened:
    """As any text. Passages that are not ours to judge stay as their author wrote them (invariant 13)."""
    base = submission.revision
    if not text.strip():
        raise RefusedPostError("Write the wording first.")
    if text == base.text:
        raise RefusedPostError("You have changed no word. Clear it as it stands, or change one.")
    kept = passages.taken_out(base.text, actions.latest_screening(base).protected)
    if any(passage not in text for passage in kept):
        raise RefusedPostError(
            "A part about pay, hours, safety, unions or wrongdoing is not yours to change. Leave it as it was."
        )
    screened = actions.screened_or_refused(
        text, submission.author, channels, base.declared, submission, together=True
    )
    if screened.lane == lanes.NOT_OURS:
        raise RefusedPostError("This wording needs no clearance. Nothing of it was stored.")
    if any(passage not in kept for passage in passages.taken_out(text, screened.protected)):
        raise MixedPostError
    return screened


def _reworded(base: Revision, text: str, actor: Person, number: int) -> Revision:
    digests = text_digest(text)
    return Revision(
        submission=base.submission,
        number=number,
        text=text,
        media=base.media,
        channels=base.channels,
        window_from=base.window_from,
        window_until=base.window_until,
        note=base.note,
        digest=revisions.digest(
            text, base.channels, base.window_from, base.window_until, base.declared
        ),
        exact_digest=digests["exact"],
        folded_digest=digests["folded"],
        created_by=actor,
        based_on=base,
    )


@transaction.atomic
def accept(submission: Submission, *, actor: Person, seen: str) -> Submission:
    """Take the wording whose digest was ``seen``. It is cleared by the offer's review, or goes to a second person."""
    submission = actions.locked(submission)
    offered, now = submission.wording, timezone.now()
    if offered is None or offered.digest != seen or submission.is_pending(now):
        raise StaleOfferError
    review = Review.objects.standing().select_related("reviewer").get(revision=offered)
    screening = actions.latest_screening(offered)
    _refuse_stale(submission, review, screening, now)
    rule = second_person_for(submission, screening)
    asked = _asked(submission, review, screening, now, counts=rule is None)
    if asked is None:
        _clear(submission, review, screening, actor, now)
    else:
        _pass_on(submission, review, screening, rule, asked, actor)
    return submission


def _asked(submission, review, screening, now: dt.datetime, *, counts: bool) -> dict | None:
    """Whom the post asks next; None where the offer's review is all that its route needs."""
    channels = list(submission.channels.all())
    evaluation = lanes.Evaluation.of_data(screening.evaluation)
    facts = asking.facts_of(evaluation, screening.lane, submission.unit, channels)
    return asking.taken(submission, review, facts, channels, now, counts=counts)


def _refuse_stale(
    submission: Submission, review: Review, screening: Screening, now: dt.datetime
) -> None:
    """Neither rules nor edition have changed since, its time has not passed, and its reviewer may still decide."""
    offered = submission.wording
    screened = screen(
        offered.text,
        submission.author,
        list(submission.channels.all()),
        submission=submission,
        media=offered.declared,
    )
    is_over = offered.window_until is not None and offered.window_until <= now
    if (
        is_over
        or screened is None
        or actions.is_news(screened, screening)
        or not rules.may_review(submission, review.reviewer)
    ):
        raise StaleOfferError


def second_person_for(submission: Submission, screening: Screening) -> SecondPerson | None:
    """By the unit's profile now, or as it was when the wording was offered: what is in flight never weakens."""
    return second_person(submission.unit.profile, screening.evaluation["inputs"]["profile"])


def _clear(submission, review, screening, actor: Person, now: dt.datetime) -> None:
    clearance = clearances.for_revision(submission.wording, screening.edition, now, review=review)
    entry = steps.take(
        "accept",
        submission,
        actor=actor,
        data=_taken(submission, review) | {"clearance": clearance.number},
        changes=_changes(submission, screening)
        | {"clearance": clearance, "decided_at": now, "decided_by": review.reviewer},
    )
    clearances.issue(clearance, entry)


def _pass_on(
    submission, review, screening, rule: SecondPerson | None, asked: dict, actor: Person
) -> None:
    """To whoever else the route needs; where a rule wants a second person, who offered it is a co-author now."""
    by_rule = {"co_author": str(review.reviewer_id), "law": rule.law} if rule else {}
    entry = steps.take(
        "accept_for_review",
        submission,
        actor=actor,
        data=_taken(submission, review) | by_rule | asking.in_entry(asked),
        sealed={"route": asked["route"]},
        changes=_changes(submission, screening) | {"decided_at": None, "decided_by": None} | asked,
    )
    if rule:
        submission.co_authors.add(review.reviewer)
    actions.ask(submission, entry)


def _taken(submission: Submission, review: Review) -> dict:
    offered = submission.wording
    return {
        "revision": offered.number,
        "digest": offered.digest,
        "review": str(review.pk),
        "offer": review.entry_id,
    }


def _changes(submission: Submission, screening: Screening) -> dict:
    return {
        "revision": submission.wording,
        "wording": None,
        "lane": screening.lane,
        "effective_at": None,
    }


@transaction.atomic
def turn_down(submission: Submission, *, actor: Person, seen: str) -> Submission:
    """Leave the wording; the post stays as its author wrote it, to be changed and put forward again."""
    submission = actions.locked(submission)
    if submission.wording is None or submission.wording.digest != seen or submission.is_pending():
        raise StaleOfferError
    steps.take(
        "turn_down",
        submission,
        actor=actor,
        data={"revision": submission.wording.number, "digest": submission.wording.digest},
        changes={"wording": None, "decided_at": None, "decided_by": None, "effective_at": None},
    )
    return submission
