"""Edges found in review: order, withdrawal, crashes, days without units, readers at limits."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from dean06 import contract
from dean06.errors import AuditError, BatchHeldError, ContractError, WarehouseError
from dean06.kpi.build import build_kpis
from dean06.load import ledger
from dean06.load.extract import extract
from dean06.load.publish import publish
from dean06.load.stage import stage
from dean06.reports.digest import warehouse_digest
from dean06.rules.suite import Rule, RuleMeta, Suite
from dean06.sources import Endpoint
from dean06.warehouse import transaction
from dean06.wire import csv, ndjson
from tests.conftest import Cluster
from tests.database.loading import land, lines_of, load_police, resident, rows

DAY = "2022-10-31"
POLICE = contract.load("police")
RESIDENT = POLICE.dataset("resident")
EXAM = contract.load("education").dataset("exam_registration")


def _at(day: str, **changes: Any) -> dict[str, Any]:
    return resident(capNhatLuc=f"{day}T08:00:00+07:00", **changes)


def _education(run: str, day: str) -> None:
    from dean06.load.quarantine import quarantine
    from dean06.load.stage import stage
    from dean06.load.validate import validate

    load = ledger.open_load(contract.load("education"), EXAM, run, date.fromisoformat(day))
    ledger.mark_landed(load, 0)
    for step in (stage, validate, quarantine):
        step(EXAM, run)
    publish("education", run)


def test_a_retry_after_extraction_was_committed_goes_on(warehouse: str) -> None:
    load = land(RESIDENT, "one", DAY, lines_of([resident()]), declared=1)
    nowhere = Endpoint("http://127.0.0.1:9")  # asking again would fail
    extract(nowhere, RESIDENT, "one", date.fromisoformat(DAY))
    assert ledger.current_load(RESIDENT, "one").load_id == load.load_id


def test_a_day_that_has_not_ended_is_refused(warehouse: str) -> None:
    from datetime import datetime

    from dean06 import settings

    today = datetime.now(settings.TIMEZONE).date()
    with pytest.raises(ContractError, match="has not ended yet"):
        ledger.open_load(POLICE, RESIDENT, "one", today)
    ledger.open_load(POLICE, RESIDENT, "two", today - timedelta(days=1))


def test_a_published_load_is_final(warehouse: str) -> None:
    load = load_police("one", DAY, [resident()])
    with pytest.raises(WarehouseError, match="55000"):
        ledger.mark_landed(load, 1)


def test_kpis_do_not_depend_on_which_source_reaches_a_day_first(
    cluster: Cluster, migrated: str
) -> None:
    steps = {
        "P30": lambda: load_police("P30", "2022-10-30", [_at("2022-10-30")]),
        "E31": lambda: _education("E31", "2022-10-31"),
        "P03": lambda: load_police("P03", "2022-11-03", []),
    }
    digests = set()
    for order in (("P30", "E31", "P03"), ("P30", "P03", "E31"), ("E31", "P30", "P03")):
        with cluster.copy(migrated):
            for step in order:
                steps[step]()
                build_kpis()
            digests.add(warehouse_digest()["total"])
            last = rows(
                """select source_codes from mart.kpi_publication where as_of_date = '2022-10-31'
                   order by publication_id desc limit 1"""
            )
            assert last == [(["education", "police"],)]
    assert len(digests) == 1


def test_a_day_without_units_is_refused_not_published_empty(warehouse: str) -> None:
    load_police("one", "2021-12-31", [_at("2021-12-31", ngayHieuLuc="2021-12-31")])
    with pytest.raises(AuditError, match=r"2021-12-31: no administrative units are known"):
        build_kpis()
    assert rows("select count(*) from mart.kpi_publication") == [(0,)]


def test_an_overwritten_version_invalidates_the_days_it_counted_on(
    cluster: Cluster, migrated: str
) -> None:
    one = _at("2022-10-01", ngayHieuLuc="2022-10-05", maXa="28252")
    other = _at("2022-10-01", ngayHieuLuc="2022-10-10", maXa="28255")
    newer = _at("2022-10-20", ngayHieuLuc="2022-10-20")
    digests = set()
    for first, second in ((one, other), (other, one)):
        with cluster.copy(migrated):
            load_police("newer", "2022-10-20", [newer])
            for number, record in enumerate((first, second)):
                load_police(f"r{number}", "2022-10-07", [record])
                build_kpis()
            digests.add(warehouse_digest()["total"])
    assert len(digests) == 1


def test_a_withdrawn_record_counts_no_more_whatever_day_it_names(warehouse: str) -> None:
    load_police(
        "one",
        DAY,
        [
            _at("2022-10-01", ngayHieuLuc="2022-10-01"),
            _at("2022-10-20", ngayHieuLuc="2022-10-20"),
            _at("2022-10-25", ngayHieuLuc="2022-10-10", daXoa=True),
        ],
    )
    build_kpis()
    assert rows("select * from mart.kpi_latest") == []
    assert rows(
        """select effective_on::text, _valid_to::text from core.police__resident
           where not is_deleted order by 1"""
    ) == [("2022-10-01", "2022-10-10"), ("2022-10-20", "2022-10-10")]


def test_a_broken_rule_of_the_table_holds_the_batch(
    warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dean06.load import validate as module

    real = module.read_suite

    def stricter(dataset: Any) -> Suite:
        suite = real(dataset)
        rule = Rule(
            type="expect_table_row_count_to_be_between",
            kwargs={"min_value": 1000},
            severity="critical",
            description="At least 1,000 rows. | Ít nhất 1.000 dòng.",
            meta=RuleMeta(rule="enough_rows", dimension="đủ"),
        )
        return replace(suite, expectations=(*suite.expectations, rule))

    monkeypatch.setattr(module, "read_suite", stricter)
    with pytest.raises(BatchHeldError, match="enough_rows"):
        load_police("one", DAY, [resident()])


def test_an_abandoned_attempt_leaves_nothing_in_staging(warehouse: str) -> None:
    load_police("one", DAY, [resident()], upto="validate")
    load_police("one", DAY, [resident()])
    assert rows("select status from ops.load where dataset_code = 'resident' order by 1") == [
        ("abandoned",), ("published",)
    ]  # fmt: skip
    assert rows("select tablename from pg_tables where schemaname = 'staging'") == []


def test_an_unclosed_quote_is_one_bad_record() -> None:
    text = 'a,b\n1,"x\n' + "".join(f"{n},y\n" for n in range(2, 80)) + '80,"two\nlines"\n'
    (batch,) = csv.read(io.BytesIO(text.encode()))
    assert [(p.line, p.code) for p in batch.problems] == [(2, "unclosed_quote")]
    assert len(batch.records) == 79
    assert batch.lines[-1] == 82


def test_a_csv_header_is_read_with_its_byte_order_mark_and_refused_when_ambiguous() -> None:
    (batch,) = csv.read(io.BytesIO('\ufeff"a",b\n1,2\n'.encode()))
    assert batch.records == [{"a": "1", "b": "2"}]
    with pytest.raises(ContractError, match="twice"):
        list(csv.read(io.BytesIO(b"a,a\n1,2\n")))
    with pytest.raises(ContractError, match="no header"):
        list(csv.read(io.BytesIO(b"")))


def test_depth_and_size_inside_json_are_one_bad_record_each() -> None:
    deep = '{"a":' + "[" * 100_000 + "\n"
    long = '{"a":["' + "x" * 100_000 + '"]}\n'
    nul = '{"a":{"b":"x\\u0000"}}\n'
    (batch,) = ndjson.read(io.BytesIO((deep + long + nul + '{"a":"b"}\n').encode()))
    assert [p.code for p in batch.problems] == ["malformed_json", "oversized_field", "nul_byte"]
    assert batch.lines == [4]


def test_unknown_field_names_are_masked(warehouse: str) -> None:
    load_police("one", DAY, [resident(**{"082190777777": "x", "x" * 200: "y"})])
    ((drift,),) = rows("select drift from ops.load where dataset_code = 'resident'")
    assert sorted(drift) == ["#", "x" * 60]


def test_an_unknown_field_name_that_is_no_utf8_stops_nothing(warehouse: str) -> None:
    insured = contract.load("insurance").dataset("participant")
    names = [*(str(column.wire_name) for column in insured.staged), "Ghi ch\udcfa"]
    text = f"{','.join(names)}\n{','.join('x' for _ in names)}\n"
    land(insured, "one", DAY, text.encode(errors="surrogateescape"), 1)
    stage(insured, "one")
    assert rows("select status, drift from ops.load") == [("staged", ["Ghi ch#"])]


def test_values_stay_out_of_the_server_log(warehouse: str, cluster: Cluster) -> None:
    with pytest.raises(WarehouseError), transaction() as session:
        session.connection.exec_driver_sql("select '082199471471'::date")
    assert any(path.suffix == ".json" for path in cluster.server.logs())
    assert "08219947" not in "".join(path.read_text() for path in cluster.server.logs())


@pytest.mark.usefixtures("warehouse")
def test_a_cause_that_holds_what_text_cannot_is_written_down_all_the_same() -> None:
    """Names that a source made up stand in causes: one with a NUL took the place of its error."""
    load = land(RESIDENT, "one", "2022-10-31", b"", 0)
    ledger.note_cause(load, "x\x00y: not found\n")
    assert rows("select cause from ops.load") == [("x�y: not found�",)]
