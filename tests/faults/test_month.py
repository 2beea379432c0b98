"""Three mixed days of the campaign ``month``."""

import pytest

from tests.conftest import Cluster
from tests.faults import month
from tests.faults.summary import Summary

pytestmark = pytest.mark.campaign


def test_bad_days_end_as_good_ones(cluster: Cluster, migrated: str) -> None:
    summary = Summary("month")
    mixed = [of_day[:6] for of_day in month.schedule(12, seed=6)[:3]]
    month.compare(summary, cluster, migrated, mixed)
    assert summary.failures == []
    assert summary.counts["attempts that failed and were retried"] > 0


def test_a_month_meets_every_fault() -> None:
    dealt = [case for of_day in month.schedule(30, seed=6) for case in of_day]
    assert all(case in dealt for case in month.every_case())
