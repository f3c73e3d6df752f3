"""How a waiting post gets another owner: by a reviewer's hand, by time, or because its owner is gone.

Always through the one door, `organization.steps`; each change is an entry and a row that tells why.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from organization import notices, steps
from organization.models import Delegation, Person
from organization.system import CLOCK, SystemActor, is_system
from organization.working_time import calendar_of

from . import asking, desks, ladder
from .handovers import HandOver
from .ladder import Rung
from .models import Submission
from .routing import PROMISED_MINUTES
from .states import WITH_REVIEWER

Because = HandOver.Because
ESCALATIONS = {Because.TIME_UP, Because.OVERDUE}
LEAVES = {Because.BY_HAND, Because.AWAY, Because.LEFT}  # nobody is looking at it then


@transaction.atomic
def hand_over(submission: Submission, *, actor: Person | SystemActor) -> Submission:
    """Pass the post to the next best reviewer; with nobody else it stays where it is."""
    submission, now = _locked(submission), timezone.now()
    to = _somebody(submission, now, had=HandOver.objects.had_by(submission.revision))
    if to:
        because = Because.HALF_TIME if is_system(actor) else Because.BY_HAND
        _hand(submission, to, because, now, actor=actor)
    return submission


@transaction.atomic
def keep_moving(submission: Submission, *, at: dt.datetime) -> None:
    """Give the post to somebody else where its owner is gone, or its time has come. Twice changes nothing more."""
    submission = _locked(submission)
    if submission.state not in WITH_REVIEWER:
        return
    if gone := _why_gone(submission.owner, at):
        _replace(submission, gone, at)
    elif submission.next_rung_at is None:
        _look_again(submission, _next_look(submission, submission.rung, at))
    elif submission.next_rung_at > at:
        return
    elif submission.owner is None:
        _find(submission, at)
    else:
        _climb(submission, at)


def _why_gone(owner: Person | None, at: dt.datetime) -> Because | None:
    if owner is None:
        return None
    if not owner.is_active:
        return Because.LEFT
    return Because.AWAY if owner.absences.open(at).exists() else None


def _replace(submission: Submission, because: Because, at: dt.datetime) -> None:
    """To the delegate, where there is one who may decide on it; else to whom routing chooses; else to nobody."""
    absence = submission.owner.absences.open(at).first()
    delegate = _delegate(submission, at) if because == Because.AWAY else None
    had = HandOver.objects.had_by(submission.revision)
    to = delegate or _somebody(submission, at, had=had)
    _hand(submission, to, because, at, delegation=absence if delegate else None)


def _delegate(submission: Submission, at: dt.datetime) -> Person | None:
    found = Person.objects.filter(pk=Delegation.objects.stand_in(submission.owner_id, at)).first()
    return found if desks.may_own(submission, found, at) else None


def _find(submission: Submission, at: dt.datetime) -> None:
    """For a post without an owner anybody who may decide will do: the desk, then its deputies."""
    had = HandOver.objects.had_by(submission.revision)
    to = _somebody(submission, at, had=had) or _first(submission, desks.deputies(submission), at)
    if to:
        _hand(submission, to, Because.FOUND, at)
    else:
        _nobody(submission, at)


def _climb(submission: Submission, at: dt.datetime) -> None:
    """To the next rung of `ladder`; never to somebody who had this revision already."""
    promised = PROMISED_MINUTES[submission.promised_lane]
    calendar = calendar_of(submission.unit)
    rung = ladder.rung_at(calendar, promised, submission.due_at, submission.rung, at)
    had = HandOver.objects.had_by(submission.revision) | {submission.owner_id}
    asked: Iterable[Person] = ()
    if rung == Rung.DEPUTY:
        asked = desks.deputies(submission)
    elif rung == Rung.MANAGER:
        asked = desks.managers(submission.owner)
    to = _first(submission, asked, at, had) or _chosen(submission, at, had)
    if rung == Rung.MANAGER:
        _tell_manager(submission, to, at)
    if to:
        _hand(submission, to, BECAUSE[rung], at, rung=rung)
    else:
        _nobody(submission, at)


BECAUSE = {
    Rung.OTHER: Because.HALF_TIME,
    Rung.DEPUTY: Because.TIME_UP,
    Rung.MANAGER: Because.OVERDUE,
}


def _somebody(submission: Submission, at: dt.datetime, had: set) -> Person | None:
    """Another reviewer, best one who has not had it yet."""
    own = {submission.owner_id}
    return _chosen(submission, at, had | own) or _chosen(submission, at, own)


def _chosen(submission: Submission, at: dt.datetime, without: set) -> Person | None:
    channels = list(submission.channels.all())
    return asking.next_owner(submission, channels, at, without)


def _first(
    submission: Submission, people: Iterable[Person], at: dt.datetime, had: Iterable = ()
) -> Person | None:
    """The first of these who may have it."""
    return next(
        (
            person
            for person in people
            if person.pk not in had and desks.may_own(submission, person, at)
        ),
        None,
    )


def _hand(
    submission: Submission,
    to: Person | None,
    because: Because,
    at: dt.datetime,
    *,
    actor: Person | SystemActor = CLOCK,
    rung: Rung | None = None,
    delegation: Delegation | None = None,
) -> None:
    owner = submission.owner
    entry = steps.take(
        "escalate" if because in ESCALATIONS else "hand_over",
        submission,
        actor=actor,
        data={
            "from": owner and str(owner.pk),
            "to": to and str(to.pk),
            "because": because.value,
            "delegation": delegation and str(delegation.pk),
        },
        changes={
            "owner": to,
            "rung": submission.rung if rung is None else rung,
            "next_rung_at": _after(submission, to, because, rung, at),
        }
        | ({"claimed_by": None, "claimed_until": None} if because in LEAVES else {}),
    )
    HandOver.objects.create(
        revision=submission.revision,
        from_owner=owner,
        to_owner=to,
        because=because,
        delegation=delegation,
        handed_at=at,
        entry=entry,
    )
    _tell(submission, owner, to, because, actor, entry.pk)


def _after(
    submission: Submission,
    to: Person | None,
    because: Because,
    rung: Rung | None,
    at: dt.datetime,
) -> dt.datetime:
    """When to look again; time that a post spent on its way does not count against its new owner."""
    if to is None:
        return at + ladder.TRY_AGAIN
    if rung is not None:
        return _next_look(submission, rung, at)
    soonest = _next_look(submission, submission.rung, at)
    if because == Because.FOUND or submission.next_rung_at is None:
        return soonest
    promised = PROMISED_MINUTES[submission.promised_lane]
    grace = calendar_of(submission.unit).add(at, promised / ladder.GRACE)
    return max(submission.next_rung_at, grace)


def _next_look(submission: Submission, rung: int, at: dt.datetime) -> dt.datetime:
    promised = PROMISED_MINUTES[submission.promised_lane]
    return ladder.next_look(calendar_of(submission.unit), promised, submission.due_at, rung, at)


def _look_again(submission: Submission, at: dt.datetime) -> None:
    submission.next_rung_at = at
    submission.save(update_fields=["next_rung_at"])


def _tell(
    submission: Submission,
    owner: Person | None,
    to: Person | None,
    because: Because,
    actor: Person | SystemActor,
    key: int,
) -> None:
    """The new owner and the old one. The author sees on the post's page who has it now."""
    context = {"author": submission.author.name, "because": because.label}
    path = f"/posts/{submission.pk}/review/"
    if to:
        notices.tell(to, "handed_to_you", f"handed_to_you:{key}", context, path)
    else:
        asking.tell_that_nobody_is_able(submission)
    if owner and owner.is_active and owner != actor:
        to_whom = to.name if to else ""
        notices.tell(owner, "handed_on", f"handed_on:{key}", context | {"to": to_whom}, path)


def _nobody(submission: Submission, at: dt.datetime) -> None:
    """It stays where it is, and the clock looks again soon. Before the promised time is up its owner has it still."""
    if submission.owner is None or at >= submission.due_at:
        asking.tell_that_nobody_is_able(submission)
    _look_again(submission, at + ladder.TRY_AGAIN)


def _tell_manager(submission: Submission, to: Person | None, at: dt.datetime) -> None:
    """The nearest manager who does not get it learns, once and without a word of the post, that it waits too long."""
    nearest = next(
        (
            person
            for person in desks.managers(submission.owner)
            if person.is_active
            and submission.author_id not in {person.pk, person.manager_id}
            and person != to
        ),
        None,
    )
    if nearest and submission.rung < Rung.MANAGER:
        notices.tell(
            nearest,
            "overdue_in_team",
            f"overdue_in_team:{submission.revision_id}",
            {"reviewer": submission.owner.name, "author": submission.author.name},
        )


def _locked(submission: Submission) -> Submission:
    return steps.locked(submission, "revision", "author__unit", "unit", "owner__manager")
