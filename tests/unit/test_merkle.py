"""The tree of RFC 6962, by its own example and by the vectors of its reference implementation."""

import hashlib

import pytest

import verify
from dean06.proof.merkle import Tree, leaf_hash

INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
"""Of the test of the reference implementation (google/certificate-transparency, Apache-2.0)."""
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
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in INPUTS]


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_roots_are_those_of_the_reference_implementation() -> None:
    tree, log = Tree(LEAVES), verify.Log()
    for leaf in LEAVES:
        log.add(leaf)
    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    assert [root.hex() for root in log.roots] == ROOTS


def test_proofs_are_those_of_the_example_in_the_rfc() -> None:
    """RFC 6962, section 2.1.3: its letters."""
    tree = Tree(LEAVES[:7])
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = node(a, b), node(c, d), node(e, f)
    k, middle = node(g, h), node(i, j)
    assert tree.inclusion(0, 7) == [b, h, middle]
    assert tree.inclusion(3, 7) == [c, g, middle]
    assert tree.inclusion(4, 7) == [f, j, k]
    assert tree.inclusion(6, 7) == [i, k]
    assert tree.consistency(3, 7) == [c, d, g, middle]
    assert tree.consistency(4, 7) == [middle]
    assert tree.consistency(6, 7) == [i, j, k]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_verifier_takes_every_proof_and_no_other(size: int) -> None:
    tree = Tree(LEAVES)
    root, other = tree.root(size), hashlib.sha256(b"other").digest()
    for place in range(size):
        path = tree.inclusion(place, size)
        assert verify.is_included(LEAVES[place], place, size, path, root)
        assert not verify.is_included(other, place, size, path, root)
        assert not verify.is_included(LEAVES[place], place, size, path, other)
        assert not verify.is_included(LEAVES[place], place, size, [*path, other], root)
        assert not verify.is_included(LEAVES[place], place + 1, size, path, root)
        assert not path or not verify.is_included(LEAVES[place], place, size, path[:-1], root)
    if old := size - 1:  # a publication's proof leads from the log before it
        path = tree.consistency(old, size)
        assert verify.is_continued(old, tree.root(old), root, path)
        assert not verify.is_continued(old, other, root, path)
        assert not verify.is_continued(old, tree.root(old), other, path)
        assert not verify.is_continued(old, tree.root(old), root, [*path, other])
        assert not verify.is_continued(old, tree.root(old), root, path[:-1])
