"""What an administrator does about people, units and the company, and a person about themselves.

Each is one transaction with its entry in the ledger. Names and addresses are sealed: the entry
holds a keyed digest, so that they can be erased and still be proven.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from ledger.records import record, subject_of

from . import absences, letters, setup_link, working_time
from .models import Company, Person, Unit
from .roles import Role
from .system import SETUP

LAST_ONE = "This is the only administrator left. Make somebody else one first."
SEALED = {
    "name",
    "email",
    "job_title",
    "registration",
    "skills",
}  # personal, so never plain in an entry


class TooLateError(Exception):
    """Somebody was faster; `says` tells what happened and the way on."""

    status = 409

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)


@transaction.atomic
def make_first_administrator(
    *, name: str, email: str, password: str, unit_name: str, unit_zone: str
) -> Person:
    """Make the person who sets up all the rest. Of two who hold the link, the second is too late."""
    Company.objects.get_or_create(pk=1, defaults={"name": ""})
    Company.objects.select_for_update().get(pk=1)
    if setup_link.has_administrator():
        raise TooLateError("Somebody has set this up already. Sign in, or ask them to invite you.")
    unit, is_new = Unit.objects.get_or_create(name=unit_name, defaults={"time_zone": unit_zone})
    if is_new:
        _record("unit.created", unit, SETUP, _plain(unit, ["profile", "country", "time_zone"]))
    person = Person.objects.create_user(email, name, unit, password)
    _record("person.created", person, SETUP, {"unit": unit.pk}, {"name": name, "email": email})
    _give(person, {Role.ADMINISTRATOR}, actor=SETUP)
    return person


@transaction.atomic
def set_up_company(
    *,
    actor: Person,
    units: Iterable[dict],
    name: str,
    brands: list[str],
    rivals: list[str],
    hosts: Iterable[str] = (),
) -> Company:
    """Say whose company this is; only the first time."""
    company = change_company(
        actor=actor, name=name, brands=brands, rivals=rivals, hosts=list(hosts)
    )
    for unit in units:
        create_unit(actor=actor, **unit)
    if company.set_up_at is None:
        company.set_up_at = timezone.now()
        company.save(update_fields=["set_up_at"])
        _record("company.set_up", company, actor)
    return company


@transaction.atomic
def change_company(*, actor: Person, **values: Any) -> Company:
    _check_administrator(actor)
    Company.objects.get_or_create(pk=1, defaults={"name": ""})
    company = Company.objects.select_for_update().get(pk=1)
    if _assign(company, values):
        _record("company.changed", company, actor, values)
    return company


@transaction.atomic
def create_unit(*, actor: Person, **values: Any) -> Unit:
    _check_administrator(actor)
    unit = Unit.objects.create(**values)
    _record("unit.created", unit, actor, values)
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, actor: Person, **values: Any) -> Unit:
    _check_administrator(actor)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if changed := _assign(unit, values):
        _record("unit.changed", unit, actor, {field: values[field] for field in changed})
        working_time.refuse_impossible([unit])
    return unit


@transaction.atomic
def invite(
    *, actor: Person, name: str, email: str, unit: Unit, roles: set[Role], **extra: Any
) -> Person:
    """Add a person and mail them a link with which they choose their password."""
    _check_administrator(actor)
    person = Person.objects.create_user(email, name, unit, **extra)
    _record(
        "person.invited", person, actor, {"unit": unit.pk}, {"name": name, "email": person.email}
    )
    _give(person, roles, actor=actor)
    _mail_invitation(person, actor)
    return person


@transaction.atomic
def invite_again(person: Person, *, actor: Person) -> None:
    """Mail the link once more, to somebody who has not chosen a password yet."""
    _check_administrator(actor)
    person = _locked(person)
    if person.has_usable_password():
        raise TooLateError(f"{person.name} has chosen a password meanwhile and can sign in.")
    _record("person.invited_again", person, actor)
    _mail_invitation(person, actor)


@transaction.atomic
def change_person(person: Person, *, actor: Person, roles: set[Role], **values: Any) -> Person:
    """Change what is said of a person, and what they may do."""
    _check_administrator(actor)
    person = _locked(person)
    if changed := _assign(person, values):
        plain = {field: _value(values[field]) for field in changed if field not in SEALED}
        sealed = {field: values[field] for field in changed if field in SEALED}
        _record("person.changed", person, actor, plain, sealed)
    held = {Role(name) for name in person.groups.values_list("name", flat=True)}
    _give(person, roles - held, actor=actor)
    _take(person, held - roles, actor=actor)
    return person


@transaction.atomic
def deactivate(person: Person, *, actor: Person) -> Person:
    """End somebody's access at once, on every device. What they did stays under their name."""
    _check_administrator(actor)
    person = _locked(person)
    _keep_an_administrator(person)
    if person.is_active:
        person.is_active, person.left_at = False, timezone.now()
        person.set_unusable_password()  # ends all sessions, also if the person comes back
        person.save(update_fields=["is_active", "left_at", "password"])
        _record("person.left", person, actor)
        absences.went_away(person)
    return person


