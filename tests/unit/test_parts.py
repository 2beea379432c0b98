"""Records are divided by key: nothing is lost, and no key is in two parts."""

import random
from collections.abc import Iterator
from itertools import chain

import pyarrow as pa
import pytest

from dean06.load import parts

ROWS, AT_ONCE = 900, 70


def records(first: list[object], second: list[object]) -> pa.Table:
    return pa.table(
        {
            "first": pa.array(first, pa.int16()),
            "second": pa.array(second, pa.string()),
            "row": range(len(first)),
        }
    )


def delivered(table: pa.Table) -> Iterator[pa.RecordBatch]:
    yield from table.slice(0, 0).to_batches()
    yield from table.to_batches(AT_ONCE)


@pytest.fixture
def table() -> pa.Table:
    at = random.Random(7)
    years = [at.choice([2021, 2022, None]) for _ in range(ROWS)]
    numbers = [at.choice([None, f"K{at.randrange(200):03}"]) for _ in range(ROWS)]
    return records(years, numbers)


@pytest.mark.parametrize("sampled", [12, 50, ROWS])
def test_each_row_is_in_one_part_and_so_is_each_key(
    table: pa.Table, sampled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", table.nbytes // 9)
    monkeypatch.setattr(parts, "_DIVIDED_BYTES", table.nbytes // 5)
    sample = table.select(["first", "second"]).slice(0, sampled)
    made = list(parts.in_parts(delivered(table), sample, ROWS))
    assert 1 < len(made) <= 10
    assert all(len(part) for part in made)
    assert sorted(pa.concat_tables(made)["row"].to_pylist()) == list(range(ROWS))
    assert all(part.schema == table.schema for part in made)
    # The column with more values divides; rows without one come first.
    keys = [set(part["second"].to_pylist()) for part in made]
    assert None in keys[0]
    in_order = [sorted(filter(None, some)) for some in keys]
    values = set(filter(None, table["second"].to_pylist()))
    assert list(chain.from_iterable(in_order)) == sorted(values)
    assert sum(len(some) for some in keys) == len(set.union(*keys))


def test_without_a_sample_or_with_few_records_there_is_one_part(table: pa.Table) -> None:
    sample = table.select(["first", "second"])
    for made in (
        list(parts.in_parts(delivered(table), None, ROWS * 10**6)),
        list(parts.in_parts(delivered(table), sample, ROWS)),
    ):
        assert made == [table]
    assert list(parts.in_parts(delivered(table.slice(0, 0)), sample, ROWS)) == []


def test_no_value_divides_records_that_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 1)
    table = records([None] * 5, [None] * 5)
    assert list(parts.in_parts(delivered(table), table.select(["first"]), 5)) == [table]
