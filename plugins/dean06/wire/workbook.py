"""Excel workbooks (XLSX), cell by cell as a person sees them.

The file is read by ``dean06.wire.spreadsheet`` in a child process with bounds of memory and time.
Whatever kills the child is an error of this delivery, not of the task that loads it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO

from dean06.details.detail import Detail, detail
from dean06.errors import ContractError

MAX_PACKED_BYTES = 64 * 1024 * 1024
"""Of the file itself."""
MEMORY_BYTES = 1 << 30
CPU_SECONDS = 120
"""What reading one workbook may take: fifty thousand candidates need a twentieth."""

_PACKAGES = Path(__file__).resolve().parents[2]
_CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); from dean06.wire.spreadsheet import main; main()"
)
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
_ENCRYPTED, _OLD = "EncryptedPackage".encode("utf-16-le"), "Workbook".encode("utf-16-le")
_OTHERS = (
    (b"<?xml", detail("workbook_is_xml")),
    (b"<", detail("workbook_is_html")),
    (b"%PDF", detail("workbook_is_pdf")),
    (b"{\\rtf", detail("workbook_is_text")),
)


class BadCell(str):
    """What a cell shows that nobody can know the value of: an error, or a formula not computed."""

    __slots__ = ("problem",)
    problem: str
    """``cell_error`` (Excel shows #N/A, #REF! and the like) or ``formula_without_value``."""

    def __new__(cls, text: str, problem: str) -> "BadCell":
        """The text that the cell shows, and why it is no value."""
        cell = super().__new__(cls, text)
        cell.problem = problem
        return cell


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells by row and column, both from 1; empty cells are not there."""

    number: int
    """Its place among the sheets, from 1."""
    is_visible: bool
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """First row, last row and column of cells merged over several rows."""

    def shown(self, row: int, column: int) -> str | None:
        """What a person reads there: the cell's text, or that of the cell it is merged with."""
        text = self.rows.get(row, {}).get(column)
        if text is None:
            for first, last in self._merged_in.get(column, ()):
                if first < row <= last:
                    return self.rows.get(first, {}).get(column)
        return text

    @cached_property
    def _merged_in(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        for first, last, column in self.merged:
            found.setdefault(column, []).append((first, last))
        return found


def read(stream: IO[bytes]) -> list[Sheet]:
    """The sheets of a workbook, the hidden ones too.

    Raises ContractError with the reason: it is no workbook, protected by a password, too large, or
    damaged.
    """
    body = stream.read(MAX_PACKED_BYTES + 1)
    if reason := _why_unreadable(body):
        raise ContractError(reason)
    child = subprocess.run(
        [
            *(sys.executable, "-I", "-S", "-c", _CHILD),
            *(str(_PACKAGES), str(MEMORY_BYTES), str(CPU_SECONDS)),
        ],
        input=body,
        capture_output=True,
        check=False,
        env={},
    )
    documents = [json.loads(line) for line in child.stdout.splitlines()]
    last = documents[-1] if documents and isinstance(documents[-1], dict) else {}
    if "refused" in last:
        raise ContractError(detail(last["refused"], **last["parameters"]))
    if "end" not in last:
        raise ContractError(_why_failed(last.get("failed"), child.returncode))
    return _sheets(documents[:-1])


def _why_unreadable(body: bytes) -> Detail | None:
    """What the first bytes say the file is, unless a ZIP archive, as every XLSX workbook is."""
    if len(body) > MAX_PACKED_BYTES:
        return detail("workbook_too_large", most=MAX_PACKED_BYTES)
    if body.startswith(_ZIP):
        return None
    if body.startswith(_OLE):
        return _why_ole(body)
    start = body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for sign, reason in _OTHERS:
        if start.startswith(sign):
            return reason
    return detail("workbook_none") if body else detail("workbook_empty")


def _why_ole(body: bytes) -> Detail:
    """Excel keeps both in the same container: workbooks with a password, and those before 2007."""
    if _ENCRYPTED in body:
        return detail("workbook_protected")
    if _OLD in body:
        return detail("workbook_old")
    return detail("workbook_protected_or_old")


def _why_failed(failed: str | None, code: int) -> Detail:
    if failed == "MemoryError" or code < 0:
        memory = MEMORY_BYTES >> 20
        return detail("workbook_takes_too_much", memory=memory, seconds=CPU_SECONDS)
    if failed:
        return detail("workbook_unreadable", kind=failed)
    return detail("workbook_ended", code=code)


def _sheets(documents: list[object]) -> list[Sheet]:
    sheets: list[Sheet] = []
    for document in documents:
        if isinstance(document, list):
            number, cells = document
            sheets[-1].rows[number] = {
                column: text if problem is None else BadCell(text, problem)
                for column, text, problem in cells
            }
        elif isinstance(document, dict) and "sheet" in document:
            sheets.append(Sheet(document["sheet"], document["visible"]))
        elif isinstance(document, dict):
            sheets[-1].merged.extend(tuple(merged) for merged in document["below"])
    return sheets
