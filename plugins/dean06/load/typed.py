"""Typed: the accepted records of a load with their types, whole keys at a time, in order.

DuckDB gives the types (core SQL) and sorts by key and version. What follows what is then a matter
of neighbours, so that no more than a batch is in memory, however many records a load has.
"""

from collections.abc import Iterable, Iterator, Sequence
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

from dean06 import contract
from dean06.contract import Dataset
from dean06.errors import WarehouseError
from dean06.warehouse import Session, names, sql_file

DAY, WITHDRAWN_ON = "_day", "_withdrawn_on"
"""The day a version counts from; the day on which it withdraws its record."""
_BATCH_ROWS = 15_000
_SORTED_ROWS = 250_000
"""Records that are sorted at once, about: in memory, whatever their number in all."""
_SAMPLE_ROWS = 20_000
_NEVER = np.iinfo(np.int32).max


class UnreadableError(WarehouseError):
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

    def valid_to(self) -> pa.Array:
        """Of each row, until when it holds (keys that are odd left aside): until the day of the
        next version. No day goes back, so none is past that of a withdrawal at the end."""
        days = np.append(_days(self.table, DAY)[1:], _NEVER)
        return pa.array(days, pa.int32(), mask=self.is_newest).cast(pa.date32())


def meaning(dataset: Dataset) -> str:
    """The core SQL of a dataset."""
    folder = contract.load(dataset.source).tables_sql_path
    return (folder / f"{dataset.name}.sql").read_text(encoding="utf-8")


def keys_in_order(
    session: Session, connection: DuckDBPyConnection, dataset: Dataset, records: int
) -> Iterator[Keys]:
    """All records of view ``accepted``, about ``records``: one range of keys after another, so that
    each can be sorted in memory.

    Raises UnreadableError when one cannot be typed; nothing of what DuckDB says about it.
    """
    query = sql.SQL(sql_file("protocol/typed_in_order.sql"))
    parts = {
        "meaning": sql.SQL(meaning(dataset)),
        "key": names(dataset.key),
        "version": sql.Identifier(dataset.version),
        "dated_by": sql.Identifier(dataset.dated_by),
        "deleted": sql.Identifier(dataset.deleted) if dataset.deleted else sql.SQL("false"),
    }

    def queries() -> Iterator[str]:
        for within in _ranges(dataset, _bounds(connection, dataset, records)):
            yield session.text_of(query.format(within=within, **parts))

    for table in _whole_keys(_batches(session.about, connection, queries()), dataset.key):
        _require_identity(session.about, dataset, table)
        yield _followed(dataset, table)


def _bounds(connection: DuckDBPyConnection, dataset: Dataset, records: int) -> list[Any]:
    """Values of the first key column that divide the records into parts of about one size, as far
    as its values differ; from a sample."""
    parts = -(-records // _SORTED_ROWS)
    if parts == 1:
        return []
    sampled = connection.execute(
        f'select "{dataset.key[0]}" as bound from ({meaning(dataset)}) as typed '
        f"using sample reservoir({_SAMPLE_ROWS} rows)"
    ).fetchall()
    found = sorted(bound for (bound,) in sampled if bound is not None)
    return sorted({found[number * len(found) // parts] for number in range(1, parts) if found})


def _ranges(dataset: Dataset, bounds: Sequence[Any]) -> Iterator[sql.Composable]:
    """Conditions on the first key column: each record meets one of them."""
    column = sql.Identifier(dataset.key[0])
    if not bounds:
        yield sql.SQL("true")
        return
    yield sql.SQL("({column} < {first} or {column} is null)").format(
        column=column, first=sql.Literal(bounds[0])
    )
    for lower, upper in pairwise(bounds):
        yield sql.SQL("{column} >= {lower} and {column} < {upper}").format(
            column=column, lower=sql.Literal(lower), upper=sql.Literal(upper)
        )
    yield sql.SQL("{column} >= {last}").format(column=column, last=sql.Literal(bounds[-1]))


def _batches(
    about: str, connection: DuckDBPyConnection, queries: Iterable[str]
) -> Iterator[pa.Table]:
    try:
        # One thread sorts in half the memory of two, and PostgreSQL has the other processor.
        connection.execute("set threads = 1")
        for query in queries:
            for batch in connection.sql(query).to_arrow_reader(_BATCH_ROWS):
                yield pa.Table.from_batches([batch])
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        # Their messages quote values.
        raise UnreadableError(f"{about}: the columnar engine: {type(error).__name__}") from None


def _whole_keys(tables: Iterator[pa.Table], key: tuple[str, ...]) -> Iterator[pa.Table]:
    """The same rows, so that no key is in two tables."""
    rest: pa.Table | None = None
    for table in tables:
        table = table if rest is None else pa.concat_tables([rest, table]).combine_chunks()
        begun = int(np.flatnonzero(_begins(table, key))[-1])
        if begun:
            yield table.slice(0, begun)
        rest = table.slice(begun)
    if rest is not None:
        yield rest


def _begins(table: pa.Table, key: tuple[str, ...]) -> NDArray[np.bool_]:
    """Of each row: whether it has another key than the one before."""
    size = len(table)
    differs = (
        pc.not_equal(table[name].slice(1), table[name].slice(0, size - 1)).fill_null(True)
        for name in key
    )
    return np.append(True, reduce(pc.or_, differs).to_numpy())


def _require_identity(about: str, dataset: Dataset, table: pa.Table) -> None:
    lacking = any(table[name].null_count for name in (*dataset.key, dataset.version))
    days, withdrawn = table[DAY], table[WITHDRAWN_ON]
    if days.null_count:
        lacking |= bool(pc.any(pc.and_(pc.is_null(days), pc.is_null(withdrawn))).as_py())
    if lacking:
        raise UnreadableError(f"{about}: a record has no key, version or day")


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
    """Days as numbers; where there is none, one after all others."""
    days: NDArray[Any] = pc.fill_null(table[name].cast(pa.int32()), _NEVER).to_numpy()
    return days
