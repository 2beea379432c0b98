"""A real mail server and a real webhook on loopback, for notifications."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from onebox.ports import free_port


@dataclass
class Mailbox:
    """Keeps what is posted and mailed; ``arrived`` is set by each."""

    mails: list[str] = field(default_factory=list)
    arrivals: list[datetime] = field(default_factory=list)
    """When each of them came."""
    files: dict[str, bytes] = field(default_factory=dict)
    """What was attached to mails, by name."""
    posts: list[dict[str, Any]] = field(default_factory=list)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    urls: str = ""
    refused: set[str] = field(default_factory=set)
    """Recipients that the mail server refuses."""

    async def handle_RCPT(  # noqa: N802
        self, _: Any, __: Any, envelope: Any, address: str, ___: Any
    ) -> str:
        if address in self.refused:
            return f"550 {address} is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content)
        self.files |= {
            str(part.get_filename()): part.get_payload(decode=True)
            for part in mail.walk()
            if part.get_filename()
        }
        parts = [part for part in mail.walk() if part.get_content_type().startswith("text/")]
        body = b"".join(part.get_payload(decode=True) or b"" for part in parts).decode()
        self.mails.append(f"{make_header(decode_header(mail['Subject']))}\n{body}")
        self.arrivals.append(datetime.now(UTC))
        self.arrived.release()
        return "250 OK"


@contextmanager
def listening(password: str) -> Iterator[Mailbox]:
    """Both, and their addresses as ``DEAN06_ALERT_URLS`` has them; ``password`` is in one."""
    box = Mailbox()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            box.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            box.arrived.release()

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    smtp = Controller(box, hostname="127.0.0.1", port=free_port())
    smtp.start()
    box.urls = (
        f"mailto://127.0.0.1:{smtp.port}?from=watch@example.vn&to=duty@example.vn "
        f"json://caller:{password}@127.0.0.1:{server.server_port}/hook"
    )
    yield box
    smtp.stop()
    server.shutdown()
