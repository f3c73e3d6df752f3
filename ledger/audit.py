"""Everything that can be checked from inside: entries, tree, heads, seals, states and guards."""

import datetime as dt
import hmac
import json
from collections.abc import Iterator

from django.conf import settings
from django.db.models import F

from . import checkpoints, guards, keys, stored_tree, tree, verify
from .models import Checkpoint, Entry, Head, Sealed, Subtree


def problems() -> Iterator[str]:
    """Each thing that is wrong, in words, the first bad entry first."""
    yield from entry_problems()
    yield from checkpoint_problems()
    yield from seal_problems()
    yield from state_problems()
    yield from guards.missing()


def entry_problems() -> Iterator[str]:
    """Hash every body into the tree anew, and compare all that is stored beside it."""
    size, frontier = 0, []
    roots = {row.size: row.root for row in Checkpoint.objects.all()}
    subtrees = {(s.level, s.position): s.hash for s in Subtree.objects.iterator()}
    for entry in Entry.objects.order_by("index").iterator(chunk_size=5_000):
        leaf = tree.leaf_hash(entry.body)
        if wrong := _wrong_in(entry, size, leaf):
            yield f"Entry {size} {wrong}."
            return
        frontier, completed = tree.append(size, frontier, leaf)
        size += 1
        for stored in stored_tree.stored(completed):
            if subtrees.pop((stored.level, stored.position), None) != stored.hash:
                yield f"The stored subtree {stored.position} of level {stored.level} is wrong."
        if size in roots and roots[size] != tree.root_of(frontier):
            yield f"The checkpoint at {size} entries is not that of these entries."
    head = Head.objects.first() or Head()
    if (head.size, stored_tree.frontier_of(head)) != (size, frontier):
        yield f"The head says {head.size} entries; there are {size}, or its frontier is wrong."
    if subtrees:
        yield f"{len(subtrees)} stored subtrees have no entries below them."


def checkpoint_problems() -> Iterator[str]:
    """Signatures, and the second place."""
    size = (Head.objects.first() or Head()).size
    try:
        key = verify.Key(keys.vkey())
    except keys.KeyMissingError as error:
        if size:
            yield str(error)
        return
    for checkpoint in Checkpoint.objects.iterator():
        try:
            signed = verify.Checkpoint(checkpoint.note, key)
            signed.verify(key)
        except verify.TamperedError as error:
            yield f"{checkpoint}: {error}."
            continue
        if (signed.size, signed.root) != (checkpoint.size, checkpoint.root):
            yield f"{checkpoint}: the signed note says something else."
    outside = checkpoints.outside_head()
    if outside and outside.size > size:
        yield f"The size went down from {outside.size} ({outside.place}) to {size}."
    elif outside and not _extends(outside):
        yield f"The ledger does not extend the head {outside}."


def seal_problems() -> Iterator[str]:
    """Each value that is still there is the one that its entry sealed."""
    for sealed in Sealed.objects.select_related("entry").iterator(chunk_size=2_000):
        digest = hmac.digest(sealed.key, sealed.value, "sha256").hex()
        if sealed.entry.content["sealed"].get(sealed.label) != digest:
            yield f"Entry {sealed.entry_id}: what stands under {sealed.label!r} is not what it sealed."


def state_problems() -> Iterator[str]:
    """No row has a state that its entry does not claim, unless it was born with it."""
    for rule in guards.registry.stateful.values():
        astray = rule.model._default_manager.exclude(entry__state=F(rule.field)).exclude(
            **{f"{rule.field}__in": rule.free_states}
        )
        for pk in astray.values_list("pk", flat=True).order_by("pk")[:20]:
            yield f"{rule.model._meta.label_lower} {pk} has a state that its entry does not claim."


def _extends(head: checkpoints.SignedHead) -> bool:
    try:
        return stored_tree.root_at(head.size) == head.root
    except tree.ProofError:
        return False


def _wrong_in(entry: Entry, index: int, leaf: bytes) -> str | None:
    """What is wrong with one entry, or None."""
    if entry.index != index:
        return "is missing"
    if entry.leaf_hash != leaf:
        return "was changed after it was recorded"
    try:
        body = json.loads(entry.body)
        said = [body[name] for name in ("index", "type", "subject", "state", "origin")]
        at = dt.datetime.fromisoformat(body["at"])
    except (ValueError, LookupError, TypeError):
        return "is not in the form of an entry"
    row = [entry.index, entry.type, entry.subject, entry.state, settings.COUNTERSIGN_ORIGIN]
    if (said, at) != (row, entry.created_at):
        return "says something else than its row"
    return None
