"""Approval: a correction that changes a key, a moment or a person needs a second person.

The warehouse itself compares a correction with the rejected record (``ops.hold_changes``), takes
an approval from another person only (``ops.replay_decision``), and refuses to publish without one
(``ops.require_second_person``). A correction that keeps key, moment and bound columns of the
contract needs nobody else, unless core has a version of the record from that moment or a later one,
or says something else about the person: publishing finds that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from psycopg2 import sql

from dean06.contract import Dataset
from dean06.details.detail import detail, within
from dean06.errors import AwaitsApprovalError, Dean06Error
from dean06.load.ledger import Load
from dean06.trail.logins import is_same_person
from dean06.trail.reason import stated
from dean06.warehouse import Session, names, sql_file, transaction

WAITING = "unapproved"
"""Outcome of a correction that waits for a second person."""


class Decision(StrEnum):
    """What becomes of a correction that waits."""

    APPROVED = "approved"
    DECLINED = "declined"


@dataclass(frozen=True)
class Correction:
    """The facts about a replay that a decision needs; nothing of its records."""

    replay_id: int
    load_id: int
    """The load that rejected the records."""
    source: str
    dataset: str
    asked_by: str
    reason: str
    causes: tuple[Any, ...]
    """Why it waits: row_no and cause."""


def waiting(session: Session, replay_id: int) -> Correction:
    """A correction that waits for a second person. Raises Dean06Error when it does not."""
    row = session.one(
        """select outcome.outcome, load.load_id, outcome.asked_by, outcome.reason,
               load.source_code, load.dataset_code
           from ops.replay_outcome as outcome
           inner join ops.load on outcome.corrects_load_id = load.load_id
           where outcome.replay_id = :replay_id limit 1""",
        replay_id=replay_id,
    )
    if row is None:
        raise Dean06Error(detail("no_replay", replay=replay_id))
    if row.outcome != WAITING:
        raise Dean06Error(detail("replay_not_waiting", replay=replay_id))
    causes = session.rows(
        """select row_no, cause from ops.replay_hold where replay_id = :replay_id
           order by row_no, cause""",
        replay_id=replay_id,
    )
    return Correction(
        replay_id, row.load_id, row.source_code, row.dataset_code, row.asked_by,
        row.reason, tuple(causes),
    )  # fmt: skip


def read(session: Session, replay_id: int, reader: str, why: str) -> list[Any]:
    """Record the reading, then return what the correction changes: row_no, field, rejected,
    corrected, in_core. Commit before it is shown.

    Raises Dean06Error when it does not wait for a second person or no reason is given.
    """
    why = stated(why)
    waiting(session, replay_id)
    return session.rows(
        "select * from ops.read_correction(:replay_id, :reader, :why)",
        replay_id=replay_id,
        reader=reader,
        why=why,
    )


def decide(session: Session, replay_id: int, decision: Decision, by: str, why: str) -> None:
    """Approve or decline a correction that waits.

    Raises Dean06Error when it does not wait, no reason is given, or who approves is the person who
    corrected it or has not read the change; WarehouseError when the database refuses.
    """
    why = stated(why)
    found = waiting(session, replay_id)
    if decision is Decision.APPROVED:
        _require_other(session, found, by)
    row = session.one(
        "select ops.decide_replay(:replay_id, :decision, :by, :why) as is_written",
        replay_id=replay_id,
        decision=decision,
        by=by,
        why=why,
    )
    if not row.is_written:
        raise Dean06Error(detail("replay_unread", replay=replay_id))


def check(
    session: Session, load: Load, dataset: Dataset, parts: Mapping[str, sql.Composable]
) -> None:
    """Raise AwaitsApprovalError when ``incoming`` meets versions of core and nobody approved.

    ``parts``: core, version, load_id and same_key of the publication.
    """
    about = dataset.about_person
    met = session.compose_rows(
        sql_file("protocol/known_later.sql"),
        incoming_person=names(about, "incoming"),
        core_person=names(about, "newest"),
        **parts,
    )
    if met:
        records = len({row_no for _, row_no, _ in met})
        raise AwaitsApprovalError(
            within(load.named, detail("awaits_approval", records=records)),
            tuple((int(replay_id), int(row_no), str(cause)) for replay_id, row_no, cause in met),
        )


def hold(found: AwaitsApprovalError) -> None:
    """Write down which records met what in core, after the publication was undone."""
    with transaction() as session:
        session.run(
            """insert into ops.replay_hold (replay_id, row_no, cause)
               select * from unnest(
                   cast(:replays as bigint []), cast(:rows as bigint []), cast(:causes as text [])
               ) on conflict do nothing""",
            replays=[replay_id for replay_id, _, _ in found.met],
            rows=[row_no for _, row_no, _ in found.met],
            causes=[cause for _, _, cause in found.met],
        )


def _require_other(session: Session, found: Correction, by: str) -> None:
    """In words what the database would refuse in codes."""
    if is_same_person(session, by, found.asked_by):
        raise Dean06Error(detail("replay_of_same_person", replay=found.replay_id))
