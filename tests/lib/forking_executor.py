"""Cases of ``test_executor.py``: the executor of one machine survives the death of its workers."""

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import psutil
import pytest
from setproctitle import getproctitle, setproctitle

from onebox.airflow import wait_until
from onebox.config import Config
from tests.lib.installation import command_line

LOST = SimpleNamespace(id="0199c6f0-9f5f-7c55-b7a5-0d1c6b6c1e11", key="the task's key")
TITLE = "airflow worker -- LocalExecutor:"


@pytest.fixture
def executor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Started, with two workers that wait for work."""
    monkeypatch.setenv("DEAN06_HOME", str(tmp_path))
    environment = Config.read().environment("", "", "2022-10-31")
    started = pkgutil.resolve_name(environment["AIRFLOW__CORE__EXECUTOR"])(parallelism=2)
    started.start()
    forked = list(started.workers.values())
    try:
        assert wait_until(lambda: all(map(_is_idle, forked)), 20, 0.1)
        assert wait_until(lambda: _is_locked(started.activity_queue), 5, 0.1)
        yield started
    finally:
        for worker in {*forked, *started.workers.values()}:
            with suppress(ValueError):  # it ended, and the executor has closed it
                worker.kill()
                worker.join()


def _is_idle(worker: Any) -> bool:
    return "<idle>" in command_line(psutil.Process(worker.pid))


def _is_locked(queue: Any) -> bool:
    if queue._rlock.acquire(block=False):
        queue._rlock.release()
        return False
    return True


@pytest.mark.parametrize("killed", [[0], [1], [0, 1]])
def test_work_goes_on_after_workers_that_waited_for_it_are_killed(
    executor: Any, killed: list[int]
) -> None:
    workers = list(executor.workers.values())
    for number in killed:  # one of the two waits with the queue's lock, the other for the lock
        workers[number].kill()
        workers[number].join()
    executor.sync()
    for _ in range(3):  # work that ends the worker that takes it
        executor._unread_messages.value = 1
        executor.activity_queue.put(None)

        def is_taken() -> bool:
            executor.sync()
            return bool(executor.activity_queue.empty())

        assert wait_until(is_taken, 10, 0.1)


def test_a_queue_that_nobody_died_with_stays_locked(executor: Any) -> None:
    executor._free_queue()
    assert wait_until(lambda: _is_locked(executor.activity_queue), 5, 0.1)
    workers = list(executor.workers.values())
    assert wait_until(lambda: sum(worker.is_alive() for worker in workers) == 1, 5, 0.1)
    assert [worker.exitcode for worker in workers if not worker.is_alive()] == [0]


def test_a_lost_task_is_revoked(executor: Any) -> None:
    executor.revoke_task(ti=LOST)


def test_a_task_in_the_queue_is_not_revoked(executor: Any) -> None:
    for worker in executor.workers.values():
        worker.kill()
        worker.join()
    executor.activity_queue.put("a task")
    with pytest.raises(NotImplementedError):
        executor.revoke_task(ti=LOST)


@pytest.mark.parametrize(
    "title", [f"{TITLE} {LOST.id}", "airflow scheduler"], ids=["that", "nobody knows what"]
)
def test_a_task_that_a_worker_may_have_is_not_revoked(executor: Any, title: str) -> None:
    with _one_more_worker(executor, title), pytest.raises(NotImplementedError):
        executor.revoke_task(ti=LOST)


def test_a_task_is_revoked_beside_a_worker_that_has_another(executor: Any) -> None:
    with _one_more_worker(executor, f"{TITLE} 0199c6f0-9f5f-7c55-b7a5-000000000000"):
        executor.revoke_task(ti=LOST)


@contextmanager
def _one_more_worker(executor: Any, title: str) -> Iterator[None]:
    """This process, as a worker with that title."""
    own = getproctitle()
    setproctitle(title)
    executor.workers[psutil.Process().pid] = Mock(exitcode=None)
    try:
        yield
    finally:
        executor.workers.pop(psutil.Process().pid)
        setproctitle(own)
