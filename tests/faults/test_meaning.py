"""Records changed at random: each is in core as it was meant, or flagged, by an independent judge.

A seeded part of what ``make faults ONLY=inputs`` does with 100,000 records.
"""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from dean06.load import publish
from dean06.warehouse import transaction
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
    """Has the warehouse read moments in another way for the length of a test."""

    def plant() -> Any:
        with transaction(role="") as session:
            session.run(
                "create or replace function core.moment_of(written text) returns timestamptz "
                f"language sql stable as $$ select {meaning} $$"
            )
        return mock.MagicMock()

    return plant


def core_sql(before: str, after: str) -> Callable[[], Any]:
    """Has core SQL say something else."""
    right = publish._meaning

    def wrong(*given: Any) -> str:
        text = right(*given)
        return text.replace(before, after)

    return lambda: mock.patch.object(publish, "_meaning", wrong)


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
        ("police", moments("written::timestamptz"), "neither in core nor in quarantine"),
        ("police", moments("left(written, 19)::timestamptz"), "differs in"),
        (
            "portal",
            core_sql("is_vneid_verified = '1'", "is_vneid_verified = 'true'"),
            "differs in is_vneid_verified",
        ),
        ("portal", core_sql("coalesce(sum(fee.gia::numeric), 0)", "0"), "differs in fee_total"),
        ("health", any_patient, "differs in"),
        ("insurance", core_sql("'DD/MM/YYYY'", "'MM/DD/YYYY'"), "differs in born_on"),
        ("programme", core_sql("to_date(completed_on", "to_date(deadline"), "completed_on"),
    ],
    ids=["rounded", "without-offset", "flag", "sum", "patient", "day-and-month", "other-column"],
)
def test_the_judge_finds_a_reading_that_is_wrong(
    source: str, plant: Callable[[], Any], found: str
) -> None:
    with plant():
        failures = differences(source).failures
    assert any(found in failure for failure in failures), failures
