"""What fails around the tasks: the database server, the scheduler, a worker, the disk.

A task is held where the plan says, so that what fails does so while that task is in the middle of
its work, and not sometimes a moment later.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psutil
import psycopg2

from onebox.airflow import AirflowError, wait_until
from tests.faults.evidence import unfinished
from tests.faults.killing import STEPS, Fault
from tests.faults.living import Living
from tests.lib.installation import command_line

_REACHED_WITHIN = 600.0
_LOOK_EVERY = 10.0
"""Seconds between two questions to Airflow whether the run has ended."""

_LOCKED_WITHIN = 60.0
"""Seconds within which the scheduler is seen with its lock: it takes it at every turn."""
_STANDS_WITH_ITS_LOCK = """
    select 1 from pg_locks inner join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and datname = 'airflow'
        and state = 'idle in transaction'
        and (classid, objid) = (0, 2) -- airflow.utils.db.DBLocks.SCHEDULER_CRITICAL_SECTION
"""

_TAKEN_WITHIN = 60.0
"""Seconds within which a worker is seen with a task that does not run yet."""
_SAID_WITHIN = 0.5
"""Seconds within which the API server has noted what was under way to it."""


@dataclass(frozen=True)
class Outage:
    """Something outside of tasks that fails while ``during`` holds a task."""

    name: str
    during: Fault
    strike: Callable[[Living], None]

    def await_and_strike(self, living: Living, run_id: str) -> None:
        """Strike while the task is held, then let it go on.

        Raises AirflowError when the task did not come by: its run ended without, or time is up.
        """
        try:
            self._await(living, run_id)
            self.strike(living)
        finally:
            living.plan.withdraw(self.during)

    def _await(self, living: Living, run_id: str) -> None:
        dag_id = self.during.task.partition("/")[0]
        began = time.monotonic()
        while not wait_until(lambda: self.during.name in living.plan.fired(), _LOOK_EVERY, 0.2):
            waited = time.monotonic() - began
            if waited > _REACHED_WITHIN or living.has_ended(dag_id, run_id):
                raise AirflowError(
                    f"{self.during} was not reached within {waited:.0f} s; "
                    f"{dag_id}: {unfinished(living, dag_id, run_id)}"
                )


def end_database(living: Living) -> None:
    """SIGKILL for the whole server at once; then it is started, and recovers."""
    server = living.postmaster()
    kill([server, *server.children(recursive=True)])
    psutil.wait_procs([server], timeout=30)
    living.postgres.start()


def end_scheduler(living: Living) -> None:
    """The scheduler alone, at its worst moment: its workers go on, orphaned, while another starts.

    It holds the lock without which no scheduler queues a task, and the orphans have its connection,
    so the database server is not told that it died.
    """
    scheduler = living.service("scheduler")
    with _asking_airflow(living) as cursor:

        def is_ended() -> bool:
            with _standing_still([scheduler]):
                cursor.execute(_STANDS_WITH_ITS_LOCK)
                if cursor.fetchone():
                    kill([scheduler])
                    return True
            return False

        if not wait_until(is_ended, _LOCKED_WITHIN, 0.01):
            raise AirflowError(f"not seen with its lock within {_LOCKED_WITHIN:.0f} s")


def end_scheduler_and_tasks(living: Living) -> None:
    """The scheduler with every worker and task below it, as when its container is killed."""
    scheduler = living.service("scheduler")
    kill([scheduler, *scheduler.children(recursive=True)])


def end_worker(living: Living) -> None:
    """The workers that look after tasks, but not the scheduler, at their worst moment.

    Nobody reports the end of the tasks they had begun; and one has taken a task that has not yet
    said that it runs.
    """
    scheduler = living.service("scheduler")
    with _asking_airflow(living) as cursor:

        def is_ended() -> bool:
            workers = scheduler.children(recursive=True)
            if not _taken_and_not_begun(cursor, workers):
                return False
            with _standing_still(workers):
                time.sleep(_SAID_WITHIN)
                if _taken_and_not_begun(cursor, workers):
                    kill(workers)
                    return True
            return False

        if not wait_until(is_ended, _TAKEN_WITHIN, 0.02):
            raise AirflowError(f"no worker was seen to take a task within {_TAKEN_WITHIN:.0f} s")


def _taken_and_not_begun(cursor: Any, workers: Iterable[psutil.Process]) -> bool:
    """Whether a worker's title names a task that is still queued."""
    cursor.execute("select id::text from task_instance where state = 'queued'")
    titles = "\n".join(map(command_line, workers))
    return any(task_id in titles for (task_id,) in cursor.fetchall())


