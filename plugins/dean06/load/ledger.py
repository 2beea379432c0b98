"""What happened and what is left to do: ``ops.load``, ``ops.watermark``, ``ops.landing_file``.

The ledger is the only state about data. Tasks pass nothing to each other: each finds its load by
(dataset, run), so a task killed at any moment can simply run again.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from dean06 import settings
from dean06.contract import Contract, Dataset
from dean06.details.detail import Detail, columns_of, detail, within
from dean06.errors import Cause, ContractError, Dean06Error
from dean06.load.steps import State, Step
from dean06.warehouse import Lock, Session, sql_file, transaction


@dataclass(frozen=True)
class Window:
    """Versions with ``since < updated_at <= until``; no ``since`` asks for everything."""

    since: datetime | None
    until: datetime

    def __str__(self) -> str:
        since = self.since.isoformat() if self.since else "the beginning"
        return f"({since}, {self.until.isoformat()}]"


@dataclass(frozen=True)
class Load:
    """One attempt of one run to load one dataset."""

    load_id: int
    source: str
    dataset: str
    run_key: str
    attempt: int
    day: date
    window: Window
    status: State
    export_handle: str | None
    cause: str | None
    corrects: int | None
    """The load whose rejected records it brings again, corrected; None: it is the source's own."""

    @property
    def is_landed(self) -> bool:
        """Extraction is complete, and no later step has found fault with it."""
        return self.status is State.LANDED and self.cause is None

    @property
    def code(self) -> str:
        """``police.resident``."""
        return f"{self.source}.{self.dataset}"

    @property
    def named(self) -> Detail:
        """The load as messages name it."""
        since, until = self.window.since, self.window.until
        known = partial(detail, dataset=self.code, load=self.load_id, run=self.run_key, until=until)
        return known("load", since=since) if since else known("first_load")

    def __str__(self) -> str:
        return str(self.named)


@dataclass(frozen=True)
class LandingFile:
    """One immutable file of a load, as it came from the source."""

    piece_no: int
    piece_name: str
    path: str
    sha256: str
    byte_count: int
    declared_count: int
    resume_token: str | None


_LOAD = """
    select load_id, source_code, dataset_code, run_key, attempt, day, window_since, window_until,
           status, export_handle, cause, corrects_load_id
    from ops.load
"""


def open_load(
    contract: Contract, dataset: Dataset, run_key: str, day: date, corrects: int | None = None
) -> Load:
    """The load this run works on, opened if need be; ``corrects``: see ``Load``.

    A retry goes on with the load that is open, or landed without complaint. A run that is asked
    again after later steps gets a new attempt over the *same* window. A new run asks for
    (watermark, end of day]; when the watermark is already past that day, for the day alone.

    Raises ContractError for a day that has not ended: its window would close in the future, and
    what the source writes until then would never be asked for.
    """
    if settings.end_of(day) > datetime.now(settings.TIMEZONE):
        raise ContractError(detail("day_not_ended", dataset=dataset.code, day=day))
    with transaction() as session:
        session.lock(Lock.LOAD, f"{dataset.code}:{run_key}")
        latest = _latest(session, dataset.source, dataset.name, run_key)
        if latest is not None and (latest.status is State.OPEN or latest.is_landed):
            return latest
        if latest is not None and latest.status is not State.PUBLISHED:
            session.run(
                "update ops.load set status = :status where load_id = :load_id",
                status=State.ABANDONED,
                load_id=latest.load_id,
            )
        window = latest.window if latest else window_after(watermark(session, dataset), day)
        row = session.one(
            sql_file("protocol/open_load.sql"),
            source=dataset.source,
            dataset=dataset.name,
            run_key=run_key,
            attempt=latest.attempt + 1 if latest else 1,
            day=latest.day if latest else day,
            since=window.since,
            until=window.until,
            version=contract.version,
            corrects=corrects,
        )
        return _by_id(session, row.load_id)


def current_load(dataset: Dataset, run_key: str) -> Load:
    """The load that a later step of the run works on. Raises Dean06Error when none was opened."""
    with transaction() as session:
        return load_of_run(session, dataset, run_key)


def load_of_run(session: Session, dataset: Dataset, run_key: str) -> Load:
    """As ``current_load``, inside the caller's transaction."""
    latest = _latest(session, dataset.source, dataset.name, run_key)
    if latest is None:
        raise Dean06Error(detail("no_load_opened", dataset=dataset.code, run=run_key))
    return latest


def claim(session: Session, load: Load) -> Load:
    """The current state of the load, locked against other workers until the transaction ends.

    A worker that was thought dead may still be working on it: the second one waits, and then sees
    the result. From here on an error of the warehouse names the load.
    """
    session.about = load.named
    # Not FOR UPDATE: rows that refer to the load may still be written.
    found = f"{_LOAD} where load_id = :load_id for no key update"
    return _load(session.one(found, load_id=load.load_id))