@transaction.atomic
def take_back(person: Person, *, actor: Person) -> Person:
    """Let somebody return who had left: with a new invitation, as their old password is gone."""
    _check_administrator(actor)
    person = _locked(person)
    if not person.is_active:
        person.is_active, person.left_at = True, None
        person.save(update_fields=["is_active", "left_at"])
        _record("person.returned", person, actor)
        _mail_invitation(person, actor)
    return person


@transaction.atomic
def choose_password(person: Person, *, password: str, how: str) -> Person:
    """Set one's own password, which ends one's sessions elsewhere. `how`: accepted, reset or changed."""
    person = _locked(person)
    person.set_password(password)
    person.save(update_fields=["password"])
    _record(f"person.password_{how}", person, person)
    return person


@transaction.atomic
def change_preferences(*, actor: Person, **values: Any) -> Person:
    person = _locked(actor)
    if changed := _assign(person, values):
        _record(
            "person.preferences_changed", person, person, {name: values[name] for name in changed}
        )
    return person


def _check_administrator(actor: Person) -> None:
    if not actor.has_perm("organization.administer"):
        raise PermissionDenied("Only an administrator may change people, units and the company.")


def _keep_an_administrator(person: Person) -> None:
    """Refuse to lose the last administrator. The rows are locked, so two cannot remove each other."""
    administrators = Person.objects.holding(Role.ADMINISTRATOR).select_for_update(of=("self",))
    left = {found.pk for found in administrators}
    if left == {person.pk}:
        raise ValidationError(LAST_ONE)


def _give(person: Person, roles: set[Role], *, actor: Any) -> None:
    person.give(*roles)
    for role in sorted(roles):
        _record("person.role_given", person, actor, {"role": role.value})


def _take(person: Person, roles: set[Role], *, actor: Person) -> None:
    if Role.ADMINISTRATOR in roles:
        _keep_an_administrator(person)
    person.groups.remove(*Group.objects.filter(name__in=[role.value for role in roles]))
    for role in sorted(roles):
        _record("person.role_taken", person, actor, {"role": role.value})


def _mail_invitation(person: Person, actor: Person) -> None:
    send = partial(letters.send_invitation.enqueue, str(person.pk), actor.name)
    transaction.on_commit(send, robust=True)


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def _assign(row: models.Model, values: dict[str, Any]) -> list[str]:
    """Set and save what differs; the names of the fields that did."""
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    if changed:
        row.save(update_fields=changed)
    return changed


def _plain(row: models.Model, fields: list[str]) -> dict[str, Any]:
    return {field: _value(getattr(row, field)) for field in fields}


def _value(value: Any) -> Any:
    """A row stands in an entry by its key."""
    return str(value.pk) if isinstance(value, models.Model) else value


def _record(
    type_: str,
    row: models.Model,
    actor: Any,
    data: dict[str, Any] | None = None,
    sealed: dict[str, Any] | None = None,
) -> None:
    record(type_, actor=actor, subject=subject_of(row), data=data, sealed=sealed)
