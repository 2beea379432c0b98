"""What the lists for the agencies say beside a record: datasets, fields, reasons, corrections."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from msgspec.structs import astuple
from psycopg2 import sql

from dean06 import contract
from dean06.agencies.files import Heading
from dean06.contract import Column, Dataset
from dean06.copying import csv_of
from dean06.reference import tables
from dean06.reference.rows import Correction
from dean06.warehouse import Session

REJECTED, MISMATCHED = "Bị từ chối", "Sai lệch danh tính"
HEADINGS = (
    Heading("Loại", 20),
    Heading("Bộ dữ liệu", 30),
    Heading("Mã bản ghi", 28),
    Heading("Trường cần sửa", 36),
    Heading("Giá trị đã nhận", 24),
    Heading("Mã lỗi", 30),
    Heading("Lý do", 60),
    Heading("Cách sửa", 60),
    Heading("Lượt nạp", 28),
    Heading("Tệp", 28),
    Heading("Dòng trong tệp", 10, is_number=True),
    Heading("Dòng trong lượt nạp", 10, is_number=True),
    Heading("Yêu cầu số", 12, is_number=True),
    Heading("Hạn chỉnh sửa", 14),
    Heading("Reason", 60, is_in_workbook=False),
    Heading("How to correct", 60, is_in_workbook=False),
)
"""Columns of a list, in the order of ``include/sql/agency/*_lines.sql``."""

PERSONAL_NOTICE = (
    "Tài liệu chứa dữ liệu cá nhân: chỉ gửi cho cơ quan cung cấp dữ liệu, chỉ dùng để chỉnh "
    "sửa bản ghi (Luật số 91/2025/QH15; Nghị định số 356/2025/NĐ-CP)."
)
"""Stands on the first sheet of every list."""
_OPEN = ("public", "internal")
"""Classes of fields whose value may be shown: the others are found by the record's id."""


def summary(
    source: str,
    day: date,
    is_standing: bool,
    records: tuple[int, int],
    counts: Sequence[tuple[Any, ...]],
) -> list[list[str | int]]:
    """Rows of a list's first sheet: whose it is, of when, and how much of what.

    ``records``: rejected, mismatches; ``counts``: rows of ``agency/counts.sql``.
    """
    agreed = contract.load(source)
    labels = {dataset.code: dataset.label.vi for dataset in agreed.datasets}
    about = "tất cả sai lệch còn tồn tại đến ngày" if is_standing else "ngày"
    return [
        [f"Danh sách bản ghi cần chỉnh sửa · {about} {day:%d/%m/%Y}"],
        [f"{agreed.purpose.vi} Cơ quan: {agreed.owner.vi}"],
        [PERSONAL_NOTICE],
        [],
        ["Bản ghi bị từ chối", records[0]],
        ["Bản ghi sai lệch danh tính", records[1]],
        [],
        ["Loại", "Bộ dữ liệu", "Mã lỗi", "Lý do", "Số bản ghi"],
        *(
            [REJECTED if kind == "rejected" else MISMATCHED, labels[dataset], code, why or "", n]
            for kind, dataset, code, n, why in counts
        ),
    ]


def make_wording_tables(session: Session, source: str) -> None:
    """Make the tables ``listed_dataset``, ``listed_field`` and ``correction`` of a source."""
    datasets = contract.load(source).datasets
    small_table(
        session,
        "listed_dataset",
        {"dataset_code": "text", "label_vi": "text", "key_columns": "text []"},
        [(d.code, d.label.vi, _array(d.key)) for d in datasets],
    )
    small_table(
        session,
        "listed_field",
        {
            "dataset_code": "text", "column_name": "text", "field": "text",
            "is_shown": "boolean", "verdicts": "text []",
        },
        [_field(dataset, column) for dataset in datasets for column in dataset.staged],
    )  # fmt: skip
    texts = tables.corrections()
    small_table(
        session,
        "correction",
        dict.fromkeys(Correction.__struct_fields__, "text"),
        [astuple(text) for text in texts],
    )


def _field(dataset: Dataset, column: Column) -> tuple[str | None, ...]:
    return (
        dataset.code,
        column.name,
        f"{column.wire_name} ({column.label.vi})",
        str(column.classification in _OPEN).lower(),
        _array([v for v in _verdicts() if _field_of(dataset, v) == column.name]),
    )


def _verdicts() -> list[str]:
    return [text.code for text in tables.corrections() if text.kind == "verdict"]


def _field_of(dataset: Dataset, verdict: str) -> str | None:
    """The field as received in which a verdict is corrected."""
    person = dataset.person
    if person is None:
        return None
    if verdict.startswith("mismatch_birth_date"):
        named: str | None = person.born_on
    elif verdict == "deceased":
        named = next(iter(person.living), dataset.dated_by)
    else:
        sex = person.sex.column if person.sex else None
        named = {"mismatch_name": person.name, "mismatch_sex": sex}.get(verdict, person.id)
    derived = next((c.derived_from for c in dataset.columns if c.name == named), ())
    return derived[0] if derived else named


def _array(values: tuple[str, ...] | list[str]) -> str:
    return "{" + ",".join(values) + "}"


def small_table(
    session: Session, name: str, columns: dict[str, str], rows: list[tuple[str | None, ...]]
) -> None:
    """Make a temporary table of texts that are joined to what a list is about."""
    session.run(
        f"create temporary table {name} ("
        + ", ".join(f"{column} {kind}" for column, kind in columns.items())
        + ") on commit drop"
    )
    arrays = [pa.array([value or None for value in values]) for values in zip(*rows, strict=True)]
    session.copy_in(sql.Identifier("pg_temp", name), list(columns), csv_of(list(columns), arrays))
