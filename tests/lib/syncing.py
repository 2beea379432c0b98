"""Drive the whole protocol against running ministries, as the DAGs do, without a scheduler."""

import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.identity import tokens, verify
from dean06.kpi.build import build_kpis
from dean06.load.extract import export_wait, extract, request_export
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.sources import Endpoint
from dean06.warehouse import transaction
from ministries.servers import Running

SOURCES = ("police", "insurance", "health", "education", "portal", "programme")
FAST = {"retry_wait_seconds": 0.01, "retry_attempts": 3, "timeout_seconds": 5}
KpiValues = dict[tuple[str, ...], tuple[int, int | None]]
"""(KPI, unit level, unit code), for members also breakdown and member → numerator, denominator."""


def endpoint(ministries: Running, source: str, **extra: Any) -> Endpoint:
    """The endpoint of a running ministry, with waits short enough for tests."""
    client = dict(ministries.clients[source])
    address = getattr(ministries, source)
    scheme = "sftp" if source == "insurance" else "http"
    return Endpoint(
        url=f"{scheme}://{address.host}:{address.port}",
        login=client.get("client_id") or client.get("username", ""),
        password=client.get("client_secret") or client.get("password", ""),
        extra={**client, **FAST, **extra},
    )


def connection(ministries: Running, source: str) -> str:
    """The same as the value of an ``AIRFLOW_CONN_…`` variable."""
    place = endpoint(ministries, source)
    scheme, _, rest = place.url.partition("://")
    host, _, port = rest.partition(":")
    return json.dumps(
        {
            "conn_type": "sftp" if source == "insurance" else "http", "schema": scheme,
            "host": host, "port": int(port), "login": place.login, "password": place.password,
            "extra": dict(place.extra),
        }
    )  # fmt: skip


def wait_for_export(place: Endpoint, dataset: Dataset, run: str) -> None:
    """Until the export is ready, as the DAG waits in the triggerer."""
    while wait := export_wait(place, dataset, run):
        time.sleep(min(wait, 0.2))


def load_dataset(ministries: Running, dataset: Dataset, run: str, day: date) -> None:
    """Extract to quarantine."""
    place = endpoint(ministries, dataset.source)
    if contract.load(dataset.source).terms.is_export:
        request_export(place, dataset, run, day)
        wait_for_export(place, dataset, run)
    extract(place, dataset, run, day)
    stage(dataset, run)
    validate(dataset, run)
    quarantine(dataset, run)


def sync(
    ministries: Running, day: str, run: str | None = None, sources: Iterable[str] = SOURCES
) -> None:
    """Everything DAGs do for a day."""
    for source in sources:
        for dataset in contract.load(source).datasets:
            load_dataset(ministries, dataset, run or f"sync__{day}", date.fromisoformat(day))
        publish(source, run or f"sync__{day}")
    build_kpis()
    tokens.give()


def truth(
    scale: float,
    as_of: str,
    known_by: str | None = None,
    scenario: str = "tien_giang_2022",
    faults: str = "none",
) -> dict[str, Any]:
    """What the simulated world says is true, asked in a process of its own."""
    return dict(json.loads(_truth(scale, as_of, known_by or as_of, scenario, faults)))


@cache
def _truth(scale: float, as_of: str, known_by: str, scenario: str, faults: str) -> str:
    command = [
        sys.executable, "-m", "ministries", "truth", "--scenario", scenario,
        "--scale", str(scale), "--as-of", as_of, "--known-by", known_by,
        "--format", "json", "--faults", faults,
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=settings.PROJECT,
        env={"PYTHONPATH": str(settings.PROJECT / "include"), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return done.stdout


def true_kpis(answer: dict[str, Any]) -> KpiValues:
    """The truth's KPI values; totals in which nothing was counted or considered are left out."""
    return {
        _place(
            row["code"], row["unit_level"], row["unit_code"], row["breakdown"], row["member_code"]
        ): (row["numerator"], row["denominator"])
        for row in answer["kpi"]
        if row["numerator"] or row["denominator"] or row["breakdown"]
    }


def published_kpis(as_of: str, boundaries: str = "as_reported") -> KpiValues:
    """The warehouse's latest KPI values of a day, small cells too."""
    with transaction() as session:
        rows = session.rows(
            """select kpi_code, unit_level, unit_code, breakdown, member_code, numerator,
                      denominator
               from ops.kpi_latest_exact
               where as_of_date = :day and boundary_version = :boundaries""",
            day=as_of,
            boundaries=boundaries,
        )
    return {
        _place(*row[:5]): (row.numerator, row.denominator)
        for row in rows
        if row.numerator or row.denominator or row.breakdown
    }


def on_current_boundaries(values: KpiValues) -> KpiValues:
    """Values of 2022 by the units of today: sums, so right only where rows are counted."""
    moved: KpiValues = {}
    with (settings.REFERENCE / "admin_unit_successors.csv").open(encoding="utf-8") as lines:
        target = {
            (row["unit_level"], row["unit_code"]): row["successor_code"]
            or f"{row['successor_province_code']}:unknown"
            for row in csv.DictReader(line for line in lines if not line.startswith("#"))
            if row["is_default"] == "true"
        }
    for (code, level, unit, *member), (numerator, denominator) in values.items():
        place = (code, level, target[level, unit], *member)
        before, of_before = moved.get(place, (0, 0))
        of = None if denominator is None else denominator + (of_before or 0)
        moved[place] = (before + numerator, of)
    return moved


def _place(code: str, level: str, unit: str, breakdown: str, member: str) -> tuple[str, ...]:
    return (code, level, unit, breakdown, member) if breakdown else (code, level, unit)


def true_verdicts(answer: dict[str, Any]) -> dict[tuple[str, str], int]:
    """The truth's records by dataset and verdict."""
    return {(row["dataset"], row["verdict"]): row["records"] for row in answer["verdicts"]}


def given_verdicts() -> dict[tuple[str, str], int]:
    """Records by dataset and verdict, as verified last."""
    return {(row.dataset_code, row.verdict): row.record_count for row in verify.counts()}