@contextmanager
def _standing_still(processes: Iterable[psutil.Process]) -> Iterator[None]:
    try:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def end_triggerer(living: Living) -> None:
    """Whatever waits for an export is waited for by another triggerer."""
    kill([living.service("triggerer")])


def end_api_server(living: Living) -> None:
    """Tasks cannot report for as long as it takes to start again."""
    kill([living.service("api-server")])


@contextmanager
def _asking_airflow(living: Living) -> Iterator[Any]:
    """A cursor on Airflow's own database."""
    url = living.postgres.url("airflow").replace("+psycopg2", "")
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        yield cursor


def kill(processes: Iterable[psutil.Process]) -> None:
    """SIGKILL for all of them; some may have gone meanwhile. Raises AirflowError when all had."""
    killed = 0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
            killed += 1
    if not killed:
        raise AirflowError("there was no process to kill")


def _held(task: str, when: str, at: str) -> Fault:
    return Fault(f"held-{task.replace('/', '.')}", task, at, when, what="hold")


DAYS_OF_OUTAGES: tuple[tuple[Outage, ...], ...] = (
    (
        Outage(
            "database server",
            _held("sync_police/resident.quarantine", "before", STEPS["quarantine"]),
            end_database,
        ),
    ),
    (
        Outage(
            "scheduler and tasks",
            _held("sync_police/resident.stage", "before", "dean06.load.stage:_finish"),
            end_scheduler_and_tasks,
        ),
        Outage(
            "triggerer",
            _held("sync_health/immunization.request_export", "after", STEPS["request_export"]),
            end_triggerer,
        ),
    ),
    (
        Outage(
            "scheduler with its lock",
            _held("sync_police/resident.stage", "after", "dean06.load.shards:store_staged"),
            end_scheduler,
        ),
        Outage(
            "database server",
            _held("sync_police/publish", "after", "dean06.load.publish:_close_books"),
            end_database,
        ),
    ),
    (
        Outage(
            "workers",
            _held("sync_portal/dossier.extract", "after", "dean06.storage:put"),
            end_worker,
        ),
        Outage(
            "api-server",
            _held("sync_police/publish", "after", "dean06.load.publish:_publish_dataset"),
            end_api_server,
        ),
    ),
)
"""Each a day into a fresh warehouse, its outages in this order."""

BACKENDS_AND_DISK = tuple(
    Fault(f"{what}-{number}", task, at, when, what)
    for number, (what, task, when, at) in enumerate(
        (
            ("full", "sync_police/household.extract", "before", "dean06.storage:put"),
            ("full", "sync_insurance/participant.extract", "before", "dean06.storage:put"),
            ("full", "sync_health/encounter.extract", "before", "dean06.storage:put"),
            ("full", "sync_police/resident.stage", "before", "dean06.storage:put"),
            ("terminate", "sync_police/resident.stage", "after", "dean06.load.shards:store_staged"),
            ("terminate", "sync_portal/dossier.stage", "before", "dean06.load.stage:_finish"),
            ("terminate", "sync_programme/task.validate", "after", "dean06.load.validate:_results"),
            ("terminate", "sync_education/publish", "after", "dean06.load.publish:_close_books"),
            (
                "terminate",
                "verify_identities/verify",
                "after",
                "dean06.identity.comparison:compare_dataset",
            ),
            ("terminate", "build_kpis/build", "after", "dean06.kpi.build:_cover"),
            ("crash", "sync_police/publish", "after", "dean06.load.publish:_publish_dataset"),
        )
    )
)
"""Sessions ended from outside, one of them so that the server recovers; landing that is full."""
