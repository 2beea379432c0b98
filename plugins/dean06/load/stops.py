"""Where a load stopped: what it was doing, and the task of Airflow to open.

The one place where people's texts about a failed load get both: watch, mails, Today, report.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dean06 import contract
from dean06.contract import Bilingual
from dean06.failures.causes import explain
from dean06.load.steps import (
    BACKFILL,
    EXTRACT,
    PUBLISH,
    QUARANTINE,
    STAGE,
    VALIDATE,
    State,
    following,
)
from dean06.warehouse import Session, sql_file

REQUEST, WAIT = "request_export", "wait_for_export"
DOING = {
    REQUEST: Bilingual("requesting its export", "yêu cầu bản kết xuất"),
    WAIT: Bilingual("waiting for its export", "chờ bản kết xuất"),
    EXTRACT.name: Bilingual("fetching", "tải dữ liệu"),
    STAGE.name: Bilingual("staging", "chuyển dữ liệu vào vùng trung gian"),
    VALIDATE.name: Bilingual("validating", "kiểm tra dữ liệu theo quy tắc"),
    QUARANTINE.name: Bilingual("quarantining rejected records", "tách bản ghi bị từ chối"),
    PUBLISH.name: Bilingual("publishing", "công bố"),
}
"""What each task of a load does, as it follows "failed while" and "bị lỗi khi"."""
_COMMAND = "python -m dean06 backfill"
_LOAD_DAY = "load_day"
"""The task of ``backfill_source``: it takes all steps."""


@dataclass(frozen=True)
class Stop:
    """Where one load stopped."""

    doing: Bilingual
    dag: str | None
    """None: a command loaded it."""
    run: str
    task: str | None
    """As its DAG names it; None where the ledger cannot tell which one it was."""
    clear: str | None
    """The task from which the load begins again; None where no task loads it."""
    command: str = _COMMAND
    """What loaded it, where no task did."""

    @property
    def name(self) -> str:
        """``dag.task`` as far as it is known."""
        return ".".join(filter(None, (self.dag, self.task))) or _COMMAND

    def why(self, cause: str | None) -> Bilingual:
        """What a cause means and what helps here: a command has no task to clear."""
        told = explain(cause)
        return told.of_command if self.dag is None else told.text

    @property
    def place(self) -> Bilingual:
        """Where to go on, as a sentence: ``dag.task``."""
        if self.dag is None:
            return Bilingual(
                f"Run {self.command} again: it continues with this day.",
                f"Chạy lại lệnh {self.command} để nạp tiếp từ ngày này.",
            )
        if self.task is None:
            return Bilingual(f"Open DAG {self.dag}.", f"DAG cần mở: {self.dag}.")
        return Bilingual(f"Failed task: {self.name}.", f"Tác vụ lỗi: {self.name}.")


def of_loads(session: Session, loads: Iterable[int]) -> dict[int, Stop]:
    """Where each of the loads stopped, by its number."""
    rows = session.rows(sql_file("watch/stopped.sql"), loads=sorted(loads))
    return {row.load_id: _stop(row) for row in rows}


def _stop(row: Any) -> Stop:
    if row.task_code in (None, _LOAD_DAY):
        step = _step_of_state(row)
    else:
        step = row.task_code.rpartition(".")[2]
    doing = DOING[step or EXTRACT.name]
    if row.dag_code is not None:
        first = row.task_code if row.task_code == _LOAD_DAY else _first(row)
        return Stop(doing, row.dag_code, row.failed_run, row.task_code, first)
    if row.run_key.startswith(BACKFILL):
        return Stop(doing, None, row.run_key, None, None, _command(row))
    task = step if step in (None, PUBLISH.name) else f"{row.dataset_code}.{step}"
    return Stop(doing, f"sync_{row.source_code}", row.run_key, task, _first(row))


def _command(row: Any) -> str:
    """The command that loads the days of the backfill."""
    first, last, *_ = row.run_key.removeprefix(BACKFILL).split("__")
    return f"{_COMMAND} --source {row.source_code} --from {first} --to {last}"


def _first(row: Any) -> str:
    """The first task of the dataset."""
    is_export = _is_export(row.source_code)
    return f"{row.dataset_code}.{REQUEST if is_export else EXTRACT.name}"


def _is_export(source: str) -> bool:
    """Whether the source prepares exports; one without a contract here is taken not to."""
    return source in contract.known() and contract.load(source).terms.is_export


def _step_of_state(row: Any) -> str | None:
    """The step under way as the load's state says it."""
    state = State(row.status)
    if state is State.OPEN and _is_export(row.source_code):
        # With an export under way it was the wait for it or the download.
        return None if row.has_export else REQUEST
    step = following(state)
    return PUBLISH.name if step is None else step.name
