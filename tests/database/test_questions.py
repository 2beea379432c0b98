"""A question about one day reads that day only, however many days were published."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dean06.kpi.build import build_kpis
from dean06.load.publish import publish
from dean06.privacy import readers
from dean06.warehouse import transaction
from tests.lib.loading import lines_of, prepare_source, resident, rows

DAYS = ("2022-10-29", "2022-10-30", "2022-10-31")
pytestmark = [pytest.mark.usefixtures("warehouse"), pytest.mark.campaign]


@pytest.fixture
def three_days(warehouse: str) -> None:
    assert warehouse  # is made first
    for number, day in enumerate(DAYS):
        records = [resident(soDinhDanh=f"082190000{number:03}")]
        prepare_source("police", day, day, {"resident": (lines_of(records), len(records))})
        publish("police", day)
        build_kpis()
    with transaction(role="") as session:  # as autovacuum does
        session.run("analyze mart.kpi_value, mart.kpi_publication")


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of a plan that read values."""
    if plan.get("Relation Name") == "kpi_value":
        yield plan
    for part in plan.get("Plans", []):
        yield from scans(part)


@pytest.mark.usefixtures("three_days")
@pytest.mark.parametrize("view", ["kpi_latest", "kpi_history", "kpi_revision"])
def test_a_question_about_a_day_reads_that_day_only(view: str) -> None:
    counted = dict(rows("select as_of_date::text, count(*) from mart.kpi_value group by 1"))
    assert len(counted) == len(DAYS)
    with transaction(role=readers.BI) as session:
        session.run("set local enable_seqscan = off")  # a table of three days is read whole
        found = session.one(
            f"explain (analyze, format json) select * from mart.{view} where as_of_date = :day",
            day=DAYS[1],
        )[0]
    plan = (found if isinstance(found, list) else json.loads(found))[0]["Plan"]
    read = [
        (scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) * scan["Actual Loops"]
        for scan in scans(plan)
    ]
    assert read, "the view reads no values"
    assert max(read) <= counted[DAYS[1]]


@pytest.mark.usefixtures("three_days")
def test_a_value_is_of_the_day_of_its_publication() -> None:
    """Views tell the day of the publication; values have it too."""
    assert rows(
        """select count(*) from mart.kpi_value as value
           inner join mart.kpi_publication as publication using (publication_id)
           where value.as_of_date <> publication.as_of_date"""
    ) == [(0,)]
