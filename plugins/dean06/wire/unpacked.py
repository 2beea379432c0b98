"""Compressed bytes of a source, unpacked up to a bound: a few kilobytes can stand for terabytes."""

import re
from gzip import GzipFile
from typing import IO
from zipfile import BadZipFile, ZipFile

from dean06 import settings
from dean06.errors import ContractError

_CHUNK = 1 << 20
MAX_WORKBOOK_BYTES = 256 * 1024 * 1024
"""What all parts of a workbook may unpack to: a hundred thousand candidates need a tenth."""
MAX_WORKBOOK_CELLS = 20_000_000
"""Rows times columns of a sheet; readers hold them all, the empty ones too."""

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,4})([0-9]{1,9})["']""")


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
            raise ContractError(
                f"the compressed file unpacks to more than {self._most} bytes "
                "(DEAN06_MAX_UNPACKED_BYTES)"
            )
        return chunk


def check_workbook(stream: IO[bytes]) -> None:
    """Refuse a workbook that is none (XLSX), or that would fill the memory of who reads it.

    Raises ContractError without repeating anything of it.
    """
    try:
        with ZipFile(stream) as parts:
            _check_parts(parts)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise ContractError(f"not a readable workbook ({type(error).__name__})") from None
    stream.seek(0)


def _check_parts(parts: ZipFile) -> None:
    names = [part.filename for part in parts.infolist()]
    if "xl/workbook.xml" not in names:
        raise ContractError("not a workbook of the kind agreed (XLSX)")
    unpacked = 0
    for part in parts.infolist():
        rows = columns = 0
        rest = b""
        with parts.open(part) as content:
            while chunk := content.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > MAX_WORKBOOK_BYTES:
                    raise ContractError(f"a workbook of more than {MAX_WORKBOOK_BYTES} bytes")
                if _SHEET.fullmatch(part.filename):
                    for letters, row in _PLACE.findall(rest + chunk):
                        columns, rows = max(columns, _number(letters)), max(rows, int(row))
                    rest = chunk[-64:]
        if rows * columns > MAX_WORKBOOK_CELLS:
            raise ContractError(f"a sheet of more than {MAX_WORKBOOK_CELLS} cells")


def _number(letters: bytes) -> int:
    """The column that letters name: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
