"""Abuse of every source's format: an orderly answer each time, and nothing touched but our own.

Three ways in: mutated records through the whole load protocol, thousands to a file, into a real
warehouse; damaged files and compressed bombs through what reads landed files; hostile answers over
the wire to the real clients (``wire.py``). Allowed are rows in quarantine and errors of dean06's
own family. What records still mean, an independent judge says (``meaning``). ``campaign`` tries
100,000 inputs and more, and 100,000 records with the judge; a failure names seed and place.
"""

import gzip
import io
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast
from unittest import mock

from dean06 import contract, sources
from dean06.contract import Dataset
from dean06.errors import Dean06Error
from dean06.load import landing
from dean06.load import stage as staging_step
from dean06.load.columns import writer
from dean06.load.validate import RuleResult
from dean06.sources import Piece
from dean06.warehouse import transaction
from tests.faults import hostile, wire
from tests.faults.meaning import trial
from tests.faults.summary import Summary
from tests.lib.loading import load_source, rows

DAY = "2022-10-31"
BOUND = 1024 * 1024
"""What a compressed file may unpack to while bombs are tried."""
JUDGED = 100_000
"""Records whose meaning in core is judged."""
DATASETS = tuple(d for source in contract.sources() for d in contract.load(source).datasets)
SUFFIX = {"insurance": "csv.gz", "programme": "csv", "education": "xlsx", "portal": "json.gz"}


def campaign(seed: int) -> Summary:
    """Everything, at length: abuse and judgement, each in a warehouse of its own."""
    from tests.faults.machine import warehouse

    with warehouse():
        summary = Summary("inputs")
        with untouched(summary):
            for number in range(6):
                for dataset in DATASETS:
                    size = 200 if dataset.source == "education" else 1500
                    abuse_records(summary, dataset, f"{seed}-{number}", size)
                print("\n".join(summary.lines()), flush=True)
            for dataset in DATASETS:
                abuse_files(summary, dataset, str(seed), 1200)
            print("\n".join(summary.lines()), flush=True)
            abuse_with_bombs(summary)
            wire.abuse(summary, str(seed), 150)
    with warehouse():
        # Of two contents of one version core keeps one: the judge knows only what was sent here.
        trial.many(summary, seed, JUDGED)
    return summary


@contextmanager
def untouched(summary: Summary) -> Iterator[None]:
    """Watch the canary, the relations of the database, and the folders around landing."""
    with transaction(role="") as session:
        session.run(f"create table if not exists public.{hostile.CANARY} (alive boolean)")
        session.run(f"insert into public.{hostile.CANARY} values (true)")
    before, folders = _relations(), _outside()
    yield
    if rows_of_canary() != 1:
        summary.failures.append("the canary is dead: a value was run as SQL")
    if new := _relations() - before:
        summary.failures.append(f"relations that nobody made: {sorted(new)}")
    if strange := _outside() - folders:
        summary.failures.append(f"files outside landing: {sorted(map(str, strange))}")


def rows_of_canary() -> int:
    with transaction(role="") as session:
        return int(session.one(f"select count(*) as n from public.{hostile.CANARY}").n)


def _relations() -> set[str]:
    """Of every schema of ours."""
    return {
        name
        for (name,) in rows(
            """select c.oid::regclass::text from pg_class as c
               inner join pg_namespace as n on c.relnamespace = n.oid
               where n.nspname <> 'pg_toast' and n.nspname not like 'pg_%temp%'"""
        )
    }


def _outside() -> set[Path]:
    """What lies beside landing, where a name that climbs would end."""
    root = Path(os.environ["DEAN06_LANDING"].removeprefix("file://"))
    watched = [root.parent, Path("/etc"), Path.cwd()]
    return {path for folder in watched for path in folder.iterdir() if path != root}


def abuse_records(summary: Summary, dataset: Dataset, seed: str, number: int) -> None:
    """A file of mutated records through the whole protocol; nothing may keep it from publishing.

    Batches are not held here however many rows are rejected, so that every value that the rules
    let pass reaches its type in core.
    """
    place = f"records {dataset.code} seed {seed}"
    body = hostile.records(dataset, random.Random(place), number)
    try:
        read = sources.module(dataset.source).parse(dataset, "piece", io.BytesIO(body))
        declared = sum(len(batch) for batch in read)
        with mock.patch.object(RuleResult, "holds", return_value=False):
            load_source(dataset.source, place, DAY, {dataset.name: (body, declared)})
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
        summary.failures.append(f"{place}: {type(error).__name__}: {error}"[:300])
        return
    summary.add("records through the whole protocol", declared)
    (books,) = rows(
        """select quarantined_count, received_count from ops.load
           where status = 'published' and dataset_code = :name and run_key = :run""",
        name=dataset.name,
        run=place,
    )
    summary.add("records quarantined", books[0])


def abuse_files(summary: Summary, dataset: Dataset, seed: str, number: int) -> None:
    """Damaged files, one after another, through all that reads a landed file."""
    draw = random.Random(f"files {dataset.code} seed {seed}")
    sound = hostile.records(dataset, draw, 4)
    for attempt in range(number):
        body = hostile.damaged(sound, draw)
        suffix = SUFFIX.get(dataset.source, "ndjson.gz")
        if suffix.endswith(".gz"):
            body = gzip.compress(body, 1)
            body = hostile.damaged(body, draw) if draw.random() < 0.3 else body
        read_file(summary, dataset, suffix, body, f"files {dataset.code} seed {seed} no {attempt}")


def read_file(summary: Summary, dataset: Dataset, suffix: str, body: bytes, place: str) -> None:
    """Land a file and stage it, but for the ledger."""
    piece = Piece(name="piece", suffix=suffix, body=io.BytesIO(body), declared=0)
    try:
        file = landing.land(dataset, piece, 1)
        parse = sources.module(dataset.source).parse
        with tempfile.TemporaryFile() as body, writer(dataset, cast("IO[bytes]", body)) as write:
            staging_step._stage_files(write, dataset, [file], staging_step.Tally(), parse)
        summary.add("files read")
    except Dean06Error as error:
        # None declares a number of records, so one that was read to its end is told by that.
        was_read = "declared 0 records, the file holds" in str(error)
        summary.add("files read" if was_read else "files refused")
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
        summary.failures.append(f"{place}: {type(error).__name__}: {error}"[:300])


def abuse_with_bombs(summary: Summary) -> None:
    """Files that unpack to far more than they may: refused at the bound, memory stays flat."""
    with mock.patch.dict(os.environ, {"DEAN06_MAX_UNPACKED_BYTES": str(BOUND)}):
        for source in contract.sources():
            dataset = contract.load(source).datasets[0]
            suffix = SUFFIX.get(source, "ndjson.gz")
            for kind, body in bombs_for(suffix).items():
                refused = summary.counts.get("files refused", 0)
                read_file(summary, dataset, suffix, body, f"bomb {kind} {dataset.code}")
                if suffix.endswith(".gz") and summary.counts.get("files refused", 0) == refused:
                    summary.failures.append(f"bomb {kind} {dataset.code} was not refused")


def bombs_for(suffix: str) -> dict[str, Any]:
    return hostile.workbook_bombs() if suffix == "xlsx" else hostile.bombs()
