"""The executor of an installation on one machine: LocalExecutor that survives its workers' death.

Its workers are forked processes that take tasks from one queue in memory. A worker that is killed
(out of memory, say) while it holds the queue's lock leaves it locked, and one that is killed before
its task could say that it runs leaves that task "queued". Airflow's LocalExecutor notices neither,
and nothing is run any more, without a word.
"""

from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

import psutil
from airflow.executors.local_executor import LocalExecutor

if TYPE_CHECKING:
    from airflow.models.taskinstance import TaskInstance

_LOCK_SECONDS = 0.2


class RecoveringLocalExecutor(LocalExecutor):
    """LocalExecutor whose queue and tasks outlive a worker that is killed."""

    def revoke_task(self, *, ti: "TaskInstance") -> None:
        """Forget a task that has been queued for too long ([scheduler] task_queued_timeout), so
        that the scheduler can queue it again."""
        self.running.discard(ti.key)
        self.queued_tasks.pop(ti.key, None)

    def _check_workers(self) -> None:
        if any(worker.exitcode for worker in self.workers.values()):
            self._free_queue()
        super()._check_workers()  # type: ignore[no-untyped-call]

    def _free_queue(self) -> None:
        """Release the queue's lock if a dead worker holds it.

        Who waits for a task holds it; so the idle ones end (others are started when there is work),
        and what is locked then is locked by the dead.
        """
        lock = self.activity_queue._rlock  # type: ignore[attr-defined]  # a SimpleQueue has no other door
        while idle := [worker for worker in self.workers.values() if _is_idle(worker)]:
            for worker in idle:
                worker.kill()
                worker.join()
        lock.acquire(timeout=_LOCK_SECONDS)
        lock.release()


def _is_idle(worker: BaseProcess) -> bool:
    """Whether it lives and waits for a task: it says so in its title before it takes the lock."""
    try:
        return worker.is_alive() and "<idle>" in " ".join(psutil.Process(worker.pid).cmdline())
    except psutil.NoSuchProcess:
        return False
