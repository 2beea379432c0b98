"""The pipeline without a scheduler: every task a forked process that may die, tried again."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import date

from dean06 import contract
from dean06.contract import Dataset
from dean06.identity import verify
from dean06.kpi import build
from dean06.load import extract, publish, quarantine, recovery, stage, validate
from ministries.servers import Running
from tests.faults.aftermath import half_published
from tests.faults.injected import deaths
from tests.lib.syncing import endpoint, wait_for_export

Task = tuple[str, Callable[[], object]]
"""A task's name, as plans name it, and what it does."""


def tasks_of(ministries: Running, source: str, day: date, run: str) -> Iterator[Task]:
    """What the DAGs of one source do, in order, up to its KPIs."""
    for dataset in contract.load(source).datasets:
        yield from _load(ministries, dataset, day, run)
    yield (
        f"sync_{source}/publish",
        lambda: (recovery.restore_source(source, run), publish.publish(source, run)),
    )
    yield "verify_identities/verify", lambda: verify.verify_identities()
    yield "build_kpis/build", lambda: build.build_kpis()


def _load(ministries: Running, dataset: Dataset, day: date, run: str) -> Iterator[Task]:
    place = endpoint(ministries, dataset.source)
    name = f"sync_{dataset.source}/{dataset.name}"
    if contract.load(dataset.source).terms.is_export:
        yield f"{name}.request_export", lambda: extract.request_export(place, dataset, run, day)
        yield (
            f"{name}.extract",
            lambda: (
                wait_for_export(place, dataset, run),
                extract.extract(place, dataset, run, day),
            ),
        )
    else:
        yield f"{name}.extract", lambda: extract.extract(place, dataset, run, day)
    yield f"{name}.stage", lambda: stage.stage(dataset, run)
    yield (
        f"{name}.validate",
        lambda: (recovery.restore(dataset, run), validate.validate(dataset, run)),
    )
    yield (
        f"{name}.quarantine",
        lambda: (recovery.restore(dataset, run), quarantine.quarantine(dataset, run)),
    )


def run(task: Task, tries: int) -> int:
    """Do the task in processes of its own until one ends well; returns how many were killed.

    Raises AssertionError when one fails of itself, all tries were killed, or one that was killed
    left something half published.
    """
    for killed in range(tries):
        code = attempt(task)
        if code == 0:
            return killed
        assert code == -signal.SIGKILL, f"{task[0]} failed"
        left = half_published()
        assert not left, f"{task[0]}, killed: {left}"
    raise AssertionError(f"{task[0]} was killed {tries} times")


def attempt(task: Task) -> int:
    """Do the task once in a process of its own; its exit code, or minus the signal it died of."""
    name, work = task
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        os.environ["AIRFLOW_CTX_DAG_ID"], _, os.environ["AIRFLOW_CTX_TASK_ID"] = name.partition("/")
        deaths.arm()
        work()
        code = 0
    except BaseException:  # noqa: BLE001  # the copy ends here, whatever it was
        sys.excepthook(*sys.exc_info())
    finally:
        # Nothing of pytest's may run in the copy.
        os._exit(code)
