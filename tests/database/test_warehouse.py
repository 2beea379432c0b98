"""The warehouse: migrations run forward on what exists, everything is commented, mart is closed."""

from dataclasses import replace

import pytest

from dean06 import contract
from dean06.contract import Dataset
from dean06.errors import ContractError, CoreSqlError, WarehouseError
from dean06.schema import migrate
from dean06.warehouse import Lock, transaction
from tests.conftest import Cluster
from tests.lib.loading import load_police, resident, rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")


def test_each_lock_and_each_key_is_a_lock_of_its_own() -> None:
    with transaction() as session:
        for lock in Lock:
            session.lock(lock)
        for source in contract.sources():
            session.lock(Lock.PUBLISH, source)
        held = session.one(
            """select count(distinct (classid, objid)) as locks from pg_locks
               where locktype = 'advisory' and pid = pg_backend_pid()"""
        )
    assert held.locks == len(Lock) + len(contract.sources())


def test_core_sql_without_a_column_of_the_contract_is_refused_by_migrate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = [_with_another_name(each) for each in contract.datasets()]
    monkeypatch.setattr(contract, "datasets", lambda: known)
    with pytest.raises(CoreSqlError, match=r"columns of the contract are missing.*: year_of_exam"):
        migrate.migrate()
    assert rows(
        """select data_type from information_schema.columns where column_name = 'exam_year'
           and table_schema = 'core'"""
    ) == [("smallint",)]


def test_a_shared_lock_lets_others_share_it_and_nobody_else_in() -> None:
    free = "select pg_try_advisory_xact_lock{}(hashtext('landing')) as is_free"
    with transaction() as session, transaction() as other:
        session.lock(Lock.LANDING, shared=True)
        assert other.one(free.format("_shared")).is_free
        assert not other.one(free.format("")).is_free


def test_migrating_again_keeps_data_and_adds_a_new_column() -> None:
    load_police("one", "2022-10-31", [resident()])
    with transaction(role="") as session:
        session.run("alter table core.police__resident drop column sex_code")
    migrate.migrate()
    assert rows("select count(*), count(sex_code) from core.police__resident") == [(1, 0)]


def test_a_changed_type_is_refused_with_its_column() -> None:
    load_police("one", "2022-10-31", [resident()])
    with transaction(role="") as session:
        session.run("alter table core.police__resident alter column birth_year type integer")
    with pytest.raises(ContractError, match=r"police\.resident\.birth_year.*integer.*smallint"):
        migrate.migrate()


