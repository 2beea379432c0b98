"""Lineage events from the ledger: valid events, true counts, true columns, nothing of a person."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from msgspec.structs import replace

from dean06 import contract
from dean06.errors import BatchHeldError
from dean06.kpi.build import build_kpis
from dean06.kpi.family import families
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.validate import validate
from dean06.reports import lineage
from dean06.reports.lineage_columns import origins_of_core, origins_of_values
from dean06.rules.suite import read_suite
from dean06.warehouse import sql_file, transaction
from tests.lib.loading import books, load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
SPECIFICATION = Path(__file__).parents[1] / "data" / "lineage_event.schema.json"
DAY = "2022-10-31"
POLICE = contract.load("police")
PEOPLE = [
    resident(),
    resident(soDinhDanh="082190000002", maXa="28252"),
    resident(soDinhDanh="082190000003", maXa="28252"),
    resident(soDinhDanh="hidden in quarantine"),
]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that events are appended to."""
    monkeypatch.setenv("DEAN06_LINEAGE", str(tmp_path / "deep" / "lineage.jsonl"))
    return tmp_path / "deep" / "lineage.jsonl"


def events(told: Path, job: str, kind: str = "COMPLETE") -> list[dict[str, Any]]:
    lines = map(json.loads, told.read_text(encoding="utf-8").splitlines())
    return [e for e in lines if e["job"]["name"] == job and e["eventType"] == kind]


def stored(event: dict[str, Any]) -> dict[str, int]:
    """Rows written, by table."""
    return {
        output["name"].partition(".")[2]: output["outputFacets"]["outputStatistics"]["rowCount"]
        for output in event["outputs"]
    }


def test_a_day_is_told_from_landing_to_mart(told: Path) -> None:
    load = load_police("one", DAY, PEOPLE)
    build_kpis()
    lineage.tell()
    valid = Draft202012Validator(
        json.loads(SPECIFICATION.read_text()), format_checker=FormatChecker()
    )
    lines = told.read_text(encoding="utf-8").splitlines()
    assert [error.message for line in lines for error in valid.iter_errors(json.loads(line))] == []

    (loaded,) = events(told, "sync_police.resident")
    assert stored(loaded) == {"core.police__resident": 3, "ops.quarantine": 1}
    (landed,) = loaded["inputs"]
    assert landed["name"].endswith("/police/resident")
    assert landed["inputFacets"]["inputStatistics"]["rowCount"] == books(load)["received"] == 4
    broken = [
        a
        for a in landed["inputFacets"]["dataQualityAssertions"]["assertions"]
        if a["actual"] != "0 records"
    ]
    assert {a["column"] for a in broken} == {"personal_id"}

    (counted,) = events(told, "build_kpis.population")
    values = rows("select count(*) from mart.kpi_value where kpi_code like 'population.%'")
    assert stored(counted) == {"mart.kpi_value": values[0][0]}
    assert [i["name"].partition(".")[2] for i in counted["inputs"]] == [
        "core.police__household",
        "core.police__resident",
    ]


@pytest.mark.campaign
def test_every_event_is_told_once_and_begins_and_ends_one_run(told: Path) -> None:
    load_police("one", DAY, PEOPLE)
    build_kpis()
    assert lineage.tell() > 0
    lines = told.read_text(encoding="utf-8").splitlines()
    assert lineage.tell() == 0
    assert told.read_text(encoding="utf-8").splitlines() == lines
    load_police("two", "2022-11-01", PEOPLE)
    assert lineage.tell() > 0
    lines = told.read_text(encoding="utf-8").splitlines()
    runs = [(json.loads(line)["run"]["runId"], json.loads(line)["eventType"]) for line in lines]
    assert len(set(runs)) == len(runs)
    assert {run for run, kind in runs if kind == "START"} == {
        run for run, kind in runs if kind == "COMPLETE"
    }


def test_what_could_not_be_told_is_told_next_time(
    told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_police("one", DAY, PEOPLE)
    (tmp_path / "a file").touch()
    monkeypatch.setenv("DEAN06_LINEAGE", str(tmp_path / "a file" / "lineage.jsonl"))
    with pytest.raises(FileExistsError):
        lineage.tell()
    monkeypatch.setenv("DEAN06_LINEAGE", str(told))
    lineage.tell()
    assert len(events(told, "sync_police.resident")) == 1


def test_a_held_batch_fails_with_its_cause_and_is_told_again_when_published(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = [resident(soDinhDanh=f"bad {number}") for number in range(40)]
    with pytest.raises(BatchHeldError):
        load_police("one", DAY, [*PEOPLE, *bad])
    lineage.tell()
    (failed,) = events(told, "sync_police.resident", "FAIL")
    assert failed["run"]["facets"]["errorMessage"]["message"].startswith("batch held")
    assert failed["outputs"] == []

    suite = read_suite(POLICE.dataset("resident"))
    patient = replace(suite, meta=replace(suite.meta, hold_from_records=1000))
    monkeypatch.setattr("dean06.load.validate.read_suite", lambda _: patient)
    for step in (validate, quarantine):
        step(POLICE.dataset("resident"), "one")
    publish("police", "one")
    lineage.tell()
    (loaded,) = events(told, "sync_police.resident")
    assert stored(loaded) == {"core.police__resident": 3, "ops.quarantine": 41}


def test_columns_are_traced_to_the_wire_and_to_core() -> None:
    origins = origins_of_core(POLICE, POLICE.dataset("resident"))
    assert origins["personal_id"] == [("wire", "soDinhDanh")]
    assert origins["born_on"] == origins["birth_year"] == [("wire", "ngaySinh")]
    health = contract.load("health")
    name = origins_of_core(health, health.dataset("encounter"))["full_name"]
    assert len(name) == 4, "a name that comes whole or in parts"

    with transaction() as session:
        tables = lineage._tables(session)
    by_name = {family.name: family for family in families()}
    values = origins_of_values(by_name["education"], tables)
    exam = "core.education__exam_registration"
    assert values["numerator"] == [(exam, "personal_id")]
    assert values["unit_code"] == [(exam, "commune_code"), (exam, "updated_at")]
    for family in by_name.values():
        found = origins_of_values(family, tables)
        named = {table for origins in found.values() for table, _ in origins}
        assert {t for t in named if t.startswith("core.")} <= {f"core.{t}" for t in family.tables}
        assert found["unit_code"], family.name


def test_every_derived_column_comes_from_what_its_contract_says() -> None:
    for source in contract.sources():
        agreed = contract.load(source)
        for dataset in agreed.datasets:
            origins = origins_of_core(agreed, dataset)
            wire = {column.name: column.wire_name for column in dataset.staged}
            assert origins.keys() == {column.name for column in dataset.columns}
            for column in dataset.columns:
                if column.derived_from:
                    said = {("wire", wire[name]) for name in column.derived_from}
                    assert set(origins[column.name]) == said, f"{dataset.code}.{column.name}"


def test_nothing_of_a_person_is_told(told: Path) -> None:
    load_police("one", DAY, PEOPLE)
    build_kpis()
    lineage.tell()
    text = told.read_text(encoding="utf-8")
    for value in ("082190000001", "Nguyễn Thị Thử", "1990-02-03", "hidden in quarantine"):
        assert value not in text
    assert sql_file("lineage/untold.sql").count("payload") == 0
