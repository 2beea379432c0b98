"""Which stream a record takes makes no difference: core ends as if all had been merged."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from dean06 import contract
from dean06.contract import Dataset
from dean06.load import ledger, publish, staging, streams, typed
from dean06.load.typed import Keys
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.accepted_texts import Row, as_accepted, rows_of
from tests.lib.loading import rows

DATASETS = [
    contract.load(source).dataset(name)
    for source, name in (
        ("police", "resident"),
        ("health", "encounter"),  # withdrawals without a day
        ("portal", "national_count"),  # a key of two columns, no withdrawals
    )
]
LOADS, SIZE, MANY = 4, 60, 1_000_000


def deliveries(dataset: Dataset) -> Iterator[list[Row]]:
    """Loads with few keys, few moments and few days: repeated versions, days that go back."""
    at = random.Random(dataset.code)
    made = rows_of(dataset, LOADS * SIZE, seed=2)
    for number in range(LOADS):
        yield [_crowded(dataset, row, at) for row in made[number * SIZE : (number + 1) * SIZE]]


def _crowded(dataset: Dataset, row: Row, at: random.Random) -> Row:
    for name in dataset.key:
        row[name] = "01/2022" if name == "period_code" else f"K{at.randrange(120):03}"
    row["updated_at"] = _moment(dataset, at, at.choice(["08:00:00", "23:59:59"]))
    if dataset.dated_by == "effective_on":
        row["effective_on"] = _day(at).isoformat()
    elif dataset.dated_by == "started_at":
        row["started_at"] = _moment(dataset, at, "10:00:00")
    return row


def _day(at: random.Random) -> date:
    return date(2022, 1, 1) + timedelta(at.randrange(5))


def _moment(dataset: Dataset, at: random.Random, clock: str) -> str:
    day = _day(at)
    return f"{day:%d/%m/%Y} {clock}" if dataset.source == "portal" else f"{day}T{clock}+07:00"


def publish_all(dataset: Dataset, received: int) -> tuple[list[Any], list[Any]]:
    """Core after all deliveries, and what became of each. ``received``: how many records each is
    said to have."""
    became = []
    for number, delivery in enumerate(deliveries(dataset)):
        load = ledger.open_load(
            contract.load(dataset.source), dataset, f"run {number}", date(2022, 1, 10)
        )
        with transaction() as session, staging.engine("test") as connection:
            connection.register("accepted", as_accepted(dataset, delivery))
            became.append(publish._send(session, connection, dataset, load, received))
    keys = ", ".join(f'"{name}"' for name in (*dataset.key, dataset.version))
    return rows(f"select * from core.{dataset.table} order by {keys}"), became


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
def test_core_is_what_merging_everything_makes_of_it(
    cluster: Cluster, migrated: str, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight: list[int] = []
    real, followed = streams._complete, typed._followed

    def counted(some: Keys, *others: Any) -> pa.Table:
        straight.append(len(some.table))
        return real(some, *others)

    def all_odd(*arguments: Any) -> Keys:
        keys = followed(*arguments)
        keys.is_odd[:] = True
        return keys

    monkeypatch.setattr(streams, "_complete", counted)
    monkeypatch.setattr(typed, "_BATCH_ROWS", 20)
    made = []
    for received in (MANY, 1):
        with cluster.copy(migrated):
            made.append(publish_all(dataset, received))
    assert len(straight) > LOADS
    straight.clear()
    monkeypatch.setattr(typed, "_followed", all_odd)
    with cluster.copy(migrated):
        merged = publish_all(dataset, MANY)
    assert straight == []
    assert made == [merged, merged]
