"""Hostile answers on the wire: the real clients against servers that say whatever a seed draws."""

import base64
import gzip
import hashlib
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler
from typing import Any

from joserfc.jwk import RSAKey

from dean06 import contract
from dean06.errors import Dean06Error
from dean06.load.extract import export_wait, extract, request_export
from dean06.sources import Endpoint
from tests.faults import hostile
from tests.faults.summary import Summary
from tests.lib.http_servers import PatientServer

DAY = date(2022, 10, 31)
DATASETS = {
    "police": "eid_account", "health": "encounter", "education": "exam_registration",
    "portal": "dossier", "programme": "task",
}  # fmt: skip
STATED: tuple[str, ...] = (
    "0", "1", "-1", "²", "9" * 30, "9" * 5000, "1.5", "NaN", "", " ", "1,1", "inf", "0x1", "\t1",
)  # fmt: skip
PLACES = (
    "../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/x", "//x/y",
    "http://[", "a" * 5000, "x\u0000y", "‥/‥/x", "", ".", "..", "\ud800", "%2e%2e/x", "?", "#",
)  # fmt: skip


class Answers:
    """What the server says next: status, headers and body, drawn anew for each attempt."""

    def __init__(self) -> None:
        self.draw = random.Random(0)
        self.source = "police"
        self.url = ""

    def next(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if "token" in path:
            return 200, {"content-type": "application/json"}, (
                b'{"access_token":"t","token_type":"bearer","expires_in":300}'
            )  # fmt: skip
        status = 202 if "$export" in path else 200
        status = self.draw.choice((status,) * 12 + (200, 202, 404, 500))
        body = self._body(path)
        headers = self._headers()
        if self.draw.random() < 0.4:
            body = gzip.compress(body, 1)
            headers["content-encoding"] = self.draw.choice(
                ("gzip", "gzip", "gzip", "br", "deflate")
            )
        if self.draw.random() < 0.15:
            body = hostile.damaged(body, self.draw)
        if self.draw.random() < 0.3:
            headers["content-digest"] = self._digest(body)
        return status, headers, body

    def _digest(self, body: bytes) -> str:
        good = base64.b64encode(hashlib.sha256(body).digest()).decode()
        return self.draw.choice((f"sha-256=:{good}:", "sha-256=:?:", "sha-256", "sha-256=:e:", ","))

    def _headers(self) -> dict[str, str]:
        number = "2" if self.draw.random() < 0.7 else self.draw.choice(STATED)
        found = {
            "x-record-count": number,
            "x-total-count": self.draw.choice((number, "2", "9" * 25)),
        }
        if self.draw.random() < 0.2:
            found["link"] = f'<{self._place()}>; rel="next"'
        if self.draw.random() < 0.3:
            found["retry-after"] = self.draw.choice(
                (*STATED, "Mon, 01 Jan 0001 00:00:00 GMT", "Mon")
            )
        if self.draw.random() < 0.2:
            found["date"] = self.draw.choice(("x", "Mon, 01 Jan 0001 00:00:00 GMT", "9" * 40))
        if self.draw.random() < 0.9:
            found["content-location"] = self.draw.choice((f"{self.url}/status", self._place()))
        return {name: _sendable(value) for name, value in found.items()}

    def _place(self) -> str:
        return self.draw.choice(PLACES)

    def _body(self, path: str) -> bytes:
        source = self.source
        dataset = contract.load(source).dataset(DATASETS[source])
        if source == "education" and "index.json" in path:
            return self._listing("workbooks", "name", "candidates")
        if source == "health" and "/file" not in path:
            return self._listing("output", "url", "count")
        number = 1 if source == "education" else 2
        return hostile.records(dataset, self.draw, number)

    def _listing(self, member: str, place: str, count: str) -> bytes:
        """An index or manifest, with one thing wrong or several."""
        entry: dict[str, Any] = {
            place: f"{self.url}/file" if place == "url" else "a.xlsx", "type": "Encounter",
            count: 2, "sha256": "0" * 64, "name": "a.xlsx",
        }  # fmt: skip
        listing: dict[str, Any] = {
            member: [entry], "total": 1, "error": [],
            "transactionTime": "2022-11-01T00:00:00+07:00",
        }  # fmt: skip
        target = self.draw.choice((entry, listing))
        for _ in range(self.draw.choice((0, 1, 1, 2))):
            name = self.draw.choice([*target, "extension"])
            target[name] = self.draw.choice((*hostile.VALUES, *PLACES, float("inf"), float("nan")))
        if self.draw.random() < 0.05:
            return b"[" * 200_000
        whole: Any = self.draw.choice((listing,) * 15 + ([listing], "x", None, 5))
        return json.dumps(whole).encode("utf-8", "surrogatepass")


def _sendable(value: str) -> str:
    """What fits into a header line at all."""
    return value.encode("latin-1", "ignore").decode("latin-1").replace("\x00", "")


@contextmanager
def server(answers: Answers) -> Iterator[str]:
    """A real HTTP server that says what ``answers`` says; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = answers.next(self.path)
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nobody listens."""

    running = PatientServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def abuse(summary: Summary, seed: str, number: int) -> None:
    """So many hostile answers to each HTTP client."""
    answers = Answers()
    key = RSAKey.generate_key(2048, private=True).as_pem(private=True).decode()
    with server(answers) as url:
        answers.url = url
        place = Endpoint(
            url, "dean06", "secret",
            {"retry_attempts": 1, "retry_wait_seconds": 0, "timeout_seconds": 5,
             "private_key": key, "kid": "k"},
        )  # fmt: skip
        for source in DATASETS:
            answers.source = source
            for attempt in range(number):
                run = f"wire {source} seed {seed} no {attempt}"
                answers.draw = random.Random(run)
                _one(summary, place, source, run)


def _one(summary: Summary, place: Endpoint, source: str, run: str) -> None:
    dataset = contract.load(source).dataset(DATASETS[source])
    try:
        if source == "health":
            request_export(place, dataset, run, DAY)
            export_wait(place, dataset, run)
        extract(place, dataset, run, DAY)
        summary.add("answers landed")
    except Dean06Error as error:
        summary.add("answers refused")
        if dataset.code not in str(error) or run not in str(error):
            summary.failures.append(f"{run}: names neither dataset nor run: {error}"[:300])
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
        summary.failures.append(f"{run}: {type(error).__name__}: {error}"[:300])
