"""The API behind a real HTTP server, and what a program does with it."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx2 as httpx
import uvicorn
from starlette.types import ASGIApp

from dean06.api import application, tokens
from dean06.warehouse import transaction
from onebox.airflow import wait_until
from onebox.ports import free_port
from tests.lib.disclosure import made_up

DAY, REVISED, SMALL = "2022-10-31", "2022-11-01", "2022-11-05"
RESTATING = 3
"""The publication that restates the second day."""
ROOT = application.ROOT
MANY = 100_000


def publish_world() -> None:
    """Two days of a made-up province, the second one twice, and one with a small total: small
    counts are suppressed, counts by commune and member rounded."""
    made_up.history(days=2, communes=6, late=1)
    with transaction() as session:
        session.run(
            """insert into mart.kpi_revision_cause
                   (publication_id, kpi_code, cause, dataset_code, row_count)
               values (:number, 'eid.accounts', 'late_rows', 'police.eid_account', 12),
                      (:number, 'eid.accounts', 'corrected_rows', 'police.eid_account', null)""",
            number=RESTATING,
        )
    found: made_up.Counts = Counter()
    for code, many in (("", 62), ("_level_1", 2), ("_level_2", 60)):
        made_up.add(found, "0", f"eid.accounts{code}", many)
    made_up.publish(communes=6, found=found, day=date.fromisoformat(SMALL))


@contextmanager
def served(app: ASGIApp | None = None) -> Iterator[str]:
    """A server of the API, or of another application, on a port of its own; yields its URL."""
    port = free_port()
    config = uvicorn.Config(
        app or application.create(), host="127.0.0.1", port=port, log_level="critical",
        access_log=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert wait_until(lambda: server.started, 30, 0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class Program:
    """A program with a token."""

    def __init__(self, url: str, *scopes: str, per_minute: int = MANY) -> None:
        self.url = url
        self.number, self.token, _ = tokens.make(
            "a test", scopes or tokens.SCOPES, days=1, per_minute=per_minute
        )
        self._client = httpx.Client(base_url=url, timeout=30)

    def ask(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> httpx.Response:
        """GET a path below the root of the API, or one that an answer has named."""
        address = path if path.startswith("/api/") else f"{ROOT}{path}"
        given = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self._client.get(address, headers=given, params=query or None)

    def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every row of a list, page after page."""
        found: list[dict[str, Any]] = []
        answer = self.ask(path, **query)
        while True:
            assert answer.status_code == 200, answer.text
            document = answer.json()
            found += document["data"]
            if not document["next"]:
                return found
            assert answer.headers["link"] == f'<{document["next"]}>; rel="next"'
            answer = self.ask(document["next"])
