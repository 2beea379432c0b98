"""Which stream a record takes makes no difference: core ends as if all had been merged."""

import random
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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


def deliveries(dataset: Dataset, loads: int = LOADS, seed: int = 2) -> Iterator[list[Row]]:
    """Loads with few keys, few moments and few days: repeated versions, days that go back."""
    at = random.Random(f"{dataset.code}{seed}")
    made = rows_of(dataset, loads * SIZE, seed=seed)
    for number in range(loads):
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


def publish_all(
    dataset: Dataset, received: int, **of_deliveries: int
) -> tuple[list[Any], list[Any]]:
    """Core after all deliveries, and what became of each. ``received``: how many records each is
    said to have."""
    became = publish_each(dataset, deliveries(dataset, **of_deliveries), received)
    keys = ", ".join(f'"{name}"' for name in (*dataset.key, dataset.version))
    return rows(f"select * from core.{dataset.table} order by {keys}"), became


def publish_each(dataset: Dataset, delivered: Iterable[list[Row]], received: int) -> list[Any]:
    """What became of each delivery."""
    became = []
    for number, delivery in enumerate(delivered):
        load = ledger.open_load(
            contract.load(dataset.source), dataset, f"run {number}", date(2022, 1, 10)
        )
        with transaction() as session, staging.engine("test") as connection:
            connection.register("accepted", as_accepted(dataset, delivery))
            became.append(publish._send(session, connection, dataset, load, received))
    return became


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


@dataclass(frozen=True)
class Version:
    """What decides how long a version holds."""

    version: datetime
    day: date | None
    withdraws_on: date | None
    """The day on which it withdraws its record, if it does."""

    @property
    def place(self) -> tuple[date, datetime]:
        """Versions follow each other by day, one without a day last, then by version."""
        return self.day or date.max, self.version


def versions_in_core(dataset: Dataset) -> dict[str, dict[Version, tuple[bool, date | None]]]:
    """Of each record its versions: whether core says that one is the newest, and until when."""
    key = ", ".join(f'"{name}"' for name in dataset.key)
    stored = rows(
        f"select concat_ws('|', {key}), {dataset.version}, {dataset.dated_by}::date, case when "
        f"{dataset.deleted or 'false'} then coalesce({dataset.dated_by}::date, "
        f"{dataset.version}::date) end, _is_current, _valid_to from core.{dataset.table}"
    )
    records: dict[str, dict[Version, tuple[bool, date | None]]] = {}
    for record, version, day, withdraws_on, *holds in stored:
        found = records.setdefault(record, {})
        found[Version(version, day, withdraws_on)] = (holds[0], holds[1])
    return records


def validity(versions: Collection[Version]) -> dict[Version, tuple[bool, date | None]]:
    """The same from decision 1, without the SQL."""
    newest = max(versions, key=lambda version: version.version)
    found = {}
    for version in versions:
        later = min(
            (v for v in versions if v.place > version.place), key=lambda v: v.place, default=None
        )
        ends = [later.day if later else None]
        if version is not newest:
            ends.append(newest.withdraws_on)
        found[version] = (version is newest, min(filter(None, ends), default=None))
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
def test_validity_is_that_of_all_versions_of_a_record(
    cluster: Cluster, migrated: str, dataset: Dataset, seed: int
) -> None:
    with cluster.copy(migrated):
        publish_all(dataset, 1, loads=8, seed=seed)
        records = versions_in_core(dataset)
    assert sum(len(versions) > 2 for versions in records.values()) > 20
    for holds in records.values():
        assert holds == validity(holds)


def test_a_repeated_version_that_is_not_stored_ends_no_other(
    cluster: Cluster, migrated: str
) -> None:
    """Core has version 5 of day 12. A load brings version 5 once more, of day 15, and version 6 of
    day 13. Of half the records the repeated one is not stored, and version 6 holds without end."""
    dataset = contract.load("police").dataset("resident")
    made = rows_of(dataset, 60, seed=3)

    def version(row: Row, key: int, number: int, day: int) -> Row:
        named = dict.fromkeys(dataset.key, f"K{key:03}")
        dated = {"updated_at": f"2022-01-{number:02}T08:00:00+07:00"}
        return row | named | dated | {"effective_on": f"2022-01-{day:02}"}

    first = [version(row, key, 5, 12) for key, row in enumerate(made[:20])]
    again = [version(row, key, 5, 15) for key, row in enumerate(made[20:40])]
    newer = [version(row, key, 6, 13) for key, row in enumerate(made[40:])]
    with cluster.copy(migrated):
        publish_each(dataset, [first, again + newer], 1)
        records = versions_in_core(dataset)
    days = {v.day for holds in records.values() for v in holds if v.version.day == 5}
    assert len(days) == 2, "of some records the repeated version is stored, of others not"
    assert len(records) == 20
    for holds in records.values():
        assert holds == validity(holds)
