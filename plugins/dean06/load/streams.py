"""Streams: where the typed records of a load go.

Keys that core does not hold and whose versions follow each other plainly go straight into core,
sorted and with complete validity. All others go to a temporary table, for the merge in PostgreSQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from psycopg2 import sql

from dean06.contract import Dataset
from dean06.copying import packed
from dean06.load.in_flight import OneInFlight, one_in_flight
from dean06.load.ledger import Load
from dean06.load.read_ahead import one_ahead
from dean06.load.staging import ROW
from dean06.load.typed import DAY, Keys
from dean06.warehouse import Session, names, sql_file

_TYPED, _ASKED = sql.Identifier("typed"), sql.Identifier("asked")
_NUMBER = "_number"
_FEW = 50_000
_MERGED_ROWS = 10_000


@dataclass
class Sent:
    """What went where."""

    counts: dict[str, int] = field(default_factory=dict)
    """Of what went straight into core: records by outcome."""
    affects_from: date | None = None
    """The earliest day that it can change."""
    to_merge: int = 0
    """Records in the temporary table ``typed``."""

    @property
    def stored(self) -> int:
        """Records that went straight into core."""
        return sum(self.counts.values())


class _Merge:
    """Records for the merge: a batch may have a few, which are sent when they are worth a COPY."""

    def __init__(self, session: Session, dataset: Dataset, copying: OneInFlight) -> None:
        self._session, self._dataset, self._copying = session, dataset, copying
        self._held: list[pa.Table] = []
        self.records = 0

    def add(self, rows: pa.Table) -> None:
        """Send these soon."""
        if len(rows):
            self._held.append(rows)
            self.records += len(rows)
            if sum(map(len, self._held)) >= _MERGED_ROWS:
                self.flush()

    def flush(self) -> None:
        """Send what is held."""
        if self._held:
            rows = pa.concat_tables(self._held)
            self._held.clear()
            packed = _packed(self._dataset, rows)
            self._copying.submit(_copy, self._session, _TYPED, rows.schema.names, packed)


def send(
    session: Session, dataset: Dataset, load: Load, keys: Iterator[Keys], records: int
) -> Sent:
    """Send all records of a load, one COPY at a time; makes the temporary table ``typed``.

    ``records``: about how many they are. Few are merged without asking which keys are new, which
    would cost as much as merging them.
    """
    sent = Sent()
    core = sql.Identifier("core", dataset.table)
    columns = tuple(column.name for column in dataset.columns)
    _make(session, "typed", f"null::bigint as {ROW}", core, columns)
    holds_keys = bool(session.compose_rows("select exists (select from {core})", core=core)[0][0])
    asks = holds_keys and records > _FEW
    if asks:
        _make(session, "asked", f"null::integer as {_NUMBER}", core, dataset.key)
    # While a COPY is in flight nothing else may use the session.
    with one_ahead(keys) as parts, one_in_flight() as copying:
        merge = _Merge(session, dataset, copying)
        for some in (batch for part in parts for batch in part.batches()):
            apart = some.is_odd | (holds_keys and not asks)
            if asks:
                copying.settle()
                apart |= _held(session, dataset, core, some)
            straight = ~apart[some.number]
            if straight.any():
                _count(sent, dataset, some, straight)
                rows = _only(straight, _complete(some, load, columns))
                copying.submit(_copy, session, core, rows.schema.names, _packed(dataset, rows))
            merge.add(some.table.select([ROW, *columns]).filter(pa.array(~straight)))
        merge.flush()
    sent.to_merge = merge.records
    if asks:
        session.compose("drop table asked")
    return sent


def _make(
    session: Session, table: str, number: str, core: sql.Composable, columns: tuple[str, ...]
) -> None:
    session.compose(
        "create temporary table {table} on commit drop as "
        f"select {number}, {{columns}} from {{core}} with no data",
        table=sql.Identifier(table),
        columns=names(columns),
        core=core,
    )


def _held(
    session: Session, dataset: Dataset, core: sql.Composable, some: Keys
) -> NDArray[np.bool_]:
    """Of each key: whether core holds it."""
    size = len(some.first)
    asked = some.table.select(list(dataset.key)).take(pa.array(some.first))
    asked = asked.add_column(0, _NUMBER, pa.array(np.arange(size, dtype=np.int32)))
    session.compose("truncate {asked}", asked=_ASKED)
    copy_rows(session, dataset, _ASKED, asked)
    found = session.compose_rows(
        sql_file("protocol/held_keys.sql"),
        core=core,
        same_key=equal(dataset.key, "held", "asked"),
        version=sql.Identifier(dataset.version),
    )
    held = np.zeros(size, np.bool_)
    held[[number for (number,) in found]] = True
    return held


def _complete(some: Keys, load: Load, columns: tuple[str, ...]) -> pa.Table:
    """The rows as core has them, with load and validity."""
    return (
        some.table.select(list(columns))
        .append_column("_load_id", pa.repeat(pa.scalar(load.load_id, pa.int64()), len(some.table)))
        .append_column("_is_current", pa.array(some.is_newest))
        .append_column("_valid_to", some.valid_to())
    )


def _only(wanted: NDArray[np.bool_], rows: pa.Table) -> pa.Table:
    return rows if wanted.all() else rows.filter(pa.array(wanted))


def _count(sent: Sent, dataset: Dataset, some: Keys, straight: NDArray[np.bool_]) -> None:
    newest = some.is_newest & straight
    deleted = 0
    if dataset.deleted:
        is_deleted = pc.fill_null(some.table[dataset.deleted], False).to_numpy()
        deleted = int((newest & is_deleted).sum())
    outcomes = {
        "inserted": int(newest.sum()) - deleted,
        "deleted": deleted,
        "superseded": int((straight & ~some.is_newest).sum()),
    }
    for outcome, records in outcomes.items():
        if records:
            sent.counts[outcome] = sent.counts.get(outcome, 0) + records
    day = pc.min(some.table[DAY].filter(pa.array(straight))).as_py()
    sent.affects_from = min(filter(None, (sent.affects_from, day)), default=None)


def equal(columns: tuple[str, ...], left: str, right: str) -> sql.Composable:
    """A join condition: the same in all these columns."""
    return sql.SQL(" and ").join(
        sql.SQL("{} = {}").format(sql.Identifier(left, name), sql.Identifier(right, name))
        for name in columns
    )


def copy_rows(session: Session, dataset: Dataset, table: sql.Composable, rows: pa.Table) -> None:
    """COPY typed rows into a table with the same columns, which have the types of the contract."""
    _copy(session, table, rows.schema.names, _packed(dataset, rows))


def _copy(session: Session, table: sql.Composable, columns: list[str], packed: IO[bytes]) -> None:
    session.copy_in(table, columns, packed, "format binary")


def _packed(dataset: Dataset, rows: pa.Table) -> IO[bytes]:
    return packed(rows, {column.name for column in dataset.columns if column.type == "jsonb"})
