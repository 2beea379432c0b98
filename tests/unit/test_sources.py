"""Each source's pure parse(), on what the source sends and what should come of it."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dean06 import contract, settings, sources
from dean06.contract import Dataset
from dean06.errors import ContractError
from dean06.wire.records import Batch, Columns

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
DATASETS = [
    each
    for path in sorted(settings.CONTRACTS.glob("*.yaml"))
    for each in contract.load(path.stem).datasets
]


def _given(fixture: dict[str, Any]) -> io.BytesIO:
    if "lines" in fixture["given"]:
        text = "\n".join(fixture["given"]["lines"]) + "\n"
        return io.BytesIO(text.encode("utf-8", errors="surrogateescape"))
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for number, row in enumerate(fixture["given"]["rows"], start=1):
        for column, cell in enumerate(row, start=1):
            if isinstance(cell, str) and cell.startswith("date:"):
                cell = date.fromisoformat(cell.removeprefix("date:"))
            sheet.cell(number, column, cell)
    stream = io.BytesIO()
    workbook.save(stream)
    stream.seek(0)
    return stream


def _by_record(batch: Batch | Columns) -> Batch:
    """What was read in bulk, record by record."""
    if isinstance(batch, Columns):
        return Batch(batch.lines.to_pylist(), batch.table.to_pylist())
    return batch


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
def test_parse_makes_of_the_wire_what_the_fixture_expects(dataset: Dataset) -> None:
    path = FIXTURES / dataset.source / f"{dataset.name}.json"
    fixture = json.loads(path.read_text(encoding="utf-8"))
    parsed = sources.module(dataset.source).parse(dataset, path.name, _given(fixture))
    batches = [_by_record(batch) for batch in parsed]
    column_of = {column.wire_name: column.name for column in dataset.staged}
    accepts = {column.wire_name: column.accepts for column in dataset.staged}
    records = [
        {"line": line}
        | {
            column_of[key]: accepts[key].staged(value).text
            for key, value in record.items()
            if key in column_of and value is not None
        }
        for batch in batches
        for line, record in zip(batch.lines, batch.records, strict=True)
    ]
    drift = {key for b in batches for record in b.records for key in record} - set(column_of)
    problems = [{"line": p.line, "code": p.code} for b in batches for p in b.problems]
    assert records == fixture["expect"]["records"]
    assert problems == fixture["expect"]["problems"]
    assert sorted(drift) == fixture["expect"].get("drift", [])


def test_a_workbook_that_names_a_column_twice_is_refused() -> None:
    dataset = contract.load("education").dataset("exam_registration")
    fixture = json.loads((FIXTURES / "education" / f"{dataset.name}.json").read_text("utf-8"))
    rows = fixture["given"]["rows"]
    header = next(row for row in rows if "Số báo danh" in row)
    header.append("Ghi chú")
    parse = sources.module("education").parse
    assert list(parse(dataset, "hoi-dong.xlsx", _given(fixture)))
    header.append(header[2])
    with pytest.raises(ContractError, match=r"hoi-dong\.xlsx: the header names a column twice"):
        list(parse(dataset, "hoi-dong.xlsx", _given(fixture)))


def test_an_endless_line_is_rejected_without_being_held_in_memory() -> None:
    from dean06.wire import ndjson
    from dean06.wire.records import MAX_RECORD_BYTES

    stream = io.BytesIO(b'{"a":"' + b"x" * (MAX_RECORD_BYTES + 10) + b'"}\n{"a":"b"}\n')
    (batch,) = ndjson.read(stream)
    assert [(p.line, len(p.raw) <= MAX_RECORD_BYTES + 1) for p in batch.problems] == [(1, True)]
    assert batch.lines == [2]


def test_a_ten_megabyte_cell_is_one_problem() -> None:
    from dean06.wire import csv, ndjson

    huge = "x" * 10_000_000
    (lines,) = ndjson.read(io.BytesIO(f'{{"a":"{huge}"}}\n{{"a":"b"}}\n'.encode()))
    assert ([p.code for p in lines.problems], lines.lines) == (["oversized_field"], [2])
    (rows,) = csv.read(io.BytesIO(f"a,b\n{huge},1\n2,3\n".encode()))
    assert ([p.code for p in rows.problems], rows.lines) == (["oversized_field"], [3])


def test_a_long_file_comes_in_bounded_batches() -> None:
    from dean06.wire import ndjson
    from dean06.wire.records import BATCH_RECORDS

    batches = list(ndjson.read(io.BytesIO(b'{"a":"b"}\n' * (BATCH_RECORDS + 5))))
    assert [len(batch) for batch in batches] == [BATCH_RECORDS, 5]
    assert batches[1].lines[-1] == BATCH_RECORDS + 5
