"""Signed heads of the ledger, each proven to extend the last, kept in two places.

The second place is `checkpoints/checkpoints.txt` beside the database: an older database that is
put back, or one that was cut short or rewritten, no longer extends what stands there, and nothing
is signed any more.
"""

import base64
import datetime as dt
import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import keys, stored_tree, tree
from .models import Checkpoint, Entry, Head

ENTRIES = 256  # a checkpoint is due after so many entries,
AGE = dt.timedelta(seconds=60)  # or when one has waited so long for it
PAUSE = dt.timedelta(seconds=1)  # at most one checkpoint a second for all who wait


class HistoryChangedError(RuntimeError):
    """The ledger does not extend a head that was signed before. Nothing may be signed."""


@dataclass(frozen=True)
class SignedHead:
    """Size and root as a note states them, and where the note stands."""

    size: int
    root: bytes
    note: str
    place: str

    def __str__(self) -> str:
        return f"{self.size} entries, root {self.root.hex()} ({self.place})"


def sign_checkpoint() -> Checkpoint | None:
    """Sign the ledger as it stands; None while it is empty.

    Runs in a transaction of its own: only what is committed is ever signed. The head's row stays
    locked from the look to the commit, so that there is one checkpoint for each size.
    """
    with transaction.atomic(durable=True):
        head = Head.objects.select_for_update().first()
        if head is None or head.size == 0:
            _refuse_empty_ledger()
            return None
        with _second_place() as file:
            outside = _last_in(file)
            latest = Checkpoint.objects.last()
            root = tree.root_of(stored_tree.frontier_of(head))
            _prove_unchanged(head.size, root, outside, latest and _in_database(latest))
            if latest and latest.size == head.size:
                return latest
            note = _signed_note(head.size, root)
            if not outside or outside.size < head.size:
                _append(file, note)
        return Checkpoint.objects.create(size=head.size, root=root, note=note)


def due(now: dt.datetime) -> bool:
    """Whether 256 entries, or one for 60 seconds, wait for a checkpoint."""
    covered = _covered()
    waiting = Entry.objects.filter(index__gte=covered).order_by("index")
    oldest = waiting.values_list("created_at", flat=True).first()
    if oldest is None:
        return False
    return now - oldest >= AGE or waiting.filter(index__gte=covered + ENTRIES - 1).exists()


def checkpoint_covering(index: int) -> Checkpoint | None:
    """The first checkpoint whose tree holds the entry."""
    return Checkpoint.objects.filter(size__gt=index).order_by("size").first()


def checkpoint_for(index: int) -> Checkpoint:
    """A checkpoint over the entry, signed now if need be; waits for at most a second."""
    if checkpoint := checkpoint_covering(index):
        return checkpoint
    latest = Checkpoint.objects.last()
    if latest:
        pause = latest.signed_at + PAUSE - timezone.now()
        time.sleep(min(max(pause, dt.timedelta()), PAUSE).total_seconds())
    checkpoint = checkpoint_covering(index) or sign_checkpoint()
    if checkpoint is None or checkpoint.size <= index:
        raise Entry.DoesNotExist(f"Entry {index} is not in the ledger (yet): commit it first.")
    return checkpoint


def outside_head() -> SignedHead | None:
    """The last head in the second place."""
    with _second_place() as file:
        return _last_in(file)


def second_place() -> Path:
    return settings.COUNTERSIGN_DATA / "checkpoints" / "checkpoints.txt"


def _covered() -> int:
    latest = Checkpoint.objects.last()
    return latest.size if latest else 0


def _in_database(checkpoint: Checkpoint) -> SignedHead:
    return SignedHead(checkpoint.size, checkpoint.root, checkpoint.note, "in the database")


def _prove_unchanged(size: int, root: bytes, *signed: SignedHead | None) -> None:
    """The ledger must extend every head that was signed, and its new entries be as recorded."""
    for head in filter(None, signed):
        here = f"{size} entries, root {root.hex()} (the ledger now)"
        if head.size > size:
            raise HistoryChangedError(
                f"The ledger is shorter than a head that was signed: {head}; {here}. Entries "
                f"{size} to {head.size - 1} are missing: restore a newer backup."
            )
        try:
            proof = stored_tree.consistency_proof(head.size, size)
            tree.verify_consistency(head.size, size, proof, head.root, root)
        except tree.ProofError as error:
            raise HistoryChangedError(
                f"The ledger does not extend a head that was signed: {head}; {here}. "
                "Run `manage.py verify_ledger`, and restore an unchanged backup."
            ) from error
    _prove_bodies(max((head.size for head in signed if head), default=0), size)


def _prove_bodies(start: int, end: int) -> None:
    """Read the new entries again: what was written is what is signed."""
    entries = Entry.objects.filter(index__gte=start, index__lt=end).order_by("index")
    found = 0
    for body, leaf in entries.values_list("body", "leaf_hash").iterator():
        if tree.leaf_hash(body) != leaf:
            raise HistoryChangedError(
                f"Entry {start + found} was changed after it was recorded. "
                "Run `manage.py verify_ledger`, and restore an unchanged backup."
            )
        found += 1
    if found != end - start:
        raise HistoryChangedError(f"Of the entries {start} to {end - 1} only {found} are there.")


def _refuse_empty_ledger() -> None:
    head = outside_head()
    if head:
        raise HistoryChangedError(
            f"The ledger is empty, but a head was signed: {head}. Restore a backup."
        )


def _signed_note(size: int, root: bytes) -> str:
    text = f"{settings.COUNTERSIGN_ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = keys.key_hash() + keys.signing_key().sign(text.encode())
    return f"{text}\n\u2014 {settings.COUNTERSIGN_ORIGIN} {base64.b64encode(signature).decode()}\n"


@contextmanager
def _second_place() -> Iterator[int]:
    """The file of signed notes, locked against other processes."""
    path = second_place()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _last_in(file: int) -> SignedHead | None:
    """The last whole note; one that a crash cut off in the middle was never used."""
    size = os.fstat(file).st_size
    tail = os.pread(file, 4096, max(0, size - 4096)).decode(errors="replace")
    origin = re.escape(settings.COUNTERSIGN_ORIGIN)
    notes = re.findall(
        f"(?:^|\n)({origin}\n([0-9]+)\n([A-Za-z0-9+/=]{{44}})\n\n\u2014 [^\n]+\n)(?=\n)", tail
    )
    if not notes:
        return None
    note, entries, root = notes[-1]
    return SignedHead(int(entries), base64.b64decode(root), note, str(second_place()))


def _append(file: int, note: str) -> None:
    """On the disk before the transaction ends: what was signed is never forgotten."""
    size = os.fstat(file).st_size
    torn = size > 0 and os.pread(file, 2, size - 2) != b"\n\n"
    data = ("\n\n" if torn else "") + note + "\n"
    os.write(file, data.encode())
    os.fsync(file)
