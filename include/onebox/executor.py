"""The executor of an installation on one machine: LocalExecutor that survives its workers' death.

Its workers are forked processes that take tasks from one queue in memory. A worker that is killed
(out of memory, say) while it waits with the queue's lock leaves it locked, and one that is killed
before its task could say that it runs leaves that task "queued". Airflow's LocalExecutor notices
neither, and nothing is run any more, without a word.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
from airflow.executors.local_executor import LocalExecutor

from onebox.airflow import wait_until

if TYPE_CHECKING:
    from airflow.models.taskinstance import TaskInstance

_TITLE = "airflow worker -- LocalExecutor"
"""With this begins what Airflow makes its workers' titles say."""
_TAKEN_WITHIN = 1.0
"""Seconds within which a living worker takes what it waits for."""


class RecoveringLocalExecutor(LocalExecutor):
    """LocalExecutor whose queue and tasks outlive a worker that is killed while it waits, or
    before it begins."""

    def revoke_task(self, *, ti: "TaskInstance") -> None:
        """Agree that a task which has been queued for too long ([scheduler] task_queued_timeout) is
        queued again, if it is lost.

        Raises NotImplementedError, upon which the scheduler asks again later, while the task may
        still begin: it may be in the queue, or with a worker that waits for the API server.
        """
        if not self.activity_queue.empty() or self._may_be_with_a_worker(str(ti.id)):
            raise NotImplementedError
        self.running.discard(ti.key)
        self.queued_tasks.pop(ti.key, None)

    def _may_be_with_a_worker(self, task_id: str) -> bool:
        """Whether the title of a living worker names the task, or does not say what it does.

        A title is not set where the scheduler's first environment variable was changed after it
        started: setproctitle finds its room by it.
        """
        for pid in self.workers:
            with suppress(psutil.Error):
                title = " ".join(psutil.Process(pid).cmdline())
                if task_id in title or not title.startswith(_TITLE):
                    return True
        return False

    def _check_workers(self) -> None:
        if any(worker.exitcode for worker in self.workers.values()):
            self._free_queue()
        super()._check_workers()  # type: ignore[no-untyped-call]

    def _free_queue(self) -> None:
        """Release the queue's lock if a dead worker holds it.

        A worker holds it while it waits for a task. If one that lives holds it, it takes what is
        put here, which ends it; another is started when there is work. What nobody takes although
        the queue is locked is locked by the dead.
        """
        lock = self.activity_queue._rlock  # type: ignore[attr-defined]  # there is no other door
        if lock.acquire(block=False):
            lock.release()
            return
        self.activity_queue.put(None)
        if not wait_until(self.activity_queue.empty, _TAKEN_WITHIN, 0.02):
            with suppress(ValueError):  # released meanwhile
                lock.release()
