"""Saying that somebody is away, and that they are back. Each is one transaction with its entry in the ledger."""

import datetime as dt
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ledger.records import record, stamp, subject_of

from . import notices, signals
from .away import Delegation
from .models import Company, Person

LONGEST_ABSENCE = dt.timedelta(days=366)


class RefusedAbsenceError(ValueError):
    """The absence cannot be kept as it is; ``field`` is where its ``says`` belongs."""

    def __init__(self, field: str | None, says: str) -> None:
        self.field = field
        self.says = says
        super().__init__(says)


@transaction.atomic
def set_absence(
    of: Person,
    *,
    actor: Person,
    ends_at: dt.datetime,
    starts_at: dt.datetime | None = None,
    to: Person | None = None,
) -> Delegation:
    """Note that somebody is away, and who decides for them. Their posts waiting move on when it begins.

    Raises RefusedAbsenceError where it overlaps another, or where those who stand in would form a circle.
    """
    _check(of, actor)
    _hold_absences()
    now = timezone.now()
    starts_at = max(starts_at or now, now)
    _refuse_times(starts_at, ends_at)
    _refuse_overlap(of, starts_at, ends_at)
    if to:
        _refuse_delegate(of, to, starts_at, ends_at)
    absence = Delegation(of=of, to=to, starts_at=starts_at, ends_at=ends_at, set_by=actor)
    absence.entry = record(
        "delegation.set",
        actor=actor,
        subject=subject_of(absence),
        data={
            "of": str(of.pk),
            "to": to and str(to.pk),
            "starts_at": stamp(starts_at),
            "ends_at": stamp(ends_at),
        },
    )
    absence.save(force_insert=True)
    _tell(absence, actor)
    if starts_at <= now:
        transaction.on_commit(partial(_went_away, of))
    return absence


@transaction.atomic
def end_absence(absence: Delegation, *, actor: Person) -> None:
    """End it now; one that has not begun never will have been. What is over stays over."""
    _check(absence.of, actor)
    _hold_absences()
    absence, now = Delegation.objects.select_related("of", "to").get(pk=absence.pk), timezone.now()
    if absence.ends_at <= max(now, absence.starts_at):
        return
    record("delegation.ended", actor=actor, subject=subject_of(absence))
    absence.ends_at = max(now, absence.starts_at)
    absence.save(update_fields=["ends_at"])


def went_away(person: Person) -> None:
    """Let the apps above know, once it is so."""
    transaction.on_commit(partial(_went_away, person))


def _went_away(person: Person) -> None:
    signals.went_away.send_robust(sender=Person, person=person.pk)


def _check(of: Person, actor: Person) -> None:
    if actor.pk != of.pk and not actor.has_perm("organization.administer"):
        raise PermissionDenied("Only you yourself, or an administrator, say when you are away.")


def _hold_absences() -> None:
    """One change of absences at a time, so that no two of them close a circle; the company's row is the lock."""
    Company.objects.get_or_create(pk=1, defaults={"name": ""})
    Company.objects.select_for_update().get(pk=1)


def _refuse_times(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise RefusedAbsenceError(
            "ends_at", "The end must come after the beginning, and after now."
        )
    if ends_at - starts_at > LONGEST_ABSENCE:
        raise RefusedAbsenceError("ends_at", "A year is the longest. Set the rest when it comes.")


def _refuse_overlap(of: Person, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    other = of.absences.overlapping(starts_at, ends_at).first()
    if other:
        raise RefusedAbsenceError(
            "starts_at",
            f"{of.name} is away already from {_words(other.starts_at)} to "
            f"{_words(other.ends_at)}. End that absence first, or choose other days.",
        )


def _refuse_delegate(of: Person, to: Person, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if to.pk == of.pk:
        raise RefusedAbsenceError("to", "Nobody stands in for themself. Choose somebody else.")
    if not to.is_active:
        raise RefusedAbsenceError("to", f"{to.name} has left. Choose somebody else.")
    if path := _circle(of, to, starts_at, ends_at):
        names = " → ".join(person.name for person in path)
        raise RefusedAbsenceError(
            "to", f"That would be a circle: {names}. Choose somebody who is there then."
        )


def _circle(
    of: Person, to: Person, starts_at: dt.datetime, ends_at: dt.datetime
) -> list[Person] | None:
    """The way back to ``of`` through people who are all away at one time within these; None where there is none."""
    absences: dict = {}
    meanwhile = Delegation.objects.overlapping(starts_at, ends_at).exclude(to=None)
    for absence in meanwhile.select_related("of", "to"):
        absences.setdefault(absence.of_id, []).append(absence)
    ways = [([of, to], starts_at, ends_at)]
    while ways:
        path, begins, ends = ways.pop()
        for absence in absences.get(path[-1].pk, []):
            begin, end = max(begins, absence.starts_at), min(ends, absence.ends_at)
            if begin < end and absence.to_id == of.pk:
                return [*path, of]
            if begin < end and absence.to not in path:
                ways.append(([*path, absence.to], begin, end))
    return None


def _tell(absence: Delegation, actor: Person) -> None:
    of, to = absence.of, absence.to
    if to:
        notices.tell(
            to, "stands_in", f"stands_in:{absence.entry.pk}", _when(absence, to) | {"away": of.name}
        )
    if actor.pk != of.pk:
        context = _when(absence, of) | {"by": actor.name, "to": to.name if to else ""}
        key = f"away_set:{absence.entry.pk}"
        notices.tell(of, "away_set", key, context, path="/preferences/away/")


def _when(absence: Delegation, reader: Person) -> dict[str, str]:
    return {
        "begins": _words(absence.starts_at, reader.zone),
        "until": _words(absence.ends_at, reader.zone),
    }


def _words(at: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    local = timezone.localtime(at, zone)
    return f"{local:%d %B %Y, %H:%M %Z}"
