"""Inputs that strangers send, delivered over real HTTP, and what core holds of them in the end."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc.jwk import RSAKey

from dean06 import contract, sources
from dean06.load.extract import export_wait, extract, request_export
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.sources import Endpoint
from tests.lib.http_servers import PatientServer

STRANGERS = Path(__file__).parents[1] / "data" / "strangers"
TOKEN = {"access_token": "t", "token_type": "bearer", "expires_in": 300}


@dataclass(frozen=True)
class Request:
    """What a client asked for."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the server says; ``content`` is sent as JSON unless it is bytes."""

    content: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The bytes on the wire."""
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content, ensure_ascii=False).encode()


@dataclass
class Server:
    """A running server: its address, and what it was asked."""

    url: str
    asked: list[Request] = field(default_factory=list)

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.asked]


@contextmanager
def serving(respond: Callable[[Request], Answer]) -> Iterator[Server]:
    """A real HTTP server on this machine that says what ``respond`` says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            request = Request(
                self.command,
                split.path,
                dict(parse_qsl(split.query)),
                {name.lower(): value for name, value in self.headers.items()},
                body,
            )
            server.asked.append(request)
            answer = respond(request)
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status not in (204, 304):
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nobody listens."""

    running = PatientServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{running.server_address[1]}")
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


@cache
def private_key() -> str:
    """A signing key for clients of FHIR exports."""
    return RSAKey.generate_key(2048, private=True).as_pem(private=True).decode()


def endpoint(url: str, **extra: Any) -> Endpoint:
    """A source at that address, not tried again unless ``extra`` says so."""
    stated = {
        "retry_attempts": 1, "retry_wait_seconds": 0, "timeout_seconds": 5,
        "private_key": private_key(), "kid": "k",
    }  # fmt: skip
    return Endpoint(url, "dean06", "secret", {**stated, **extra})


def sync(place: Endpoint, source: str, run: str, day: str, only: str | None = None) -> None:
    """One run of a source, or of one dataset of it, from the wire to core."""
    of_day = date.fromisoformat(day)
    chosen = [d for d in contract.load(source).datasets if only in (None, d.name)]
    for dataset in chosen:
        if sources.is_exporting(source):
            request_export(place, dataset, run, of_day)
            export_wait(place, dataset, run)
        extract(place, dataset, run, of_day)
        for step in (stage, validate, quarantine):
            step(dataset, run)
    publish(source, run, chosen)
