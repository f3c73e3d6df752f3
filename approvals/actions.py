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
from organization.models import Delegation, Person
from organization.system import CLOCK
from policy_builder.models import Provision

from . import (
    appealing,
    asking,
    clearances,
    desks,
    effects,
    judging,
    lanes,
    passages,
    revisions,
    rules,
    shelf,
    uploads,
)
from . import standing as standing_approvals
from .errors import MixedPostError, NotTheSameError, RefusedPostError, TooEarlyError
from .findings import note_hits
from .holding import locked
from .models import (
    Channel,
    Clearance,
    HandOver,
    LaneTable,
    Review,
    Revision,
    Screening,
    StandingApproval,
    Submission,
    Verdict,
)
from .moving import hand_over  # noqa: F401  an act of its own module
from .screening import Screened, screen
from .states import WITH_AUTHOR, WITH_REVIEWER, State

LONGEST_POST = 100_000  # code points
MOST_MEDIA = 4
LONGEST_ALT_TEXT = 1_000  # code points
LONGEST_AUTHORITY = 200
LONGEST_IN_MAIL = 1_500  # code points of a post
MOST_IN_MAIL = 10  # findings


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
    co_authors: Sequence[Person] = (),
    may_lack_files: bool = False,
) -> Submission | None:
    """Put a post forward. ``key`` is made by the form, so the same press twice is one submission.

    ``may_lack_files``: programs say what goes out with a post and send no files up; only what is said is cleared then.

    Returns None where the post is protected speech: it needs no clearance, and nothing of it is stored
    (invariant 13). Where only a part of it is, nothing is stored unless the author asks to keep it ``together``.
    Screening comes before the first write.
    """
    refuse_unfit(text, channels, window_from, window_until)
    _refuse_unfit_media(media)
    if corrects and corrects.author_id != actor.pk:
        raise PermissionDenied("Only its author corrects a post.")
    declared, media = media, uploads.described(media, actor)
    earlier = Submission.objects.filter(pk=key).select_related("revision").first()
    snapshots = [channel.snapshot() for channel in channels]
    digest = revisions.digest(text, snapshots, window_from, window_until, media)
    if earlier:
        return _same(earlier, actor, digest)
    screened = screened_or_refused(text, actor, channels, media, together=together)
    if screened.lane == lanes.NOT_OURS:
        uploads.discard(actor, [medium.file for medium in media])
        return None
    uploads.refuse_missing(declared, media, without_files=declared if may_lack_files else ())
    submission = Submission(
        pk=key, author=actor, unit=actor.unit, corrects=corrects, state=State.DRAFT
    )
    revision = _revision(submission, 1, text, snapshots, window_from, window_until, note, media)
    _put_forward(submission, revision, screened, channels, actor, co_authors=co_authors)
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
    co_authors: Sequence[Person] = (),
    prefer: Person | None = None,
) -> Submission | None:
    """Change a post. A decision about the former text ends (invariant 2); saving without a change does nothing.

    Co-authors are added to those it has. ``prefer`` is a reviewer who keeps it, where they still may.
    Returns None where the new text is protected speech: it needs no clearance; the submission stays as it was.
    """
    refuse_unfit(text, channels, window_from, window_until)
    _refuse_unfit_media(media)
    declared, media = media, uploads.described(media, actor)
    submission = locked(submission, seen)
    if submission.author_id != actor.pk:
        raise PermissionDenied("Only the author changes a post.")
    snapshots = [channel.snapshot() for channel in channels]
    digest = revisions.digest(text, snapshots, window_from, window_until, media)
    is_new_to_it = set(co_authors) - {actor} - set(submission.co_authors.all())
    if digest == seen and not is_new_to_it and submission.state in {State.IN_REVIEW, State.CLEARED}:
        return submission
    screened = screened_or_refused(text, actor, channels, media, submission, together=together)
    if screened.lane == lanes.NOT_OURS:
        uploads.discard(actor, [medium.file for medium in media])
        return None
    uploads.refuse_missing(declared, media, without_files=submission.revision.declared)
    revision = _revision(
        submission, next_number(submission), text, snapshots, window_from, window_until, note, media
    )
    clearances.end(submission)
    _put_forward(
        submission, revision, screened, channels, actor, co_authors=co_authors, prefer=prefer
    )
    return submission


