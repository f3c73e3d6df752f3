"""The one function that adds to the ledger."""

import datetime as dt
import hmac
import re
import secrets
import uuid
from typing import Any, Protocol

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from . import stored_tree, tree
from .canonical import canonical
from .models import Entry, Head, Sealed, Subtree

FORMAT = "countersign/entry/1"
SUBJECT = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*:[0-9a-f]{32}")


class Actor(Protocol):
    """Whoever acts. Names nobody: {"kind": "person", "id": "<uuid>"}, {"kind": "system", …}."""

    def ledger_identity(self) -> dict[str, str]: ...


class NotInTransactionError(RuntimeError):
    """An entry was to be recorded outside the transaction of what it tells."""


def subject_of(instance: models.Model) -> str:
    """How entries name a row: app, model and key as 32 hex digits."""
    pk = instance.pk
    key = pk.hex if isinstance(pk, uuid.UUID) else f"{pk:032x}"
    return f"{instance._meta.label_lower}:{key}"


def record(
    type: str,  # noqa: A002  the entry's own word
    *,
    actor: Actor,
    subject: str,
    state: str | None = None,
    data: dict[str, Any] | None = None,
    sealed: dict[str, Any] | None = None,
    on_behalf_of: Actor | None = None,
) -> Entry:
    """Add an entry, in the transaction of the change that it tells.

    `state` is the state that the subject's row takes with this entry: the row must then be saved
    with it before the transaction ends. `sealed` is personal data by label: the entry holds a
    keyed digest of each, the value stands beside it and can be erased.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransactionError(f"{type}: record an entry inside transaction.atomic().")
    if not SUBJECT.fullmatch(subject):
        raise ValueError(f"{subject!r} is not of the form app.model:<32 hex digits>.")
    identities = _identity(actor), on_behalf_of and _identity(on_behalf_of)
    commitments, values = _seal(sealed or {})
    head = _locked_head()
    now = timezone.now()
    body = canonical(
        {
            "format": FORMAT,
            "origin": settings.COUNTERSIGN_ORIGIN,
            "index": head.size,
            "at": stamp(now),
            "type": type,
            "subject": subject,
            "state": state,
            "actor": identities[0],
            "on_behalf_of": identities[1],
            "data": data or {},
            "sealed": commitments,
        }
    )
    entry = Entry.objects.create(
        index=head.size,
        type=type,
        subject=subject,
        state=state,
        body=body,
        leaf_hash=tree.leaf_hash(body),
        created_at=now,
        effect_id=None if state is None else head.size,
    )
    Sealed.objects.bulk_create(
        Sealed(entry=entry, label=label, key=key, value=value) for label, key, value in values
    )
    _grow(head, entry)
    return entry


def stamp(at: dt.datetime) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _identity(actor: Actor) -> dict[str, str]:
    """Refuses a missing actor: an act is never "the system's" by accident."""
    try:
        identity = actor.ledger_identity()
    except AttributeError as error:
        raise TypeError(f"{actor!r} cannot act: it has no ledger_identity().") from error
    if not identity.get("kind") or not identity.get("id"):
        raise TypeError(f"{actor!r} has an identity without kind or id: {identity!r}.")
    return identity


def _seal(sealed: dict[str, Any]) -> tuple[dict[str, str], list[tuple[str, bytes, bytes]]]:
    """A key of its own for each value: whoever lacks it cannot even guess the value."""
    values = [(label, secrets.token_bytes(32), canonical(sealed[label])) for label in sealed]
    return {label: hmac.digest(key, value, "sha256").hex() for label, key, value in values}, values


def _locked_head() -> Head:
    """The head row, locked until the transaction ends: indexes have no holes and no doubles."""
    locked = Head.objects.select_for_update()
    head = locked.first()
    if head is None:
        Head.objects.bulk_create([Head()], ignore_conflicts=True)
        head = locked.get()
    return head


def _grow(head: Head, entry: Entry) -> None:
    frontier, completed = tree.append(head.size, stored_tree.frontier_of(head), entry.leaf_hash)
    if kept := list(stored_tree.stored(completed)):
        Subtree.objects.bulk_create(kept)
    Head.objects.filter(pk=head.pk).update(size=head.size + 1, frontier=b"".join(frontier))
