"""What the database itself refuses, whoever asks: guards as triggers, on SQLite and PostgreSQL.

`freeze_rows` makes a table's rows written once. `guard_states` lets a row take a state only with
a fresh entry that claims this state of this row; the effect that the guard then adds is what the
entry's deferred foreign key waits for, so that neither commits without the other.

Apps register their models from `AppConfig.ready`. The guards are made after each migration and
compared, word for word, by `missing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import pre_delete, pre_save

from . import triggers
from .frozen import refuse_delete, refuse_in_querysets, refuse_rewrite

FIX = "Run `manage.py migrate`, which puts it back, and `manage.py verify_ledger`."


@dataclass(frozen=True)
class Frozen:
    model: type[models.Model]
    erasable: bool = False


@dataclass(frozen=True)
class Stateful:
    model: type[models.Model]
    field: str = "state"
    free_states: tuple[str, ...] = ()


@dataclass
class Registry:
    frozen: dict[str, Frozen] = field(default_factory=dict)
    stateful: dict[str, Stateful] = field(default_factory=dict)


registry = Registry()


def freeze_rows(model: type[models.Model], *, erasable: bool = False) -> None:
    """Rows of this model are written once. `erasable` still lets them be deleted."""
    label = model._meta.label_lower
    registry.frozen[label] = Frozen(model, erasable)
    pre_save.connect(refuse_rewrite, sender=model, dispatch_uid=f"frozen {label}")
    if not erasable:
        pre_delete.connect(refuse_delete, sender=model, dispatch_uid=f"frozen {label}")
    refuse_in_querysets(model, erasable=erasable)


def guard_states(
    model: type[models.Model],
    field: str = "state",
    free_states: tuple[str, ...] = ("due",),
) -> None:
    """A row takes a state only with a fresh entry about it; it is never deleted.

    The model has a UUID key and a foreign key `entry`. A row may be *inserted* in one of the
    `free_states` with any entry (a due acknowledgement carries the entry that opened its round).
    """
    label = model._meta.label_lower
    registry.stateful[label] = Stateful(model, field, tuple(free_states))
    pre_delete.connect(refuse_delete, sender=model, dispatch_uid=f"stateful {label}")


def missing(using: str = "default") -> list[str]:
    """Each guard that is missing or altered, with the way out. Empty when all is well."""
    connection = connections[using]
    expected, found = _expected(connection), triggers.found(connection)
    wrong = [
        f"The guard {name} is {'altered' if name in found else 'missing'}. {FIX}"
        for name, guard in expected.items()
        if found.get(name) != guard.fingerprint
    ]
    tables = set(connection.introspection.table_names())
    absent = [
        f"The table {model._meta.db_table} is missing. Run `manage.py migrate`."
        for model in _models()
        if model._meta.db_table not in tables
    ]
    return wrong + absent + triggers.weaknesses(connection)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make each guard that is missing or altered, and drop those that nobody registers any more."""
    expected, found = _expected(connection), triggers.found(connection)
    wrong = {name: standing for name, standing in found.items() if name not in expected}
    for name, guard in expected.items():
        if name in found and found[name] != guard.fingerprint:
            wrong[name] = found[name]
    kept = found.keys() - wrong.keys()
    _execute(connection, triggers.removal(connection, wrong))
    for name in expected.keys() - kept:
        _execute(connection, expected[name].statements)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop every guard."""
    _execute(connection, triggers.removal(connection, triggers.found(connection)))


def make_way(*, using: str, plan: list[Any], **_: Any) -> None:
    """SQLite rebuilds altered tables and stumbles over triggers that name them."""
    if plan and connections[using].vendor == "sqlite":
        remove(connections[using])


def restore(*, using: str, **_: Any) -> None:
    """After migrating; SQLite has then lost the triggers of every table that it rebuilt."""
    install(connections[using])


def _execute(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _models() -> list[type[models.Model]]:
    rules = [*registry.frozen.values(), *registry.stateful.values()]
    return [rule.model for rule in rules]


def _expected(connection: BaseDatabaseWrapper) -> dict[str, triggers.Guard]:
    """Guards of all registered tables that exist, by name."""
    tables = set(connection.introspection.table_names())
    if not {model._meta.db_table for model in apps.get_app_config("ledger").get_models()} <= tables:
        return {}
    stateful = [
        triggers.States(rule.model, rule.field, rule.free_states)
        for rule in registry.stateful.values()
        if rule.model._meta.db_table in tables
    ]
    guards = [guard for states in stateful for guard in states.guards(connection)]
    for rule in registry.frozen.values():
        if rule.model._meta.db_table in tables:
            guards += triggers.frozen(rule.model, connection, erasable=rule.erasable)
    guards += triggers.effects(stateful, connection)
    return {guard.name: guard for guard in guards}
