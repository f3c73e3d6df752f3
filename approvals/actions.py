"""What people do with posts, one function for each; always through the one door, `organization.steps`."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clause_library.checks.model import LICENCES, MINORS, Medium
from clause_library.text import check_text
from ledger.canonical import text_digest
from ledger.models import Entry
from organization import notices, steps
from organization.models import Person
from organization.system import CLOCK, SystemActor
from policy_builder.models import Provision

from . import clearances, desks, judging, lanes, revisions, rules, uploads
from . import standing as standing_approvals
from .errors import MixedPostError, NotTheSameError, RefusedPostError, TextChangedError
from .findings import note_hits
from .models import (
    Channel,
    LaneTable,
    Review,
    Revision,
    Screening,
    StandingApproval,
    Submission,
    Verdict,
)
from .screening import Screened, screen
from .states import WITH_AUTHOR, State

LONGEST_POST = 100_000  # code points
MOST_MEDIA = 4
LONGEST_ALT_TEXT = 1_000  # code points


@transaction.atomic
def submit(  # noqa: PLR0913  a post's fields
    *,
    actor: Person,
    key: uuid.UUID,
    text: str,
    channels: Sequence[Channel],
    window_from: dt.datetime | None = None,
    window_until: dt.datetime | None = None,
    note: str = "",
    media: Sequence[Medium] = (),
    corrects: Submission | None = None,
    together: bool = False,
) -> Submission | None:
    """Put a post forward. ``key`` is made by the form, so the same press twice is one submission.

    Returns None where the post is protected speech: it needs no clearance, and nothing of it is stored
    (invariant 13). Where only a part of it is, nothing is stored unless the author asks to keep it ``together``.
    Screening comes before the first write.
    """
    _refuse_unfit(text, channels, window_from, window_until)
    _refuse_unfit_media(media)
    declared, media = media, uploads.described(media, actor)
    earlier = Submission.objects.filter(pk=key).select_related("revision").first()
    snapshots = [channel.snapshot() for channel in channels]
    digest = revisions.digest(text, snapshots, window_from, window_until, media)
    if earlier:
        return _same(earlier, actor, digest)
    screened = _screened(text, actor, channels, media, together=together)
    if screened.lane == lanes.NOT_OURS:
        uploads.discard(actor, [medium.file for medium in media])
        return None
    uploads.refuse_missing(declared, media)
    submission = Submission(
        pk=key, author=actor, unit=actor.unit, corrects=corrects, state=State.DRAFT
    )
    revision = _revision(submission, 1, text, snapshots, window_from, window_until, note, media)
    _put_forward(submission, revision, screened, channels, actor)
    return submission


def _same(earlier: Submission, actor: Person, digest: str) -> Submission:
    """The answer to a repeated request is the first one's; another post under its key is refused."""
    if earlier.author_id != actor.pk or earlier.revisions.get(number=1).digest != digest:
        raise NotTheSameError
    return earlier


@transaction.atomic
def revise(  # noqa: PLR0913  as above
    submission: Submission,
    *,
    actor: Person,
    seen: str,
    text: str,
    channels: Sequence[Channel],
    window_from: dt.datetime | None = None,
    window_until: dt.datetime | None = None,
    note: str = "",
    media: Sequence[Medium] = (),
    together: bool = False,
) -> Submission | None:
    """Change a post. A decision about the former text ends (invariant 2); saving without a change does nothing.

    Returns None where the new text is protected speech: it needs no clearance; the submission stays as it was.
    """
    _refuse_unfit(text, channels, window_from, window_until)
    _refuse_unfit_media(media)
    declared, media = media, uploads.described(media, actor)
    submission = _locked(submission, seen)
    if submission.author_id != actor.pk:
        raise PermissionDenied("Only the author changes a post.")
    snapshots = [channel.snapshot() for channel in channels]
    digest = revisions.digest(text, snapshots, window_from, window_until, media)
    if digest == seen and submission.state in {State.IN_REVIEW, State.CLEARED}:
        return submission
    screened = _screened(text, actor, channels, media, submission, together=together)
    if screened.lane == lanes.NOT_OURS:
        uploads.discard(actor, [medium.file for medium in media])
        return None
    uploads.refuse_missing(declared, media)
    number = submission.revision.number + 1
    revision = _revision(
        submission, number, text, snapshots, window_from, window_until, note, media
    )
    clearances.end(submission)
    _put_forward(submission, revision, screened, channels, actor)
    return submission


