"""Deliveries as strangers send them, from a real HTTP server to core and quarantine."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from dean06 import contract
from dean06.load import ledger
from dean06.warehouse import transaction
from tests.lib.strangers_http import TOKEN, Answer, Request, endpoint, serving, sync

DAY = "2022-10-31"


def load(source: str, answers: Mapping[str, Answer], day: str = DAY, run: str = "one") -> None:
    """Every dataset of a source, extracted to published; other paths of the portal are answered
    with no content, those of other sources with an empty body."""

    def respond(request: Request) -> Answer:
        if request.method == "POST":
            return Answer(TOKEN, headers={"content-type": "application/json"})
        return answers.get(request.path, Answer(status=204 if source == "portal" else 200))

    with serving(respond) as server:
        sync(endpoint(server.url, retry_attempts=3, timeout_seconds=20), source, run, day)


def portal(page: bytes) -> None:
    """One page of dossiers."""
    load("portal", {"/dvc/v1/ho-so": Answer(page)})


def programme(body: bytes, declared: int) -> None:
    """The list of tasks."""
    answer = Answer(body, headers={"x-record-count": str(declared)})
    load("programme", {"/ke-hoach/nhiem-vu.csv": answer})


def police(residents: bytes, declared: int) -> None:
    """One page of residents; nothing in the other datasets."""

    def page(body: bytes, count: int) -> Answer:
        return Answer(body, headers={"x-record-count": str(count), "x-total-count": str(count)})

    agreed = contract.load("police")
    answers = {f"/v1/{dataset.wire_name}": page(b"", 0) for dataset in agreed.datasets}
    resident = agreed.dataset("resident").wire_name
    load("police", {**answers, f"/v1/{resident}": page(residents, declared)})


def education(workbook: bytes, candidates: int) -> None:
    """One workbook of candidates."""
    name, sha256 = "HD5301-lan-1.xlsx", hashlib.sha256(workbook)
    entry = {
        "name": name, "candidates": candidates,
        "sha256": sha256.hexdigest(), "bytes": len(workbook),
    }  # fmt: skip
    digest = base64.b64encode(sha256.digest()).decode()
    answers = {
        "/exam/index.json": Answer(json.dumps({"total": 1, "workbooks": [entry]}).encode()),
        f"/exam/{name}": Answer(workbook, headers={"content-digest": f"sha-256=:{digest}:"}),
    }
    load("education", answers)


def rejected(source: str, dataset: str) -> list[tuple[Any, ...]]:
    """Rules broken, problem and kinds of each record in quarantine, by its row."""
    with transaction() as session:
        found = session.rows(
            """select row_no, rule_codes, payload ->> '_problem', payload ->> '_kinds'
               from ops.quarantine where source_code = :source and dataset_code = :dataset
               order by row_no""",
            source=source,
            dataset=dataset,
        )
    return [tuple(row) for row in found]


def counts(source: str, dataset: str) -> tuple[int, ...]:
    """Received, inserted and quarantined records of the load."""
    agreed = contract.load(source).dataset(dataset)
    with transaction() as session:
        loaded = ledger.load_of_run(session, agreed, "one")
        row = session.one(
            """select received_count, inserted_count, quarantined_count from ops.load
               where load_id = :id""",
            id=loaded.load_id,
        )
    return tuple(row)
