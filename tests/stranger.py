"""A stranger on the wire: serves given bytes as a source, and takes them through the protocol."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dean06 import contract
from dean06.load import ledger
from dean06.load.extract import extract
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.sources import Endpoint
from dean06.warehouse import transaction

DATA = Path(__file__).with_name("data") / "strangers"


@dataclass
class Answer:
    """What a path is answered."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def serving(answers: Mapping[str, Answer]) -> Iterator[Endpoint]:
    """A server on the loopback address; whoever asks for a token gets one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(urlsplit(self.path).path, Answer(b""))
            self._answer(answer)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            token = b'{"access_token": "x", "token_type": "bearer", "expires_in": 3600}'
            self._answer(Answer(token, {"content-type": "application/json"}))

        def _answer(self, answer: Answer) -> None:
            self.send_response(200)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        extra = {"retry_wait_seconds": 0, "retry_attempts": 3, "timeout_seconds": 20}
        yield Endpoint(f"http://127.0.0.1:{server.server_port}", "dean06", "secret", extra)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def load(source: str, answers: Mapping[str, Answer], day: str, run: str = "one") -> None:
    """Extract to publish; datasets that nothing is said of have nothing to deliver."""
    agreed = contract.load(source)
    with serving(answers) as endpoint:
        for dataset in agreed.datasets:
            extract(endpoint, dataset, run, date.fromisoformat(day))
            for step in (stage, validate, quarantine):
                step(dataset, run)
    publish(source, run)


def portal(page: bytes, day: str = "2022-10-31") -> None:
    """One page of dossiers."""
    load("portal", {"/dvc/v1/ho-so": Answer(page)}, day)


def programme(body: bytes, declared: int, day: str = "2022-10-31") -> None:
    """The list of tasks."""
    answer = Answer(body, {"x-record-count": str(declared)})
    load("programme", {"/ke-hoach/nhiem-vu.csv": answer}, day)


def police(residents: bytes, declared: int, day: str = "2022-10-31") -> None:
    """One page of residents; nothing in the other datasets."""

    def page(body: bytes, count: int) -> Answer:
        return Answer(body, {"x-record-count": str(count), "x-total-count": str(count)})

    answers = {
        f"/v1/{dataset.wire_name}": page(b"", 0) for dataset in contract.load("police").datasets
    }
    resident = contract.load("police").dataset("resident").wire_name
    load("police", {**answers, f"/v1/{resident}": page(residents, declared)}, day)


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