def _revision(
    submission: Submission,
    number: int,
    text: str,
    channels: list[dict[str, str]],
    window_from: dt.datetime | None,
    window_until: dt.datetime | None,
    note: str,
    media: Sequence[Medium],
) -> Revision:
    digests = text_digest(text)
    return Revision(
        submission=submission,
        number=number,
        text=text,
        media=[asdict(medium) for medium in media],
        channels=channels,
        window_from=window_from,
        window_until=window_until,
        note=note,
        digest=revisions.digest(text, channels, window_from, window_until, media),
        exact_digest=digests["exact"],
        folded_digest=digests["folded"],
        created_by=submission.author,
    )


def _refuse_unfit(
    text: str,
    channels: Sequence[Channel],
    window_from: dt.datetime | None,
    window_until: dt.datetime | None,
) -> None:
    """Refuse, in words, what cannot be put forward at all. Nothing was stored."""
    for problem in check_text(text, longest=LONGEST_POST):
        raise RefusedPostError(problem)
    if not channels:
        raise RefusedPostError("Choose at least one place where the post will go out.")
    if window_from and window_until and window_until <= window_from:
        raise RefusedPostError("The last moment to post must come after the first.")
    if window_until and window_until <= timezone.now():
        raise RefusedPostError("The last moment to post has passed. Choose a later one.")


def _refuse_unfit_media(media: Sequence[Medium]) -> None:
    if len(media) > MOST_MEDIA:
        raise RefusedPostError(
            f"A post has {MOST_MEDIA} pictures or videos at most. Leave some out."
        )
    for number, medium in enumerate(media, start=1):
        for problem in check_text(medium.alt_text, longest=LONGEST_ALT_TEXT):
            raise RefusedPostError(f"Alt text of picture or video {number}: {problem}")
        if medium.licence not in LICENCES or medium.minors not in MINORS:
            raise RefusedPostError(f"Say of picture or video {number} what is on the list.")


def _screened(
    text: str,
    author: Person,
    channels: Sequence[Channel],
    media: Sequence[Medium],
    submission: Submission | None = None,
    *,
    together: bool,
) -> Screened:
    """What the policy in force finds; refused while it holds what we do not store."""
    screened = screen(text, author, list(channels), submission=submission, media=media)
    if screened is None:
        raise RefusedPostError(
            "There is no policy in force for your unit yet, so nothing can be cleared. "
            "Ask the people who look after the policy."
        )
    if screened.unstorable:
        raise RefusedPostError(
            "This post holds somebody's private number or address, or a password or key, in its words, an "
            "alt text or a file. Take it out first (press Fix, where there is one); until then no post is kept."
        )
    if screened.is_mixed and not together:
        raise MixedPostError
    return screened


