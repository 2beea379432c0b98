"""A first day of the whole province: from landed files to KPIs, per step and per source."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import psycopg2
from psycopg2 import sql

from bench import peers, space
from bench.place import Place
from bench.result import Result
from dean06 import contract
from dean06.contract import Dataset
from dean06.identity.parts import parts_of
from onebox.config import SOURCES

STEPS = ("stage", "validate", "quarantine", "publish")
RUN = "first"
_BYTES_OF_SHARDS = """
    select sum(byte_count) from ops.shard join ops.load using (load_id)
        join ops.landing_file on landing_file.load_id = shard.load_id
            and piece_no between first_piece and last_piece
    where source_code = '{source}' and dataset_code = '{dataset}'
    group by shard_no order by shard_no
"""
_RECEIVED = """
    select sum(received_count) from ops.load
    where source_code = '{source}' and status = 'published'
"""


@dataclass
class Source:
    """What the first day of a source cost: seconds by step, all its datasets together."""

    name: str
    records: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    tasks: dict[str, list[float]] = field(default_factory=dict)
    """By task, as ``sync_police/resident.stage``: seconds of each of its shards. A step is measured
    over the whole load; a shard has the part that its landed bytes have."""

    @property
    def total(self) -> float:
        """Seconds of all steps."""
        return sum(self.seconds.values())


@dataclass(frozen=True)
class FirstDay:
    """A first day: its sources, then what they have in common, in seconds."""

    sources: list[Source]
    verify: float
    build: float
    """With steps of all days, which are kept."""
    build_of_one_day: float
    """The same build from spans: of its day alone, nothing is kept. Not part of the day."""
    logged: dict[str, int] = field(default_factory=dict)
    """Bytes of write-ahead log by what was done: ``load``, ``verify``, ``build``."""

    @property
    def total(self) -> float:
        """Seconds from landed files to KPIs, one step after another."""
        return sum(source.total for source in self.sources) + self.verify + self.build

    @property
    def records(self) -> int:
        """What all sources sent."""
        return sum(source.records for source in self.sources)


def measure(
    place: Place,
    database: str,
    day: str,
    addresses: Mapping[str, str],
    secrets: Mapping[str, dict[str, Any]],
) -> FirstDay:
    """Bring all sources into an empty warehouse, verify identities and build the KPIs."""
    log = [place.log_position(database)]
    sources = [_source(place, database, name, day, addresses, secrets) for name in SOURCES]
    log.append(place.log_position(database))
    verify = place.step(database, "verify").seconds
    log.append(place.log_position(database))
    with place.warehouse(database) as copied:
        place.settle()
        build_of_one_day = place.step(copied, "build_of_one_day").seconds
    place.settle()
    before = place.log_position(database)
    build = place.step(database, "build").seconds
    logged = {"load": log[1] - log[0], "verify": log[2] - log[1]}
    logged["build"] = place.log_position(database) - before
    return FirstDay(sources, verify, build, build_of_one_day, logged)


def results(place: Place, database: str, first: FirstDay) -> Iterator[Result]:
    """The day as a whole, and identity verification beside raw COPY of what it verified."""
    spent = {step: sum(source.seconds[step] for source in first.sources) for step in STEPS}
    steps = {**spent, "verify": first.verify, "build": first.build}
    yield Result(
        "initial load of all sources, from landed files to KPIs", first.total, "s", None, None,
        f"{first.records:,} records, one step after another: "
        + ", ".join(f"{step} {seconds:.1f} s" for step, seconds in steps.items()),
    )  # fmt: skip
    disk = space.by_schema(space.of_tables(place, database))
    yield Result(
        "disk of a warehouse after an initial load", sum(disk.values()) / first.records, "B", None,
        None, "per record, with indexes: " + _megabytes(disk),
    )  # fmt: skip
    yield Result(
        "write-ahead log of an initial load", sum(first.logged.values()) / first.records, "B", None,
        None, "per record: " + _megabytes(first.logged),
    )  # fmt: skip
    records, raw = _raw_copy_of_persons(place, database)
    yield Result(
        "identity verification ÷ raw COPY of the records it compares",
        first.verify / raw, "×", None, None,
        f"{records:,} records of persons: {first.verify:.1f} s against {raw:.1f} s",
    )  # fmt: skip


def _megabytes(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count / 2**20:,.0f} MiB" for name, count in found.items())


def _source(
    place: Place,
    database: str,
    name: str,
    day: str,
    addresses: Mapping[str, str],
    secrets: Mapping[str, dict[str, Any]],
) -> Source:
    found = Source(name)
    for dataset in contract.load(name).datasets:
        at = (name, dataset.name)
        place.step(database, "land", RUN, day, addresses[name], json.dumps(secrets[name]), *at)
        place.settle()
        of_task = f"sync_{name}/{dataset.name}"
        for step in STEPS[:-1]:
            seconds = place.step(database, step, RUN, *at).seconds
            found.seconds[step] += seconds
            shards = [1.0] if step == "quarantine" else _shards(place, database, *at)
            found.tasks[f"{of_task}.{step}"] = [seconds * part for part in shards]
    found.seconds["publish"] = place.step(database, "publish", RUN, name).seconds
    found.tasks[f"sync_{name}/publish"] = [found.seconds["publish"]]
    found.records = int(str(place.rows(database, _RECEIVED.format(source=name))[0][0]))
    place.say(f"  {name}: {found.records:,} records in {found.total:.1f} s")
    return found


def _shards(place: Place, database: str, source: str, dataset: str) -> list[float]:
    """The part of a load's landed bytes that each of its shards has."""
    query = _BYTES_OF_SHARDS.format(source=source, dataset=dataset)
    landed = [float(str(count)) for (count,) in place.rows(database, query)]
    return [count / sum(landed) for count in landed] if sum(landed) else [1.0]


def _raw_copy_of_persons(place: Place, database: str) -> tuple[int, float]:
    """How many records are verified, and the seconds in which COPY takes them as lines of text."""
    with tempfile.TemporaryFile(dir=place.cache) as lines:
        for dataset in contract.person_datasets():
            _write_records(place, database, dataset, lines)
        lines.seek(0)
        with place.warehouse() as empty:
            seconds = peers.copy_lines(place, empty, lines)
            return int(str(place.rows(empty, "select count(*) from raw")[0][0])), seconds


def _write_records(place: Place, database: str, dataset: Dataset, lines: IO[bytes]) -> None:
    parts = parts_of(dataset)
    connection = psycopg2.connect(place.dsn(database))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            sql.SQL(
                "copy (select record::text from {core} as record where {present}) to stdout "
            ).format(core=parts["core"], present=parts["present"])
            + sql.SQL(peers.AS_LINES),
            lines,
        )
    connection.close()
