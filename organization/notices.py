"""What people are told. The row is written with the change itself; the mail follows the commit."""

from functools import partial

from django.db import transaction

from . import tasks
from .models import Notice, Person


def tell(person: Person, event: str, key: str, context: dict, path: str = "") -> Notice:
    """Tell a person of one matter, once, however often it is called.

    `event` names the templates in templates/emails/, `context` holds plain values for them, and
    `path` is where to go, below our own address. A lost task loses nothing: the clock sends what
    stays unsent.
    """
    notice, is_new = Notice.objects.get_or_create(
        person=person, key=key, defaults={"event": event, "context": context, "path": path}
    )
    if is_new:
        send = partial(tasks.send_notice.enqueue, str(notice.pk))
        transaction.on_commit(send, robust=True)
    return notice
