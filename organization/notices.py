"""What people are told. The row is written with the change itself; the mail follows the commit."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.utils import timezone

from . import later, tasks
from .models import Notice, Person


def tell(
    person: Person,
    event: str,
    key: str,
    context: dict,
    path: str = "",
    tell_at: dt.datetime | None = None,
) -> Notice:
    """Tell a person of one matter, once, however often it is called.

    `event` names the templates in templates/emails/, `context` holds plain values for them, and
    `path` is where to go, below our own address. Before `tell_at` it is shown nowhere, and may be
    taken back. A lost task loses nothing: the clock sends what stays unsent.
    """
    at = tell_at or timezone.now()
    written = {"event": event, "context": context, "path": path, "tell_at": at, "try_after": at}
    notice, is_new = Notice.objects.get_or_create(person=person, key=key, defaults=written)
    if is_new:
        send = partial(later.enqueue, tasks.send_notice, str(notice.pk), at=tell_at)
        transaction.on_commit(send, robust=True)
    return notice


def take_back(person: Person, key: str, at: dt.datetime) -> None:
    """Nobody is told of it, if its time has not come."""
    Notice.objects.filter(person=person, key=key, tell_at__gt=at, sent_at=None).delete()