@transaction.atomic
def answer(submission: Submission, *, actor: Person, seen: str, words: str) -> Submission | None:
    """Answer the reviewer's question and put the same post forward again, to the same reviewer where they may."""
    submission = locked(submission, seen)
    if submission.author_id != actor.pk:
        raise PermissionDenied("Only the author answers.")
    if submission.state != State.RETURNED or submission.is_pending():
        raise TooEarlyError
    revision = submission.revision
    asked = Review.objects.standing().filter(revision=revision).select_related("reviewer")
    return revise(
        submission,
        actor=actor,
        seen=seen,
        text=revision.text,
        channels=list(submission.channels.all()),
        window_from=revision.window_from,
        window_until=revision.window_until,
        note=words,
        media=revision.declared,
        together=True,  # what was kept together before, at its author's wish, stays so
        prefer=asked.latest("decided_at").reviewer,
    )


def next_number(submission: Submission) -> int:
    """Of a locked submission's next revision; a reviewer's wording that was turned down has had one too."""
    return submission.revisions.latest("number").number + 1


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


def refuse_unfit(
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


def screened_or_refused(
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
    *,
    co_authors: Sequence[Person] = (),
    prefer: Person | None = None,
) -> None:
    """Write the revision and its screening with the step that its lane calls for."""
    now = timezone.now()
    standing = None
    if submission.state in WITH_AUTHOR:
        standing_approvals.hold(submission.unit)
        standing = standing_approvals.covering(submission.author, screened, channels, now)
        if standing and screened.rests_on and not standing_approvals.hold_word(screened.rests_on):
            standing = None  # recalled a moment ago
        if standing and screened.item and not shelf.hold(screened.item):
            standing = None  # retired a moment ago
    evaluation = screened.evaluation.with_standing(standing)
    screening = screening_of(revision, screened, evaluation, standing)
    clearance = clearances.for_revision(
        revision,
        screened.edition,
        now,
        standing_approval=standing,
        rests_on=screened.rests_on,
        shelf_item=screened.item,
    )
    is_new = submission._state.adding
    writers = [one for one in {*co_authors, *co_authors_of(submission)} if one != actor]
    asked = {"owner": None, "due_at": None}
    if not standing:
        facts = asking.facts_of(evaluation, screening.lane, submission.unit, channels)
        asked = asking.put_forward(submission, revision, facts, channels, now, writers, prefer)
    step = _step(submission, standing)
    entry = steps.take(
        step,
        submission,
        actor=actor,
        create=is_new,
        data=facts_of(revision, screening)
        | asking.in_entry(asked)
        | ({"co_authors": sorted(str(one.pk) for one in writers)} if writers else {})
        | (
            {
                "standing_approval": str(standing.pk),
                "clearance": clearance.number,
                "shelf_item": screened.item and str(screened.item.pk),
            }
            if standing
            else {}
        ),
        sealed={
            "post": sealed_of(revision),
            "evaluation": screening.evaluation,
            "route": asked.get("route"),
        },
        changes={
            "revision": revision,
            "lane": screening.lane,
            "submitted_at": screened.began_at,
            "decided_at": now if standing else None,
            "decided_by": None,
            "effective_at": None,
            "clearance": clearance if standing else None,
        }
        | asked,
    )
    revision.save(force_insert=True)
    uploads.claim(revision, actor)
    submission.channels.set(channels)
    submission.co_authors.add(*writers)
    keep_screening(screening)
    if standing:
        clearances.issue(clearance, entry)
    else:
        ask(submission, entry)


def co_authors_of(submission: Submission) -> list[Person]:
    return [] if submission._state.adding else list(submission.co_authors.all())


def _step(submission: Submission, standing: StandingApproval | None) -> str:
    if submission.state in {State.IN_REVIEW, State.CLEARED}:
        return "revise"
    return "pass_green" if standing else "submit"


def facts_of(revision: Revision, screening: Screening) -> dict:
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


def sealed_of(revision: Revision) -> dict:
    return {
        "text": revision.text,
        "media": revision.media,
        "note": revision.note,
        "channels": revision.channels,
    }


def screening_of(
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


def keep_screening(screening: Screening) -> None:
    """Write it and its hits, and the rules that it went by, unless they are known."""
    LaneTable.objects.get_or_create(digest=lanes.DIGEST, defaults={"table": lanes.TABLE})
    screening.save(force_insert=True)
    note_hits(screening)


def ask(submission: Submission, entry: Entry) -> None:
    """Its owner, by a mail; without one, those who can see to it that there is one."""
    if submission.owner is None:
        asking.tell_that_nobody_is_able(submission)
        return
    event = "appeal_wanted" if submission.is_in_appeal else "review_wanted"
    notices.tell(
        submission.owner,
        event,
        f"{event}:{entry.pk}",
        {
            "author": submission.author.name,
            "channels": _names(submission.revision),
            **_in_short(submission.revision),
        },
        path=f"/posts/{submission.pk}/review/",
    )


def _in_short(revision: Revision) -> dict:
    """The post and what was found, for a mail; passages that are not ours to judge stay out of it.

    Of a red post a mail tells nothing: what may be secret or personal does not leave by mail.
    """
    screening = latest_screening(revision)
    if screening.lane == lanes.RED:
        return {"text": "", "findings": []}
    text = passages.without(revision.text, screening.protected, "[…]")
    return {
        "text": text if len(text) <= LONGEST_IN_MAIL else text[:LONGEST_IN_MAIL] + " …",
        "findings": [one["message"] for one in screening.findings if one["settled"] is None][
            :MOST_IN_MAIL
        ],
    }


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
    undo_for: dt.timedelta | None = None,
) -> Submission:
    """Clear, ask for changes, or decline; bound to the revision on the reviewer's screen (invariant 2).

    Clearing is agreeing, as long as the route needs others who do, too; that takes effect at once. What the reviewer
    says of the findings is recorded with it; naming a provision upholds what cites it. Any other verdict is recorded
    at once, and until ``undo_for`` is over (the setting's time, unless it is said) nobody is told, nothing may go out,
    and no finding is judged by it: so long its reviewer may take it back (`undoing`). What is decided on an appeal is
    final, so it takes effect at once, and there is nothing to take back.
    """
    submission = locked(submission, seen)
    now, was_in_appeal = timezone.now(), submission.is_in_appeal
    verdict, asked = _weigh_agreement(submission, verdict, actor, now)
    screening = latest_screening(submission.revision)
    weighed = judging.weigh(submission.revision, said, actor=actor, provision=provision)
    absence = HandOver.objects.stood_in_by(submission, actor)
    review = Review(
        revision=submission.revision,
        reviewer=actor,
        verdict=verdict,
        stage=submission.stage,
        reason=reason,
        provision=provision,
        role=actor.job_title or "Reviewer",
        authority=authority_of(submission, actor, absence),
        registration=actor.registration,
        decided_at=now,
        effective_at=None if asked or was_in_appeal else effects.after(now, undo_for),
    )
    clearance = (
        clearances.for_revision(
            submission.revision, screening.edition, review.effective_at or now, review=review
        )
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
            "stage": submission.stage,
            "edition": str(screening.edition_id),
            "provision": provision and str(provision.pk),
            "clearance": clearance and clearance.number,
        }
        | weighed.data,
        sealed={"reason": reason} | weighed.sealed,
        changes=asked | {"claimed_by": None, "claimed_until": None}  # others look at it now
        if asked
        else {
            "clearance": clearance,
            "decided_at": now,
            "decided_by": actor,
            "effective_at": review.effective_at,
            "owner": None,
        },
        on_behalf_of=absence and absence.of,
    )
    review.entry = entry
    review.save(force_insert=True)
    judging.keep_from(review, weighed, submission)
    if clearance:
        clearances.issue(clearance, entry)
        _tell_if_late(submission, clearance, entry)
    elif asked:
        ask(submission, entry)
    else:
        _tell_verdict(submission, review, entry, was_in_appeal=was_in_appeal)
    if was_in_appeal and not asked:
        appealing.tell_decided(submission, review)
    return submission


