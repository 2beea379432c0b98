"""Every way in which a task, a run or a part of the system fails, and how to bring it about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from sqlalchemy import text

from dean06.errors import Cause
from dean06.warehouse import transaction
from dean06.watch.problem import Kind
from ministries.faults import Fault
from ministries.servers import Running
from tests.dags.test_runs import read_once
from tests.lib.syncing import connection

DAY = "2022-10-31"
_minutes = iter(range(1, 100_000))


@dataclass(frozen=True)
class Shown:
    """What people must find in all three places."""

    name: str
    """``dag.task``, a source, a step: whatever must be looked at."""
    run: str | None = None
    """The run, where there is one."""


@dataclass(frozen=True)
class World:
    """What failures are made of: ministries that answer over real protocols, and a warehouse."""

    ministries: Running
    patch: pytest.MonkeyPatch
    folder: Path
    as_superuser: Callable[[str], None]
    """Runs a statement in the warehouse."""

    def break_source(self, source: str, dataset: str | None, kind: str, **args: Any) -> None:
        """Switch a fault of a ministry on."""
        self.ministries.faults.add(Fault(source, dataset, kind, args=args))

    def connect(self, source: str, **changes: Any) -> None:
        """Store another connection of a source: a wrong password, another host."""
        import json

        stored = json.loads(connection(self.ministries, source))
        stored["extra"] |= changes.pop("extra", {})
        self.patch.setenv(f"AIRFLOW_CONN_DEAN06_{source.upper()}", json.dumps(stored | changes))

    def run(
        self, dag_id: str, only: str | None = None, *, again: DagRun | None = None,
        retries: int | None = None, **conf: Any,
    ) -> DagRun:  # fmt: skip
        """One run by Airflow's own task runner.

        ``only``: what the names of the tasks begin with that are run; others count as done.
        ``again``: the run whose tasks are repeated.
        """
        dag = read_once().dags[dag_id]
        if retries is not None:
            for task in dag.tasks:
                self.patch.setattr(task, "retries", retries)
        moment = again and again.logical_date
        moment = moment or datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=next(_minutes))
        if dag_id.startswith("sync_"):
            conf = {"day": DAY, **conf}
        others = rf"(?!{only}).*" if only else None
        return dag.test(
            again and again.run_after, moment, run_conf=conf, mark_success_pattern=others
        )

    def failed(self, dag_id: str, task: str, only: str | None = None, **options: Any) -> Shown:
        """The same, for a run in which a task fails for good."""
        run = self.run(dag_id, only, **options)
        states = {ti.task_id: str(ti.state) for ti in run.get_task_instances()}
        assert (run.state, states[task]) == ("failed", "failed"), states
        return Shown(f"{dag_id}.{task}", run.run_id)


def in_metadata(statement: str, **parameters: Any) -> None:
    """Change Airflow's own database."""
    with create_session() as session:
        session.execute(text(statement), parameters)


def in_warehouse(*statements: str, **parameters: Any) -> None:
    """Change the warehouse, as its owner."""
    with transaction(role="") as session:
        for statement in statements:
            session.run(statement, **parameters)


@dataclass(frozen=True)
class Case:
    """One kind of failure."""

    rows: tuple[str, ...]
    """Of the operations guide's table: ``task symptom``; empty for what is no failed task."""
    kind: Kind
    says: str
    """Words of the English message that only fit this failure."""
    vi: str
    """The same in Vietnamese."""
    uses: str
    """The dataset or DAG that it breaks."""
    force: Callable[[World], Shown]
    """Make it happen; returns what must be seen."""
    cause: Cause | None = None
    settles: bool = False
    """Whether Airflow is given three minutes to come back before people are notified."""
    daily: bool = False
    """Whether the daily suite has it: campaigns have all."""

    @property
    def name(self) -> str:
        """For the test's name and the measured times."""
        return self.force.__name__


Forced = Callable[[World], Shown]


def case(
    kind: Kind, says: str, vi: str, uses: str, *rows: str, **more: Any
) -> Callable[[Forced], Forced]:
    """Register what makes a failure happen."""

    def register(force: Forced) -> Forced:
        CASES.append(Case(rows, kind, says, vi, uses, force, **more))
        return force

    return register


CASES: list[Case] = []
