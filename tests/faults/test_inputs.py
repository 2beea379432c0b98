"""A seeded part of the abuse campaign: each source's formats, bombs, and the wire."""

import pytest

from tests.faults import inputs, wire
from tests.faults.summary import Summary
from tests.lib.syncing import SOURCES

pytestmark = pytest.mark.usefixtures("warehouse")


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.one_in(3)
def test_mutated_records_are_loaded_or_quarantined(source: str) -> None:
    dataset = next(dataset for dataset in inputs.DATASETS if dataset.source == source)
    summary = Summary("inputs")
    with inputs.untouched(summary):
        inputs.abuse_records(summary, dataset, "6", 150)
    assert summary.failures == []
    counts = summary.counts
    assert 0 < counts["records quarantined"] < counts["records through the whole protocol"]


@pytest.mark.campaign
def test_damaged_files_are_read_or_refused() -> None:
    summary = Summary("inputs")
    with inputs.untouched(summary):
        for dataset in inputs.DATASETS:
            inputs.abuse_files(summary, dataset, "6", 40)
    assert summary.failures == []
    assert summary.counts["files refused"] > 100  # each declares no records, and most hold some


@pytest.mark.campaign
def test_bombs_are_refused_at_the_bound() -> None:
    summary = Summary("inputs")
    inputs.abuse_with_bombs(summary)
    assert summary.failures == []


@pytest.mark.campaign
def test_hostile_answers_are_landed_or_refused_by_name() -> None:
    summary = Summary("inputs")
    with inputs.untouched(summary):
        wire.abuse(summary, "6", 12)
    assert summary.failures == []
