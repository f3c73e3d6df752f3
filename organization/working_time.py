"""The calendars of units: their hours, their country's holidays, their closing days."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ledger.records import record, subject_of

from . import calendars
from .calendars import Calendar
from .closures import Closure
from .models import Company, Person, Unit

FEWEST_MINUTES = 480  # in any year: less could not hold what is promised about one post
MOST_CLOSURES = 100  # of one unit and of the company, still to come


def calendar_of(unit: Unit) -> Calendar:
    """One query."""
    return calendars_of([unit])[unit.pk]


def calendars_of(units: Iterable[Unit]) -> dict[int, Calendar]:
    """Of several units by their keys; one query for all."""
    units = list(units)
    closures = list(Closure.objects.holding_for([unit.pk for unit in units]))
    return {unit.pk: _calendar(unit, closures) for unit in units}


def _calendar(unit: Unit, closures: Iterable[Closure]) -> Calendar:
    return Calendar(
        unit.country,
        ZoneInfo(unit.time_zone),
        unit.subdivision,
        calendars.from_data(unit.week),
        tuple(one.days for one in closures if one.unit_id in {None, unit.pk}),
    )


def refuse_impossible(units: Iterable[Unit]) -> None:
    """A calendar must have a working day's hours in every year to come: without them no time could be promised.

    Called after the change, inside its transaction. Raises ValidationError, which names the unit.
    """
    units = list(units)
    for unit, calendar in zip(units, calendars_of(units).values(), strict=True):
        if not calendar.always_has(FEWEST_MINUTES, timezone.now()):
            raise ValidationError(
                f"With these hours and closing days {unit.name} would not be open for a single "
                "working day within a year, so nobody could be promised an answer. Open it more."
            )


@transaction.atomic
def close(
    *,
    actor: Person,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    unit: Unit | None = None,
) -> Closure:
    """Close a unit, or with None every unit, on these days. The same days and name once more change nothing.

    Raises ValidationError where too little is left open.
    """
    _hold(actor)
    days = {"unit": unit, "name": name, "starts_on": starts_on, "ends_on": ends_on or starts_on}
    if earlier := Closure.objects.filter(**days).first():
        return earlier
    if _still_to_come(unit) >= MOST_CLOSURES:
        raise ValidationError(f"There are {MOST_CLOSURES} closing days already. Take some off.")
    closure = Closure(**days, set_by=actor)
    closure.entry = record(
        "closure.set",
        actor=actor,
        subject=subject_of(closure),
        data={
            "unit": unit and unit.pk,
            "name": name,
            "starts_on": closure.starts_on.isoformat(),
            "ends_on": closure.ends_on.isoformat(),
        },
    )
    closure.save(force_insert=True)
    refuse_impossible([unit] if unit else Unit.objects.all())
    return closure


def _still_to_come(unit: Unit | None) -> int:
    found = Closure.objects.filter(unit=unit)
    return found.not_over(timezone.localdate()).count()


@transaction.atomic
def open_again(closure: Closure, *, actor: Person) -> None:
    """Take closing days back; the entries keep that they once were."""
    _hold(actor)
    if Closure.objects.filter(pk=closure.pk).exists():
        record("closure.taken_back", actor=actor, subject=subject_of(closure))
        Closure.objects.filter(pk=closure.pk).delete()


def _hold(actor: Person) -> None:
    """One change of closing days at a time; the company's row is the lock."""
    if not actor.has_perm("organization.administer"):
        raise PermissionDenied("Only an administrator says when a unit is closed.")
    Company.objects.get_or_create(pk=1, defaults={"name": ""})
    Company.objects.select_for_update().get(pk=1)
