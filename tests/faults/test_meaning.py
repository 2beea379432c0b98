"""Records changed at random: each is in core as it was meant, or flagged, by an independent judge.

A seeded part of what ``make faults ONLY=inputs`` does with 100,000 records.
"""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from duckdb import DuckDBPyConnection

from dean06.contract import Dataset
from dean06.load import staging
from dean06.load.core_sql import read
from dean06.rules.functions import define
from dean06.wire import fhir
from tests.faults.meaning import trial
from tests.faults.summary import Summary
from tests.lib.syncing import SOURCES

pytestmark = [pytest.mark.usefixtures("warehouse"), pytest.mark.campaign]

SEED, RECORDS = 6, 150


def differences(source: str, records: int = RECORDS) -> Summary:
    summary = Summary("meaning")
    trial.of_source(summary, source, SEED, records)
    return summary


@pytest.mark.parametrize("source", SOURCES)
def test_a_changed_record_is_in_core_as_it_was_meant_or_flagged(source: str) -> None:
    summary = differences(source)
    assert summary.failures == []
    counts = summary.counts
    assert counts["records equal in core"] > counts["records judged"] / 5
    assert counts["records in quarantine"] > counts["records judged"] / 5


def moments(meaning: str) -> Callable[[], Any]:
    """Has moments read in another way for the length of a test."""

    def planted(connection: DuckDBPyConnection) -> None:
        define(connection)
        connection.execute(f"create or replace macro core.moment_of(written) as {meaning}")

    return lambda: mock.patch.object(staging, "define", planted)


def core_sql(before: str, after: str) -> Callable[[], Any]:
    """Has core SQL say something else."""

    def wrong(dataset: Dataset) -> str:
        return read(dataset).replace(before, after)

    return lambda: mock.patch("dean06.load.core_sql.read", wrong)


def any_patient() -> Any:
    """Takes the first contained Patient for the one that is meant."""

    def first(resource: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        listed = [item for item in resource.get("contained") or [] if isinstance(item, dict)]
        found = [item for item in listed if item.get("resourceType") == "Patient"]
        return (found or [{}])[0], []

    return mock.patch.object(fhir, "_persons", first)


@pytest.mark.parametrize(
    ("source", "plant", "found"),
    [
        (
            "police",
            moments("date_trunc('second', written::timestamptz + interval 500 milliseconds)"),
            "neither in core nor in quarantine",
        ),
        ("police", moments("left(written, 19)::timestamptz"), "differs in"),
        (
            "portal",
            core_sql("is_vneid_verified = '1'", "is_vneid_verified = 'true'"),
            "differs in is_vneid_verified",
        ),
        (
            "portal",
            core_sql("core.total_of(fees, '$[*].Gia')", "0::decimal(38, 0)"),
            "differs in fee_total",
        ),
        ("health", any_patient, "differs in"),
        (
            "insurance",
            core_sql("core.day_first(birth_date)", "try_strptime(birth_date, '%m/%d/%Y')::date"),
            "differs in born_on",
        ),
        (
            "programme",
            core_sql("core.day_first(completed_on)", "core.day_first(deadline)"),
            "completed_on",
        ),
    ],
    ids=["rounded", "without-offset", "flag", "sum", "patient", "day-and-month", "other-column"],
)
def test_the_judge_finds_a_reading_that_is_wrong(
    source: str, plant: Callable[[], Any], found: str
) -> None:
    with plant():
        failures = differences(source).failures
    assert any(found in failure for failure in failures), failures
