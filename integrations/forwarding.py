"""From the ledger to receivers: each entry of a post is looked at once, in order, and none is lost.

Indexes come from a locked row in the transaction of the change, so when an entry can be seen, all before it can.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from django.db import transaction

from approvals.models import Submission
from approvals.states import State
from ledger.models import Entry
from ledger.records import subject_of

from . import payloads, tasks
from .models import REVIEW_WANTED, Cursor, Delivery, Receiver

A_BATCH = 500
ABOUT_POSTS = subject_of(Submission()).partition(":")[0] + ":"


@transaction.atomic
def forward() -> bool:
    """Write the deliveries of the next entries, and move the cursor past them; whether there may be more."""
    cursor = Cursor.objects.select_for_update().first()
    if cursor is None:
        return False
    entries = list(Entry.objects.filter(index__gte=cursor.index).order_by("index")[:A_BATCH])
    if not entries:
        return False
    receivers = list(Receiver.objects.active().prefetch_related("channels"))
    wanted = [
        delivery
        for entry in entries
        if entry.subject.startswith(ABOUT_POSTS) and entry.state
        for delivery in _deliveries(entry, receivers)
    ]
    written = Delivery.objects.bulk_create(wanted, ignore_conflicts=True)
    cursor.index = entries[-1].index + 1
    cursor.save(update_fields=["index"])
    for delivery in written:
        send = partial(tasks.send_delivery.enqueue, str(delivery.pk))
        transaction.on_commit(send, robust=True)
    return len(entries) == A_BATCH


def _deliveries(entry: Entry, receivers: Iterable[Receiver]) -> Iterator[Delivery]:
    event, rooms = f"submission.{entry.state}", []
    for receiver in receivers:
        if not receiver.is_webhook:
            rooms.append(receiver)
        elif event in receiver.events:
            yield Delivery(receiver=receiver, entry=entry, event=event)
    if rooms and entry.state == State.IN_REVIEW:
        yield from _calls(entry, rooms)


def _calls(entry: Entry, rooms: Iterable[Receiver]) -> Iterator[Delivery]:
    """To the rooms whose desk has every channel of the post: nobody else reviews it either."""
    submission = payloads.submission_of(entry)
    wanted = {int(channel["id"]) for channel in submission.revision.channels}
    for room in rooms:
        if wanted <= {channel.pk for channel in room.channels.all()}:
            yield Delivery(receiver=room, entry=entry, event=REVIEW_WANTED)
