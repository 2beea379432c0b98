"""The health service on the wire."""

import json

import httpx
import pytest
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.immunization import Immunization
from pydantic import ValidationError

from ministries.servers import Running, running
from tests.lib.clients import Health, local
from tests.lib.reference.reader import UnreadableError, parse
from tests.lib.reference.rulebook import broken_rules

SINCE, END = local("2022-10-31"), local("2022-11-03")


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ({"aud": "https://elsewhere.example"}, "aud"),
        ({"iss": "someone"}, "iss"),
        ({"exp": 1}, "exp"),
        ({"exp": 4_000_000_000}, "exp"),
        ({"jti": ""}, "jti"),
    ],
)
def test_a_wrong_assertion_is_refused(
    servers: Running, claims: dict[str, object], word: str
) -> None:
    health = Health(servers)
    answer = health.ask_token(health.assertion(**claims))
    assert answer.status_code == 401
    assert word in answer.json()["detail"]


def test_an_assertion_is_good_for_one_use_and_one_scope(servers: Running) -> None:
    health = Health(servers)
    assertion = health.assertion()
    assert health.ask_token(assertion).status_code == 200
    assert health.ask_token(assertion).status_code == 401
    assert health.ask_token(scope="system/*.write").status_code == 400
    assert health.ask_token("not.a.token").status_code == 401


def test_an_export_takes_its_time() -> None:
    with running("tien_giang_2022", 0.001, export_delay=3600) as slow:
        health = Health(slow)
        kicked = health.kick_off("Encounter", END, SINCE)
        assert kicked.status_code == 202
        first = health.http.get(kicked.headers["Content-Location"], headers=health.headers)
        assert first.status_code == 202
        assert int(first.headers["Retry-After"]) >= 1
        assert "X-Progress" in first.headers


def test_an_export_is_asked_for_waited_for_and_read(servers: Running) -> None:
    health = Health(servers)
    done = health.export("Encounter", END, SINCE)
    assert done["transactionTime"] == END
    assert done["requiresAccessToken"] is True
    assert (done["deleted"], done["error"]) == ([], [])
    for line in health.file(done["output"][0]):
        try:
            stamp = str(parse("health.encounter", line)["updated_at"])
        except UnreadableError:
            continue
        assert SINCE < stamp <= END


@pytest.mark.parametrize(
    ("kind", "model"), [("Encounter", Encounter), ("Immunization", Immunization)]
)
def test_sound_resources_are_valid_fhir_r4(
    servers: Running, kind: str, model: type[Encounter | Immunization]
) -> None:
    health = Health(servers)
    (entry,) = health.export(kind, END, local("2022-10-20"))["output"]
    checked = 0
    for line in health.file(entry):
        try:
            record = parse(f"health.{kind.lower()}", line)
        except UnreadableError:
            continue
        if not broken_rules(f"health.{kind.lower()}", record):
            model.model_validate(json.loads(line))
            checked += 1
    assert checked > 30
    with pytest.raises(ValidationError):
        model.model_validate({"resourceType": kind, "status": 1})


def test_no_diagnosis_leaves_the_service(servers: Running) -> None:
    health = Health(servers)
    text = b"\n".join(health.file(health.export("Encounter", END, SINCE)["output"][0]))
    for element in (b"reasonCode", b"diagnosis", b"Condition", b"Medication", b"Observation"):
        assert element not in text


def test_an_empty_export_has_no_files(servers: Running) -> None:
    assert Health(servers).export("Immunization", END, END)["output"] == []


def test_everything_needs_a_token_and_a_right_request(servers: Running) -> None:
    health = Health(servers)
    bare = httpx.get(f"{health.url}/fhir/$export", params={"_type": "Encounter", "_until": END})
    assert bare.status_code == 401
    url = f"{health.url}/fhir/$export"

    def ask(**query: str) -> httpx.Response:
        return health.http.get(url, params=query, headers=health.headers)

    assert ask(_type="Encounter").status_code == 400
    assert ask(_type="Condition", _until=END).status_code == 400
    assert ask(_type="Encounter", _until=END, _outputFormat="text/csv").status_code == 400
    health.headers.pop("Prefer")
    assert ask(_type="Encounter", _until=END).status_code == 400
    missing = health.http.get(f"{health.url}/fhir/jobs/abc.def", headers=health.headers)
    assert missing.status_code == 404


def test_a_job_can_be_deleted(servers: Running) -> None:
    health = Health(servers)
    job = health.kick_off("Encounter", END, SINCE).headers["Content-Location"]
    assert health.http.delete(job, headers=health.headers).status_code == 202


def test_files_are_the_same_compressed_or_not(servers: Running) -> None:
    health = Health(servers)
    (entry,) = health.export("Immunization", END, SINCE)["output"]
    plain = health.http.get(entry["url"], headers={**health.headers, "Accept-Encoding": "identity"})
    packed = health.http.get(entry["url"], headers={**health.headers, "Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.content == packed.content
