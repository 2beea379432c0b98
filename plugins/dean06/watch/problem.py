"""One problem and the kinds of problems.

A problem says what is wrong (``kind``), with what (``source``, ``load_id`` …), and in ``message``
what people should do. Programs read the fields; the message is for people.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dean06 import contract
from dean06.contract import Bilingual
from dean06.failures.particulars import Particulars
from dean06.figures.words import Words

EN, VI = Words("en"), Words("vi")
"""How messages write numbers."""


def named(source: str) -> str:
    """A source in Vietnamese messages: its owner and its code, ``Bảo hiểm xã hội tỉnh
    (insurance)``; the code alone where it has no contract any more."""
    if source not in contract.known():
        return source
    return f"{contract.load(source).owner.vi} ({source})"


class Kind(StrEnum):
    """What can be wrong."""

    STALE = "stale"
    """A source is older than its service level allows: ``source``."""
    HELD = "held"
    """A batch waits for its agency: ``load_id``, ``source``, ``dataset``, ``run_key``, ``day``."""
    UNFINISHED = "unfinished"
    """A run neither published nor held its loads: ``source``, ``run_key``, ``dataset``, ``day``."""
    FAILED = "failed"
    """A step of a load failed: as ``HELD``."""
    FAILED_STEP = "failed_step"
    """A step that belongs to no load failed: ``step``."""
    LATE_REPLAY = "replay"
    """A correction is due and not loaded: ``replay_id``, ``source``, ``dataset``, ``day``."""
    CORRECTIONS_DUE = "corrections_due"
    """An agency has records to correct soon (``reminders``): ``source``, ``day``."""
    CORRECTIONS_OVERDUE = "corrections_overdue"
    """An agency is past a deadline: ``source``, ``day``, the earliest."""
    UNBALANCED = "unbalanced"
    """Row counts of a published load don't add up: as ``HELD``, without ``day``."""
    HELD_BUILD = "build"
    """KPIs wait for an official's decision: ``build_id``, ``day``."""
    UNPUBLISHED = "unpublished"
    """KPIs of a complete day are not published: ``day``."""
    CREDENTIAL = "credential"
    """Credentials expire soon or have expired: ``source``, ``day``."""
    UNSEALED = "unsealed"
    """Acts of the audit chain are older than a day, and no signed head covers them."""
    LOGGED = "logged"
    """The server's log keeps statements of the service account."""
    NO_CONTRACT = "no_contract"
    """The contract of a source is missing from this installation: ``source``."""
    UNEXPLAINED = "unexplained"
    """Counts differ from the national portal's and no dossier explains it: ``source``, ``day``."""
    FAILED_TASK = "failed_task"
    """A task failed for good, or was killed: ``step``, its DAG and task; ``run_key``."""
    FAILED_RUN = "failed_run"
    """A run failed without a failed task: ``step``, its DAG; ``run_key``."""
    LATE_RUN = "late_run"
    """A run has not ended, or not begun, in time: as ``FAILED_RUN``."""
    LATE_TASK = "late_task"
    """A task runs or waits for too long: as ``FAILED_TASK``."""
    AIRFLOW_PART = "airflow_part"
    """A part of Airflow stands still: ``step``, its name."""
    AIRFLOW_UNREACHABLE = "airflow"
    """Airflow cannot be asked."""
    UNREADABLE_DAG = "unreadable_dag"
    """Airflow cannot read a file of DAGs: ``step``, its name."""


FROM_AIRFLOW = frozenset(
    {
        Kind.FAILED_TASK,
        Kind.FAILED_RUN,
        Kind.LATE_RUN,
        Kind.LATE_TASK,
        Kind.AIRFLOW_PART,
        Kind.UNREADABLE_DAG,
    }
)
"""Kinds that only Airflow shows."""

REMINDERS = frozenset({Kind.CORRECTIONS_DUE, Kind.CORRECTIONS_OVERDUE})
"""Kinds that wait for an agency: nothing is wrong with a sync, so they count for themselves."""

EVIDENCE = frozenset({Kind.UNSEALED, Kind.LOGGED})
"""Kinds that only the watchdog may detect: the audit trail is closed to whoever reads pages."""


_IDENTITY = {
    Kind.STALE: ("source",),
    Kind.HELD: ("load_id",),
    Kind.UNFINISHED: ("source", "run_key"),
    Kind.FAILED: ("load_id",),
    Kind.FAILED_STEP: ("step",),
    Kind.LATE_REPLAY: ("replay_id",),
    Kind.CORRECTIONS_DUE: ("source", "day"),
    Kind.CORRECTIONS_OVERDUE: ("source",),
    Kind.UNBALANCED: ("load_id",),
    Kind.HELD_BUILD: ("build_id",),
    Kind.UNPUBLISHED: ("day",),
    Kind.CREDENTIAL: ("source", "day"),
    Kind.UNSEALED: (),
    Kind.LOGGED: (),
    Kind.NO_CONTRACT: ("source",),
    Kind.UNEXPLAINED: ("source",),
    Kind.FAILED_TASK: ("step",),
    Kind.FAILED_RUN: ("step",),
    Kind.LATE_RUN: ("step",),
    Kind.LATE_TASK: ("step",),
    Kind.AIRFLOW_PART: ("step",),
    Kind.AIRFLOW_UNREACHABLE: (),
    Kind.UNREADABLE_DAG: ("step",),
}
"""The fields by which a problem is the same one in the next check."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong now; see ``Kind`` for the fields that are set."""

    kind: Kind
    message: Bilingual
    """What happened and what to do."""
    detail: Particulars | None = None
    """What an error says beyond its cause: window, file, counts, SQLSTATE."""
    source: str | None = None
    dataset: str | None = None
    run_key: str | None = None
    day: date | None = None
    load_id: int | None = None
    build_id: int | None = None
    replay_id: int | None = None
    step: str | None = None

    @property
    def key(self) -> str:
        """``stale:police``, ``held:7`` …: its identity in ``ops.alert``."""
        return ":".join([self.kind, *(str(getattr(self, name)) for name in _IDENTITY[self.kind])])
