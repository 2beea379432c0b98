"""DuckDB gives every accepted text the value that PostgreSQL gave it, and no other text another.

The core SQL of before, which PostgreSQL ran, is the independent reading (tests/lib/core_postgres).
"""

import random

import pyarrow as pa
import pytest
from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.copying import binary_of
from dean06.load import staging, streams, unreadable
from dean06.load.core_sql import read
from dean06.warehouse import Session, names, transaction
from tests.lib.accepted_texts import ISO_MOMENT, LOCAL_MOMENT, as_accepted, rows_of, written
from tests.lib.core_postgres import core_sql
from tests.unit.test_guards import cast_by_core

pytestmark = pytest.mark.usefixtures("warehouse")
DATASETS = contract.datasets()
NEVER_UNREADABLE = {"partner_agencies"}
"""Texts that stay texts."""


def by_duckdb(session: Session, dataset: Dataset, table: pa.Table) -> None:
    """What core SQL makes of the rows, in the temporary table ``by_duckdb``."""
    columns = [column.name for column in dataset.columns]
    with staging.engine(dataset.code) as connection:
        connection.register("accepted", table)
        made = connection.sql(read(dataset)).to_arrow_table()
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
    session.copy_in(sql.Identifier("accepted"), table.schema.names, stream, "format binary")
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
@pytest.mark.one_in(4)
def test_every_value_is_what_postgresql_made_of_the_same_text(dataset: Dataset) -> None:
    table = as_accepted(dataset, rows_of(dataset, 2_000, seed=1))
    with transaction() as session:
        by_postgres(session, dataset, table)
        by_duckdb(session, dataset, table)
        assert session.one("select count(*) as rows from by_duckdb").rows == 2_000
        assert differences(session, dataset) == {}


def mangled(notation: str, at: random.Random) -> str:
    """A text of a notation in which some signs are others, missing or too many."""
    text = written(notation, at)
    for _ in range(at.choice([1, 1, 2, 3])):
        place, put = (
            at.randrange(len(text) + 1),
            at.choice([*" 0-:/+TZ.e_19\t", "60", " BC", " UTC"]),
        )
        cut = at.choice([0, 1, 1])
        text = text[:place] + at.choice(["", put]) + text[place + cut :]
    return text


@pytest.mark.parametrize(
    ("notation", "by_duckdb", "by_postgres", "kind"),
    [
        (ISO_MOMENT, "core.iso_moment", "core.moment_of({})", "timestamptz"),
        ("YYYY-MM-DD", "core.iso_day", "{}::date", "date"),
        ("DD/MM/YYYY", "core.day_first", "to_date({}, 'DD/MM/YYYY')", "date"),
        (LOCAL_MOMENT, "core.local_moment_of", "to_timestamp({}, 'DD/MM/YYYY HH24:MI:SS')",
         "timestamptz"),
        ("YYYY", "core.whole_number", "{}::integer", "integer"),
    ],
)  # fmt: skip
def test_a_mangled_text_is_read_as_by_postgresql_or_not_at_all(
    notation: str, by_duckdb: str, by_postgres: str, kind: str
) -> None:
    at = random.Random(notation)
    texts = sorted({mangled(notation, at) for _ in range(10_000)})
    with staging.engine("test") as connection:
        read = connection.execute(
            f"select text, made::varchar from (select text, try({by_duckdb}(text)) as made "
            "from (select unnest($1) as text)) where made is not null",
            [texts],
        ).fetchall()
    assert read
    with transaction() as session:
        differing = session.rows(
            f"""select text, made
                from unnest(cast(:texts as text []), cast(:made as text [])) as read (text, made)
                where cast(made as {kind}) is distinct from {by_postgres.format("text")}""",
            texts=[text for text, _ in read],
            made=[made for _, made in read],
        )
    assert differing == []


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
@pytest.mark.one_in(4)
def test_texts_that_core_cannot_read_are_found(dataset: Dataset) -> None:
    made = rows_of(dataset, 200, seed=3)
    cast = sorted(cast_by_core(dataset) - NEVER_UNREADABLE)
    for place, name in enumerate(cast):
        made[7 * place][name] = "không đọc được"
    whole = as_accepted(dataset, made)
    for name in ("_kinds", "_problem", "_raw"):
        whole = whole.append_column(name, pa.nulls(len(made), pa.string()))
    with staging.engine("test") as connection:
        connection.register("accepted", whole)
        found = connection.execute(unreadable.unreadable(dataset)).fetchall()
    assert cast
    assert {row for row, *_ in found} == {7 * place + 1 for place in range(len(cast))}
