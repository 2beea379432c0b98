"""``make reproduce``: the published figures of both provinces, from records, through Airflow.

Each province gets a fresh installation under ``.dean06/reproduce/``; its days are synced by the
real scheduler; what the warehouse then publishes is compared with what was printed, and with what
the simulated world knows to be true. The report is rendered from these values alone.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from onebox import installation
from onebox.airflow import Airflow
from onebox.config import PROJECT, Config
from onebox.peak import PeakMemory
from onebox.published_facts import Finding, findings, measures
from onebox.sync import DAGS, sync_day

_TEMPLATES = PROJECT / "include" / "templates"
_VALUES = """
    select as_of_date::text as day, kpi_code, breakdown, member_code, numerator, denominator
    from ops.kpi_latest_exact
    where unit_level = 'province' and unit_code = :province and boundary_version = 'as_reported'
"""
_LOADS = """
    select day, source_code || '.' || dataset_code as dataset, received_count,
           received_count - quarantined_count as accepted, quarantined_count
    from ops.load where status = 'published' order by day, dataset
"""


@dataclass
class Province:
    """What one province's run came to."""

    code: str
    scenario: str
    days: list[str]
    findings: list[Finding] = field(default_factory=list)
    loads: list[Any] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    """Task seconds by step, and ``wall`` for the whole."""
    peaks: dict[str, int] = field(default_factory=dict)
    """Peak resident megabytes by kind of process."""

    @property
    def records(self) -> int:
        """Records received in all."""
        return sum(load.received_count for load in self.loads)


def reproduce(scale: float, out: Path, console: Console) -> bool:
    """Run both provinces, print and write the comparison; True when all that must agrees."""
    runs = []
    for code, plan in measures().provinces.items():
        province = Province(code, plan.scenario, list(plan.days))
        console.rule(f"{province.scenario} · {scale:g}")
        if not _run(province, scale, console):
            console.print(f"[red]{province.scenario}: the sync failed, nothing to compare[/red]")
            return False
        runs.append(province)
    _print(runs, console)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(_render(runs, scale), encoding="utf-8")
    console.print(f"Written: {out}", highlight=False)
    return all(finding.agrees is not False for run in runs for finding in run.findings)


def _run(province: Province, scale: float, console: Console) -> bool:
    config = Config.read()
    home = config.home / "reproduce" / province.scenario
    config = replace(config, home=home, scenario=province.scenario, scale=f"{scale:g}")
    installation.remove(config)
    started = time.monotonic()

    def sync_and_compare(airflow: Airflow, environment: dict[str, str]) -> bool:
        with PeakMemory() as peak:
            for day in province.days:
                if not sync_day(airflow, date.fromisoformat(day), console, environment):
                    return False
        province.seconds = seconds_by_step(airflow) | {"wall": time.monotonic() - started}
        province.peaks = peak.megabytes
        _collect(province, scale, environment)
        return True

    done = installation.run(config, sync_and_compare, console, stay=False)
    if done:
        installation.remove(config)
    return done


def _collect(province: Province, scale: float, environment: dict[str, str]) -> None:
    engine = create_engine(environment["DEAN06_WAREHOUSE_DSN"], hide_parameters=True)
    with engine.connect() as connection:
        province.loads = list(connection.execute(text(_LOADS)))
        rows = connection.execute(text(_VALUES), {"province": province.code})
        computed = {tuple(row[:4]): (row.numerator, row.denominator) for row in rows}
    engine.dispose()
    true = dict(_true_values(province, scale, sorted({key[0] for key in computed})))
    province.findings = list(findings(province.code, computed, true, scale))


def _true_values(province: Province, scale: float, days: list[str]) -> Iterator[Any]:
    """The world's own figures, asked in a process of its own."""
    for day in days:
        done = subprocess.run(
            [
                sys.executable, "-m", "ministries", "truth", "--scenario", province.scenario,
                "--scale", f"{scale:g}", "--as-of", day, "--known-by", province.days[-1],
                "--format", "json",
            ],
            env={**os.environ, "PYTHONPATH": str(PROJECT / "include")},
            capture_output=True, text=True, check=True, cwd=PROJECT,
        )  # fmt: skip
        for row in json.loads(done.stdout)["kpi"]:
            if row["unit_level"] == "province":
                key = (day, row["code"], row["breakdown"], row["member_code"])
                yield key, (row["numerator"], row["denominator"])


def seconds_by_step(airflow: Airflow) -> dict[str, float]:
    """Seconds that tasks ran, by step (``extract``, ``stage`` …), over all runs."""
    seconds: dict[str, float] = {}
    for dag_id in DAGS:
        for run in airflow.runs(dag_id):
            for task in airflow.tasks(dag_id, run["dag_run_id"]):
                if task["start_date"] and task["end_date"]:
                    step = task["task_id"].rpartition(".")[2]
                    spent = _moment(task["end_date"]) - _moment(task["start_date"])
                    seconds[step] = seconds.get(step, 0.0) + spent.total_seconds()
    return seconds


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _print(runs: list[Province], console: Console) -> None:
    table = Table(title="Published figures reproduced from records", title_justify="left")
    for name in ("fact", "printed", "computed", "truth", "agrees", "measured by"):
        table.add_column(name)
    for run in runs:
        for finding in run.findings:
            table.add_row(
                finding.fact, finding.printed, finding.computed, finding.true,
                _agrees(finding), finding.remark,
            )  # fmt: skip
    console.print(table)


def _agrees(finding: Finding) -> str:
    return {True: "yes", False: "NO", None: "–"}[finding.agrees]


def _render(runs: list[Province], scale: float) -> str:
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Markdown of our own values
    )  # fmt: skip
    return templates.get_template("reproduction.md.jinja").render(
        runs=runs,
        scale=scale,
        agrees=_agrees,
        today=datetime.now(UTC).date(),
        machine=f"{os.cpu_count()} cores, Python {platform.python_version()}",
    )
