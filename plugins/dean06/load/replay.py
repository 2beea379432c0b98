"""Replay: rejected records, corrected by a steward, taken through the whole load protocol.

A replay is a separate load: landed as an immutable file, staged, validated by the same suite,
quarantined again if it still breaks a rule, published with its row counts. Its window is the day of
the load it corrects, which core has reached already, so no watermark moves. Its records are
versions like any other: a newer one that the agency has sent meanwhile stays the newest.
"""

import io
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from dean06 import contract
from dean06.contract import Dataset
from dean06.details.detail import Detail, detail
from dean06.errors import AwaitsApprovalError, Dean06Error, at, together
from dean06.load import approval, landing, ledger
from dean06.load.ledger import Load
from dean06.load.staging import KINDS, ROW
from dean06.load.steps import State
from dean06.sources import Piece
from dean06.trail.reason import stated
from dean06.warehouse import Session, transaction

log = logging.getLogger(__name__)

Record = Mapping[str, str | None]
"""A record by the columns of its contract, as text; what is left out is empty."""

MOST_ROWS = 10_000
"""More corrections than this are a delivery: the agency sends them."""
MOST_CHARACTERS = 100_000
"""Of a corrected record: a second person has to read it."""


def ask(session: Session, load_id: int, corrected: Mapping[int, Record], by: str, why: str) -> int:
    """Write down corrected records, by their row in the load that rejected them; returns the
    number of the replay, which is then ``due``, or waits for a second person (``approval``).

    Raises Dean06Error when the load was not published (a held batch comes again from its agency),
    a row is not among its rejected ones or is purged, a record has a column the contract does not
    know, or who and why is not said.
    """
    if not by.strip():
        raise Dean06Error(detail("name_required"))
    why = stated(why)
    dataset = _dataset(session, load_id)
    # A note of the warehouse about the rejected record, not one of its fields.
    corrected = {n: {k: v for k, v in r.items() if k != KINDS} for n, r in corrected.items()}
    _check(session, dataset, load_id, corrected)
    row = session.one(
        """insert into ops.replay (corrects_load_id, asked_by, reason)
           values (:load_id, :by, :why) returning replay_id""",
        load_id=load_id,
        by=by,
        why=why,
    )
    rows = sorted(corrected)
    session.run(
        """insert into ops.replay_row (replay_id, row_no, position, payload)
           select :replay_id, row_no, position, cast(payload as jsonb)
           from unnest(cast(:rows as bigint []), cast(:payloads as text []))
               with ordinality as corrected (row_no, payload, position)""",
        replay_id=row.replay_id,
        rows=rows,
        payloads=[msgspec.json.encode(corrected[row_no]).decode() for row_no in rows],
    )
    return int(row.replay_id)


def from_lines(name: str, lines: Iterable[bytes]) -> dict[int, Record]:
    """Corrected records by row, of one JSON object a line: ``_row``, and columns as texts.

    Raises Dean06Error naming the line that is no such object, corrects a row again, or is one of
    too many; never what it holds.
    """
    corrected: dict[int, Record] = {}
    for number, line in enumerate(lines, start=1):
        if number > MOST_ROWS:
            raise Dean06Error(detail("replay_size", most=MOST_ROWS))
        row_no, record = _from_line(name, number, line)
        if row_no in corrected:
            raise Dean06Error(detail("line_corrects_again", file=name, line=number))
        corrected[row_no] = record
    return corrected


def _from_line(name: str, number: int, line: bytes) -> tuple[int, Record]:
    try:
        record = msgspec.json.decode(line, type=dict[str, str | int | None])
        row_no = int(record.pop(ROW) or 0)
        if not 0 < row_no < 2**63 or any("\0" in str(value) for value in record.values()):
            raise ValueError  # which no row, or no text, of the warehouse holds
    except (msgspec.MsgspecError, KeyError, ValueError):
        raise Dean06Error(detail("line_no_correction", file=name, line=number, row=ROW)) from None
    return row_no, {
        column: None if value is None else str(value) for column, value in record.items()
    }


def outcomes() -> list[Any]:
    """Replays with how many of their records were accepted, rejected or still wait."""
    with transaction() as session:
        return session.rows(
            """select replay_id, outcome, count(*) as records from ops.replay_outcome
               group by replay_id, outcome order by replay_id desc, outcome limit 20"""
        )


def _dataset(session: Session, load_id: int) -> Dataset:
    load = session.one(
        "select source_code, dataset_code, status from ops.load where load_id = :load_id",
        load_id=load_id,
    )
    if load is None:
        raise Dean06Error(detail("no_load", load=load_id))
    if load.status != State.PUBLISHED:
        raise Dean06Error(detail("load_not_replayed", load=load_id, state=load.status))
    return contract.load(load.source_code).dataset(load.dataset_code)