@pytest.mark.parametrize("kind", ["integer", "bigint", "numeric"])
def test_records_of_a_wider_type_are_published_without_another_core_sql(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_police("one", "2022-10-31", [resident()])
    real = contract.load

    def wide(source: str) -> contract.Contract:
        agreed = real(source)
        datasets = [_with_wide(d, "birth_year", kind) for d in agreed.datasets]
        return replace(agreed, datasets=datasets)

    monkeypatch.setattr(contract, "load", wide)
    migrate.migrate()
    load_police("two", "2022-10-31", [resident(soDinhDanh="082190000002", ngaySinh="1955-02-03")])
    stored = "select birth_year, pg_typeof(birth_year)::text from core.police__resident"
    assert sorted(rows(stored)) == [(1955, kind), (1990, kind)]


def test_a_wider_type_is_brought_with_the_views_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the contract is written: the column changes, its fact is made again."""
    load("education.exam_registration", record("education.exam_registration"))
    fact = "select exam_year, pg_typeof(exam_year)::text from mart.fact_exam_registration"
    with transaction(role="") as session:
        assert [tuple(row) for row in session.rows(fact)] == [(2022, "smallint")]
    known = contract.datasets()
    monkeypatch.setattr(contract, "datasets", lambda: [_with_wide_year(each) for each in known])
    migrate.migrate()
    with transaction(role="") as session:
        assert [tuple(row) for row in session.rows(fact)] == [(2022, "bigint")]


def test_a_view_of_somebody_else_is_named_before_a_type_is_widened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transaction(role="") as session:
        session.run(
            "create view public.theirs as select exam_year from core.education__exam_registration"
        )
    known = contract.datasets()
    monkeypatch.setattr(contract, "datasets", lambda: [_with_wide_year(each) for each in known])
    with pytest.raises(WarehouseError, match=r"while these depend on it: view public\.theirs"):
        migrate.migrate()


def test_a_type_with_a_size_is_left_alone_when_nothing_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A view made again is a new object, and waits for its readers."""
    known = [_with_wide_year(each, "numeric(14,2)") for each in contract.datasets()]
    monkeypatch.setattr(contract, "datasets", lambda: known)
    with transaction(role="") as session:
        session.run("drop view mart.fact_exam_registration cascade")
        session.run(
            "alter table core.education__exam_registration alter exam_year type numeric(14,2)"
        )
    migrate.migrate()
    fact = "select 'mart.fact_exam_registration'::regclass::oid::text"
    before = rows(fact)
    migrate.migrate()
    assert rows(fact) == before


def _with_another_name(dataset: Dataset) -> Dataset:
    """With a further column, which the source sends under a name of its own."""
    [*known] = (column for column in dataset.columns if column.name == "exam_year")
    added = (replace(each, name="year_of_exam", wire_name="year_of_exam") for each in known)
    return replace(dataset, columns=(*dataset.columns, *added))


def _with_wide_year(dataset: Dataset, kind: str = "bigint") -> Dataset:
    return _with_wide(dataset, "exam_year", kind)


def _with_wide(dataset: Dataset, name: str, kind: str) -> Dataset:
    columns = tuple(
        replace(column, type=kind) if column.name == name else column for column in dataset.columns
    )
    return replace(dataset, columns=columns)


def test_every_table_and_column_explains_itself() -> None:
    silent = rows(
        """
        select n.nspname || '.' || c.relname || coalesce('.' || a.attname, '')
        from pg_class as c
        join pg_namespace as n on c.relnamespace = n.oid
        left join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where n.nspname in ('ops', 'core', 'mart') and c.relkind in ('r', 'v')
            and (obj_description(c.oid, 'pg_class') is null
                 or col_description(c.oid, a.attnum) is null)
        """
    )
    assert silent == []
    (comment,) = rows("select col_description('core.police__resident'::regclass, 1)")[0]
    assert "Số định danh" in comment
    assert "[personal]" in comment


@pytest.mark.parametrize("table", ["dim_admin_unit", "admin_unit_successor"])
def test_the_planner_knows_the_units_from_the_first_day(table: str) -> None:
    known = "select reltuples::int from pg_class where oid = to_regclass(:name)"
    counted = rows(f"select count(*)::int from mart.{table}")
    assert rows(known, name=f"mart.{table}") == counted
    assert counted > [(10_000,)]


def test_every_core_column_is_the_contracts() -> None:
    for source in contract.sources():
        for dataset in contract.load(source).datasets:
            found = rows(
                """select a.attname from pg_attribute as a
                   where a.attrelid = to_regclass(:name) and a.attnum > 0""",
                name=f"core.{dataset.table}",
            )
            named = {name for (name,) in found if not name.startswith("_")}
            assert named == {column.name for column in dataset.columns}


@pytest.mark.parametrize("role", ["", "dean06_loader"])
def test_publications_are_append_only(role: str) -> None:
    from dean06.kpi.build import build_kpis

    load_police("one", "2022-10-31", [resident()])
    build_kpis()
    for change in (
        "update mart.kpi_value set numerator = 7",
        "delete from mart.kpi_value",
        "delete from mart.kpi_publication",
        "delete from mart.kpi_definition",
    ):
        with pytest.raises(WarehouseError, match=r"55000|42501"), transaction(role) as session:
            session.run(change)


@pytest.mark.parametrize("column", ["publication_id", "kpi_version"])
def test_a_value_needs_its_publication_and_its_definition(column: str) -> None:
    from dean06.kpi.build import build_kpis

    load_police("one", "2022-10-31", [resident()])
    build_kpis()
    with pytest.raises(WarehouseError, match="23503"), transaction() as session:
        session.run(
            f"""create temporary table copied on commit drop as
                select publication_id, kpi_code, kpi_version, unit_level, unit_code, as_of_date,
                       numerator, province_code
                from mart.kpi_value where numerator > 0 limit 1;
                update copied set unit_code = 'other', {column} = 999;
                insert into mart.kpi_value (publication_id, kpi_code, kpi_version, unit_level,
                       unit_code, as_of_date, numerator, province_code)
                select * from copied"""
        )


def test_no_trigger_looks_names_up_where_its_caller_says() -> None:
    """The loader may make operators of its own and name their schema first."""
    with transaction(role="") as session:
        found = session.rows(
            """select distinct cast(proc.oid as regprocedure) as name, proc.proconfig
               from pg_trigger
               inner join pg_proc as proc on pg_trigger.tgfoid = proc.oid
               where not pg_trigger.tgisinternal"""
        )
    assert len(found) >= 10
    path = "search_path=pg_catalog, pg_temp"
    assert [row.name for row in found if path not in (row.proconfig or [])] == []


def test_a_steward_reads_quarantine_and_changes_nothing() -> None:
    load_police("one", "2022-10-31", [resident(soDinhDanh="bad")])
    with transaction("dean06_steward") as session:
        assert len(session.rows("select payload from ops.quarantine")) == 1
    with pytest.raises(WarehouseError, match="42501"), transaction("dean06_steward") as session:
        session.run("delete from ops.quarantine")


def test_values_stay_out_of_the_server_log(warehouse: str, cluster: Cluster) -> None:
    with pytest.raises(WarehouseError), transaction() as session:
        session.connection.exec_driver_sql("select '082199471471'::date")
    assert any(path.suffix == ".json" for path in cluster.server.logs())
    assert "08219947" not in "".join(path.read_text() for path in cluster.server.logs())
