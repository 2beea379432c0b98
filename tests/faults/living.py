"""A whole installation as ``make run`` starts it, made to be hurt, and started again where hurt."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2 as httpx
import psutil
from honcho.environ import parse_procfile
from honcho.manager import Manager
from rich.console import Console

from dean06 import warehouse
from onebox import installation, services
from onebox.airflow import ENDED, Airflow, AirflowError, wait_until
from onebox.config import Config
from onebox.ports import free_ports
from onebox.postgres import PostgresServer
from onebox.sync import DAGS
from tests.faults.injected.deaths import FOLDER
from tests.faults.killing import INJECTED, Plan

SCALE = "0.001"
_OWNER, _DATABASE, _FRESH = "dean06_owner", "dean06", "dean06_fresh"
_PATIENCE = 180.0
"""Seconds within which services must be back after one, or the database, was killed."""
_QUIET = 6.0
"""Seconds without any run: by then the scheduler has turned asset events into runs."""
_TOLD_WITHIN = 30.0
"""Seconds within which a task's process has ended after its run was ended."""
_SETTINGS = {
    "DEAN06_RETRY_SECONDS": "1",
    # Airflow's own patience, five minutes by default: with what is dead, and what is nobody's.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    # Ten minutes by default: with what a worker took and did not begin.
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "120",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
    # DAGs do not change meanwhile; what the processor burns is missing elsewhere.
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600",
}


@dataclass(frozen=True)
class Extra:
    """What an installation has beyond what ``make run`` starts."""

    environment: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    """Commands of shell by the service's name."""


@dataclass(frozen=True)
class HurtConfig(Config):
    """As configured, with the fault hook on the path of every process."""

    extra: Extra = field(default_factory=Extra)

    def environment(self, *args: Any, **kwargs: Any) -> dict[str, str]:
        found = super().environment(*args, **kwargs)
        path = f"{INJECTED}{os.pathsep}{found['PYTHONPATH']}"
        own = {FOLDER: str(self.home / "deaths"), "PYTHONPATH": path}
        return {**found, **_SETTINGS, **self.extra.environment, **own}


_NOTHING = Extra()


