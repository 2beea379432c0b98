"""Shards: groups of a load's landed files, each staged and validated by one worker.

``ops.shard`` lists them with the files of staging that they have. What a load comes to does not
depend on how it was divided: rows are numbered by landed file and line.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from dean06 import settings
from dean06.load import ledger
from dean06.load.ledger import LandingFile, Load
from dean06.warehouse import Session, sql_file


@dataclass(frozen=True)
class StoredFile:
    """A file of staging, and what proves that it is whole."""

    path: str
    sha256: str
    byte_count: int


@dataclass(frozen=True)
class Shard:
    """One group of landed files of a load, and how far it has come."""

    load_id: int
    number: int
    first_piece: int
    last_piece: int
    staged: StoredFile | None = None
    """None too where it has no records."""
    failing: StoredFile | None = None
    """None too where no record broke a critical rule."""
    received: int | None = None
    """None: it is not staged yet."""
    withdrawn: int = 0
    unreadable: int = 0
    known_fields: frozenset[str] = frozenset()
    unknown_fields: frozenset[str] = frozenset()
    broken: Mapping[int, int] | None = None
    """Number of a rule in the suite → records that broke it; None: it is not validated yet."""


def plan(session: Session, load: Load) -> list[Shard]:
    """The shards of a load, divided when they are first asked for; an empty load has one too."""
    if not (shards := of_load(session, load)):
        bounds = _divided(ledger.landing_files(session, load))
        session.run(
            """insert into ops.shard (load_id, shard_no, first_piece, last_piece)
               select :load_id, shard_no, first_piece, last_piece
               from unnest(cast(:firsts as integer []), cast(:lasts as integer []))
                   with ordinality as piece (first_piece, last_piece, shard_no)
               on conflict do nothing""",
            load_id=load.load_id,
            firsts=[first for first, _ in bounds],
            lasts=[last for _, last in bounds],
        )
        shards = of_load(session, load)
    return shards


def of_load(session: Session, load: Load) -> list[Shard]:
    """The shards of a load, in order; none before it is divided."""
    return [
        _shard(row)
        for row in session.rows(
            "select * from ops.shard where load_id = :load_id order by shard_no",
            load_id=load.load_id,
        )
    ]


def store_staged(session: Session, shard: Shard, last_lines: Mapping[int, int]) -> None:
    """Write down that a shard was staged. ``last_lines``: of its landed files, by piece.

    What was found in an earlier file of it no longer counts.
    """
    session.run(
        sql_file("protocol/shard_staged.sql"),
        load_id=shard.load_id,
        shard_no=shard.number,
        **_columns(shard.staged),
        received=shard.received,
        withdrawn=shard.withdrawn,
        unreadable=shard.unreadable,
        known=sorted(shard.known_fields),
        unknown=sorted(shard.unknown_fields),
        pieces=list(last_lines),
        lines=list(last_lines.values()),
    )


def store_validated(
    session: Session, shard: Shard, failing: StoredFile | None, broken: Mapping[int, int]
) -> None:
    """Write down what the rules found in a shard."""
    session.run(
        """update ops.shard
           set failing_path = :path, failing_sha256 = :sha256, failing_bytes = :bytes,
               broken_rules = cast(:broken as jsonb)
           where load_id = :load_id and shard_no = :shard_no""",
        load_id=shard.load_id,
        shard_no=shard.number,
        **_columns(failing),
        broken=msgspec.json.encode(broken).decode(),
    )


def forget_files(session: Session, load_ids: Collection[int]) -> None:
    """Write down that loads have no files of staging any longer."""
    session.run(
        """update ops.shard
           set staged_path = null, staged_sha256 = null, staged_bytes = null,
               failing_path = null, failing_sha256 = null, failing_bytes = null
           where load_id = any(:load_ids)""",
        load_ids=list(load_ids),
    )


def _divided(files: Sequence[LandingFile]) -> list[tuple[int, int]]:
    """First and last piece of groups that hold no more bytes than a shard may, or one piece."""
    most = settings.shard_bytes()
    bounds: list[tuple[int, int]] = []
    size = 0
    for file in files:
        size += file.byte_count
        if bounds and size <= most:
            bounds[-1] = (bounds[-1][0], file.piece_no)
        else:
            bounds.append((file.piece_no, file.piece_no))
            size = file.byte_count
    return bounds or [(0, 0)]


def _shard(row: Any) -> Shard:
    return Shard(
        load_id=row.load_id,
        number=row.shard_no,
        first_piece=row.first_piece,
        last_piece=row.last_piece,
        staged=_stored(row.staged_path, row.staged_sha256, row.staged_bytes),
        failing=_stored(row.failing_path, row.failing_sha256, row.failing_bytes),
        received=row.received_count,
        withdrawn=row.withdrawn_count or 0,
        unreadable=row.unreadable_count or 0,
        known_fields=frozenset(row.known_fields or ()),
        unknown_fields=frozenset(row.unknown_fields or ()),
        broken=None
        if row.broken_rules is None
        else {int(number): count for number, count in row.broken_rules.items()},
    )


def _columns(file: StoredFile | None) -> dict[str, Any]:
    return {
        "path": file.path if file else None,
        "sha256": file.sha256 if file else None,
        "bytes": file.byte_count if file else None,
    }


def _stored(path: str | None, sha256: str, byte_count: int) -> StoredFile | None:
    return StoredFile(path, sha256, byte_count) if path else None
