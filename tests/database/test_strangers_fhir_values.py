"""FHIR values in core: the day of a moment, and texts that say nothing."""

import json
from typing import Any

import pytest

from dean06 import contract
from tests.faults.hostile import fixture
from tests.lib.loading import lines_of, load_source, rows

pytestmark = pytest.mark.usefixtures("warehouse")
IMMUNIZATION = contract.load("health").dataset("immunization")


def vaccination(key: str, **changes: Any) -> dict[str, Any]:
    """The fixture's vaccination under another id, with some elements changed."""
    return {**json.loads(fixture(IMMUNIZATION)["lines"][0]), "id": key, **changes}


def load(*resources: dict[str, Any]) -> None:
    body = lines_of(resources)
    load_source("health", "one", "2022-10-31", {"immunization": (body, len(resources))})


def test_a_vaccination_is_of_the_vietnamese_day_whatever_offset_it_is_written_with() -> None:
    moments = {
        "a": "2022-10-30",
        "b": "2022-10-30T00:00:00+07:00",
        "c": "2022-10-29T17:00:00Z",
        "d": "2022-10-30T16:59:59.9999999Z",
        "e": "2022-10-29T06:00:00-11:00",
        "f": "2022-10-31T01:59:59+09:00",
    }
    load(*(vaccination(key, occurrenceDateTime=at) for key, at in moments.items()))
    assert rows(
        "select immunization_id, occurred_on::text from core.health__immunization order by 1"
    ) == [(key, "2022-10-30") for key in moments]


def test_an_empty_text_is_no_name() -> None:
    def named(key: str, **name: Any) -> dict[str, Any]:
        patient = {**vaccination(key)["contained"][0], "name": [name]}
        return vaccination(key, contained=[patient])

    load(
        named("a", text="", family="Trần", given=["Văn", "Thử"]),
        named("b", family="", given=["Văn Thử"]),
        named("c", text=""),
    )
    assert rows("select immunization_id, full_name from core.health__immunization order by 1") == [
        ("a", "Trần Văn Thử"),
        ("b", "Văn Thử"),
        ("c", None),
    ]
