"""What a day that ended with problems leaves behind, so that the cause can be looked for.

The installation is removed with all its logs when a campaign ends. People in it are simulated, so
its logs may be kept; they stay out of git.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from onebox.airflow import AirflowError
from onebox.config import PROJECT
from onebox.sync import DAGS
from tests.faults.living import Living

ROOT = PROJECT / ".faults"


def keep(living: Living, run_id: str) -> Path:
    """Copy the services', the tasks' and the database server's logs and the plan; say where to.

    ``run_id`` names the folder, as it names the day's own task logs in it. What cannot be had is
    named in ``missing.txt``, and ends nothing.
    """
    kept = ROOT / run_id
    kept.mkdir(parents=True, exist_ok=True)
    ROOT.chmod(0o700)
    missing = []
    for folder in (living.config.home / "logs", living.plan.folder):
        try:
            # Airflow's links to its latest logs point to what is copied anyway.
            shutil.copytree(folder, kept / folder.name, symlinks=True, dirs_exist_ok=True)
        except OSError as error:
            missing.append(f"{folder.name}: {error}")
    try:
        for log in living.postgres.logs():
            shutil.copy(log, kept / f"postgres-{log.name}")
    except OSError as error:
        missing.append(f"postgres: {error}")
    try:
        (kept / "tasks.json").write_text(json.dumps(_tasks(living), indent=1))
    except Exception as error:  # noqa: BLE001  # of a server that is down; the rest is kept
        missing.append(f"tasks: {type(error).__name__}: {error}")
    if missing:
        (kept / "missing.txt").write_text("\n".join(missing))
    return kept


def _tasks(living: Living) -> dict[str, list[dict[str, Any]]]:
    """Every task of every run, as Airflow's server has it now."""
    found = {}
    for dag_id in DAGS:
        for run in living.airflow.runs(dag_id):
            name = f"{dag_id} {run['dag_run_id']} {run['state']}"
            found[name] = living.airflow.tasks(dag_id, run["dag_run_id"])
    return found


def unfinished(living: Living, dag_id: str, run_id: str) -> str:
    """What of a run has not succeeded, with the state and the try each task is at."""
    try:
        left = [
            f"{task['task_id']} {task['state']} (try {task['try_number']})"
            for task in living.airflow.tasks(dag_id, run_id)
            if task["state"] not in ("success", None)
        ]
    except AirflowError as error:
        return f"Airflow does not say: {error}"
    return ", ".join(left) or "no task is under way"
