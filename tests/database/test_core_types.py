"""DuckDB gives every accepted text the value that PostgreSQL gave it.

The core SQL of before, which PostgreSQL ran, is the independent reading (tests/lib/core_postgres).
"""

import pyarrow as pa
import pytest
from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.copying import binary_of
from dean06.load import staging, streams, typed
from dean06.warehouse import Session, names, transaction
from tests.lib.accepted_texts import Row, rows_of
from tests.lib.core_postgres import core_sql

pytestmark = pytest.mark.usefixtures("warehouse")
DATASETS = contract.datasets()


def accepted(dataset: Dataset, rows: list[Row]) -> pa.Table:
    """Rows as the view ``accepted`` has them."""
    table = pa.Table.from_pylist(
        rows, pa.schema([pa.field(column.name, pa.string()) for column in dataset.staged])
    )
    table = table.add_column(0, "_row", pa.array(range(1, len(rows) + 1), pa.int64()))
    return table.append_column("_withdrawn", pa.array([n % 7 == 3 for n in range(len(rows))]))


def by_duckdb(session: Session, dataset: Dataset, table: pa.Table) -> None:
    """What core SQL makes of the rows, in the temporary table ``by_duckdb``."""
    columns = [column.name for column in dataset.columns]
    with staging.engine(dataset.code) as connection:
        connection.register("accepted", table)
        made = connection.sql(typed.meaning(dataset)).to_arrow_table()
    session.compose(
        "create temporary table by_duckdb as select null::bigint as _row, {columns} from {core} "
        "with no data",
        columns=names(columns), core=sql.Identifier("core", dataset.table),
    )  # fmt: skip
    streams.copy_rows(
        session, dataset, sql.Identifier("by_duckdb"), made.select(["_row", *columns])
    )


def by_postgres(session: Session, dataset: Dataset, table: pa.Table) -> None:
    """What the former core SQL makes of the rows, in the temporary table ``by_postgres``."""
    columns = ", ".join(f'"{name}" text' for name in (c.name for c in dataset.staged))
    session.script(f"create temporary table accepted (_row bigint, {columns}, _withdrawn boolean)")
    stream = binary_of(table.schema, table.to_batches())
    session.copy_binary(sql.Identifier("accepted"), table.schema.names, stream)
    session.script(f"create temporary table by_postgres as {core_sql(dataset)}")


def differences(session: Session, dataset: Dataset) -> dict[str, int]:
    """Columns whose values differ, with how many rows do."""
    found = {}
    for column in dataset.columns:
        [(count,)] = session.compose_rows(
            "select count(*) from by_postgres as a full join by_duckdb as b using (_row) "
            "where a._row is null or b._row is null or a.{name} is distinct from b.{name}",
            name=sql.Identifier(column.name),
        )
        if count:
            found[column.name] = count
    return found


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
def test_every_value_is_what_postgresql_made_of_the_same_text(dataset: Dataset) -> None:
    table = accepted(dataset, rows_of(dataset, 2_000, seed=1))
    with transaction() as session:
        by_postgres(session, dataset, table)
        by_duckdb(session, dataset, table)
        assert session.one("select count(*) as rows from by_duckdb").rows == 2_000
        assert differences(session, dataset) == {}
