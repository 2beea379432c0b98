"""Numbered steps: applied once, whole or not at all, to new warehouses and to those of the past."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from dean06.errors import WarehouseError
from dean06.schema import backup, migrate, migrations
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, pointed_at
from tests.lib.made import as_owner, edit, run

_PAST = Path(__file__).parents[1] / "fixtures" / "warehouse" / "revision_0028.sql.gz"
NEXT = len(migrations.steps()) + 1
"""Number of the step after the last."""
_FILLED = (
    "mart.dim_",
    "mart.kpi_definition",
    "mart.kpi_target",
    "mart.procedure_code",
    "mart.admin_unit_successor",
    "mart.error_group_code",
    "mart.quality_weight",
    "mart.service_assumption",
    "mart.service_rule",
    "ops.audit_",
    "ops.calendar_day",
    "ops.correction_deadline",
    "ops.replay_binding",
    "ops.retention",
    "ops.migration",
    "ops.agreed_table",
    "ops.applied_",
)
"""Tables whose rows ``migrate`` writes from reference data, and its own."""


@pytest.fixture
def past(cluster: Cluster) -> Iterator[str]:
    """A warehouse at the last Alembic revision, with data; yields its URL."""
    url = cluster.database()
    with pointed_at(url):
        with transaction(role="") as session:
            session.script(sql_file("roles.sql"))
        connection = psycopg2.connect(url.replace("+psycopg2", ""))
        with connection, connection.cursor() as cursor:
            cursor.execute(gzip.decompress(_PAST.read_bytes()))
        connection.close()
        yield url


def structure(url: str) -> list[str]:
    """Every statement that pg_dump would make this warehouse's structure with, sorted, the columns
    of tables too: a column that a contract gained comes last in a table that was there before."""
    dumped = subprocess.run(
        [backup._found("pg_dump"), "--schema-only", "--no-owner", url.replace("+psycopg2", "")],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    lines = [line for line in dumped.splitlines() if not line.startswith(("--", "\\", "SET "))]
    statements = (statement.strip() for statement in re.split(r";\n", "\n".join(lines)))
    return sorted(_in_order(statement) for statement in statements if statement)


def _in_order(statement: str) -> str:
    if not statement.startswith("CREATE TABLE"):
        return statement
    return "\n".join(sorted(line.removesuffix(",") for line in statement.splitlines()))


def contents() -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table that ``migrate`` does not fill itself."""
    tables = as_owner(
        """select oid::regclass::text from pg_class
           where relkind = 'r' and relnamespace::regnamespace::text in ('core', 'ops', 'mart')"""
    )
    return {
        str(table): as_owner(f"select * from {table} as said order by said::text")
        for (table,) in tables
        if not str(table).startswith(_FILLED)
    }


