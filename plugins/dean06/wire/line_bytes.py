"""Lines of NDJSON by their bytes: which of them a bulk reader is sure to read as they are written.

A plain line is ``{``, flat members, ``}``. One that may be anything else is odd: it has an escape,
a control character, damaged UTF-8, another brace or bracket, no brace at an end, or is very long.
A look at bytes may take a plain line for an odd one, and must never do the reverse unnoticed.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dean06.wire.records import MAX_FIELD_CHARACTERS

_NEWLINE, _RETURN, _SPACE, _QUOTE, _COMMA, _COLON, _BACKSLASH, _OPENING, _CLOSING = b'\n\r ",:\\{}'
_BRACES = (b"{", b"}", b"[", b"]")
_FOLLOWING, _LEADING = 0x80, (0xC0, 0xE0, 0xF0)
"""In UTF-8 (RFC 3629): bits of a byte that follows, the least byte that so many follow."""

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


class Lines:
    """Some lines, of which odd ones are kept from the bulk reader: it sees blanks instead."""

    def __init__(self, text: bytes) -> None:
        """Take lines that each end with a line end."""
        self._text = text
        self._bytes: Bytes = np.frombuffer(text, np.uint8)
        self._breaks = np.flatnonzero(self._bytes == _NEWLINE)
        self._starts = np.concatenate(([0], self._breaks[:-1] + 1))
        self.are_plain: Mask = np.ones(len(self._breaks), np.bool_)

    def __len__(self) -> int:
        return len(self._breaks)

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return len(self._text)

    def line(self, place: int) -> bytes:
        """A line as it came, without its end."""
        return self._text[self._starts[place] : self._breaks[place]]

    def plain(self) -> Places:
        """The places of plain lines."""
        return np.flatnonzero(self.are_plain)

    def odd(self) -> Places:
        """The places of odd lines."""
        return np.flatnonzero(~self.are_plain)

    def plain_text(self) -> pa.Buffer:
        """All lines, the odd ones blank."""
        return pa.py_buffer(self._bytes)

    def set_odd(self, places: Places) -> None:
        """Keep more lines from the bulk reader."""
        if len(places) and not self._bytes.flags.writeable:
            self._bytes = self._bytes.copy()
        for start, end in zip(self._starts[places], self._breaks[places], strict=True):
            self._bytes[start:end] = _SPACE
        self.are_plain[places] = False

    def set_all_odd(self) -> None:
        """Leave all lines to the exact reader."""
        self.are_plain[:] = False

    def set_odd_by_bytes(self) -> None:
        """Find the lines that are surely no flat object, or may be read in two ways."""
        ends = self._breaks - (self._bytes[self._breaks - 1] == _RETURN)
        are_odd = self._bytes[self._starts] != _OPENING
        are_odd |= self._bytes[ends - 1] != _CLOSING
        are_odd |= ends - self._starts > MAX_FIELD_CHARACTERS
        if are_odd.any() or sum(map(self._text.count, _BRACES)) != 2 * len(self):
            lowered = self._bytes | _SPACE  # brackets become braces
            are_odd |= self._count((lowered == _OPENING) | (lowered == _CLOSING)) != 2
        are_control = self._bytes < _SPACE
        if np.count_nonzero(are_control) != len(self):
            are_odd |= self._count(are_control) != 1 + self._breaks - ends
        if b"\\" in self._text:
            are_odd |= self._count(self._bytes == _BACKSLASH) > 0
        self._set_odd(are_odd)
        self._set_odd_by_encoding()

    def set_odd_by_grammar(self) -> None:
        """Find the lines whose quotation marks, colons and commas do not make members, or whose
        members have other values than texts, flags and null."""
        self._set_odd(self._count(self._bytes == _QUOTE) % 2 == 1)
        are_odd = self._members.count_unsound() > 0
        are_odd |= self._bytes.take(self._breaks - 2, mode="wrap") == _COMMA
        self._set_odd(are_odd)

    def set_odd_by_shape(self) -> None:
        """Find the lines with another number of members or flags, or longer names, than most."""
        shapes = self._members.shapes()
        found, numbers = np.unique(shapes[self.are_plain], return_counts=True)
        if len(found) and 2 * numbers.max() > numbers.sum():
            self._set_odd(shapes != found[numbers.argmax()])

    @cached_property
    def _members(self) -> "_Members":
        return _Members(self._bytes, self._breaks)

    def _set_odd(self, are_odd: Mask) -> None:
        self.set_odd(np.flatnonzero(are_odd & self.are_plain))

    def _count(self, marks: Mask) -> Places:
        """How many marks each line has."""
        return np.diff(np.searchsorted(np.flatnonzero(marks), self._breaks, "right"), prepend=0)

    def _set_odd_by_encoding(self) -> None:
        """Find the lines that are not UTF-8: most by the bytes that should follow a leading one."""
        if self._is_utf8():
            return
        due = np.zeros(len(self._bytes), np.bool_)
        for following, leading in enumerate(_LEADING, start=1):
            due[following:] |= self._bytes[:-following] >= leading
        self._set_odd(self._count(due != (self._bytes & 0xC0 == _FOLLOWING)) > 0)
        if not self._is_utf8():
            self.set_odd(np.array(list(self._undecodable()), np.intp))

    def _is_utf8(self) -> bool:
        """Arrow sees it four times faster than Python."""
        text = self.plain_text()
        ends = pa.py_buffer(np.array([0, text.size], np.int32))
        try:
            pa.Array.from_buffers(pa.binary(), 1, [None, ends, text]).cast(pa.string())
        except pa.ArrowInvalid:
            return False
        return True

    def _undecodable(self) -> Iterator[int]:
        start, text = 0, self._bytes.data
        while start < len(text):
            try:
                str(text[start:], "utf-8")
            except UnicodeDecodeError as error:
                place = int(np.searchsorted(self._breaks, start + error.start))
                yield place
                start = int(self._breaks[place]) + 1
            else:
                return


class _Members:
    """What stands between quotation marks in lines with an even number of them and no escapes,
    judged by the signs on either side (one space apart at most)."""

    def __init__(self, text: Bytes, breaks: Places) -> None:
        quotes = np.flatnonzero(text == _QUOTE)
        opening, closing = quotes[0::2], quotes[1::2]
        before, after = _sign(text, opening - 1, -1), _sign(text, closing + 1, 1)
        value = _sign(text, closing + 2, 1)
        self._ends = np.searchsorted(opening, breaks)
        self._are_names: Mask = _one_of(b"{,", before)
        self._are_flags: Mask = self._are_names & _one_of(b"tf", value)
        self._are_sound: Mask = np.where(
            self._are_names,
            (after == _COLON) & _one_of(b'"tfn', value),
            (before == _COLON) & _one_of(b",}", after),
        )
        self._lengths = closing - opening

    def count_unsound(self) -> Places:
        """How many of each line can be no name or value of a flat object."""
        return self._sum(~self._are_sound)

    def shapes(self) -> Places:
        """A number for each line, the same where names, flags and the length of names are."""
        flags = self._are_flags.astype(np.intp) << 32
        return self._sum(self._are_names * (self._lengths + (1 << 40)) + flags)

    def _sum(self, numbers: npt.NDArray[np.generic]) -> Places:
        """The sum of each line."""
        sums = np.concatenate(([0], np.cumsum(numbers, dtype=np.intp)))
        return np.diff(sums[self._ends], prepend=0)


def _one_of(signs: bytes, found: Bytes) -> Mask:
    are_signs = np.zeros(256, np.bool_)
    are_signs[list(signs)] = True
    return are_signs.take(found)


def _sign(text: Bytes, places: Places, step: int) -> Bytes:
    """What stands at places, or beyond a space there."""
    signs = text.take(places, mode="clip")
    if (are_spaces := signs == _SPACE).any():
        signs[are_spaces] = text.take(places[are_spaces] + step, mode="clip")
    return signs
