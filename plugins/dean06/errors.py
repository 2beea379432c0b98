"""The ways a load can fail, distinguished by what helps: waiting, or a person.

Every message says what happened, to which dataset and window, and what to do next; none of
them ever carries a value of a record.
"""


class Dean06Error(Exception):
    """Base of every error dean06 raises on purpose."""


class SourceError(Dean06Error):
    """The source could not be read *now*: down, refusing, late, cut off. Trying again may help."""


class InconsistentDeliveryError(SourceError):
    """Pieces of one delivery contradict each other; extraction must start over from the first."""


class ExportExpiredError(InconsistentDeliveryError):
    """An export, or a file of it, is no longer there; a new one must be requested."""


class ContractError(Dean06Error):
    """What arrived breaks the contract. No retry can mend it: a person or the agency must act."""


class BatchHeldError(ContractError):
    """A batch failed its expectation suite as a whole; nothing of its source was published."""


class ManifestMismatchError(ContractError):
    """A delivery disagrees with what its source declared about it."""


class AwaitsApprovalError(Dean06Error):
    """A correction waits for a second person; nothing of it was published."""

    def __init__(self, message: str, met: tuple[tuple[int, int, str], ...] = ()) -> None:
        super().__init__(message)
        self.met = met
        """Records of which core has something else: replay, row and cause."""


class WarehouseError(Dean06Error):
    """PostgreSQL refused a statement. Carries codes and object names, never row values."""


class ConflictError(WarehouseError):
    """Somebody else wrote the same at the same moment; whoever asks again sees what they wrote."""


class AuditError(Dean06Error):
    """Built KPI values contradict each other; the build was not published."""


class TrailError(Dean06Error):
    """The audit trail contradicts itself, the warehouse or its signed heads: somebody changed it.
    No retry mends it; the message quotes no row."""


class AlreadyDecidedError(Dean06Error):
    """A build of KPIs no longer waits: somebody has decided, or a newer build came."""


class RetentionError(Dean06Error):
    """Data older than they may be are still there after keep-house; the message names them."""


def cause_of(error: BaseException) -> str:
    """What may be written down of an error, in the warehouse and in a log.

    The texts of our own errors hold no values of records; of any other error only its kind is
    known to hold none. A name that a source made up may stand in our own: what cannot be printed
    is replaced, so that it breaks no line and fits a column of text.
    """
    text = str(error) if isinstance(error, Dean06Error) else type(error).__name__
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
