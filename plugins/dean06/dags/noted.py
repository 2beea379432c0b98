"""For which province a task works, and how it ends when it fails: its cause is in the warehouse,
and it is retried only where that can help.

Nobody is notified from here: a task that is killed could not. The watchdog sees from outside which
tasks failed, and finds their cause here.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from airflow.sdk import get_current_context
from airflow.sdk.definitions.context import Context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dean06.errors import cause_of, code_of, detail_of, is_retried
from dean06.failures import record
from dean06.failures.causes import explain
from dean06.provinces import current

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


def noted(function: Callable[P, R]) -> Callable[P, R]:  # Airflow reads the signature
    """A task's function whose failures are written down."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with noting_failure():
            return function(*args, **kwargs)

    return run


@contextmanager
def noting_failure(context: Context | None = None) -> Iterator[None]:
    """Act for the province of the task's DAG; write down why the block fails.

    Raises AirflowFailException for what no retry can mend, so that Airflow does not try again.
    """
    with _acting(context):
        try:
            yield
        except AirflowSkipException:
            raise
        except Exception as error:  # written down and raised again, whatever it is
            task = (context or get_current_context())["ti"]
            name = current.name_of_dag(task.dag_id)
            record.note_task(name, task.task_id, task.run_id, error)
            log.error("%s", _in_vietnamese(error))
            if is_retried(error):
                raise
            # The name of the error is what the operations guide lists.
            raise AirflowFailException(f"{type(error).__name__}: {cause_of(error)}") from error


def _acting(context: Context | None) -> AbstractContextManager[None]:
    if not current.are_several():
        return nullcontext()
    return current.acting_for_dag((context or get_current_context())["ti"].dag_id)


def _in_vietnamese(error: Exception) -> str:
    """For the page of the task, whose log has the English message as the error itself."""
    told, found = explain(code_of(error)).text.vi, detail_of(error)
    return f"{told} Chi tiết: {found.text('vi')}" if found else told
