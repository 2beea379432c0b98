"""FHIR exports as other servers write them, from the wire to core."""

import gzip
import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest

from dean06 import contract
from dean06.contract import Dataset
from dean06.errors import ContractError, Dean06Error, ManifestMismatchError, SourceError
from dean06.load import validate
from dean06.load.extract import export_wait, extract, request_export
from dean06.reports.digest import warehouse_digest
from dean06.rules.suite import Suite, read_suite
from dean06.sources import Endpoint
from tests.lib.loading import books, rows
from tests.lib.strangers_http import (
    STRANGERS,
    TOKEN,
    Answer,
    Request,
    Server,
    endpoint,
    serving,
    sync,
)

DAY, NEXT = "2022-10-31", "2022-11-01"
ENCOUNTER = contract.load("health").dataset("encounter")
PATIENTS = (STRANGERS / "39-fhir-two-contained-patients" / "in.ndjson").read_bytes()
DELETED = json.loads((STRANGERS / "37-fhir-deleted" / "manifest.json").read_text())
EXTENSION = "https://dean06.example/fhir/StructureDefinition/"


def visit(key: str, **changes: Any) -> dict[str, Any]:
    """The first visit of the input, under another id, with some members changed."""
    first: dict[str, Any] = json.loads(PATIENTS.splitlines()[0])
    first["contained"] = first["contained"][:1]
    return {**first, "id": key, **changes}


def patient(**changes: Any) -> dict[str, Any]:
    """The Patient of that visit with some members changed."""
    found: dict[str, Any] = visit("x")["contained"][0]
    return {**found, **changes}


def lines(*resources: Any) -> bytes:
    return b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in resources)


def deletion(*urls: str, method: str = "DELETE", kind: str = "transaction") -> dict[str, Any]:
    entries = [{"request": {"method": method, "url": url}} for url in urls]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


class Exports:
    """A FHIR server with one export of visits, and an empty one of vaccinations."""

    def __init__(self, *visits: Any, **members: Any) -> None:
        body = lines(*visits)
        self.files: dict[str, Answer] = {"/file/1": Answer(body)}
        self.requested = 0
        self.manifest: Any = {
            "transactionTime": f"{NEXT}T00:00:00+07:00",
            "requiresAccessToken": True,
            "output": [{"type": "Encounter", "url": "URL/file/1", "count": len(visits)}],
            "error": [],
            **members,
        }

    def __call__(self, request: Request) -> Answer:
        if request.path == "/auth/token":
            return Answer(TOKEN)
        if request.path == "/fhir/$export":
            self.requested += 1
            job = f"/jobs/{request.query['_type']}/{self.requested}"
            return Answer(status=202, headers={"content-location": job})
        if request.path.startswith("/jobs/Immunization"):
            return Answer({"transactionTime": self.manifest["transactionTime"], "output": []})
        if request.path.startswith("/jobs/"):
            return self.status(request)
        return self.files[request.path]

    def status(self, request: Request) -> Answer:
        here = f"http://{request.headers['host']}"
        return Answer(json.dumps(self.manifest, ensure_ascii=False).replace("URL", here).encode())


def sync_of(exports: Exports, run: str = "one", day: str = DAY) -> Server:
    with serving(exports) as server:
        sync(endpoint(server.url), "health", run, day)
    return server


def refused(exports: Exports) -> str:
    with serving(exports) as server, pytest.raises(Dean06Error) as raised:
        sync(endpoint(server.url), "health", "one", DAY)
    return str(raised.value)


def core(*columns: str) -> list[Any]:
    """Columns of the current visits, by id."""
    return rows(
        f"select encounter_id, {', '.join(columns)} from core.health__encounter"
        " where _is_current order by encounter_id"
    )


def problems() -> list[str]:
    return [code for (code,) in rows(
        "select payload->>'_problem' from ops.quarantine order by row_no"
    )]  # fmt: skip


