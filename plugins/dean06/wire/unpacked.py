"""Compressed bytes of a source, unpacked up to a bound: a few kilobytes can stand for terabytes."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from isal.igzip import IGzipFile
from isal.isal_zlib import IsalError

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import ContractError


class Unpacked(IGzipFile):
    """A gzip stream that refuses to become longer than ``settings.max_unpacked_bytes()``.

    Reading raises ContractError at that length, whatever asks for more; of a damaged stream
    EOFError, gzip.BadGzipFile or zlib.error, as by the standard library.
    """

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__(fileobj=packed, mode="rb")  # type: ignore[no-untyped-call]
        self._most = settings.max_unpacked_bytes()

    def read(self, size: int | None = -1) -> bytes:
        """As of any stream."""
        asked = self._most + 1 if size is None or size < 0 else size
        with _as_zlib_says():
            return self._within(super().read(asked))

    def read1(self, size: int = -1) -> bytes:
        """As of any stream."""
        with _as_zlib_says():
            return self._within(super().read1(size))

    def readline(self, size: int | None = -1) -> bytes:
        """As of any stream."""
        asked = self._most + 1 if size is None or size < 0 else size
        with _as_zlib_says():
            return self._within(super().readline(asked))  # type: ignore[no-untyped-call]

    def _within(self, chunk: bytes) -> bytes:
        if self.tell() > self._most:
            raise ContractError(detail("unpacks_too_large", most=self._most))
        return chunk


@contextmanager
def _as_zlib_says() -> Iterator[None]:
    """Errors of the faster library as those of the standard one, which readers know."""
    try:
        yield
    except IsalError as error:  # type: ignore[misc]  # its stub states no class
        raise zlib.error(str(error)) from None
