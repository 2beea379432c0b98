"""Thousands of requests that a real schemathesis draws: none breaks the API, none sees a small
count."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dean06 import settings
from dean06.api import application
from dean06.proof import signing
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib import api
from tests.lib.api import Program
from tests.schemathesis import program as schemathesis

CELL = (
    "publication_id", "kpi_code", "unit_level", "unit_code", "boundary_version", "breakdown",
    "member_code",
)  # fmt: skip


class Witness:
    """Sees every answer of an application: how many of each status, and every value."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.statuses: Counter[int] = Counter()
        self.values: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()

        async def seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.statuses[message["status"]] += 1
            body.extend(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, seen)
        if body.startswith(b'{"newest'):
            for row in json.loads(body)["data"]:
                if "is_suppressed" in row:
                    self.values[tuple(row[name] for name in CELL)] = numbers(row)


def numbers(row: Any) -> tuple[Any, ...]:
    numerator, denominator, value = (row[name] for name in ("numerator", "denominator", "value"))
    return numerator, denominator, None if value is None else float(value)


@pytest.mark.parametrize(
    ("phases", "examples", "fewest"),
    [
        ("fuzzing", 8, 70),
        pytest.param("examples,coverage,fuzzing", 1300, 10_000, marks=pytest.mark.campaign),
    ],
)
def test_no_drawn_request_breaks_the_api_or_sees_a_small_count(
    cluster: Cluster, migrated: str, signed_folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, phases: str, examples: int, fewest: int,
) -> None:  # fmt: skip
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    witness = Witness(application.create())
    with cluster.copy(migrated), api.served(witness) as url:
        api.publish_world()
        signing.sign_due()
        token = Program(url).token
        code, said = schemathesis.run(
            settings.PROJECT / ".bench", tmp_path, f"{url}{api.ROOT}/openapi.json", token, phases,
            examples,
        )  # fmt: skip
        with transaction("dean06_bi") as session:
            shown = {
                tuple(row._mapping[name] for name in CELL): (
                    numbers(row._mapping),
                    row.missing_reason,
                )
                for row in session.rows("select * from mart.kpi_value")
            }
    assert code == 0, said[-5000:]
    assert sum(witness.statuses.values()) >= fewest, witness.statuses
    assert {status for status in witness.statuses if status >= 500} == set()
    assert witness.statuses[200] > fewest / 20
    assert witness.values.items() <= {cell: said for cell, (said, _) in shown.items()}.items()
    hidden = [found for cell, found in witness.values.items() if shown[cell][1] == "hidden"]
    assert set(hidden) == {(None, None, None)}
