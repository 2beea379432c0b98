"""Stage: landed files into columnar files of text, in bulk.

Every record gets a row: readable ones their fields, unreadable ones their line and what is wrong
with it. Nothing is judged here except the shape: a delivery that is short, or lacks a required
field altogether, breaks the contract. A large load is staged in shards, by several workers.
"""

import gzip
import logging
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import IO, cast

import pyarrow.compute as pc

from dean06 import contract, sources
from dean06.contract import Column, Dataset
from dean06.details.detail import detail
from dean06.errors import ContractError, ManifestMismatchError, MissingFieldError, at
from dean06.load import landing, ledger, shards, staging, texts
from dean06.load.causes import noting_cause
from dean06.load.columns import Write, columns_of, writer
from dean06.load.in_flight import one_in_flight
from dean06.load.ledger import LandingFile, Load
from dean06.load.read_ahead import read_ahead
from dean06.load.shards import Shard
from dean06.load.staging import LINE
from dean06.load.steps import STAGE, State
from dean06.warehouse import Session, sql_file, transaction
from dean06.wire import ndjson
from dean06.wire.encoding import require_utf8
from dean06.wire.records import Batch, Columns

log = logging.getLogger(__name__)

_LONGEST_NAME, _MOST_NAMES = 60, 50
_WORKBOOK = ".xlsx"
"""A landed file of this name is no text."""

Parse = Callable[[Dataset, str, IO[bytes]], Iterator[Batch | Columns]]


@dataclass
class Tally:
    """What a shard turned out to hold."""

    is_correction: bool = False
    """Whether its records are corrected ones, which name only what they hold."""
    received: int = 0
    withdrawn: int = 0
    unreadable: int = 0
    fields: set[str] = field(default_factory=set)
    last_lines: dict[int, int] = field(default_factory=dict)
    """Of each piece, by its number: its last line that holds a record."""


def stage(dataset: Dataset, run_key: str, shard_no: int | None = None) -> None:
    """Write the load's files of staging; running again makes them again.

    ``shard_no``: of that shard only. Whoever stages the last one numbers the rows of the load.

    Raises ManifestMismatchError naming both figures when a file holds another number of records
    than declared, ContractError when a required field is missing from the whole delivery, or one
    that is always sent from all records of a file.
    """
    load = ledger.current_load(dataset, run_key)
    with noting_cause(load):
        with transaction() as session:
            ledger.require(ledger.claim(session, load), STAGE)
            wanted = [s for s in shards.plan(session, load) if shard_no in (None, s.number)]
            files = ledger.landing_files(session, load)
        with one_in_flight() as storing:
            for shard in wanted:
                parsed = _parsed(dataset, load, shard, files)
                storing.submit(_store, dataset, load, parsed)


def make_again(dataset: Dataset, load: Load, shard: Shard) -> Shard:
    """Make a shard's lost file of staging again from its landed files; its load stays where it is.

    What the rules found in it still counts, for it is the same records.
    """
    with transaction() as session:
        files = ledger.landing_files(session, load)
    parsed = _parsed(dataset, load, shard, files)
    made = parsed.kept(dataset, load)
    with transaction() as session:
        ledger.claim(session, load)
        shards.store_staged(session, made, parsed.tally.last_lines)
        if shard.broken is not None:
            shards.store_validated(session, made, shard.failing, shard.broken)
    return replace(made, failing=shard.failing, broken=shard.broken)


@dataclass(frozen=True)
class _Parsed:
    """A shard whose landed files are parsed: its file of staging, which has no name yet."""

    shard: Shard
    body: IO[bytes]
    tally: Tally

    def kept(self, dataset: Dataset, load: Load) -> Shard:
        """The shard with its file in staging."""
        tally, stored = self.tally, None
        with self.body:
            if tally.received:
                stored = staging.keep(load, self.shard, "staged", self.body)
        known = {column.wire_name for column in dataset.staged}
        return replace(
            self.shard,
            staged=stored,
            failing=None,
            received=tally.received,
            withdrawn=tally.withdrawn,
            unreadable=tally.unreadable,
            known_fields=frozenset(name for name in tally.fields if name in known),
            unknown_fields=_presentable(tally.fields - known),
            broken=None,
        )


def _store(dataset: Dataset, load: Load, parsed: _Parsed) -> None:
    """Keep what was parsed, while the next shard is being parsed."""
    made = parsed.kept(dataset, load)
    with transaction() as session:
        ledger.require(ledger.claim(session, load), STAGE)
        shards.store_staged(session, made, parsed.tally.last_lines)
        found = shards.of_load(session, load)
        if all(each.received is not None for each in found):
            _finish(session, dataset, load, found)
    log.info("%s: staged %d records of shard %d", load, made.received, made.number)