@pytest.mark.usefixtures("warehouse")
def test_a_visit_is_of_the_patient_whom_its_subject_names() -> None:
    exports = Exports()
    exports.files["/file/1"] = Answer(PATIENTS)
    exports.manifest["output"][0]["count"] = 3
    sync_of(exports)
    person = ("082190000001", "Nguyễn Thị Thử", "1990", "28249")
    assert core("personal_id", "full_name", "birth_date", "commune_code") == [
        ("a-subject-first", *person), ("c-dup-extension", *person), ("d-half-patient", *person),
    ]  # fmt: skip
    ((drift,),) = rows("select drift from ops.load where dataset_code = 'encounter'")
    assert "contained Patient.birthDate" in drift
    assert any("https://other.example/facility-commune" in name for name in drift)


SYSTEM = "https://dean06.example/fhir/sid/"
NOW = {"start": "2022-01", "end": "2022-10-31"}
PAST = {"end": "2022-10-30"}


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([("so-dinh-danh", "082190000001", {})], "082190000001"),
        ([("cmnd", "311111111", {}), ("so-dinh-danh", "082190000001", {})], "082190000001"),
        ([("cmnd", "311111111", {"use": "official"})], "311111111"),
        ([("ho-so-benh-an", "082190000009", {})], None),
        (
            [
                ("so-dinh-danh", "082190000009", {"use": "old"}),
                ("so-dinh-danh", "082190000001", {}),
            ],
            "082190000001",
        ),
        (
            [
                ("so-dinh-danh", "082190000009", {"period": PAST}),
                ("so-dinh-danh", "082190000001", {"period": NOW}),
            ],
            "082190000001",
        ),
        (
            [
                ("so-dinh-danh", "082190000009", {"use": "temp"}),
                ("so-dinh-danh", "082190000001", {"use": "official"}),
            ],
            "082190000001",
        ),
        (
            [
                ("so-dinh-danh", "082190000001", {"period": {"start": "2022-10"}}),
                ("so-dinh-danh", "082190000009", {"period": {"start": "2021"}}),
            ],
            "082190000001",
        ),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_number_is_chosen_by_system_use_and_period(
    numbers: list[tuple[str, str, Mapping[str, Any]]], expected: str | None, order: int
) -> None:
    listed = [{"system": SYSTEM + kind, "value": value, **more} for kind, value, more in numbers]
    sync_of(Exports(visit("v", contained=[patient(identifier=listed[::order])])))
    assert core("personal_id") == [("v", expected)]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize("order", [1, -1])
def test_a_name_is_chosen_by_use_and_period(order: int) -> None:
    names = [
        {"use": "maiden", "text": "Trần Thị Cũ"},
        {"use": "nickname", "text": "Tí"},
        {"text": "Lê Thị Trước", "period": PAST},
        {"use": "official", "family": "Nguyễn", "given": ["Thị", "Thu", "Hà"]},
        {"use": "temp", "text": "Nguyễn Thị Tạm"},
    ]
    sync_of(Exports(visit("v", contained=[patient(name=names[::order])])))
    assert core("full_name") == [("v", "Nguyễn Thị Thu Hà")]


@pytest.mark.usefixtures("warehouse")
def test_who_cannot_be_told_is_set_aside_and_the_others_are_published() -> None:
    one, other = (
        {"system": f"{SYSTEM}so-dinh-danh", "value": value}
        for value in ("082190000001", "082190000009")
    )
    communes = [
        {"url": f"{EXTENSION}facility-commune", "valueCode": code} for code in ("28249", "28252")
    ]
    given = visit("x")["extension"]
    sync_of(
        Exports(
            visit("good"),
            visit("elsewhere", subject={"reference": "Patient/p"}),
            visit("nobody", subject={}),
            visit("twice", contained=[patient(), patient(birthDate="1960")]),
            visit("no-patient", contained=[{"resourceType": "Practitioner", "id": "p"}]),
            visit("two-numbers", contained=[patient(identifier=[one, other])]),
            visit("two-names", contained=[patient(name=[{"text": "A Thử"}, {"text": "B Thử"}])]),
            visit("two-communes", extension=[*given[:2], *communes]),
            visit("negated", modifierExtension=[{"url": "https://other.example/not-done"}]),
            visit("other-type", resourceType="Procedure"),
        )
    )
    assert core("personal_id") == [("good", "082190000001")]
    assert problems() == [
        *["no_subject"] * 4, *["two_values"] * 3, "unknown_modifier", "wrong_resource_type",
    ]  # fmt: skip


