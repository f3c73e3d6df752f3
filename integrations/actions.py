"""What people do about tokens, and administrators about receivers. Each is one transaction with its entry."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from approvals.models import Channel
from ledger.models import Head
from ledger.records import record, subject_of
from organization.models import Person

from . import tasks
from .models import (
    Cursor,
    Delivery,
    Receiver,
    Token,
    digest_of,
    new_secret,
    new_webhook_secret,
)

LONGEST_LIFE = dt.timedelta(days=366)
MOST_TOKENS = 20


class TooManyTokensError(ValueError):
    says = f"You have {MOST_TOKENS} tokens that work. Revoke one that you no longer need."


class EndsTooLateError(ValueError):
    says = "A token lasts a year at most, and at least until tomorrow."


@transaction.atomic
def make_token(
    *, actor: Person, name: str, scopes: Iterable[str], ends_at: dt.datetime
) -> tuple[Token, str]:
    """Make a token and return it with its secret, which nobody sees again.

    Raises EndsTooLateError, or TooManyTokensError.
    """
    now = timezone.now()
    if not now < ends_at <= now + LONGEST_LIFE:
        raise EndsTooLateError
    Person.objects.select_for_update().get(pk=actor.pk)
    if Token.objects.standing(now).filter(person=actor).count() >= MOST_TOKENS:
        raise TooManyTokensError
    secret = new_secret()
    token = Token(
        person=actor,
        name=name,
        scopes=sorted(scopes),
        digest=digest_of(secret),
        ends_at=ends_at,
    )
    token.save(force_insert=True)
    record(
        "token.created",
        actor=actor,
        subject=subject_of(token),
        data={"name": name, "scopes": token.scopes, "ends_on": ends_at.date().isoformat()},
    )
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, actor: Person) -> Token:
    """End a token at once. Revoked twice, the first time counts."""
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.person_id != actor.pk:
        raise PermissionDenied("Only its owner revokes a token.")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record("token.revoked", actor=actor, subject=subject_of(token))
    return token


@transaction.atomic
def add_receiver(*, actor: Person, channels: Iterable[Channel] = (), **values: Any) -> Receiver:
    """Tell somebody outside from now on."""
    _check_administrator(actor)
    head = Head.objects.first()
    Cursor.objects.get_or_create(pk=1, defaults={"index": head.size if head else 0})
    receiver = Receiver(**values)
    receiver.save(force_insert=True)
    receiver.channels.set(channels)
    _record("receiver.added", receiver, actor, values | {"channels": channels})
    return receiver


@transaction.atomic
def change_receiver(
    receiver: Receiver, *, actor: Person, channels: Iterable[Channel] = (), **values: Any
) -> Receiver:
    """Change what is said to whom; one that was stopped after failures starts afresh when it is put in use."""
    _check_administrator(actor)
    receiver = Receiver.objects.select_for_update().get(pk=receiver.pk)
    if values.get("is_active") and not receiver.is_active:
        values |= {"failing_since": None, "failures": 0, "rests_until": None, "stopped_because": ""}
    for field, value in values.items():
        setattr(receiver, field, value)
    receiver.save(update_fields=list(values))
    receiver.channels.set(channels)
    if not receiver.is_active:
        receiver.deliveries.waiting().update(try_after=None, says="The receiver is not in use.")
    _record("receiver.changed", receiver, actor, values | {"channels": channels})
    return receiver


@transaction.atomic
def change_secret(receiver: Receiver, *, actor: Person) -> Receiver:
    """A new signing secret; from now on the old one signs nothing."""
    _check_administrator(actor)
    receiver = Receiver.objects.select_for_update().get(pk=receiver.pk)
    receiver.secret = new_webhook_secret()
    receiver.save(update_fields=["secret"])
    record("receiver.secret_changed", actor=actor, subject=subject_of(receiver))
    return receiver


@transaction.atomic
def send_again(delivery: Delivery, *, actor: Person) -> Delivery:
    """Send a message once more, under the same id, whatever became of it."""
    _check_administrator(actor)
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    delivery.try_after, delivery.attempts = timezone.now(), 0
    delivery.delivered_at, delivery.says = None, ""
    delivery.save(update_fields=["try_after", "attempts", "delivered_at", "says"])
    Receiver.objects.filter(pk=delivery.receiver_id).update(rests_until=None)
    transaction.on_commit(partial(tasks.send_delivery.enqueue, str(delivery.pk)), robust=True)
    return delivery


def _check_administrator(actor: Person) -> None:
    if not actor.has_perm("organization.administer"):
        raise PermissionDenied("Only an administrator may say who is told outside.")


def _record(type_: str, receiver: Receiver, actor: Person, values: Mapping[str, Any]) -> None:
    """The address is sealed: that of a room lets anybody write into it."""
    plain = {name: value for name, value in values.items() if name in PLAIN}
    plain["channels"] = [channel.pk for channel in values["channels"]]
    sealed = {"url": values["url"]} if "url" in values else {}
    record(type_, actor=actor, subject=subject_of(receiver), data=plain, sealed=sealed)


PLAIN = {"kind", "name", "events", "with_text", "is_active"}