def _parsed(dataset: Dataset, load: Load, shard: Shard, files: list[LandingFile]) -> _Parsed:
    """Parse a shard's landed files."""
    own = [file for file in files if shard.first_piece <= file.piece_no <= shard.last_piece]
    tally = Tally(is_correction=load.corrects is not None)
    body = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115  # closed when kept
    try:
        with writer(dataset, body) as write:
            _stage_files(write, dataset, own, tally, _parser(load))
    except ContractError as error:
        raise type(error)(at(load.named, error)) from None
    return _Parsed(shard, body, tally)


def _parser(load: Load) -> Parse:
    """How the load's files are read: as its source writes them, or as corrected records."""
    if load.corrects is None:
        return sources.module(load.source).parse
    return lambda dataset, _name, stream: ndjson.read(stream, project=texts.restored(dataset))


def _stage_files(
    write: Write, dataset: Dataset, files: Iterable[LandingFile], tally: Tally, parse: Parse
) -> None:
    for file, batches in read_ahead(files, partial(_batches, dataset, parse)):
        _stage_file(write, dataset, file, tally, batches)


def _batches(dataset: Dataset, parse: Parse, file: LandingFile) -> Iterator[Batch | Columns]:
    with landing.opened(file) as stream:
        if not file.path.endswith(_WORKBOOK):
            require_utf8(stream, file.piece_name)
        yield from parse(dataset, file.piece_name, stream)


def _stage_file(
    write: Write,
    dataset: Dataset,
    file: LandingFile,
    tally: Tally,
    batches: Iterable[Batch | Columns],
) -> None:
    received = last_line = 0
    fields: set[str] = set()
    try:
        for batch in batches:
            received += len(batch)
            for columns in columns_of(dataset, batch):
                write(file.piece_no, columns)
                last_line = max(last_line, pc.max(columns[LINE]).as_py())
            if isinstance(batch, Columns):
                fields.update(batch.table.column_names)
                continue
            tally.unreadable += len(batch.problems)
            if batch.is_withdrawal:
                tally.withdrawn += len(batch.records)
            else:
                fields.update(*batch.records)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ManifestMismatchError(
            detail("file_damaged", file=file.piece_name, kind=type(error).__name__)
        ) from None
    if received != file.declared_count:
        raise ManifestMismatchError(
            detail(
                "count_differs",
                file=file.piece_name,
                declared=file.declared_count,
                received=received,
            )
        )
    if not tally.is_correction:
        _check_sent(dataset, file.piece_name, fields)
    tally.received += received
    tally.fields |= fields
    tally.last_lines[file.piece_no] = last_line


def _check_fields(dataset: Dataset, received: int, fields: set[str]) -> None:
    columns = [column for column in dataset.staged if column.required]
    if missing := _missing(columns, fields):
        version = contract.load(dataset.source).version
        raise MissingFieldError(
            detail("fields_missing", fields=missing, version=version, records=received)
        )


def _check_sent(dataset: Dataset, piece_name: str, fields: set[str]) -> None:
    """A column without values is sent nevertheless; one that is not there has another name now."""
    columns = [column for column in dataset.staged if column.always_sent and not column.required]
    if missing := _missing(columns, fields):
        version = contract.load(dataset.source).version
        raise MissingFieldError(
            detail("fields_missing_in_file", fields=missing, version=version, file=piece_name)
        )


def _missing(columns: Iterable[Column], fields: set[str]) -> list[str]:
    """Of these columns those that no record has, by their names in the contract and on the wire."""
    return [
        f"{column.name} ({column.wire_name})"
        for column in columns
        if fields and column.wire_name not in fields
    ]


def _presentable(names: set[str]) -> frozenset[str]:
    """Unknown field names fit to be shown: a source may use a personal ID or a text as a name."""
    masked = {
        "".join(sign if sign.isprintable() else "#" for sign in re.sub(r"\d{4,}", "#", name))
        for name in names
    }
    return frozenset(sorted({name[:_LONGEST_NAME] for name in masked})[:_MOST_NAMES])


def _finish(session: Session, dataset: Dataset, load: Load, found: list[Shard]) -> None:
    """Number the rows of a load whose every shard is staged, and look at it as a whole."""
    received = sum(shard.received or 0 for shard in found)
    known = {name for shard in found for name in shard.known_fields}
    drift = sorted({name for shard in found for name in shard.unknown_fields})[:_MOST_NAMES]
    try:
        _check_fields(dataset, received, known | set(drift))
    except ContractError as error:
        raise type(error)(at(load.named, error)) from None
    if drift:
        log.warning("%s: fields that are not in the contract: %s", load, ", ".join(drift))
    session.run(sql_file("protocol/number_rows.sql"), load_id=load.load_id)
    session.run(
        """update ops.load set status = :status, received_count = :received, drift = :drift,
                  cause = null
           where load_id = :load_id""",
        status=State.STAGED,
        received=received,
        drift=drift,
        load_id=load.load_id,
    )
