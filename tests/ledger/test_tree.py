"""The tree against the vectors of Certificate Transparency, and against itself."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import tree

# The leaves and roots that every implementation of RFC 6962 is tested with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f"]
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (index, size): the path
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {  # (old, new): the proof
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
HASHES = [tree.leaf_hash(leaf) for leaf in LEAVES]
sizes = st.integers(min_value=1, max_value=300)


def hexes(proof):
    return [node.hex() for node in proof]


def leaves(count):
    return [tree.leaf_hash(b"%d" % index) for index in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_that_of_certificate_transparency(size):
    assert tree.root(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_the_inclusion_proof_is_that_of_certificate_transparency(place, path):
    index, size = place
    proof = tree.inclusion_proof(index, size, tree.of_leaves(HASHES))
    assert hexes(proof) == path
    tree.verify_inclusion(HASHES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("trees", "path"), CONSISTENCY.items())
def test_the_consistency_proof_is_that_of_certificate_transparency(trees, path):
    old, new = trees
    proof = tree.consistency_proof(old, new, tree.of_leaves(HASHES))
    assert hexes(proof) == path
    roots = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    tree.verify_consistency(old, new, proof, *roots)


@given(sizes, st.data())
def test_every_entry_is_proven_and_no_other_takes_its_place(size, draw):
    index = draw.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    proof = tree.inclusion_proof(index, size, tree.of_leaves(hashes))
    root = tree.root(hashes)
    tree.verify_inclusion(hashes[index], index, size, proof, root)
    for other in {(index + 1) % size, (index - 1) % size} - {index}:
        with pytest.raises(tree.ProofError):
            tree.verify_inclusion(hashes[index], other, size, proof, root)


@given(sizes, sizes, st.data())
def test_a_longer_tree_extends_a_shorter_one_and_nothing_else(one, two, draw):
    old, new = sorted([one, two])
    hashes = leaves(new)
    proof = tree.consistency_proof(old, new, tree.of_leaves(hashes))
    roots = tree.root(hashes[:old]), tree.root(hashes)
    tree.verify_consistency(old, new, proof, *roots)
    hashes[draw.draw(st.integers(0, old - 1))] = bytes(32)
    with pytest.raises(tree.ProofError):
        tree.verify_consistency(old, new, proof, tree.root(hashes[:old]), roots[1])


@given(sizes, st.data())
def test_a_proof_that_is_longer_or_shorter_proves_nothing(size, draw):
    index = draw.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    proof = tree.inclusion_proof(index, size, tree.of_leaves(hashes))
    for wrong in ([*proof, bytes(32)], proof[:-1] if proof else [bytes(32)]):
        with pytest.raises(tree.ProofError):
            tree.verify_inclusion(hashes[index], index, size, wrong, tree.root(hashes))


def test_an_entry_that_looks_like_an_inner_node_is_none():
    left, right = leaves(2)
    forged = tree.leaf_hash(left + right)
    assert forged != tree.node_hash(left, right)
    assert hashlib.sha256(b"\x01" + left + right).digest() == tree.node_hash(left, right)


@given(sizes)
def test_completed_subtrees_are_those_of_the_leaves(size):
    hashes = leaves(size)
    frontier, kept = [], {}
    for index, leaf in enumerate(hashes):
        frontier, completed = tree.append(index, frontier, leaf)
        kept |= {(height, position): node for height, position, node in completed}
    assert tree.root_of(frontier) == tree.root(hashes)
    assert all(tree.of_leaves(hashes)(*place) == node for place, node in kept.items())
