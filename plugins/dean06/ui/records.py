"""One quarantined record, for a steward; the reading is written down before it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dean06 import contract
from dean06.contract import Bilingual, Column, Dataset
from dean06.load.staging import KINDS, PROBLEM, RAW
from dean06.load.steps import State
from dean06.load.texts import BETWEEN
from dean06.reference import tables
from dean06.trail import chain
from dean06.ui import reading
from dean06.warehouse import Session


@dataclass(frozen=True)
class Record:
    """A rejected record as received, and why it was rejected."""

    load_id: int
    row_no: int
    day: date
    is_replayable: bool
    """Only what a published load left behind; a held batch comes again from its agency."""
    purged_at: datetime | None
    """When what it held was removed, its period being over: only where and why are left."""
    dataset: Dataset
    fields: tuple[tuple[Column, str | None], ...]
    problem: str | None
    raw: str | None
    """The line, where it could not be read into fields."""
    kinds: str | None
    """The fields that came as another kind than the contract lists, each with its kind."""
    reasons: tuple[Any, ...]
    readings: tuple[Any, ...]
    """Who has looked at it, newest first."""

    @property
    def is_readable(self) -> bool:
        """Whether it could be taken apart into fields."""
        return self.problem is None

    @property
    def problem_words(self) -> Bilingual:
        """Why it could not be taken apart."""
        return _words("problem", self.problem or "")

    @property
    def kind_words(self) -> list[tuple[Column | None, Bilingual]]:
        """``kinds`` in words."""
        return kind_words(self.kinds or "", [column for column, _ in self.fields])


def kind_words(kinds: str, columns: Sequence[Column]) -> list[tuple[Column | None, Bilingual]]:
    """Of each field that came as another kind (``birth_date: number; …``): its column, None where
    the contract has none of that name any more, and the kind in words."""
    known = {column.name: column for column in columns}
    pairs = [each.partition(": ") for each in kinds.split(BETWEEN) if each]
    return [(known.get(name), _words("kind", kind)) for name, _, kind in pairs]


def _words(kind: str, code: str) -> Bilingual:
    """What ``corrections.csv`` says about a code; the code itself where it says nothing."""
    for text in tables.corrections():
        if (text.kind, text.code) == (kind, code) and text.reason_en and text.reason_vi:
            return Bilingual(text.reason_en, text.reason_vi)
    return Bilingual(code, code)


def read(load_id: int, row_no: int, reader: str, reason: str) -> Record | None:
    """The record, once the reading of it is committed to ``ops.payload_read``; None if absent.

    Raises WarehouseError when the reading could not be written down: nothing is shown then.
    """
    with reading.warehouse() as session:
        found = session.one(
            "select ops.read_payload(:load_id, :row_no, :reader, :reason) as payload",
            load_id=load_id,
            row_no=row_no,
            reader=reader,
            reason=reason,
        )
    chain.link_if_possible(reading.ROLE)
    # Only now, when the transaction is committed, does the record go any further.
    with reading.warehouse() as session:
        left = session.one(
            """select purged_at from ops.quarantine_reason
               where load_id = :load_id and row_no = :row_no limit 1""",
            load_id=load_id,
            row_no=row_no,
        )
        if left is None:
            return None
        return _described(session, load_id, row_no, found.payload or {}, left.purged_at)


def _described(
    session: Session,
    load_id: int,
    row_no: int,
    payload: Mapping[str, str],
    purged_at: datetime | None,
) -> Record:
    load = session.one(
        "select source_code, dataset_code, day, status from ops.load where load_id = :id",
        id=load_id,
    )
    dataset = contract.load(load.source_code).dataset(load.dataset_code)
    return Record(
        load_id=load_id,
        row_no=row_no,
        day=load.day,
        is_replayable=load.status == State.PUBLISHED and purged_at is None,
        purged_at=purged_at,
        dataset=dataset,
        fields=tuple((column, payload.get(column.name)) for column in dataset.staged),
        problem=payload.get(PROBLEM),
        raw=payload.get(RAW),
        kinds=payload.get(KINDS),
        reasons=tuple(
            session.rows(
                """select rule_code, reason_en, reason_vi, piece_name, line_no
                   from ops.quarantine_reason where load_id = :load_id and row_no = :row_no
                   order by rule_code""",
                load_id=load_id,
                row_no=row_no,
            )
        ),
        readings=tuple(
            session.rows(
                """select read_at, reader, reason from ops.payload_read
                   where load_id = :load_id and row_no = :row_no order by read_id desc limit 10""",
                load_id=load_id,
                row_no=row_no,
            )
        ),
    )