def authority_of(submission: Submission, actor: Person, absence: Delegation | None = None) -> str:
    """By what right this person decides, in words for the record; a delegate's is marked (invariant 14)."""
    own = actor.registration or f"Reviewer for {_asked_for(submission)}"
    if absence is None:
        return own
    until = absence.ends_at.astimezone(submission.unit.zone)
    stands_in = f"; for {absence.of.name}, away until {until:%d %B %Y, %H:%M %Z}"
    return own[: LONGEST_AUTHORITY - len(stands_in)] + stands_in


def _asked_for(submission: Submission) -> str:
    if submission.asks == Submission.Asks.SKILL and submission.state in WITH_REVIEWER:
        return submission.asked.named
    return _names(submission.revision)


def _weigh_agreement(
    submission: Submission, verdict: str, actor: Person, now: dt.datetime
) -> tuple[str, dict | None]:
    """What a verdict comes to: *clear* is *agree* where others must agree, with whom it is then and until when."""
    if verdict not in {Verdict.CLEAR, Verdict.AGREE} or submission.state not in WITH_REVIEWER:
        return verdict, None
    if not rules.may_agree(submission, actor):
        raise PermissionDenied(asking.why_not(submission, actor))
    asked = asking.agreed_by(submission, actor, list(submission.channels.all()), now)
    if asked:
        return Verdict.AGREE, asked
    if desks.lacks_principal(submission, actor):
        raise PermissionDenied("Only a registered principal clears this kind of content.")
    return Verdict.CLEAR, None


