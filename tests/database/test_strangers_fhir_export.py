"""Manifests, errors and expiry of FHIR exports, as other servers write them."""

import gzip
import hashlib
import logging
from datetime import date
from typing import Any

import pytest

from dean06.errors import ContractError, SourceError
from dean06.load.extract import export_wait, extract, request_export
from dean06.sources import Endpoint
from tests.lib.loading import rows
from tests.lib.strangers_fhir import (
    DAY,
    ENCOUNTER,
    Exports,
    core,
    lines,
    refused,
    sync_of,
    visit,
)
from tests.lib.strangers_http import (
    Answer,
    Request,
    endpoint,
    serving,
    sync,
)


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
@pytest.mark.one_in(3)
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
        (
            {"output": [{"type": "Hien", "url": "/file/1"}]},
            "output[0] holds an unknown FHIR R4 resource type",
        ),
        (
            {"output": [{"type": "Encounter", "url": "https://bucket.example/1"}]},
            "output[0].url is not a URL of the source's own server",
        ),
        ({"output": [{"type": "Encounter", "url": "http://["}]}, "output[0].url is not a URL"),
        (
            {"output": [{"type": "Encounter", "url": "/file/1", "count": "many"}]},
            "output[0].count must be a whole number",
        ),
        ({"transactionTime": "2022-11-01T00:00:00"}, "must be a timestamp with a time zone"),
        ({"transactionTime": "soon"}, "must be a timestamp with a time zone"),
        ({"deleted": [{"type": "List", "url": "/del/1"}]}, "deleted[0] holds List; Bundle"),
    ],
)
@pytest.mark.one_in(3)
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
        "the export reports fatal (unknown code): 1, error (exception): 2, "
        "warning (incomplete): 1, unknown severity (timeout): 1, unknown severity (unknown code): 1"
    ) in message
    assert "Hien" not in message
    assert "Nguyễn" not in message
    ((cause,),) = rows("select cause from ops.load where cause is not null")
    assert "error (exception): 2" in cause


@pytest.mark.usefixtures("warehouse")
def test_an_export_that_only_informs_does_not_fail(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "dean06"):
        sync_of(failing(outcome(("information", "informational"), ("warning", "incomplete"))))
    assert core("personal_id") == [("v", "082190000001")]
    assert "warning (incomplete): 1, information (informational): 1" in caplog.text


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
