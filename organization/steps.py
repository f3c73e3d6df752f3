"""The one door through which every row with a life of its own changes state (style: actions).

lock the row → is it still what the actor saw → may this actor → take the step in memory → record the entry →
save named fields with the entry's index → tell who keeps count (`taken`). Telling people waits for the commit.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.dispatch import Signal
from django_fsm import can_proceed, has_transition_perm

from ledger.models import Entry
from ledger.records import record, subject_of

Row = TypeVar("Row", bound=models.Model)

# A step was taken and saved: row, step, actor, entry. In the same transaction, so what a receiver counts is what is
# recorded; sent to those of the row's class.
taken = Signal()


class ChangedMeanwhileError(Exception):
    """The row is no longer what the actor saw; ``says`` tells them what happened and the way on."""

    status = 409

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)


def locked(row: Row, *related: str) -> Row:
    """The row as it is now, under lock until the transaction ends, with what it points to.

    Two queries on purpose: PostgreSQL reads the locked row again after it has waited, but what is joined to it
    as it was before. A post would come back with its new revision's key and its old revision's text.
    """
    rows = type(row)._default_manager
    rows.select_for_update().values_list("pk").get(pk=row.pk)
    return rows.select_related(*related).get(pk=row.pk)


def take(
    step: str,
    row: models.Model,
    *,
    actor: Any,
    data: Mapping[str, Any] | None = None,
    sealed: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    create: bool = False,
    on_behalf_of: Any = None,
) -> Entry:
    """Move a locked row (or, with ``create``, a new one) along one edge, record who moved it, and save it.

    ``changes`` are the fields that the step sets, ``on_behalf_of`` is whom a delegate acts for (invariant 14). Raises
    PermissionDenied where the actor may not, and TransitionNotAllowed where the lifecycle draws no such edge: too late,
    or never possible.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A step is taken inside a transaction, with the row locked.")
    move = getattr(row, step)
    if can_proceed(move) and not has_transition_perm(move, actor):
        raise PermissionDenied(f"{row._meta.verbose_name}: {step}")
    move()
    for field, value in (changes or {}).items():
        setattr(row, field, value)
    row.entry = _recorded(step, row, actor, data, sealed, on_behalf_of)
    if create:
        row.save(force_insert=True)
    else:
        row.save(update_fields=["state", "entry", *(changes or {})])
    taken.send(type(row), row=row, step=step, actor=actor, entry=row.entry)
    return row.entry


def begin(
    row: models.Model,
    *,
    actor: Any,
    data: Mapping[str, Any] | None = None,
    sealed: Mapping[str, Any] | None = None,
) -> Entry:
    """Write a new row in the state in which its life begins, with the entry that says so."""
    row.entry = _recorded("begin", row, actor, data, sealed)
    row.save(force_insert=True)
    return row.entry


def _recorded(step, row, actor, data, sealed, on_behalf_of=None) -> Entry:
    return record(
        f"{row._meta.model_name}.{step}",
        actor=actor,
        subject=subject_of(row),
        state=row.state,
        data=dict(data or {}),
        sealed=dict(sealed or {}),
        on_behalf_of=on_behalf_of,
    )
