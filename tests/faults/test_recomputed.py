"""Two days of the campaign ``recomputed``."""

import pytest

from tests.conftest import Cluster
from tests.faults import recomputed
from tests.faults.summary import Summary

pytestmark = pytest.mark.campaign


def test_publications_of_synced_days_are_computed_again(cluster: Cluster, migrated: str) -> None:
    summary = Summary("recomputed")
    with cluster.copy(migrated):
        recomputed.live(summary, 2, seed=6)
        recomputed.compute_again(summary, 2, seed=6)
    assert summary.failures == []
    assert summary.counts["publications computed again"] == 2
    assert summary.counts["values that are equal"] > 1000