def _as_before(
    before: list[tuple[object, ...]], after: list[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """Rows without columns that they gained and that are empty."""
    width = len(before[0]) if before else None
    return [row if any(row[width:]) else row[:width] for row in after] if width else after


def test_a_warehouse_of_the_past_becomes_a_new_one_and_loses_nothing(
    past: str, warehouse: str
) -> None:
    with pointed_at(past):
        before = contents()
        assert sum(map(len, before.values())) > 60
        assert len(before["core.police__resident"]) == 2
        migrate.migrate()
        after = contents()
        # Tables of later steps are new, and empty; so are columns of later steps.
        new = after.keys() - before.keys()
        assert "ops.replay_decision" in new
        assert not any(after.pop(name) for name in new)
        # What the comparison came to is the verdict itself until a death is known.
        verdicts = after["core.identity_verdict"]
        assert all(row[-2:] == (row[2], None) for row in verdicts)
        after["core.identity_verdict"] = [row[:-2] for row in verdicts]
        # Why a value is missing follows from what was published: it is hidden, or 0 of 0.
        values = after["mart.kpi_value"]
        assert {row[-1] for row in values} <= {None, "hidden", "nothing_to_count"}
        after["mart.kpi_value"] = [row[:-1] for row in values]
        assert {name: _as_before(before[name], found) for name, found in after.items()} == before
        steps = as_owner("select number, name from ops.applied_migration order by 1")
        with transaction("dean06_bi") as session:
            assert session.one("select count(*) from mart.kpi_latest")[0] == 10
    # The registry of the past has records, and with them the index of their birth dates.
    found = structure(past)
    found.remove(
        "CREATE INDEX police__resident__born_on ON core.police__resident USING btree (born_on) "
        "WHERE _is_current"
    )
    assert found == structure(warehouse)
    assert as_owner("select number, name from ops.applied_migration order by 1") == steps


def test_a_warehouse_before_the_last_revision_is_refused_and_left_alone(past: str) -> None:
    run("update ops.migration set version_num = '0027_reasons'")
    before = structure(past)
    with pytest.raises(WarehouseError, match=r"revision 0027_reasons.*commit 17783dd"):
        migrate.migrate()
    assert structure(past) == before


@pytest.mark.usefixtures("warehouse")
def test_a_further_step_is_applied_once_with_the_view_that_needs_it(sql_folder: Path) -> None:
    (sql_folder / f"migrations/{NEXT:04}_shifts.sql").write_text(
        "alter table ops.alert add column shift text; insert into ops.watchdog values (true, now())"
    )
    (sql_folder / "ops/alert_shift.sql").write_text(
        "create or replace view ops.alert_shift as select shift from ops.alert"
    )
    migrate.migrate()
    migrate.migrate()
    assert as_owner("select count(*) from ops.watchdog") == [(1,)]
    assert as_owner("select shift from ops.alert_shift") == []
    last = "select name from ops.applied_migration order by number desc limit 1"
    assert as_owner(last) == [("shifts",)]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (f"migrations/{NEXT + 1:04}_broken.sql", "select 1", "select 1 / 0"),
        ("ops/needed_load.sql", "load.load_id", "load.nothing"),
    ],
)
def test_what_ends_in_the_middle_leaves_the_warehouse_as_it_was(
    warehouse: str, sql_folder: Path, file: str, old: str, new: str
) -> None:
    before = structure(warehouse)
    create = "create table ops.shift (name text)"
    (sql_folder / f"migrations/{NEXT:04}_shifts.sql").write_text(create)
    broken = sql_folder / f"migrations/{NEXT + 1:04}_broken.sql"
    broken.write_text("create view ops.one as select 1")
    edit(sql_folder / "mart/verdict_count.sql", "'Its name.'", "'Name.'")
    path = sql_folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    if path == broken:
        path.write_text("select 1 / 0")
    with pytest.raises(WarehouseError, match=path.stem):
        migrate.migrate()
    assert structure(warehouse) == before
    assert as_owner("select max(number) from ops.applied_migration") == [(NEXT - 1,)]


@pytest.mark.usefixtures("warehouse")
def test_a_warehouse_that_is_newer_than_the_files_is_refused() -> None:
    run(f"insert into ops.applied_migration (number, name) values ({NEXT}, 'shifts')")
    with pytest.raises(
        WarehouseError, match=rf"this warehouse has migration\(s\) {NEXT:04}_shifts"
    ):
        migrate.migrate()


@pytest.mark.parametrize(
    "name", [f"{NEXT + 1:04}_gap.sql", f"{NEXT - 1:04}_z_twice.sql", "nine.sql", f"{NEXT:04}.sql"]
)
def test_steps_are_numbered_without_gaps(sql_folder: Path, name: str) -> None:
    (sql_folder / "migrations" / name).write_text("select 1")
    with pytest.raises(WarehouseError, match=rf"{name}: expected 00"):
        migrations.steps()


@pytest.mark.usefixtures("warehouse")
def test_the_baseline_makes_neither_views_nor_functions() -> None:
    made = [
        step.name
        for step in migrations.steps()
        if re.search(r"(?i)\bcreate\s+(or\s+replace\s+)?(view|function|trigger)\b", step.text)
    ]
    assert made == []
