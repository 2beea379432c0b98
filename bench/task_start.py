"""``python bench/task_start.py``: processor seconds before a task begins its own work.

In a process of its own (a pod) and in a fork of a Celery worker. Both import the task runner and
parse the DAG.

Needs no database and no server. Decision 64 rests on it.
"""

import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
DAG = "dags/sync_police.py"
ROUNDS = 3


def main() -> None:
    """Print both medians."""
    if sys.argv[1:] == ["pod"]:
        begin("airflow.executors.workloads")
        parse()
        return
    with tempfile.TemporaryDirectory(prefix="dean06-") as home:
        os.environ |= {
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        }
        pod = [spent(start_pod) for _ in range(ROUNDS)]
        # What a worker has imported before its first task.
        begin("airflow.providers.celery.executors.celery_executor_utils")
        forks = [spent(fork) for _ in range(ROUNDS)]
    pods, forked = statistics.median(pod), statistics.median(forks)
    print(f"pod: {pods:.2f} s, fork of a worker: {forked:.2f} s")


def begin(module: str) -> None:
    """Import a module and what it needs."""
    __import__(module)
    logging.disable(logging.CRITICAL)


def parse() -> None:
    """What every task does first. Raises SystemExit where the DAG cannot be parsed."""
    begin("airflow.sdk.execution_time.supervisor")
    begin("airflow.sdk.execution_time.task_runner")
    from airflow.dag_processing.dagbag import BundleDagBag

    bag = BundleDagBag(
        dag_folder=str(PROJECT / DAG), bundle_path=PROJECT / "dags", bundle_name="dags-folder"
    )
    if not bag.dags:
        sys.exit(f"{DAG}: {bag.import_errors}")


def start_pod() -> None:
    """A new interpreter."""
    subprocess.run([sys.executable, __file__, "pod"], check=True, capture_output=True)


def fork() -> None:
    """A copy of this process, as a worker makes one for each task."""
    if (child := os.fork()) == 0:
        parse()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit("the fork failed")


def spent(do: Callable[[], None]) -> float:
    """Processor seconds of the children that it started and waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    do()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
