"""The address that Prometheus scrapes: ``GET /metrics``, where there are several provinces
``GET /metrics/<key>``, and nothing else.

Requests are answered one after another: however many ask, the warehouse answers one of them.
"""

import logging
import threading
from contextvars import copy_context
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.metrics.ledger import LedgerCollector
from dean06.provinces import current

log = logging.getLogger(__name__)

_LOOPBACK = "127.0.0.1"
_OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def registry() -> CollectorRegistry:
    """A registry of the ledger's metrics alone."""
    found = CollectorRegistry()
    found.register(LedgerCollector())
    return found


def text() -> str:
    """All metrics now, as OpenMetrics text. Raises WarehouseError when the ledger cannot be
    read."""
    encode, _ = choose_encoder(_OPENMETRICS)
    return encode(registry()).decode()


def address(written: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``; this machine only where there is no host. Raises Dean06Error
    when it is not written like that."""
    host, _, port = written.rpartition(":")
    if not (port.isascii() and port.isdecimal() and int(port) <= 65535):
        raise Dean06Error(detail("not_an_address", written=written))
    return host or _LOOPBACK, int(port)


def serving(written: str) -> HTTPServer:
    """A server that listens at ``HOST:PORT``; its ``serve_forever`` answers. Raises Dean06Error
    when nothing can listen there."""
    host, port = address(written)
    try:
        return HTTPServer((host, port), _Handler)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Dean06Error(detail("address_in_use", address=written, reason=reason)) from None


def serve_beside(written: str) -> None:
    """Serve from a thread of this process, for as long as it lives."""
    server = serving(written)
    threading.Thread(
        target=copy_context().run, args=(server.serve_forever,), name="metrics", daemon=True
    ).start()
    log.info("metrics are served at http://%s/metrics", written)


def _provinces() -> list[str]:
    """What may stand behind ``/metrics/``: the keys of provinces where there are several."""
    return [""] if current.key() else current.all_keys()


def _hint() -> bytes:
    shown = [f"/metrics/{key}".rstrip("/") for key in _provinces()]
    return f"see {', '.join(shown)}\n".encode()


class _Handler(BaseHTTPRequestHandler):
    timeout = 10.0
    """Seconds that a client may keep others waiting."""
    server_version = "dean06"
    sys_version = ""

    def do_GET(self) -> None:  # the name that http.server calls
        """Answer a scrape: 503 when the ledger cannot be read, so that ``up`` becomes 0."""
        key = self.path.removeprefix("/metrics").removeprefix("/")
        if self.path != f"/metrics{'/' if key else ''}{key}" or key not in _provinces():
            self._answer(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", _hint())
            return
        encode, kind = choose_encoder(self.headers.get("Accept", ""))
        try:
            with current.acting(key or current.key()):
                body = encode(registry())
        except Dean06Error as error:
            log.error("%s", error)
            self._answer(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "text/plain; charset=utf-8",
                b"the warehouse cannot be read; the log gives the reason\n",
            )
        else:
            self._answer(HTTPStatus.OK, kind, body)

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as inherited
        """Scrapes are not logged: one a minute says nothing."""
