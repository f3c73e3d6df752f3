"""The Merkle tree of RFC 6962: hashes, frontier, proofs. Pure: hashes come in, hashes go out.

The *frontier* is the list of roots of the full subtrees that a tree of `size` leaves breaks into,
largest first: one hash for each bit that is set in `size`. It is all that appending needs.
A *subtree* is named by its height (a leaf has 0) and its position among those of its height.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

EMPTY = hashlib.sha256(b"").digest()
Subtrees = Callable[[int, int], bytes]


class ProofError(ValueError):
    """The proof does not show what it should."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(
    size: int, frontier: Sequence[bytes], leaf: bytes
) -> tuple[list[bytes], list[tuple[int, int, bytes]]]:
    """The frontier with one leaf more, and the subtrees (height, position, hash) this completed."""
    rest, node, completed, height = list(frontier), leaf, [], 0
    while size >> height & 1:
        node = node_hash(rest.pop(), node)
        height += 1
        completed.append((height, size >> height, node))
    return [*rest, node], completed


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The root over a frontier, folded from the smallest subtree upwards."""
    if not frontier:
        return EMPTY
    *larger, smallest = frontier
    return reduce(lambda right, left: node_hash(left, right), reversed(larger), smallest)


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 2.1 over leaf hashes."""
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier, _ = append(size, frontier, leaf)
    return root_of(frontier)


def of_leaves(leaves: Sequence[bytes]) -> Subtrees:
    """Subtrees computed from leaf hashes in memory."""
    return lambda height, position: root(leaves[position << height : (position + 1) << height])


def range_root(start: int, end: int, subtree: Subtrees) -> bytes:
    """Root over the leaves start to end, where start is a multiple of the range's own size."""
    return root_of([subtree(height, position) for height, position in _pieces(start, end)])


def inclusion_proof(index: int, size: int, subtree: Subtrees) -> list[bytes]:
    """PATH of RFC 6962 2.1.1: the hashes that lead from one leaf to the root."""
    if not 0 <= index < size:
        raise ProofError(f"There is no entry {index} among {size}.")
    siblings = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    return [range_root(*sibling, subtree) for sibling in reversed(siblings)]


def consistency_proof(old: int, new: int, subtree: Subtrees) -> list[bytes]:
    """PROOF of RFC 6962 2.1.2: that the tree of `old` leaves is the beginning of the `new` one."""
    if not 0 <= old <= new:
        raise ProofError(f"A tree of {new} entries cannot extend one of {old}.")
    if old in {0, new}:
        return []
    pieces = []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            pieces.append((middle, end))
            end = middle
        else:
            pieces.append((start, middle))
            start = middle
    if start:
        pieces.append((start, end))
    return [range_root(*piece, subtree) for piece in reversed(pieces)]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes
) -> None:
    """Raise ProofError unless the leaf stands at this index of the tree with this root."""
    if not 0 <= index < size:
        raise ProofError(f"There is no entry {index} among {size}.")
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        raise ProofError("The inclusion proof has the wrong length.")
    node = leaf
    for height, sibling in enumerate(proof):
        on_the_left = height >= inner or index >> height & 1
        node = node_hash(sibling, node) if on_the_left else node_hash(node, sibling)
    if node != expected:
        raise ProofError(f"Entry {index} is not in the tree of {size} entries.")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Raise ProofError unless the tree with `old_root` is the beginning of that with `new_root`.

    The steps are those of RFC 9162 2.1.4.2.
    """
    if not 0 <= old <= new:
        raise ProofError(f"A tree of {new} entries cannot extend one of {old}.")
    if old in {0, new}:
        if proof or old_root != (EMPTY if old == 0 else new_root):
            raise ProofError(f"The trees of {old} and {new} entries do not agree.")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    last, edge = old - 1, new - 1
    while last & 1:
        last, edge = last >> 1, edge >> 1
    if not path:
        raise ProofError("The consistency proof has the wrong length.")
    old_node = new_node = path[0]
    for step in path[1:]:
        if edge == 0:
            raise ProofError("The consistency proof has the wrong length.")
        if last & 1 or last == edge:
            old_node, new_node = node_hash(step, old_node), node_hash(step, new_node)
            while last and not last & 1:
                last, edge = last >> 1, edge >> 1
        else:
            new_node = node_hash(new_node, step)
        last, edge = last >> 1, edge >> 1
    if edge or old_node != old_root or new_node != new_root:
        raise ProofError(f"The tree of {new} entries does not extend that of {old}.")


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The full subtrees that cover a range, largest first."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height
