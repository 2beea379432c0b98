"""A FHIR server with an export of visits, as strangers write them, and what core holds."""

import json
from typing import Any

import pytest

from dean06 import contract
from dean06.errors import Dean06Error
from tests.lib.errors import said_by
from tests.lib.loading import rows
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
    return said_by(raised.value)


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
