"""The executor of an installation on one machine survives the death of its workers."""

import os
import pkgutil
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from airflow.models.taskinstancekey import TaskInstanceKey

from onebox.airflow import wait_until
from onebox.config import Config


@pytest.fixture
def executor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DEAN06_HOME", str(tmp_path))
    environment = Config.read().environment("", "", "2022-10-31")
    return pkgutil.resolve_name(environment["AIRFLOW__CORE__EXECUTOR"])(parallelism=2)


@pytest.fixture
def started(executor: Any) -> Iterator[Any]:
    executor.start()
    workers = set(executor.workers)
    yield executor
    for pid in workers | set(executor.workers):
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)


def test_a_revoked_task_can_be_queued_again(executor: Any) -> None:
    lost = TaskInstanceKey("sync_health", "immunization.wait_for_export", "a run")
    kept = TaskInstanceKey("sync_health", "encounter.wait_for_export", "a run")
    executor.running |= {lost, kept}
    executor.revoke_task(ti=SimpleNamespace(key=lost, id="an id"))
    assert executor.running == {kept}


def _idle(executor: Any) -> list[int]:
    return [pid for pid in executor.workers if "<idle>" in " ".join(psutil.Process(pid).cmdline())]


def _is_locked(queue: Any) -> bool:
    if queue._rlock.acquire(block=False):
        queue._rlock.release()
        return False
    return True


def test_work_goes_on_after_the_worker_that_held_the_queue_is_killed(started: Any) -> None:
    assert wait_until(lambda: len(_idle(started)) == 2, 20, 0.1)
    assert wait_until(lambda: _is_locked(started.activity_queue), 5, 0.1)
    for worker in list(started.workers.values()):  # one of them waits for a task, with the lock
        worker.kill()
        worker.join()
    started.activity_queue.put(None)  # work that ends the worker that takes it
    started._unread_messages.value = 1

    def is_taken() -> bool:
        started.sync()
        return bool(started.activity_queue.empty())

    assert wait_until(is_taken, 10, 0.2)
