"""The address that Prometheus scrapes: ``GET /metrics``, where there are several provinces
``GET /metrics/<key>``, and nothing else.

Requests are answered one after another: however many ask, the warehouse answers one of them.
"""

import errno
import logging
import socket
import threading
import time
from contextvars import copy_context
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from dean06.details.detail import Detail, detail
from dean06.errors import Dean06Error
from dean06.metrics.ledger import LedgerCollector
from dean06.provinces import current
from dean06.watch import alerts

log = logging.getLogger(__name__)

_LOOPBACK = "127.0.0.1"
_WHY_NOT = {
    errno.EADDRINUSE: "address_in_use",
    errno.EACCES: "address_not_permitted",
    errno.EADDRNOTAVAIL: "address_elsewhere",
}
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
    except (OSError, UnicodeError) as error:
        raise Dean06Error(_why_not(written, error)) from None


def _why_not(written: str, error: OSError | UnicodeError) -> Detail:
    """Why nothing can listen at an address. Names of hosts that no network can have are
    UnicodeErrors."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return detail("address_unknown", address=written)
    if error.errno in _WHY_NOT:
        return detail(_WHY_NOT[error.errno], address=written)
    reason = error.strerror or type(error).__name__
    return detail("address_unusable", address=written, reason=reason)


def serve_beside(written: str, every: timedelta) -> None:
    """Serve from a thread of this process, for as long as it lives. While the address cannot be
    used it is tried again after each ``every``: logged each time, people are notified once."""
    threading.Thread(
        target=copy_context().run, args=(_serve, written, every), name="metrics", daemon=True
    ).start()


def _serve(written: str, every: timedelta) -> None:
    is_told = False
    while (server := _listening(written)) is None:
        is_told = is_told or _notify(
            "dean06: không cung cấp được chỉ số giám sát · metrics are not served",
            "Prometheus không lấy được chỉ số giám sát: kiểm tra DEAN06_METRICS và nhật ký của "
            "watch. | Prometheus cannot collect metrics: check DEAN06_METRICS; the log of watch "
            "gives the reason.",
        )
        time.sleep(every.total_seconds())
    log.info("metrics are served at http://%s/metrics", written)
    if is_told:
        _notify(
            "dean06: đã cung cấp lại chỉ số giám sát · metrics are served again",
            "Prometheus đã lấy được chỉ số giám sát. | Prometheus can collect metrics again.",
        )
    server.serve_forever()


def _listening(written: str) -> HTTPServer | None:
    """A server; None, and the reason in the log, where the address cannot be used."""
    try:
        return serving(written)
    except Dean06Error as error:
        log.error("%s", error)
        return None


def _notify(title: str, body: str) -> bool:
    """Whether people were notified."""
    try:
        alerts.send(title, body)
    except Dean06Error as error:
        log.error("%s", error)
        return False
    return True


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