def _put_forward(
    submission: Submission,
    revision: Revision,
    screened: Screened,
    channels: Sequence[Channel],
    actor: Person,
) -> None:
    """Write the revision and its screening with the step that its lane calls for."""
    now = timezone.now()
    standing = None
    if submission.state in WITH_AUTHOR:
        standing_approvals.hold(submission.unit)
        standing = standing_approvals.covering(submission.author, screened, channels, now)
        if standing and screened.rests_on and not standing_approvals.hold_word(screened.rests_on):
            standing = None  # recalled a moment ago
    evaluation = screened.evaluation.with_standing(standing)
    screening = _screening_of(revision, screened, evaluation, standing)
    clearance = clearances.for_revision(
        revision,
        screened.edition,
        now,
        standing_approval=standing,
        rests_on=screened.rests_on,
    )
    is_new = submission.state == State.DRAFT
    owner = None if standing else desks.choose_owner(actor, channels, now)
    step = _step(submission, standing)
    entry = steps.take(
        step,
        submission,
        actor=actor,
        create=is_new,
        data=_facts(revision, screening)
        | (
            {"standing_approval": str(standing.pk), "clearance": clearance.number}
            if standing
            else {}
        ),
        sealed={"post": _sealed(revision), "evaluation": screening.evaluation},
        changes={
            "revision": revision,
            "lane": screening.lane,
            "owner": owner,
            "submitted_at": now,
            "due_at": None if standing else desks.due_at(submission.unit, screening.lane, now),
            "decided_at": now if standing else None,
            "clearance": clearance if standing else None,
        },
    )
    revision.save(force_insert=True)
    uploads.claim(revision, actor)
    submission.channels.set(channels)
    _keep(screening)
    if standing:
        clearances.issue(clearance, entry)
    elif owner:
        _ask(owner, submission, entry)


def _step(submission: Submission, standing: StandingApproval | None) -> str:
    if submission.state in {State.IN_REVIEW, State.CLEARED}:
        return "revise"
    return "pass_green" if standing else "submit"


def _facts(revision: Revision, screening: Screening) -> dict:
    return {
        "revision": revision.number,
        "digest": revision.digest,
        "edition": str(screening.edition_id),
        "lane": screening.lane,
        "rules": screening.evaluation["rules_digest"],
        "findings": [
            [finding["check"], finding["clause"], finding["start"], finding["end"]]
            + ([finding["where"]] if finding["where"] else [])
            for finding in screening.findings
        ],
    }


def _sealed(revision: Revision) -> dict:
    return {
        "text": revision.text,
        "media": revision.media,
        "note": revision.note,
        "channels": revision.channels,
    }


def _screening_of(
    revision: Revision,
    screened: Screened,
    evaluation: lanes.Evaluation,
    standing: StandingApproval | None,
) -> Screening:
    return Screening(
        revision=revision,
        edition=screened.edition,
        findings=list(screened.findings),
        protected=[list(span) for span in screened.protected],
        lane=evaluation.lane,
        evaluation=evaluation.as_data() | {"standing_approval": standing and str(standing.pk)},
    )


def _keep(screening: Screening) -> None:
    """Write it and its hits, and the rules that it went by, unless they are known."""
    LaneTable.objects.get_or_create(digest=lanes.DIGEST, defaults={"table": lanes.TABLE})
    screening.save(force_insert=True)
    note_hits(screening)


def _ask(owner: Person, submission: Submission, entry: Entry) -> None:
    notices.tell(
        owner,
        "review_wanted",
        f"review_wanted:{entry.pk}",
        {"author": submission.author.name, "channels": _names(submission.revision)},
        path=f"/posts/{submission.pk}/review/",
    )


def _names(revision: Revision) -> str:
    return ", ".join(channel["name"] for channel in revision.channels)