class PatientAirflow(Airflow):
    """Asks again while services come back."""

    def _get(self, path: str, **params: Any) -> dict[str, Any]:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return super()._get(path, **params)
            except (AirflowError, httpx.HTTPError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(1)

    def end_run(self, dag_id: str, run_id: str) -> None:
        """Call a run failed, with the tasks it has under way."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}"
        answer = self._client.patch(path, json={"state": "failed"})
        if answer.is_error:
            raise AirflowError(f"end {dag_id} {run_id}: HTTP {answer.status_code}")


class Living:
    """A running installation, seen by whoever hurts it."""

    def __init__(self, config: Config, environment: dict[str, str], plan: Plan) -> None:
        self.config, self.environment, self.plan = config, environment, plan
        self.postgres: PostgresServer = installation.postgres_of(config)
        self.airflow = PatientAirflow(config.airflow_url, "admin", config.secret("admin"))
        self.airflow.sign_in()
        self.postgres.execute(f"create database {_FRESH} template {_DATABASE} owner {_OWNER}")

    def renew(self) -> None:
        """An empty warehouse and an empty landing zone; Airflow stays as it is."""
        self.postgres.execute(f"drop database {_DATABASE} with (force)")
        self.postgres.execute(f"create database {_DATABASE} template {_FRESH} owner {_OWNER}")
        for folder in ("landing", "agency_lists"):
            for entry in (self.config.home / folder).iterdir():
                shutil.rmtree(entry)

    def trigger(self, dags: list[str], run_id: str, conf: dict[str, str]) -> None:
        """Start a run of each."""
        for dag_id in dags:
            self.airflow.trigger(dag_id, run_id, conf)

    def await_quiet(self, seconds: float, meanwhile: Callable[[], None]) -> bool:
        """Wait until no DAG has a run under way, and none begins; look around at every turn."""
        quiet_since: list[float] = []

        def quiet() -> bool:
            meanwhile()
            if any(self._under_way()):
                quiet_since.clear()
            else:
                quiet_since.append(time.monotonic())
            return bool(quiet_since) and quiet_since[-1] - quiet_since[0] >= _QUIET

        return wait_until(quiet, seconds, interval=2)

    def _under_way(self) -> Iterator[tuple[str, str]]:
        """``(dag_id, run_id)`` of runs that have not ended, but for those that wait for people."""
        for dag_id in DAGS:
            if dag_id != "release_kpis":
                for run in self.airflow.runs(dag_id):
                    if run["state"] not in ENDED:
                        yield dag_id, run["dag_run_id"]

    def has_ended(self, dag_id: str, run_id: str) -> bool:
        """Whether a run is over, however it ended; False while Airflow does not say."""
        try:
            return self.airflow.states(run_id).get(dag_id) in ENDED
        except (AirflowError, httpx.HTTPError):
            return False

    def end_runs(self) -> None:
        """End what is still under way: of each DAG, one run at a time may be, and another follows.

        A task that still runs learns of it when it next tells the server that it is alive.
        """
        left = list(self._under_way())
        for dag_id, run_id in left:
            self.airflow.end_run(dag_id, run_id)
        if left:
            time.sleep(_TOLD_WITHIN)

    def failed_runs(self) -> list[str]:
        """Runs that ended in failure, with the tasks that did."""
        return [
            f"{dag_id} {run['dag_run_id']}: "
            + ", ".join(
                f"{task['task_id']} try {task['try_number']}"
                for task in self.airflow.tasks(dag_id, run["dag_run_id"])
                if task["state"] == "failed"
            )
            for dag_id in DAGS
            for run in self.airflow.runs(dag_id)
            if run["state"] == "failed"
        ]

    def service(self, name: str) -> psutil.Process:
        """A service of the Procfile, or one added to it. Raises AssertionError when it is down."""
        for shell in services.processes_of(self.config.secret("installation")):
            if f": {name};" in " ".join(shell.cmdline()) and shell.children():
                return shell.children()[0]
        raise AssertionError(f"{name} does not run")

    def postmaster(self) -> psutil.Process:
        """The database server's first process."""
        pid = (self.postgres.data / "postmaster.pid").read_text().split()[0]
        return psutil.Process(int(pid))


def live(job: Callable[[Living], None], extra: Extra = _NOTHING) -> None:
    """Start an installation in a folder of its own, do ``job``, remove all of it.

    Raises what ``job`` raises, and AirflowError when the installation did not come up.
    """
    home = Path(tempfile.mkdtemp(prefix="dean06-faults-"))
    home.chmod(0o755)
    config = replace(
        HurtConfig.read(),
        extra=extra,
        idle_session_seconds=30,  # as with heartbeats, less patience than in earnest
        home=home,
        scale=SCALE,
        faults="none",
        warehouse_dsn=None,
        ports=free_ports(Config.read().ports),
    )
    plan = Plan(home / "deaths")
    console = Console(quiet=True)
    raised: list[BaseException] = []

    def drive(airflow: Airflow, found: dict[str, str]) -> bool:
        del airflow
        try:
            with reading(found["DEAN06_WAREHOUSE_DSN"]):
                job(Living(config, found, plan))
        except BaseException as error:  # noqa: BLE001  # handed on to the main thread below
            raised.append(error)
        return not raised

    try:
        restarting = partial(_restarting, extra.services)
        with mock.patch.object(services, "supervise", restarting):
            done = installation.run(config, drive, console, stay=False)
    finally:
        installation.remove(config)
        shutil.rmtree(home, ignore_errors=True)
    if raised:
        raise raised[0]
    if not done:
        raise AirflowError("the installation did not come up")


@contextmanager
def reading(dsn: str) -> Iterator[None]:
    """The harness reads the warehouse as dean06 does; not that of an installation before this."""
    with mock.patch.dict(os.environ, DEAN06_WAREHOUSE_DSN=dsn):
        warehouse.engine.cache_clear()
        yield


def _restarting(
    extra: dict[str, str], environment: dict[str, str], project: Path, logs: Path
) -> Manager:
    """Services that are started again when they die, as compose's restart policy does."""
    manager = Manager(services.LogFiles(logs))
    procfile = parse_procfile((project / "Procfile").read_text()).processes
    for name, command in (procfile | extra).items():
        manager.add_process(
            name, f": {name}; while :; do {command}; sleep 1; done",
            env=environment, cwd=str(project),
        )  # fmt: skip
    return manager
