"""The tree as the database keeps it: leaves in the entries, every 256th subtree beside them.

Any subtree is folded from at most 128 neighbouring hashes, so that a proof over a million entries
takes about 20 small reads by primary key or unique index.
"""

from collections.abc import Iterator

from . import tree
from .models import Entry, Head, Subtree

LEVEL = 8  # heights between two stored levels: 2**8 hashes below one stored hash


def frontier_of(head: Head) -> list[bytes]:
    packed = head.frontier
    return [packed[start : start + 32] for start in range(0, len(packed), 32)]


def stored(completed: list[tuple[int, int, bytes]]) -> Iterator[Subtree]:
    """Those of the completed subtrees that are kept."""
    for height, position, digest in completed:
        if height % LEVEL == 0:
            yield Subtree(level=height // LEVEL, position=position, hash=digest)


def subtree(height: int, position: int) -> bytes:
    """Root of one full subtree."""
    level, above = divmod(height, LEVEL)
    hashes = _hashes(level, position << above, (position + 1) << above)
    if len(hashes) != 1 << above:
        raise tree.ProofError(f"Hashes of subtree {position} at height {height} are missing.")
    return tree.root(hashes)


def root_at(size: int) -> bytes:
    """The root that the tree had when it held `size` entries."""
    return tree.range_root(0, size, subtree)


def inclusion_proof(index: int, size: int) -> list[bytes]:
    return tree.inclusion_proof(index, size, subtree)


def consistency_proof(old: int, new: int) -> list[bytes]:
    return tree.consistency_proof(old, new, subtree)


def _hashes(level: int, start: int, end: int) -> list[bytes]:
    if level:
        rows = Subtree.objects.filter(level=level, position__gte=start, position__lt=end)
        found = rows.order_by("position").values_list("hash", flat=True)
    else:
        rows = Entry.objects.filter(index__gte=start, index__lt=end)
        found = rows.order_by("index").values_list("leaf_hash", flat=True)
    return list(found)