def _check(
    session: Session, dataset: Dataset, load_id: int, corrected: Mapping[int, Record]
) -> None:
    if not 0 < len(corrected) <= MOST_ROWS:
        raise Dean06Error(detail("replay_size", most=MOST_ROWS))
    if any(sum(len(v or "") for v in r.values()) > MOST_CHARACTERS for r in corrected.values()):
        raise Dean06Error(detail("correction_too_long", most=MOST_CHARACTERS))
    rejected = session.rows(
        """select distinct row_no, purged_at from ops.quarantine_reason
           where load_id = :load_id and row_no = any(:rows)""",
        load_id=load_id,
        rows=list(corrected),
    )
    if absent := sorted(set(corrected) - {row.row_no for row in rejected}):
        raise Dean06Error(
            detail("rows_not_rejected", load=load_id, rows=_first(absent), records=len(absent))
        )
    if purged := [row.row_no for row in rejected if row.purged_at]:
        raise Dean06Error(
            detail("rows_purged", load=load_id, rows=_first(sorted(purged)), records=len(purged))
        )
    known = {column.name for column in dataset.staged}
    if len({*known.union(*corrected.values())} - known):
        # Not named: what somebody typed as a column may be anything.
        raise Dean06Error(detail("correction_unknown_column", dataset=dataset.code))


def _first(numbers: list[int]) -> Detail:
    """The first of some numbers, for a sentence."""
    shown = [str(number) for number in numbers[:10]]
    if len(numbers) > 10:
        return detail("row_numbers_first", rows=shown, more=len(numbers) - 10)
    return detail("row_numbers", rows=shown)


def due() -> list[int]:
    """Replays that were asked for and are not published yet, oldest first."""
    with transaction() as session:
        rows = session.rows(
            "select distinct replay_id from ops.replay_outcome where outcome = 'waiting' order by 1"
        )
    return [row.replay_id for row in rows]


def load_due() -> int:
    """Take every replay that is due through the protocol; returns how many.

    One that turns out to need a second person waits for one. One that fails does not stop the
    others. Raises Dean06Error naming those that failed.
    """
    waiting = due()
    failed: list[Detail | str] = []
    for replay_id in waiting:
        try:
            load(replay_id)
        except AwaitsApprovalError as error:
            log.warning("%s", error)
        except Dean06Error as error:
            failed.append(at(detail("replay", replay=replay_id), error))
    if failed:
        raise Dean06Error(together(failed))
    return len(waiting)


def load(replay_id: int) -> Load:
    """Land, stage, validate, quarantine and publish one replay; nothing when it is published.

    Raises AwaitsApprovalError when it needs a second person, and what the steps raise.
    """
    from dean06.load.publish import publish
    from dean06.load.quarantine import quarantine
    from dean06.load.stage import stage
    from dean06.load.validate import validate

    dataset, run_key = _land(replay_id)
    if ledger.current_load(dataset, run_key).status is not State.PUBLISHED:
        stage(dataset, run_key)
        validate(dataset, run_key)
        quarantine(dataset, run_key)
        publish(dataset.source, run_key, (dataset,))
    return ledger.current_load(dataset, run_key)


def _land(replay_id: int) -> tuple[Dataset, str]:
    """Open the replay's load and land its file; what is published or landed already stays."""
    with transaction() as session:
        asked = session.one(
            """select replay.corrects_load_id, load.source_code, load.dataset_code, load.day
               from ops.replay
               inner join ops.load on replay.corrects_load_id = load.load_id
               where replay.replay_id = :replay_id""",
            replay_id=replay_id,
        )
        if asked is None:
            raise Dean06Error(detail("no_replay", replay=replay_id))
        payloads = session.rows(
            "select payload from ops.replay_row where replay_id = :replay_id order by position",
            replay_id=replay_id,
        )
    agreed = contract.load(asked.source_code)
    dataset, run_key = agreed.dataset(asked.dataset_code), f"replay__{replay_id}"
    if _is_published(dataset, run_key):
        return dataset, run_key
    _require_approval(replay_id)
    opened = ledger.open_load(agreed, dataset, run_key, asked.day, asked.corrects_load_id)
    if not opened.is_landed:
        ledger.forget_landing_files(opened)
        body = _lines(dataset, [row.payload for row in payloads])
        piece = Piece(f"replay-{replay_id}", "ndjson", io.BytesIO(body), len(payloads))
        with landing.nothing_removed():
            ledger.add_landing_file(opened, landing.land(dataset, piece, 1))
        ledger.mark_landed(opened, len(payloads))
    return dataset, run_key


def _require_approval(replay_id: int) -> None:
    with transaction() as session:
        outcomes = session.rows(
            "select distinct outcome from ops.replay_outcome where replay_id = :id", id=replay_id
        )
    found = {row.outcome for row in outcomes}
    if approval.WAITING in found:
        raise AwaitsApprovalError(detail("replay_waits", replay=replay_id))
    if "emptied" in found:
        raise Dean06Error(detail("replay_emptied", replay=replay_id))
    if "declined" in found:
        raise Dean06Error(detail("replay_declined", replay=replay_id))


def _is_published(dataset: Dataset, run_key: str) -> bool:
    with transaction() as session:
        found = session.one(
            """select true from ops.load where source_code = :source and dataset_code = :dataset
               and run_key = :run_key and status = 'published'""",
            source=dataset.source,
            dataset=dataset.name,
            run_key=run_key,
        )
    return found is not None


def _lines(dataset: Dataset, payloads: list[dict[str, Any]]) -> bytes:
    """One object a line, by the names that staging looks for, every column present."""
    return b"".join(
        msgspec.json.encode({str(c.wire_name): payload.get(c.name) for c in dataset.staged}) + b"\n"
        for payload in payloads
    )
