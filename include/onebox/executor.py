"""The executor of an installation on one machine."""

from typing import TYPE_CHECKING

from airflow.executors.local_executor import LocalExecutor

if TYPE_CHECKING:
    from airflow.models.taskinstance import TaskInstance


class RecoveringLocalExecutor(LocalExecutor):
    """LocalExecutor that can be told to forget a task.

    A worker that is killed after it took a task and before the task reported that it runs leaves it
    "queued". The scheduler queues such a task again after ``[scheduler] task_queued_timeout``, if
    the executor can revoke it; Airflow's own LocalExecutor cannot, and the task waits for ever.
    """

    def revoke_task(self, *, ti: "TaskInstance") -> None:
        """Forget the task, so that it is taken when it is queued again."""
        self.running.discard(ti.key)
        self.queued_tasks.pop(ti.key, None)