@transaction.atomic
def decide(
    submission: Submission,
    *,
    actor: Person,
    verdict: str,
    seen: str,
    reason: str = "",
    provision: Provision | None = None,
    said: judging.Said = judging.NOTHING,
) -> Submission:
    """Clear, ask for changes, or decline; bound to the revision on the reviewer's screen (invariant 2).

    What the reviewer says of the findings is recorded with it; naming a provision upholds what cites it.
    """
    submission = _locked(submission, seen)
    now = timezone.now()
    if verdict == Verdict.CLEAR and desks.lacks_principal(submission, actor):
        raise PermissionDenied("Only a registered principal clears this kind of content.")
    screening = latest_screening(submission.revision)
    weighed = judging.weigh(submission.revision, said, actor=actor, provision=provision)
    review = Review(
        revision=submission.revision,
        reviewer=actor,
        verdict=verdict,
        reason=reason,
        provision=provision,
        role=actor.job_title or "Reviewer",
        authority=_authority(submission, actor),
        registration=actor.registration,
        decided_at=now,
    )
    clearance = (
        clearances.for_revision(submission.revision, screening.edition, now, review=review)
        if verdict == Verdict.CLEAR
        else None
    )
    entry = steps.take(
        verdict,
        submission,
        actor=actor,
        data={
            "revision": submission.revision.number,
            "digest": seen,
            "edition": str(screening.edition_id),
            "provision": provision and str(provision.pk),
            "clearance": clearance and clearance.number,
        }
        | weighed.data,
        sealed={"reason": reason} | weighed.sealed,
        changes={"clearance": clearance, "decided_at": now, "owner": None},
    )
    review.entry = entry
    review.save(force_insert=True)
    judging.keep(weighed, submission, actor=actor, entry=entry)
    if clearance:
        clearances.issue(clearance, entry)
    else:
        _tell_verdict(submission, review, entry)
    return submission


def _authority(submission: Submission, actor: Person) -> str:
    """By what right this person decides, in words for the record."""
    if actor.registration:
        return actor.registration
    return f"Reviewer for {_names(submission.revision)}"


def _tell_verdict(submission: Submission, review: Review, entry: Entry) -> None:
    event = {Verdict.SEND_BACK: "sent_back", Verdict.DECLINE: "declined"}[Verdict(review.verdict)]
    context = {"reviewer": review.reviewer.name, "reason": review.reason}
    if review.provision:
        context["provision"] = str(review.provision)
    notices.tell(
        submission.author, event, f"{event}:{entry.pk}", context, path=f"/posts/{submission.pk}/"
    )


@transaction.atomic
def withdraw(submission: Submission, *, actor: Person, seen: str) -> Submission:
    """Take the post back; the backing of what was cleared ends now."""
    submission = _locked(submission, seen)
    steps.take("withdraw", submission, actor=actor, changes={"owner": None})
    clearances.end(submission)
    return submission


@transaction.atomic
def publish(submission: Submission, *, actor: Person, seen: str, url: str = "") -> Submission:
    """The author says that the cleared text has gone out, and where."""
    submission = _locked(submission, seen)
    if submission.clearance and not submission.clearance.is_valid():
        raise RefusedPostError("The clearance has ended. Submit the post again before it goes out.")
    steps.take(
        "publish",
        submission,
        actor=actor,
        data={"clearance": submission.clearance and submission.clearance.number},
        sealed={"url": url},
        changes={"published_at": timezone.now(), "published_url": url},
    )
    return submission


@transaction.atomic
def recall(submission: Submission, *, actor: Person, reason: str) -> Submission:
    """Withdraw the company's word from now on, from copies too that rest on it. Posts published before stay backed."""
    submission = _locked(submission)
    copies = []
    if (
        submission.clearance
    ):  # all locks come before the first entry, so that nobody waits in a circle
        standing_approvals.hold_word(submission.clearance)
        resting = Submission.objects.filter(
            clearance__rests_on=submission.clearance, state__in=[State.CLEARED, State.PUBLISHED]
        )
        copies = [_locked(copy) for copy in resting.order_by("pk")]
    _recall(submission, actor, reason)
    for copy in copies:
        if rules.may_recall(copy, actor):
            _recall(copy, actor, reason)
    return submission


def _recall(submission: Submission, actor: Person, reason: str) -> None:
    clearance = submission.clearance
    entry = steps.take(
        "recall",
        submission,
        actor=actor,
        data={"clearance": clearance and clearance.number},
        sealed={"reason": reason},
    )
    clearance.recalled_at, clearance.recall_reason = timezone.now(), reason
    clearance.save(update_fields=["recalled_at", "recall_reason"])
    notices.tell(
        submission.author,
        "recalled",
        f"recalled:{entry.pk}",
        {"reason": reason},
        path=f"/posts/{submission.pk}/",
    )


