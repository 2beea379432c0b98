"""Tasks of a running installation whose processes are killed until Airflow gives up: Today,
``watch --once`` and a mailbox have each within one interval of the watchdog."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from dean06 import settings
from dean06.ui import reading, today
from onebox.airflow import Airflow, wait_until
from onebox.config import Config
from tests.conftest import pointed_at
from tests.lib.alerted import Mailbox, listening
from tests.lib.installation import Installation, command_line

pytestmark = pytest.mark.campaign

_INTERVAL = 60
"""Seconds between two checks of the watchdog."""
_WORKER = "airflow worker -- LocalExecutor"
"""What Airflow makes the titles of workers begin with. A task's process has its number alone."""
_SOONER = {
    # Five minutes by default: after which Airflow takes a task for dead that its supervisor left.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "DEAN06_RETRY_SECONDS": "0.5",
}


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with listening("secret") as box:
        yield box


@pytest.fixture(scope="module")
def installation(home: Path, mailbox: Mailbox) -> Iterator[Installation]:
    """Up, with one day synced, and its warehouse and Airflow as the ones dean06 asks."""
    installed = Installation(home / "killed", DEAN06_ALERT_URLS=mailbox.urls, **_SOONER)
    try:
        installed.wait_for("Ctrl-C stops everything", 1200)
        with (
            pointed_at(installed.services["DEAN06_WAREHOUSE_DSN"]),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setenv("DEAN06_AIRFLOW_API", installed.services["DEAN06_AIRFLOW_API"])
            yield installed
    finally:
        if installed.process.poll() is None:
            installed.process.send_signal(signal.SIGINT)
            installed.process.wait(60)
        assert installed.command("clean").returncode == 0


@pytest.fixture(scope="module")
def airflow(installation: Installation) -> Airflow:
    port = installation.environment["DEAN06_AIRFLOW_PORT"]
    found = Airflow(f"http://127.0.0.1:{port}", "admin", _password(installation))
    found.sign_in()
    return found


def _password(installation: Installation) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAN06_HOME", str(installation.home))
        return Config.read().secret("admin")


def _kill(installation: Installation, task: str, *, with_supervisor: bool) -> int:
    """Kill the process in which a task instance runs now, before it the worker that supervises it
    if asked. How many processes were killed.

    A worker that has the task and has not begun is left alone: what it leaves is ``queued`` for ten
    minutes, and no failure (decision 17).
    """
    lines = {process: command_line(process) for process in installation.processes()}
    of_task = [process for process, line in lines.items() if task in line]
    workers = [process for process in of_task if lines[process].startswith(_WORKER)]
    own = [process for process in of_task if process not in workers]
    struck = [*workers, *own] if with_supervisor and own else own
    for process in struck:
        with suppress(psutil.Error):
            process.kill()
    return len(struck)


@pytest.mark.parametrize(
    ("dag", "task", "with_supervisor"),
    [("verify_identities", "verify", False), ("build_kpis", "build", True)],
)
def test_what_is_killed_is_seen_within_one_interval(
    installation: Installation, airflow: Airflow, mailbox: Mailbox, dag: str, task: str,
    with_supervisor: bool,
) -> None:  # fmt: skip
    run_id, killed = f"killed-{task}", 0
    airflow.trigger(dag, run_id, {})
    deadline = time.monotonic() + 600
    while True:
        (instance,) = (t for t in airflow.tasks(dag, run_id) if t["task_id"] == task)
        if instance["state"] in ("success", "failed"):
            break
        assert time.monotonic() < deadline, instance
        ends = time.monotonic() + 1
        while time.monotonic() < ends:
            killed += _kill(installation, instance["id"], with_supervisor=with_supervisor)
    gone = time.monotonic()
    assert instance["state"] == "failed", "it ran faster than it could be killed"
    assert killed >= 3
    said = f"{dag}.{task} failed (run {run_id})"
    assert wait_until(lambda: any(said in mail for mail in mailbox.mails), _INTERVAL + 30)
    assert time.monotonic() - gone < _INTERVAL + 30
    printed = _watch_once(installation)
    assert said in printed
    with reading.warehouse() as session:
        page = today.read(session, datetime.now(settings.TIMEZONE))
    assert page.state == "red"
    assert any(said in problem.message.en for problem in page.problems)


def _watch_once(installation: Installation) -> str:
    """As from a new terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "dean06", "watch", "--once"], cwd=settings.PROJECT,
        env={
            "PATH": os.environ["PATH"], "PYTHONPATH": installation.environment["PYTHONPATH"],
            "DEAN06_HOME": str(installation.home),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout
