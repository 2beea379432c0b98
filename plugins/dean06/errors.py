"""The ways a load can fail, distinguished by what helps: waiting, or a person.

Every message says what happened, to which dataset and window, and what to do next; none of
them ever carries a value of a record. Each class has a cause: a code, of which
``dean06.failures.causes`` has the texts in both languages, and which says whether a retry can help.
The message itself is a code with parameters too, of which ``dean06.details.texts`` has the texts.
"""

import os
from collections.abc import Sequence
from enum import StrEnum
from errno import errorcode
from typing import ClassVar

from dean06.details.detail import Detail, Value, detail


class Cause(StrEnum):
    """Why a step failed."""

    SOURCE_UNAVAILABLE = "source_unavailable"
    LOGIN_REFUSED = "login_refused"
    REQUEST_REFUSED = "request_refused"
    DELIVERY_INCONSISTENT = "delivery_inconsistent"
    EXPORT_EXPIRED = "export_expired"
    CONTRACT_BROKEN = "contract_broken"
    FIELD_MISSING = "field_missing"
    MANIFEST_MISMATCH = "manifest_mismatch"
    BATCH_HELD = "batch_held"
    LANDING_DAMAGED = "landing_damaged"
    SETTING_WRONG = "setting_wrong"
    CONTRACT_MISSING = "contract_missing"
    AWAITS_APPROVAL = "awaits_approval"
    ALREADY_DECIDED = "already_decided"
    WAREHOUSE_REFUSED = "warehouse_refused"
    ENGINE_FAILED = "engine_failed"
    CORE_SQL_WRONG = "core_sql_wrong"
    CONFLICT = "conflict"
    KPIS_CONTRADICT = "kpis_contradict"
    TRAIL_CHANGED = "trail_changed"
    PAST_RETENTION = "past_retention"
    STEP_REFUSED = "step_refused"
    PROGRAM_ERROR = "program_error"
    """An error that is not one of ours."""
    SYSTEM_STOPPED = "system_stopped"
    """Nothing was written down: somebody stopped the whole system."""
    NOT_RECORDED = "not_recorded"
    """Nothing was written down: the process was killed, or never began."""


RETRIED = frozenset(
    {
        Cause.SOURCE_UNAVAILABLE,
        Cause.LOGIN_REFUSED,  # many services refuse a good login while they restart
        Cause.DELIVERY_INCONSISTENT,
        Cause.EXPORT_EXPIRED,
        Cause.WAREHOUSE_REFUSED,
        Cause.ENGINE_FAILED,  # memory or disk as likely as the program
        Cause.CONFLICT,
        Cause.STEP_REFUSED,  # another run may be at the step that is missing
        Cause.PROGRAM_ERROR,  # of the network, the disk or memory as likely as of the program
        Cause.SYSTEM_STOPPED,
        Cause.NOT_RECORDED,
    }
)
"""Causes that may pass by themselves. Of all others no retry can mend anything."""


class Dean06Error(Exception):
    """Base of every error dean06 raises on purpose.

    ``message``: a detail, from which both languages are written, or English only. ``vi``: the
    message in Vietnamese, for errors without a detail that a form of the pages can meet.
    """

    cause: ClassVar[Cause] = Cause.STEP_REFUSED
    detail: Detail | None = None
    """What exactly happened, where the error says it by a code."""

    def __init__(self, message: str | Detail = "", *, vi: str = "") -> None:
        super().__init__(str(message))
        self.detail = message if isinstance(message, Detail) else None
        self.vi = self.detail.text("vi") if self.detail else vi


class SourceError(Dean06Error):
    """The source could not be read *now*: down, refusing, late, cut off. Trying again may help."""

    cause = Cause.SOURCE_UNAVAILABLE


class LoginError(SourceError):
    """The source did not accept our credentials."""

    cause = Cause.LOGIN_REFUSED


class InconsistentDeliveryError(SourceError):
    """Pieces of one delivery contradict each other; extraction must start over from the first."""

    cause = Cause.DELIVERY_INCONSISTENT


class ExportExpiredError(InconsistentDeliveryError):
    """An export, or a file of it, is no longer there; a new one must be requested."""

    cause = Cause.EXPORT_EXPIRED


class ContractError(Dean06Error):
    """What arrived breaks the contract. No retry can mend it: a person or the agency must act."""

    cause = Cause.CONTRACT_BROKEN


class MissingFieldError(ContractError):
    """A required field is in no record of a delivery."""

    cause = Cause.FIELD_MISSING


class BatchHeldError(ContractError):
    """A batch failed its expectation suite as a whole; no data of its source were published."""

    cause = Cause.BATCH_HELD


class ManifestMismatchError(ContractError):
    """A delivery disagrees with what its source declared about it."""

    cause = Cause.MANIFEST_MISMATCH


class LandingError(ContractError):
    """A file that had landed is gone or was altered: the source has to be asked for it again."""

    cause = Cause.LANDING_DAMAGED


class ConnectionSettingError(ContractError):
    """An Airflow connection is set in a way that is not allowed."""

    cause = Cause.SETTING_WRONG


class MissingContractError(ContractError):
    """The warehouse knows a source of which this installation has no contract."""

    cause = Cause.CONTRACT_MISSING


class AwaitsApprovalError(Dean06Error):
    """A correction waits for a second person; none of it was published."""

    cause = Cause.AWAITS_APPROVAL

    def __init__(self, message: str | Detail, met: tuple[tuple[int, int, str], ...] = ()) -> None:
        super().__init__(message)
        self.met = met
        """Records of which core has something else: replay, row and cause."""


class WarehouseError(Dean06Error):
    """PostgreSQL refused a statement. Carries codes and object names, never row values."""

    cause = Cause.WAREHOUSE_REFUSED
    state: str | None = None
    """SQLSTATE; None where PostgreSQL gave none."""


class ConflictError(WarehouseError):
    """Somebody else wrote the same at the same moment; whoever asks again sees what they wrote."""

    cause = Cause.CONFLICT


class EngineError(Dean06Error):
    """DuckDB, which checks and converts the records, failed. Carries the kind of its error alone:
    its messages quote values."""

    cause = Cause.ENGINE_FAILED


class CoreSqlError(Dean06Error):
    """The core SQL of a dataset is wrong; the message names file and place, never a value."""

    cause = Cause.CORE_SQL_WRONG


class AuditError(Dean06Error):
    """Built KPI values contradict each other; the build was not published."""

    cause = Cause.KPIS_CONTRADICT


class TrailError(Dean06Error):
    """The audit trail contradicts itself, the warehouse or its signed heads: somebody changed it.
    No retry mends it; the message quotes no row."""

    cause = Cause.TRAIL_CHANGED


class AlreadyDecidedError(Dean06Error):
    """A build of KPIs no longer waits: somebody has decided, or a newer build came."""

    cause = Cause.ALREADY_DECIDED


class RetentionError(Dean06Error):
    """Data past their retention period still exist after keep-house; the message names them."""

    cause = Cause.PAST_RETENTION


def code_of(error: BaseException) -> Cause:
    """The code of an error's cause."""
    return error.cause if isinstance(error, Dean06Error) else Cause.PROGRAM_ERROR


def detail_of(error: BaseException) -> Detail | None:
    """What exactly happened, as a code, where an error says it by one; of an error that is not
    ours its kind alone, as ``cause_of``, and what the operating system says of a full disk."""
    if isinstance(error, Dean06Error):
        return error.detail
    kind = type(error).__name__
    if found := _of_system(error):
        return detail("system_refused", kind=kind, said=found[1], errno=found[0])
    return detail("program_error", kind=kind)


def _of_system(error: BaseException) -> tuple[str, str] | None:
    """Code and meaning of an error of the operating system, in its words: no name of a file."""
    number = error.errno if isinstance(error, OSError) else None
    if number is None or number not in errorcode:
        return None
    return errorcode[number], os.strerror(number)


def at(place: Detail, error: BaseException) -> Detail | str:
    """The message of an error that says where another one happened: ``place: what``."""
    return around("within", error, place=place)


def around(code: str, error: BaseException, **parameters: Value) -> Detail | str:
    """The message of an error that goes on from another one, which the text of ``code`` calls
    ``fault``. In English only where the other one has no detail."""
    found = detail_of(error)
    if found is None:
        return str(Detail(code, {"fault": cause_of(error), **parameters}))
    return detail(code, fault=found, **parameters)


def together(messages: Sequence[Detail | str]) -> Detail | str:
    """One message of several. In English only where one of them has no detail."""
    found = [message for message in messages if isinstance(message, Detail)]
    if len(found) < len(messages):
        return "; ".join(map(str, messages))
    return detail("several", faults=found)


def is_retried(error: BaseException) -> bool:
    """Whether another try may end better than this one."""
    return code_of(error) in RETRIED


def cause_of(error: BaseException) -> str:
    """What may be written down of an error, in the warehouse and in a log.

    The texts of our own errors hold no values of records; of any other error only its kind is
    known to hold none. A name that a source made up may stand in our own: what cannot be printed
    is replaced, so that it breaks no line and fits a column of text.
    """
    if isinstance(error, Dean06Error):
        text = str(error)
    else:
        found = _of_system(error)
        text = ": ".join([type(error).__name__, *([found[1]] if found else [])])
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