def _tell_if_late(submission: Submission, clearance: Clearance, entry: Entry) -> None:
    """A yes that comes after the wanted time is of no use by itself: say what to do."""
    if clearance.came_late:
        notices.tell(
            submission.author,
            "cleared_late",
            f"cleared_late:{entry.pk}",
            {"reviewer": clearance.review.reviewer.name},
            path=f"/posts/{submission.pk}/",
            tell_at=submission.effective_at,
        )


def _tell_verdict(
    submission: Submission, review: Review, entry: Entry, *, was_in_appeal: bool
) -> None:
    event = {Verdict.SEND_BACK: "sent_back", Verdict.DECLINE: "declined"}[Verdict(review.verdict)]
    if was_in_appeal:
        event = "appeal_declined"
    context = {"reviewer": review.reviewer.name, "reason": review.reason}
    if review.provision:
        context["provision"] = str(review.provision)
    notices.tell(
        submission.author,
        event,
        f"{event}:{entry.pk}",
        context,
        path=f"/posts/{submission.pk}/",
        tell_at=review.effective_at,
    )


@transaction.atomic
def withdraw(submission: Submission, *, actor: Person, seen: str) -> Submission:
    """Take the post back; the backing of what was cleared ends now."""
    submission = locked(submission, seen)
    steps.take("withdraw", submission, actor=actor, changes={"owner": None, "wording": None})
    clearances.end(submission)
    return submission


@transaction.atomic
def lapse(submission: Submission, *, at: dt.datetime) -> None:
    """The clearance of a post that was not published has come to its end."""
    submission = locked(submission)
    if submission.state != State.CLEARED or submission.clearance.is_valid(at):
        return
    entry = steps.take(
        "lapse", submission, actor=CLOCK, data={"clearance": submission.clearance.number}
    )
    if submission.clearance.came_late:
        return  # its author was told what to do when it was cleared
    notices.tell(
        submission.author, "lapsed", f"lapsed:{entry.pk}", {}, path=f"/posts/{submission.pk}/"
    )


@transaction.atomic
def rescreen(submission: Submission) -> None:
    """Look again with the edition and the lists now in force; rules in flight never weaken (invariant 6)."""
    submission = locked(submission)
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
    if screened is None or not is_news(screened, before):
        return
    evaluation = screened.evaluation.under_way(before.lane)
    screening = screening_of(revision, screened, evaluation, standing=None)
    facts = asking.facts_of(evaluation, screening.lane, submission.unit, channels)
    asked = asking.asked_again(submission, facts, channels, now)
    clearances.end(submission)
    if submission.wording:
        notices.take_back(submission.author, offer_key(submission.wording), now)
    entry = steps.take(
        "rescreen",
        submission,
        actor=CLOCK,
        data=facts_of(revision, screening) | asking.in_entry(asked),
        sealed={"evaluation": screening.evaluation, "route": asked["route"]},
        changes={
            "lane": screening.lane,
            "clearance": None,
            "wording": None,
            "decided_by": None,
            "effective_at": None,
        }
        | asked,
    )
    keep_screening(screening)
    if submission.owner is None:
        asking.tell_that_nobody_is_able(submission)
    for person in filter(None, {submission.owner, submission.author}):
        notices.tell(
            person, "rescreened", f"rescreened:{entry.pk}", {}, path=f"/posts/{submission.pk}/"
        )


@transaction.atomic
def reroute(submission: Submission) -> None:
    """Ask by the rules of routes now in force, too; what was needed before still is (invariant 6)."""
    submission = locked(submission)
    if submission.state not in WITH_REVIEWER or not asking.goes_by_former_rules(submission):
        return
    before, channels = submission.owner_id, list(submission.channels.all())
    evaluation = lanes.Evaluation.of_data(latest_screening(submission.revision).evaluation)
    facts = asking.facts_of(evaluation, submission.lane, submission.unit, channels)
    asked = asking.asked_again(submission, facts, channels, timezone.now())
    entry = steps.take(
        "reroute",
        submission,
        actor=CLOCK,
        data=asking.in_entry(asked),
        sealed={"route": asked["route"]},
        changes=asked,
    )
    if submission.owner_id != before or submission.owner is None:
        ask(submission, entry)


def offer_key(offer: Revision) -> str:
    """What the author's notice of a reviewer's wording is about."""
    return f"offered:{offer.pk}"


def is_news(screened: Screened, before: Screening) -> bool:
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


def latest_screening(revision: Revision) -> Screening:
    return revision.screenings.select_related("edition__policy").latest("screened_at")
