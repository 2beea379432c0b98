"""A fixture that ``new-source`` wrote follows the contract when its columns are replaced."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from dean06 import contract
from dean06.cli import fixtures, scaffold
from dean06.contract import Dataset
from dean06.wire import csv, json_array, ndjson, sheet_records
from dean06.wire.records import Batch, Columns
from dean06.wire.sheet_table import Layout
from tests.unit.test_sources import _by_record, _given

Read = Callable[[Dataset, Any], Iterable[Batch | Columns]]
READ: dict[str, Read] = {
    "csv": lambda _, stream: csv.read(stream),
    "ndjson": lambda _, stream: ndjson.read_flat(stream),
    "json": lambda _, stream: json_array.read(stream, "records"),
    "workbook": lambda dataset, stream: sheet_records.read(
        stream, "x.xlsx", Layout("Số thửa", [str(c.wire_name) for c in dataset.staged], (), ())
    ),
}
OWN = {"record_id": "parcel_no", "recordId": "parcelNo", "Mã bản ghi": "Số thửa"}


def written(kind: str) -> str:
    return scaffold._rendered("fixture", "land", kind, "land_record")


def edited(kind: str) -> Dataset:
    text = scaffold.contract_text("land", kind, "land_record")
    for before, after in OWN.items():
        text = text.replace(before, after)
    return contract.parse(text, "land.yaml").dataset("land_record")


@pytest.mark.parametrize("kind", READ)
def test_the_fixture_of_replaced_columns_is_what_parse_makes_of_it(kind: str) -> None:
    dataset = edited(kind)
    text = fixtures.renewed(dataset, written(kind))
    assert text is not None
    assert not any(f'"{name}' in text for name in OWN)
    fixture = json.loads(text)
    batches = [_by_record(batch) for batch in READ[kind](dataset, _given(fixture))]
    columns = {str(column.wire_name): column for column in dataset.staged}
    records = [
        {"line": line}
        | {
            columns[key].name: columns[key].accepts.staged(value).text
            for key, value in each.items()
        }
        for batch in batches
        for line, each in zip(batch.lines, batch.records, strict=True)
    ]
    assert records == fixture["expect"]["records"]
    assert len(records[0]) == len(columns) + 1
    assert [problem for batch in batches for problem in batch.problems] == []


@pytest.mark.parametrize("kind", READ)
def test_a_fixture_in_the_columns_of_the_contract_stays(kind: str) -> None:
    agreed = contract.parse(scaffold.contract_text("land", kind, "land_record"), "land.yaml")
    assert fixtures.renewed(agreed.dataset("land_record"), written(kind)) is None
