"""From the ledger to receivers: each entry of a post is looked at once, in order, and none is lost.

Indexes come from a locked row in the transaction of the change, so when an entry can be seen, all before it can.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from django.db import transaction
from django.utils import timezone

from approvals.models import Review, Submission, Undoing
from approvals.states import WITH_REVIEWER
from ledger.models import Entry
from ledger.records import subject_of

from . import payloads, tasks
from .models import REVIEW_WANTED, Cursor, Delivery, Receiver

A_BATCH = 500
# Steps after which somebody is asked to look; others leave a post with whom it was.
ASKS = frozenset(
    {"submit", "revise", "rescreen", "agree", "accept_for_review", "appeal", "escalate"}
)
ABOUT_POSTS = subject_of(Submission()).partition(":")[0] + ":"


@transaction.atomic
def forward() -> bool:
    """Write the deliveries of the next entries, and move the cursor past them; whether there may be more."""
    cursor = Cursor.objects.select_for_update().first()
    if cursor is None:
        return False
    entries = _final(Entry.objects.filter(index__gte=cursor.index).order_by("index")[:A_BATCH])
    if not entries:
        return False
    taken_back = _taken_back(entries)
    receivers = list(Receiver.objects.active().prefetch_related("channels"))
    wanted = [
        delivery
        for entry in entries
        if entry.subject.startswith(ABOUT_POSTS) and entry.state and entry.index not in taken_back
        for delivery in _deliveries(entry, receivers)
    ]
    written = Delivery.objects.bulk_create(wanted, ignore_conflicts=True)
    cursor.index = entries[-1].index + 1
    cursor.save(update_fields=["index"])
    for delivery in written:
        send = partial(tasks.send_delivery.enqueue, str(delivery.pk))
        transaction.on_commit(send, robust=True)
    return len(entries) == A_BATCH


def _final(entries: Iterable[Entry]) -> list[Entry]:
    """Those before the first verdict that may yet be undone; it and what follows wait the few seconds."""
    entries = list(entries)
    open_verdicts = Review.objects.standing().filter(
        entry__in=[entry.index for entry in entries], effective_at__gt=timezone.now()
    )
    first = min(open_verdicts.values_list("entry", flat=True), default=None)
    return entries if first is None else [entry for entry in entries if entry.index < first]


def _taken_back(entries: Iterable[Entry]) -> set[int]:
    """Verdicts that were undone, and the undoing of them: of these nobody hears."""
    indexes = [entry.index for entry in entries]
    undone = Undoing.objects.filter(entry__in=indexes).values_list("entry", flat=True)
    verdicts = Undoing.objects.filter(review__entry__in=indexes)
    return {*undone, *verdicts.values_list("review__entry", flat=True)}


def _deliveries(entry: Entry, receivers: Iterable[Receiver]) -> Iterator[Delivery]:
    event, rooms = f"submission.{entry.state}", []
    for receiver in receivers:
        if not receiver.is_webhook:
            rooms.append(receiver)
        elif event in receiver.events:
            yield Delivery(receiver=receiver, entry=entry, event=event)
    if rooms and entry.state in WITH_REVIEWER and entry.type.rpartition(".")[2] in ASKS:
        yield from _calls(entry, rooms)


def _calls(entry: Entry, rooms: Iterable[Receiver]) -> Iterator[Delivery]:
    """To the rooms whose desk has every channel of the post: nobody else reviews it either."""
    submission = payloads.submission_of(entry)
    wanted = {int(channel["id"]) for channel in submission.revision.channels}
    for room in rooms:
        if wanted <= {channel.pk for channel in room.channels.all()}:
            yield Delivery(receiver=room, entry=entry, event=REVIEW_WANTED)
