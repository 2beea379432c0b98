"""Removing a source: files and records go on request, what was published stays, and a source whose
contract is gone from this installation is reported as that."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dean06 import contract, settings
from dean06.agencies import lists
from dean06.cli import removal as command
from dean06.cli import scaffold
from dean06.contract import Contract
from dean06.errors import Dean06Error
from dean06.kpi import family
from dean06.kpi.build import build_kpis
from dean06.schema import migrate, removal, suites
from dean06.warehouse import transaction
from dean06.watch import problems
from dean06.watch.problem import Kind
from tests.lib import values
from tests.lib.loading import load_police, resident, rows
from tests.lib.values import Value

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"


@pytest.fixture
def land(monkeypatch: pytest.MonkeyPatch) -> Contract:
    """A warehouse with the table of a source ``land`` and a record, as after its first sync."""
    agreed = contract.parse(scaffold.contract_text("land", "csv", "land_record"), "land.yaml")
    known = [*contract.datasets(), *agreed.datasets]
    monkeypatch.setattr(suites, "compile_all", lambda: None)
    with monkeypatch.context() as patch:
        patch.setattr(contract, "datasets", lambda: known)
        migrate.migrate()
    with transaction(role="") as session:
        (load_id,) = session.one(
            """insert into ops.load (
                   source_code, dataset_code, run_key, attempt, day, window_until,
                   contract_version, status, declared_count, received_count, inserted_count,
                   updated_count, unchanged_count, deleted_count, superseded_count,
                   quarantined_count)
               values ('land', 'land_record', 'one', 1, '2022-10-31', '2022-11-01', '0.1.0',
                       'published', 2, 2, 1, 0, 0, 0, 0, 1) returning load_id"""
        )
        session.run(
            """insert into core.land__land_record
               (record_id, happened_on, updated_at, _load_id, _is_current)
               values ('HS000001', '2022-10-31', '2022-10-31', :load, true)""",
            load=load_id,
        )
        session.run(
            "insert into ops.watermark values ('land', 'land_record', '2022-11-01', :load)",
            load=load_id,
        )
        session.run(
            """insert into ops.quarantine (load_id, row_no, source_code, dataset_code, rule_codes,
                                           payload)
               values (:load, 2, 'land', 'land_record', '{quantity_well_formed}', '{}')""",
            load=load_id,
        )
        session.run(
            """insert into ops.load (source_code, dataset_code, run_key, attempt, day,
                   window_until, contract_version, status, cause)
               values ('land', 'land_record', 'two', 1, '2022-11-01', '2022-11-02', '0.1.0',
                       'validated', 'manifest')"""
        )
    return agreed


def test_records_table_and_watermark_go_and_the_ledger_stays(land: Contract) -> None:
    assert removal.stored("land").records == {"land_record": 1}
    assert removal.remove("land", "os:nga").records == {"land_record": 1}
    assert rows("select to_regclass('core.land__land_record')::text") == [(None,)]
    assert rows("select to_regclass('mart.fact_land_record')::text") == [(None,)]
    assert rows("select count(*) from ops.watermark where source_code = 'land'") == [(0,)]
    assert rows("select run_key, status from ops.load where source_code = 'land' order by 1") == [
        ("one", "published"),
        ("two", "abandoned"),
    ]
    noted = "from ops.audit_note where kind = 'purge' and body::jsonb ->> 'what' = 'core'"
    assert rows(f"select body::jsonb ->> 'removed_by', body::jsonb ->> 'item_count' {noted}") == [
        ("os:nga", "1")
    ]
    assert removal.stored("land").records == {}


def test_afterwards_nothing_of_the_source_is_reported_or_listed(land: Contract) -> None:
    removal.remove("land", "os:nga")
    with transaction() as session:
        found = [each for each in problems.detect(session, datetime.now(UTC)) if
                 each.source == "land"]  # fmt: skip
    assert found == []
    assert [each.source for each in lists.write_due()] == []
    migrate.migrate()


def test_a_source_that_a_published_kpi_counts_stays(land: Contract) -> None:
    values.publish("2022-10-31", [Value("population.permanent_residents", 5, None)])
    with transaction(role="") as session:
        session.run(
            """update mart.kpi_definition set source_codes = '{land}'
               where kpi_code = 'population.permanent_residents'"""
        )
    with pytest.raises(Dean06Error, match=r"stays: the published KPIs population\.permanent_resid"):
        removal.remove("land", "os:nga")
    assert removal.stored("land").records == {"land_record": 1}


def test_days_whose_values_stay_are_not_published_again(land: Contract) -> None:
    load_police("one", DAY, [resident()])
    assert [built.state for built in build_kpis()] == ["published"]
    assert rows("select source_codes, reason from mart.kpi_publication") == [
        (["land", "police"], "first publication of the day")
    ]
    removal.remove("land", "os:nga")
    load_police("two", DAY, [resident()])
    assert build_kpis() == []
    load_police("three", DAY, [resident(soDinhDanh="082190000002")])
    assert [built.state for built in build_kpis()] == ["published"]
    assert rows("select source_codes, reason from mart.kpi_publication order by 1 desc") == [
        (["police"], "late or corrected records"),
        (["land", "police"], "first publication of the day"),
    ]


def test_a_missing_contract_is_reported_as_that_and_lists_of_others_are_written(
    land: Contract,
) -> None:
    """As when somebody deleted the files of the source by hand."""
    with transaction() as session:
        [found] = [each for each in problems.detect(session, datetime.now(UTC)) if
                   each.source == "land" and each.kind is Kind.NO_CONTRACT]  # fmt: skip
    assert "contract of source land is missing from this installation" in found.message.en
    assert "thiếu hợp đồng dữ liệu của nguồn land" in found.message.vi
    assert found.key == "no_contract:land"
    assert found.detail is not None
    assert "remove-source land --with-data" in found.detail.en
    lists.write_due()
    assert rows("select step_code from ops.step_failure") == []
    with pytest.raises(Dean06Error) as refused:
        contract.load("land")
    assert refused.value.cause == "contract_missing"


@pytest.mark.parametrize("key", ["police", "education"])
def test_a_source_of_the_project_is_refused(key: str) -> None:
    with pytest.raises(Dean06Error, match=rf"{key} was not written by new-source"):
        command.files_of(key)


def test_every_file_that_new_source_wrote_is_removed_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "include/sql/core/other/x.sql"
    mine.parent.mkdir(parents=True)
    mine.write_text("select 1")
    written = scaffold.new_source("land", root=tmp_path).paths
    found = command.files_of("land", tmp_path)
    assert found == sorted(written)
    command._delete(found, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert not (tmp_path / "tests/fixtures").exists()


def test_a_kpi_that_reads_the_source_keeps_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Any] = [each for each in family.families() if "police" in each.sources]
    with pytest.raises(Dean06Error, match=rf"include/sql/mart/kpi/{reads[0].name}\.sql"):
        command._require_unread("police")
    assert settings.PROJECT.is_dir()
