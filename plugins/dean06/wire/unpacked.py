"""Compressed bytes of a source, unpacked up to a bound: a few kilobytes can stand for terabytes."""

from gzip import GzipFile
from typing import IO

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import ContractError


class Unpacked(GzipFile):
    """A gzip stream that refuses to become longer than ``settings.max_unpacked_bytes()``.

    Reading raises ContractError at that length, whatever asks for more.
    """

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._most = settings.max_unpacked_bytes()

    def read(self, size: int | None = -1) -> bytes:
        """As of any stream."""
        asked = self._most + 1 if size is None or size < 0 else size
        return self._within(super().read(asked))

    def read1(self, size: int = -1) -> bytes:
        """As of any stream."""
        return self._within(super().read1(size))

    def _within(self, chunk: bytes) -> bytes:
        if self.tell() > self._most:
            raise ContractError(detail("unpacks_too_large", most=self._most))
        return chunk