def test_the_same_value_twice_is_one_value(warehouse: str) -> None:
    twice = [{"text": "Nguyễn Thị Thử"}, {"family": "Nguyễn", "given": ["Thị", "Thử"]}]
    sync_of(Exports(visit("v", contained=[patient(name=twice)])))
    assert core("full_name") == [("v", "Nguyễn Thị Thử")]


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
            "an entry deletes something that is no FHIR R4 resource type",
        ),
        (deletion("Encounter?identifier=082190000001"), "an entry is not a DELETE request"),
        (deletion("Encounter/v1", method="PUT"), "an entry is not a DELETE request"),
        (deletion("Encounter/v1", kind="batch"), "a line is not a transaction Bundle"),
        ({"resourceType": "Encounter", "id": "v1"}, "a line is not a transaction Bundle"),
        ([], "a line is not a transaction Bundle"),
    ],
)
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
        with pytest.raises(ManifestMismatchError, match=r"deleted\[0\] has count 2, .* 1 Bundles"):
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


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    "entry",
    [
        {"url": "URL/file/1"},
        {"url": "/file/1", "count": 1},
        {"url": "../../file/1", "count": "1"},
        {"url": "URL/file/1", "count": 1, "extension": [{"url": "x"}]},
        {
            "url": "URL/file/1",
            "extension": {"sha256": hashlib.sha256(lines(visit("v"))).hexdigest().upper()},
        },
    ],
)
def test_a_manifest_may_leave_out_counts_and_name_relative_urls(entry: dict[str, Any]) -> None:
    sync_of(Exports(visit("v"), output=[{"type": "Encounter", **entry}]))
    assert core("personal_id") == [("v", "082190000001")]


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"output": None}, "Expected `array`, got `null` - at `$.output`"),
        ({"output": [{"type": "Encounter"}]}, "missing required field `url` - at `$.output[0]`"),
        ({"output": [{"type": "Patient", "url": "/file/1"}]}, "output[0] holds Patient; Encounter"),
        ({"output": [{"type": "Hien", "url": "/file/1"}]}, "output[0] holds something that is no"),
        (
            {"output": [{"type": "Encounter", "url": "https://bucket.example/1"}]},
            "output[0].url is not a URL of the source's own server",
        ),
        ({"output": [{"type": "Encounter", "url": "http://["}]}, "output[0].url is not a URL"),
        (
            {"output": [{"type": "Encounter", "url": "/file/1", "count": "many"}]},
            "output[0].count must be a whole number",
        ),
        ({"transactionTime": "2022-11-01T00:00:00"}, "must be a moment with its time zone"),
        ({"transactionTime": "soon"}, "must be a moment with its time zone"),
        ({"deleted": [{"type": "List", "url": "/del/1"}]}, "deleted[0] holds List; Bundle"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused_by_the_name_of_its_member(
    members: dict[str, Any], told: str
) -> None:
    message = refused(Exports(visit("v"), **members))
    assert told in message
    assert "Hien" not in message


@pytest.mark.usefixtures("warehouse")
def test_a_status_without_a_manifest_is_refused_by_the_name_of_its_member() -> None:
    exports = Exports()
    exports.manifest = {"resourceType": "OperationOutcome", "transactionTime": "x"}
    assert "missing required field `output`" in refused(exports)


def outcome(*issues: tuple[str, str]) -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": s, "code": c, "diagnostics": "Nguyễn Thị Thử"} for s, c in issues],
    }