@transaction.atomic
def hand_over(submission: Submission, *, actor: Person | SystemActor) -> Submission:
    """Pass the post to the next best reviewer; with nobody else it stays where it is."""
    submission = _locked(submission)
    now = timezone.now()
    owner = desks.choose_owner(
        submission.author, list(submission.channels.all()), now, without=submission.owner
    )
    if owner is None:
        return submission
    entry = steps.take(
        "hand_over",
        submission,
        actor=actor,
        data={"from": str(submission.owner_id), "to": str(owner.pk)},
        changes={"owner": owner, "due_at": desks.due_at(submission.unit, submission.lane, now)},
    )
    _ask(owner, submission, entry)
    return submission


@transaction.atomic
def lapse(submission: Submission, *, at: dt.datetime) -> None:
    """The clearance of a post that was not published has come to its end."""
    submission = _locked(submission)
    if submission.state != State.CLEARED or submission.clearance.is_valid(at):
        return
    entry = steps.take(
        "lapse", submission, actor=CLOCK, data={"clearance": submission.clearance.number}
    )
    notices.tell(
        submission.author, "lapsed", f"lapsed:{entry.pk}", {}, path=f"/posts/{submission.pk}/"
    )


@transaction.atomic
def rescreen(submission: Submission) -> None:
    """Look again with the edition and the lists now in force; rules in flight never weaken (invariant 6)."""
    submission = _locked(submission)
    revision, now = submission.revision, timezone.now()
    before = latest_screening(revision)
    channels = list(submission.channels.all())
    screened = screen(
        revision.text,
        submission.author,
        channels,
        submission=submission,
        media=revision.declared,
    )
    if screened is None or not _is_news(screened, before):
        return
    evaluation = screened.evaluation.under_way(before.lane)
    screening = _screening_of(revision, screened, evaluation, standing=None)
    owner = submission.owner or desks.choose_owner(submission.author, channels, now)
    waits = submission.due_at if submission.state == State.IN_REVIEW else None
    clearances.end(submission)
    entry = steps.take(
        "rescreen",
        submission,
        actor=CLOCK,
        data=_facts(revision, screening),
        sealed={"evaluation": screening.evaluation},
        changes={
            "lane": screening.lane,
            "owner": owner,
            "clearance": None,
            "due_at": waits or desks.due_at(submission.unit, screening.lane, now),
        },
    )
    _keep(screening)
    for person in filter(None, {owner, submission.author}):
        notices.tell(
            person, "rescreened", f"rescreened:{entry.pk}", {}, path=f"/posts/{submission.pk}/"
        )


def _is_news(screened: Screened, before: Screening) -> bool:
    """Whether another edition is in force, or something is found since, or no longer settled."""
    if screened.edition != before.edition:
        return True
    known = {_place(one) for one in before.findings if one["settled"] is None}
    return any(
        _place(one) not in known and one["severity"] != "advice" and one["settled"] is None
        for one in screened.findings
    )


def _place(finding: dict) -> tuple[str, int, int, str]:
    return finding["check"], finding["start"], finding["end"], finding.get("where", "")


def _locked(submission: Submission, seen: str | None = None) -> Submission:
    """The row under lock, with what it points to; refused when its text is no longer what was seen."""
    submission = steps.locked(
        submission,
        "revision",
        "author__unit",
        "unit",
        "owner",
        "clearance__standing_approval",
        "clearance__review",
    )
    if seen is not None and submission.revision.digest != seen:
        raise TextChangedError(submission)
    return submission


def latest_screening(revision: Revision) -> Screening:
    return revision.screenings.select_related("edition__policy").latest("screened_at")
