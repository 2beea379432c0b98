"""Three made-up days of one province, as dean06 publishes them; what is true of the newest one."""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from dean06 import settings
from tests.conftest import Cluster
from tests.lib.disclosure import made_up
from tests.lib.disclosure.made_up import Values
from tests.lib.loading import rows

BEFORE, BETWEEN, NEWEST = date(2022, 10, 22), date(2022, 10, 28), made_up.DAY
PROVINCE = made_up.PROVINCE
COMMUNES, SMALLEST = 30, 5
Key = tuple[str, str, str]
"""KPI, level, code of the unit."""


@contextmanager
def published(cluster: Cluster, migrated: str) -> Iterator[dict[date, Values]]:
    """A warehouse with the three days; yields every value of each with its exact number. Small
    counts are hidden and counts by commune rounded, as deployed."""
    with pytest.MonkeyPatch.context() as patch, cluster.copy(migrated):
        patch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", str(SMALLEST))
        yield {
            day: made_up.publish(communes=COMMUNES, found=_counts(number), day=day)
            for number, day in enumerate((BEFORE, BETWEEN, NEWEST))
        }


def _counts(number: int) -> made_up.Counts:
    found = made_up.counts(seed=6, communes=COMMUNES, busy=6)
    for day in range(number):
        found = found + made_up.counts(seed=100 + day, communes=COMMUNES, busy=1)
    # One commune has no dossiers, so no share of them.
    return Counter({place: many for place, many in found.items()
                    if not (place[0].startswith("service.") and place[3] == "3")})  # fmt: skip


def told(day: date) -> dict[Key, Any]:
    """Totals of the day's last publication on the boundaries of the day, read from the table."""
    found = rows(
        """select kpi_code, unit_level, unit_code, numerator, denominator, value, missing_reason
           from mart.kpi_value
           where boundary_version = 'as_reported' and breakdown = '' and publication_id = (
               select max(publication_id) from mart.kpi_publication where as_of_date = :day)""",
        day=day,
    )
    return {row[:3]: row[3:] for row in found}


def districts() -> dict[str, str]:
    """Commune of the province → its district, by the list of 2022."""
    with (settings.REFERENCE / "admin_units.csv").open(encoding="utf-8") as lines:
        return {
            row["unit_code"]: row["parent_code"]
            for row in csv.DictReader(line for line in lines if not line.startswith("#"))
            if row["unit_level"] == "commune"
            and row["province_code"] == PROVINCE
            and row["valid_from"] <= NEWEST.isoformat()
            and not (row["valid_to"] and row["valid_to"] <= NEWEST.isoformat())
        }


def exact(values: Values, kpi_code: str, level: str) -> dict[str, tuple[int, int | None]]:
    """What is true of a KPI: unit → how many count and how many do not."""
    return {
        cell[3]: numbers
        for cell, numbers in values.items()
        if cell[:3] == (kpi_code, "as_reported", level) and not cell[4]
    }
