"""KPIs and versions come out the same in whatever order days and sources arrive."""

from datetime import date
from typing import Any

import pytest

from dean06 import contract
from dean06.errors import AuditError
from dean06.kpi.build import build_kpis
from dean06.load import ledger
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.reports.digest import warehouse_digest
from tests.conftest import Cluster
from tests.lib.loading import load_police, resident, rows

pytestmark = pytest.mark.campaign
DAY = "2022-10-31"
EXAM = contract.load("education").dataset("exam_registration")


def _at(day: str, **changes: Any) -> dict[str, Any]:
    return resident(capNhatLuc=f"{day}T08:00:00+07:00", **changes)


def _education(run: str, day: str) -> None:
    load = ledger.open_load(contract.load("education"), EXAM, run, date.fromisoformat(day))
    ledger.mark_landed(load, 0)
    for step in (stage, validate, quarantine):
        step(EXAM, run)
    publish("education", run)


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
