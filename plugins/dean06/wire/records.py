"""Records on their way from a landed file to staging: bounded batches, and what was unreadable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa

BATCH_RECORDS = 20_000
"""Records a batch holds at most: memory stays flat however long a file is."""

MAX_FIELD_CHARACTERS = 65_536
"""A longer field is no fact about a person; its record goes to quarantine."""

MAX_RECORD_BYTES = 64 * 1024 * 1024
"""Of a longer line only this much is kept in quarantine; the landed file has the rest."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""U+FEFF at the beginning of a file says that it is UTF-8, and is no part of what it holds."""

END_OF_FILE = "\x1a"
"""Ctrl-Z at the end of a text file: programs of DOS write it, and it holds nothing."""


class RefusedRecordError(Exception):
    """One record cannot be taken as what it was sent for; ``code`` is a Problem's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Problem:
    """A record that could not be read: its line, what is wrong, and the line with escapes."""

    line: int
    code: str
    """malformed_json, not_an_object, duplicate_name, wrong_field_count, unclosed_quote,
    text_after_quote, invalid_utf8, nul_byte, oversized_field, bad_workbook_row, cell_error,
    formula_without_value, two_values; of FHIR resources wrong_resource_type, no_subject,
    unknown_modifier, wrong_structure."""
    raw: str


@dataclass
class Batch:
    """Readable records (by the source's own field names), their line numbers, and the problems."""

    lines: list[int] = field(default_factory=list)
    records: list[Mapping[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_withdrawal: bool = False
    """Its records name what the source withdrew: key and version, nothing else."""

    def __len__(self) -> int:
        return len(self.records) + len(self.problems)

    @property
    def full(self) -> bool:
        """Whether it should be handed on before more is read."""
        return len(self) >= BATCH_RECORDS

    def add(self, line: int, record: Mapping[str, object]) -> None:
        """Take one readable record."""
        self.lines.append(line)
        self.records.append(record)

    def reject(self, line: int, code: str, raw: bytes | str) -> None:
        """Take one unreadable record. NUL and invalid UTF-8 are kept as backslash escapes."""
        if isinstance(raw, bytes):
            raw = raw.decode("utf-8", errors="backslashreplace")
        self.problems.append(Problem(line, code, raw.replace("\x00", "\\x00")))


@dataclass(frozen=True)
class Columns:
    """Readable records of one shape, read in bulk: line numbers, and a column a field, of texts,
    flags or nothing but nulls."""

    lines: pa.Array
    table: pa.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)


def text_problem(values: Mapping[str, object]) -> str | None:
    """Why a record of decoded values cannot be stored as PostgreSQL text, or None.

    Looks into lists and objects too: they are stored as the text they are written in.
    """
    for value in values.values():
        if value is None or isinstance(value, bool | int | float | Decimal):
            continue
        text = value if isinstance(value, str) else repr(value)
        if len(text) > MAX_FIELD_CHARACTERS:
            return "oversized_field"
        if "\x00" in text or (not isinstance(value, str) and "\\x00" in text):
            return "nul_byte"
    return None
