"""The hash tree of RFC 6962: root, and proofs that it holds a leaf and continues an older tree.

Written by RFC 6962, section 2.1, and tested against its examples: docs/decisions/0057 says which
libraries were looked at.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(body: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + body).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


class Tree:
    """A tree over hashes of leaves, and every smaller tree that it grew from."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._leaves = leaves
        self._known: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """The root of the tree of the first ``size`` leaves."""
        return self._over(0, size) if size else hashlib.sha256().digest()

    def inclusion(self, place: int, size: int) -> list[bytes]:
        """The audit path of a leaf, counted from 0, in the tree of the first ``size`` leaves."""
        return self._path(place, 0, size)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """The proof that the tree of ``size`` leaves continues that of the first ``old`` ones."""
        return self._rest(old, 0, size, is_whole=True) if 0 < old < size else []

    def _over(self, start: int, end: int) -> bytes:
        if end - start == 1:
            return self._leaves[start]
        found = self._known.get((start, end))
        if found is None:
            middle = start + _split(end - start)
            found = _node(self._over(start, middle), self._over(middle, end))
            self._known[start, end] = found
        return found

    def _path(self, place: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if place < middle:
            return [*self._path(place, start, middle), self._over(middle, end)]
        return [*self._path(place, middle, end), self._over(start, middle)]

    def _rest(self, old: int, start: int, end: int, *, is_whole: bool) -> list[bytes]:
        """``old``: how many leaves of those from ``start`` on the older tree had."""
        if old == end - start:
            return [] if is_whole else [self._over(start, end)]
        left = _split(end - start)
        middle = start + left
        if old <= left:
            return [
                *self._rest(old, start, middle, is_whole=is_whole),
                self._over(middle, end),
            ]
        return [*self._rest(old - left, middle, end, is_whole=False), self._over(start, middle)]
