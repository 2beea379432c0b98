"""Inputs as strangers send them, from a real HTTP server through the whole load protocol."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from dean06 import contract
from dean06.load.extract import extract
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.sources import Endpoint

CASES = Path(__file__).parent / "data" / "strangers"
DAY = date(2022, 10, 31)


@contextmanager
def served(answers: Mapping[str, tuple[bytes, Mapping[str, str]]]) -> Iterator[str]:
    """The URL of a server on this machine that answers each path with a body and headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, headers = answers[self.path.partition("?")[0]]
            self.send_response(200)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def load_workbook(body: bytes, candidates: int, run: str = "one") -> None:
    """Education's delivery of one workbook, published."""
    entry = {
        "name": "HD5301-lan-1.xlsx", "candidates": candidates,
        "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body),
    }  # fmt: skip
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    answers = {
        "/exam/index.json": (json.dumps({"total": 1, "workbooks": [entry]}).encode(), {}),
        "/exam/HD5301-lan-1.xlsx": (body, {"Content-Digest": f"sha-256=:{digest}:"}),
    }
    load("education", answers, run)


def load_tasks(body: bytes, count: int, run: str = "one") -> None:
    """The programme's list, published."""
    load("programme", {"/ke-hoach/nhiem-vu.csv": (body, {"X-Record-Count": str(count)})}, run)


def load(
    source: str, answers: Mapping[str, tuple[bytes, Mapping[str, str]]], run: str = "one"
) -> None:
    """One run of a source whose datasets are all served from these answers."""
    with served(answers) as url:
        place = Endpoint(url, "dean06", "x", {"retry_attempts": 1, "timeout_seconds": 10})
        for dataset in contract.load(source).datasets:
            extract(place, dataset, run, DAY)
            for step in (stage, validate, quarantine):
                step(dataset, run)
        publish(source, run)