def require(load: Load, step: Step) -> None:
    """Refuse a step whose load is not in a state that it needs, saying which task to clear."""
    if load.status not in step.needs:
        needed = " or ".join(state for state in State if state in step.needs)
        state = detail(f"state_{load.status}")
        refusal = detail("step_needs_state", step=step.name, needed=needed, state=state)
        raise Dean06Error(within(load.named, refusal))


def set_export_handle(load: Load, handle: str) -> None:
    """Remember where an asynchronous export is being prepared."""
    with transaction() as session:
        session.run(
            "update ops.load set export_handle = :handle where load_id = :load_id",
            handle=handle,
            load_id=load.load_id,
        )


def note_cause(load: Load, cause: str, code: Cause, found: Detail | None = None) -> None:
    """Write down, beside the load, why it did not get further; ``cause`` as ``cause_of`` says,
    ``found`` the same by its code."""
    with transaction() as session:
        session.run(
            """update ops.load set cause = :cause
               where load_id = :load_id and status not in ('published', 'abandoned')""",
            cause=cause,
            load_id=load.load_id,
        )
        note_code(session, load, code, found)


def note_code(session: Session, load: Load, code: Cause, found: Detail | None) -> None:
    """Write down the codes of a load's cause, in the transaction that writes its text."""
    session.run(
        """insert into ops.load_cause (load_id, cause_code, detail_code, detail_parameters)
           values (:load_id, :code, :detail, cast(:parameters as jsonb))
           on conflict (load_id) do update
           set cause_code = excluded.cause_code, detail_code = excluded.detail_code,
               detail_parameters = excluded.detail_parameters""",
        load_id=load.load_id,
        code=code,
        **columns_of(found),
    )


def landing_files(session: Session, load: Load) -> list[LandingFile]:
    """The files of a load, in the order received."""
    return [
        LandingFile(*row)
        for row in session.rows(
            """
            select piece_no, piece_name, landed_path, sha256, byte_count, declared_count,
                   resume_token
            from ops.landing_file where load_id = :load_id order by piece_no
            """,
            load_id=load.load_id,
        )
    ]


def last_pieces(session: Session, load: Load) -> list[LandingFile]:
    """The last file of each part of a log that earlier loads of the dataset have published; the
    part is what the name of a piece begins with, up to the first slash."""
    return [
        LandingFile(*row)
        for row in session.rows(
            sql_file("protocol/last_pieces.sql"), source=load.source, dataset=load.dataset
        )
    ]


def add_landing_file(load: Load, file: LandingFile) -> None:
    """Record one landed file; from here on a retry need not fetch it again."""
    with transaction() as session:
        session.run(
            """
            insert into ops.landing_file (load_id, piece_no, piece_name, landed_path, sha256,
                                          byte_count, declared_count, resume_token)
            values (:load_id, :piece_no, :piece_name, :path, :sha256, :bytes, :declared, :token)
            """,
            load_id=load.load_id,
            piece_no=file.piece_no,
            piece_name=file.piece_name,
            path=file.path,
            sha256=file.sha256,
            bytes=file.byte_count,
            declared=file.declared_count,
            token=file.resume_token,
        )


def forget_landing_files(load: Load) -> None:
    """Start extraction over: the files stay in landing, the load no longer counts on them."""
    with transaction() as session:
        session.run("delete from ops.landing_file where load_id = :load_id", load_id=load.load_id)


def mark_landed(load: Load, declared: int) -> None:
    """Extraction is complete: every piece landed and its checksum held."""
    with transaction() as session:
        session.run(
            """
            update ops.load set status = :status, declared_count = :declared, cause = null
            where load_id = :load_id
            """,
            status=State.LANDED,
            declared=declared,
            load_id=load.load_id,
        )


def watermark(session: Session, dataset: Dataset) -> datetime | None:
    """The moment up to which the dataset is loaded; None before its first load."""
    row = session.one(
        "select reached from ops.watermark where source_code = :source and dataset_code = :dataset",
        source=dataset.source,
        dataset=dataset.name,
    )
    return row.reached if row else None


def window_after(reached: datetime | None, day: date) -> Window:
    """What a new run of a day asks for: what is new since the watermark, or that day again."""
    until = settings.end_of(day)
    if reached is None or reached < until:
        return Window(reached, until)
    return Window(settings.start_of(day), until)


def _latest(session: Session, source: str, dataset: str, run_key: str) -> Load | None:
    row = session.one(
        f"""{_LOAD} where source_code = :source and dataset_code = :dataset
            and run_key = :run_key order by attempt desc limit 1""",
        source=source,
        dataset=dataset,
        run_key=run_key,
    )
    return _load(row) if row else None


def _by_id(session: Session, load_id: int) -> Load:
    return _load(session.one(f"{_LOAD} where load_id = :load_id", load_id=load_id))


def _load(row: Any) -> Load:
    return Load(
        load_id=row.load_id,
        source=row.source_code,
        dataset=row.dataset_code,
        run_key=row.run_key,
        attempt=row.attempt,
        day=row.day,
        window=Window(row.window_since, row.window_until),
        status=State(row.status),
        export_handle=row.export_handle,
        cause=row.cause,
        corrects=row.corrects_load_id,
    )