def failing(*outcomes: Any) -> Exports:
    listed = [{"type": "OperationOutcome", "url": f"/error/{n}"} for n, _ in enumerate(outcomes)]
    exports = Exports(visit("v"), error=listed)
    exports.files |= {f"/error/{n}": Answer(lines(o)) for n, o in enumerate(outcomes)}
    return exports


@pytest.mark.usefixtures("warehouse")
def test_errors_of_an_export_become_its_cause_as_codes_alone() -> None:
    exports = failing(
        outcome(("warning", "incomplete"), ("error", "exception")),
        outcome(("error", "exception"), ("fatal", "Hien"), ("Hien", "timeout")),
        {"resourceType": "OperationOutcome"},
    )
    message = refused(exports)
    assert (
        "the export reports 1 fatal (unknown code), 2 error (exception), 1 warning (incomplete), "
        "1 unknown severity (timeout), 1 unknown severity (unknown code)"
    ) in message
    assert "Hien" not in message
    assert "Nguyễn" not in message
    ((cause,),) = rows("select cause from ops.load where cause is not null")
    assert "2 error (exception)" in cause


@pytest.mark.usefixtures("warehouse")
def test_an_export_that_only_informs_does_not_fail(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "dean06"):
        sync_of(failing(outcome(("information", "informational"), ("warning", "incomplete"))))
    assert core("personal_id") == [("v", "082190000001")]
    assert "1 warning (incomplete), 1 information (informational)" in caplog.text


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_file_that_has_expired_means_a_new_export(status: int) -> None:
    exports = Exports(visit("v"))
    good, exports.files["/file/1"] = exports.files["/file/1"], Answer(status=status)
    with serving(exports) as server:
        place = endpoint(server.url)
        with pytest.raises(SourceError, match=rf"output\[0\] has expired \(HTTP {status}\); a new"):
            sync(place, "health", "one", DAY)
        assert exports.requested == 2
        exports.files["/file/1"] = good
        assert export_wait(place, ENCOUNTER, "one") == 0
        extract(place, ENCOUNTER, "one", date.fromisoformat(DAY))
        assert exports.requested == 2
        assert server.paths().count("/jobs/Encounter/2") == 2
    assert rows("select status from ops.load") == [("landed",)]


@pytest.mark.usefixtures("warehouse")
def test_an_export_that_has_expired_while_waited_for_is_requested_again() -> None:
    class Expiring(Exports):
        def status(self, request: Request) -> Answer:
            return Answer(status=404) if request.path.endswith("/1") else super().status(request)

    with serving(Expiring(visit("v"))) as server:
        place = endpoint(server.url)
        request_export(place, ENCOUNTER, "one", date.fromisoformat(DAY))
        with pytest.raises(SourceError, match=r"the export has expired \(HTTP 404\); a new export"):
            export_wait(place, ENCOUNTER, "one")
        assert export_wait(place, ENCOUNTER, "one") == 0


@pytest.mark.usefixtures("warehouse")
def test_a_damaged_file_is_refused_without_its_bytes() -> None:
    exports = Exports(output=[{"type": "Encounter", "url": "/file/1"}])
    packed = gzip.compress(lines(visit("v")))[:-20]
    exports.files["/file/1"] = Answer(packed, headers={"content-encoding": "gzip"})
    assert "cut short or damaged (EOFError)" in refused(exports)


def test_an_export_that_was_never_requested_says_so(warehouse: str) -> None:
    with pytest.raises(ContractError, match="clear 'request_export'"):
        extract(Endpoint("http://127.0.0.1:9", extra=endpoint("").extra), ENCOUNTER, "one",
                date.fromisoformat(DAY))  # fmt: skip


@pytest.mark.usefixtures("warehouse")
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
