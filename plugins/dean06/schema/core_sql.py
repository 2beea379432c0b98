"""Core SQL: the statements of all datasets checked before a load needs them."""

from collections.abc import Iterable

import duckdb

from dean06.contract import Dataset
from dean06.details.detail import Detail, detail
from dean06.errors import CoreSqlError, together
from dean06.load import core_sql, staging, unreadable


def require_all(datasets: Iterable[Dataset]) -> None:
    """Raise CoreSqlError naming file and place of whatever DuckDB cannot run, in all files."""
    faults: list[Detail | str] = []
    with staging.engine(detail("named", name="include/sql/core")) as connection:
        for dataset in datasets:
            staging.accept_nothing(connection, dataset)
            try:
                core_sql.bound(connection, dataset, core_sql.read(dataset))
                _require_by_columns(connection, dataset)
            except CoreSqlError as error:
                faults.append(error.detail or str(error))
    if faults:
        raise CoreSqlError(together(faults))


def _require_by_columns(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Raise CoreSqlError where records that cannot be read could not be told apart."""
    try:
        connection.execute(f"explain {unreadable.unreadable(dataset)}")
    except duckdb.Error:
        raise CoreSqlError(detail("core_sql_form", file=core_sql.shown(dataset))) from None
