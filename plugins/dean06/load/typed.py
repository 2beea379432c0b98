"""Typed: the accepted records of a load with their types, whole keys at a time, in order.

DuckDB gives the types (core SQL), once. Arrow sorts by key and version, one part after another, so
that no more than a part is in memory, however many records a load has. What follows what is then a
matter of neighbours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray
from psycopg2 import sql

from dean06.contract import Dataset
from dean06.details.detail import Detail, detail, within
from dean06.errors import EngineError
from dean06.load import core_sql
from dean06.load.parts import in_parts
from dean06.load.staging import ROW
from dean06.warehouse import Session, sql_file

DAY, WITHDRAWN_ON = "_day", "_withdrawn_on"
"""The day a version counts from; the day on which it withdraws its record."""
_READ_ROWS, _BATCH_ROWS = 10_000, 10_000
"""Rows that are taken from the engine at once; that go on to PostgreSQL at once."""
_SAMPLE_ROWS = 20_000
_NEVER = np.iinfo(np.int32).max


class UnreadableError(EngineError):
    """Some record cannot be given its types, or has no key, version or day."""


@dataclass(frozen=True)
class Keys:
    """Some keys of a load with all their versions, in order."""

    table: pa.Table
    """Core's columns, ``_row``, ``_day`` and ``_withdrawn_on``."""
    first: NDArray[np.int64]
    """Place of the first version of each key."""
    number: NDArray[np.int64]
    """Of each row, the number of its key."""
    is_odd: NDArray[np.bool_]
    """Of each key: whether a version of it came twice or counts from an earlier day than the one
    before, so that neighbours do not tell what follows what."""
    is_newest: NDArray[np.bool_]
    """Of each row: whether it is the last version of its key."""

    def batches(self) -> Iterator["Keys"]:
        """The same keys, some after others."""
        starts = [0]
        while (key := np.searchsorted(self.first, starts[-1] + _BATCH_ROWS)) < len(self.first):
            starts.append(int(self.first[key]))
        for start, end in pairwise([*starts, len(self.table)]):
            key, last = self.number[start], self.number[end - 1]
            yield Keys(
                table=self.table.slice(start, end - start),
                first=self.first[key : last + 1] - start,
                number=self.number[start:end] - key,
                is_odd=self.is_odd[key : last + 1],
                is_newest=self.is_newest[start:end],
            )

    def valid_to(self) -> pa.Array:
        """Of each row, until when it holds (keys that are odd left aside): until the day of the
        next version. No day goes back, so none is past that of a withdrawal at the end."""
        days = np.append(_days(self.table, DAY)[1:], _NEVER)
        return pa.array(days, pa.int32(), mask=self.is_newest).cast(pa.date32())


def keys_in_order(
    session: Session, connection: DuckDBPyConnection, dataset: Dataset, records: int
) -> Iterator[Keys]:
    """All records of view ``accepted``, about ``records``, one range of keys after another. They
    may be made in another thread: ``session`` is not used then.

    Raises UnreadableError when one cannot be typed; nothing of what DuckDB says about it. Raises
    CoreSqlError when the core SQL is wrong, whatever the records.
    """
    bound = core_sql.bound(connection, dataset, core_sql.read(dataset))
    query = sql.SQL(sql_file("protocol/typed_rows.sql")).format(
        meaning=sql.SQL(bound),
        version=sql.Identifier(dataset.version),
        dated_by=sql.Identifier(dataset.dated_by),
        deleted=sql.Identifier(dataset.deleted) if dataset.deleted else sql.SQL("false"),
    )
    texts = _Texts(bound, session.text_of(query))
    return _keys(session.about, connection, dataset, texts, records)


@dataclass(frozen=True)
class _Texts:
    """Statements of a load."""

    bound: str
    """What gives its records their types."""
    query: str
    """The same, with the days that publishing needs."""


def _keys(
    about: Detail | None,
    connection: DuckDBPyConnection,
    dataset: Dataset,
    texts: _Texts,
    records: int,
) -> Iterator[Keys]:
    try:
        sampled = _sampled(connection, dataset, texts) if records > _SAMPLE_ROWS else None
        batches = connection.sql(texts.query).to_arrow_reader(_READ_ROWS)
        for part in in_parts(batches, sampled, records):
            _require_identity(about, dataset, part)
            yield _followed(dataset, _in_order(dataset, part))
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        # Their messages quote values.
        failed = detail("engine_failed", kind=type(error).__name__)
        raise UnreadableError(within(about, failed)) from None


def _sampled(connection: DuckDBPyConnection, dataset: Dataset, texts: _Texts) -> pa.Table:
    """The keys of some records."""
    key = ", ".join(f'"{name}"' for name in dataset.key)
    return connection.sql(
        f"select {key} from ({texts.bound}) as typed using sample reservoir({_SAMPLE_ROWS} rows)"
    ).to_arrow_table()


def _in_order(dataset: Dataset, table: pa.Table) -> pa.Table:
    order = [(name, "ascending") for name in (*dataset.key, dataset.version, ROW)]
    return table.take(pc.sort_indices(table, sort_keys=order))


def _begins(table: pa.Table, key: tuple[str, ...]) -> NDArray[np.bool_]:
    """Of each row: whether it has another key than the one before."""
    size = len(table)
    differs = (
        pc.not_equal(table[name].slice(1), table[name].slice(0, size - 1)).fill_null(True)
        for name in key
    )
    return np.append(True, reduce(pc.or_, differs).to_numpy())


def _require_identity(about: Detail | None, dataset: Dataset, table: pa.Table) -> None:
    lacking = any(table[name].null_count for name in (*dataset.key, dataset.version))
    days, withdrawn = table[DAY], table[WITHDRAWN_ON]
    if days.null_count:
        lacking |= bool(pc.any(pc.and_(pc.is_null(days), pc.is_null(withdrawn))).as_py())
    if lacking:
        raise UnreadableError(within(about, detail("record_lacks_key")))


def _followed(dataset: Dataset, table: pa.Table) -> Keys:
    begins = _begins(table, dataset.key)
    first = np.flatnonzero(begins)
    version = table[dataset.version].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
    day, has_day = _days(table, DAY), table[DAY].is_valid().to_numpy()
    odd = np.zeros(len(table), np.bool_)
    odd[1:] = (version[1:] == version[:-1]) | (day[:-1] > day[1:]) | ~(has_day[1:] & has_day[:-1])
    odd &= ~begins
    return Keys(
        table=table,
        first=first,
        number=np.cumsum(begins) - 1,
        is_odd=np.logical_or.reduceat(odd, first),
        is_newest=np.append(begins[1:], True),
    )


def _days(table: pa.Table, name: str) -> NDArray[Any]:
    """Days as numbers; a missing day is a number after all others."""
    days: NDArray[Any] = pc.fill_null(table[name].cast(pa.int32()), _NEVER).to_numpy()
    return days
