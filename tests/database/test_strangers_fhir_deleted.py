"""Deletions of a FHIR export: applied in whatever order they come, or refused with the reason."""

from datetime import date
from typing import Any

import msgspec
import pytest

from dean06.contract import Dataset
from dean06.errors import ManifestMismatchError
from dean06.load import validate
from dean06.load.extract import extract, request_export
from dean06.reports.digest import warehouse_digest
from dean06.rules.suite import Suite, read_suite
from tests.lib.loading import books, rows
from tests.lib.strangers_fhir import (
    DAY,
    DELETED,
    ENCOUNTER,
    NEXT,
    Exports,
    core,
    deletion,
    lines,
    refused,
    sync_of,
    visit,
)
from tests.lib.strangers_http import (
    Answer,
    endpoint,
    serving,
)


def deleting(*bundles: Any, count: int | None = None, **members: Any) -> Exports:
    """The next day's export: nothing new, and these Bundles of deletions."""
    exports = Exports(
        transactionTime=f"2022-11-02T{members.pop('at', '00:00:00')}+07:00",
        output=[],
        deleted=[{**DELETED["deleted"][0], "count": len(bundles) if count is None else count}],
        **members,
    )
    exports.files["/del/1"] = Answer(lines(*bundles))
    return exports


THREE = deletion("Encounter/v1", "https://fhir.example/r4/Encounter/v2", "Encounter/unknown")


def counted() -> list[Any]:
    return [key for key, *_ in rows(
        "select encounter_id from core.health__encounter where _is_current and not is_deleted"
        " order by 1"
    )]  # fmt: skip


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    "bundles", [[THREE], [deletion(e["request"]["url"]) for e in THREE["entry"]]]
)
def test_a_deleted_record_counts_no_more_and_is_in_the_books_as_deleted(bundles: list[Any]) -> None:
    sync_of(Exports(visit("v1"), visit("v2"), visit("v3")))
    assert counted() == ["v1", "v2", "v3"]
    server = sync_of(deleting(*bundles), "two", NEXT)
    assert "/del/1" in server.paths()
    assert counted() == ["v3"]
    assert core("is_deleted", "updated_at::text") == [
        ("unknown", True, "2022-11-02 00:00:00+07"),
        ("v1", True, "2022-11-02 00:00:00+07"),
        ("v2", True, "2022-11-02 00:00:00+07"),
        ("v3", False, "2022-10-31 08:00:00+07"),
    ]
    from dean06.load import ledger

    load = ledger.current_load(ENCOUNTER, "two")
    assert {k: v for k, v in books(load).items() if v} == {"received": 3, "deleted": 3}
    assert rows("select affects_from::text from ops.load where load_id = :id", id=load.load_id) == [
        ("2022-10-31",)
    ]


@pytest.mark.usefixtures("warehouse")
def test_deletions_asked_for_again_later_change_nothing() -> None:
    sync_of(Exports(visit("v1")))
    sync_of(deleting(THREE), "two", NEXT)
    before = warehouse_digest()["total"]
    sync_of(deleting(THREE, at="09:30:00"), "again", NEXT)
    assert warehouse_digest()["total"] == before


@pytest.mark.usefixtures("warehouse")
def test_an_older_version_that_comes_after_its_deletion_stays_withdrawn() -> None:
    sync_of(Exports())
    sync_of(deleting(deletion("Encounter/late")), "two", NEXT)
    sync_of(Exports(visit("late")), "again", DAY)
    assert counted() == []
    assert rows(
        "select updated_at::date::text, is_deleted, _is_current, _valid_to::text"
        " from core.health__encounter order by 1"
    ) == [("2022-10-31", False, False, "2022-11-02"), ("2022-11-02", True, True, None)]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    ("bundle", "told"),
    [
        (deletion("Patient/p"), "an entry deletes Patient; Encounter was expected"),
        (deletion("Nguyễn/082190000001"), "an entry is not a DELETE request of one"),
        (
            deletion("Hien/082190000001"),
            "an entry deletes an unknown FHIR R4 resource type",
        ),
        (deletion("Encounter?identifier=082190000001"), "an entry is not a DELETE request"),
        (deletion("Encounter/v1", method="PUT"), "an entry is not a DELETE request"),
        (deletion("Encounter/v1", kind="batch"), "a line is not a transaction Bundle"),
        ({"resourceType": "Encounter", "id": "v1"}, "a line is not a transaction Bundle"),
        ([], "a line is not a transaction Bundle"),
    ],
)
@pytest.mark.one_in(3)
def test_deletions_that_cannot_be_applied_are_refused(bundle: Any, told: str) -> None:
    message = refused(deleting(deletion("Encounter/v1"), bundle))
    assert f"the manifest's deleted[0], line 2: {told}" in message
    assert "082190000001" not in message
    assert "Hien" not in message
    assert rows("select count(*) from ops.landing_file") == [(0,)]


@pytest.mark.usefixtures("warehouse")
def test_deletions_must_be_as_many_as_the_manifest_says() -> None:
    with serving(deleting(THREE, count=2, at="00:00:00")) as server:
        request_export(endpoint(server.url), ENCOUNTER, "one", date.fromisoformat(DAY))
        told = r"deleted\[0\] has the count 2, .* 1 Bundles"
        with pytest.raises(ManifestMismatchError, match=told):
            extract(endpoint(server.url), ENCOUNTER, "one", date.fromisoformat(DAY))


@pytest.mark.usefixtures("warehouse")
def test_rules_on_key_and_version_alone_are_for_deletions_too() -> None:
    sync_of(Exports(visit("v1")))
    sync_of(deleting(deletion("Encounter/v1")), "two", NEXT)
    assert rows(
        "select rule_code, element_count from ops.validation_result join ops.load using (load_id)"
        " where run_key = 'two' and dataset_code = 'encounter' and rule_code in"
        " ('readable', 'updated_at_valid', 'sex_code_known') order by 1, 2"
    ) == [
        ("readable", 1), ("sex_code_known", 0), ("sex_code_known", 0),
        ("updated_at_valid", 1), ("updated_at_valid", 1),
    ]  # fmt: skip


@pytest.mark.usefixtures("warehouse", "compiled_here")
def test_a_deletion_beside_a_record_that_core_cannot_read_is_applied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A deletion has a key and a version and no day: that does not make it unreadable."""
    sync_of(Exports(visit("v1")))
    real = read_suite

    def without_start(dataset: Dataset) -> Suite:
        suite = real(dataset)
        kept = tuple(rule for rule in suite.expectations if rule.column != "started_at")
        return msgspec.structs.replace(suite, expectations=kept)

    monkeypatch.setattr(validate, "read_suite", without_start)
    server = deleting(deletion("Encounter/v1"))
    server.manifest["output"] = [{"type": "Encounter", "url": "URL/file/1", "count": 1}]
    server.files["/file/1"] = Answer(lines(visit("v2", period={"start": "2022-02-31"})))
    sync_of(server, "two", NEXT)
    assert rows("select rule_codes from ops.quarantine") == [(["unreadable_by_core"],)]
    assert core("is_deleted") == [("v1", True)]
