"""Counting in several sessions at once, which all read what the session of the build reads.

PostgreSQL works for one session on one processor, but for parts of its plans. So the steps of
families are counted side by side, and those of a family that compares persons in shares of its
things. A share holds things that no other share holds (``independent_by`` in front matter), so the
steps of a family are the sum of those of its shares.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO

from psycopg2 import sql

from dean06.contract import Dataset
from dean06.kpi import boundaries, counting, touched
from dean06.kpi.front_matter import PERSON, RECORD, Family
from dean06.kpi.touched import Touched
from dean06.warehouse import Session, sql_file, transaction

_BINARY = "format binary"
_IN_MEMORY = 8 * 1024**2
"""Bytes of counted rows that wait in memory; more wait in a file."""
_SHARES = 2
"""Shares of a family for each session: they take about as long as other families."""
_CANCELS_EVERY = 0.2
"""Seconds."""
_COMPARES = 3
"""Tables with the key of its things from which on a family is counted in shares: reading the tables
several times costs less than comparing everything with everything at once."""


@dataclass(frozen=True)
class Part:
    """What one session counts: a family, or a share of its things."""

    family: Family
    query: str
    share: int = 0
    shares: int = 1


class Beside:
    """Sessions beside that of a build. Each is opened when it is needed, and reads the same."""

    def __init__(self, opened: ExitStack, snapshot: str, day: date, sessions: int) -> None:
        self._opened, self._snapshot, self._day = opened, snapshot, day
        self._of_thread = threading.local()
        self._wrong: Exception | None = None
        self._sessions: list[Session] = []
        self._started: list[Future[IO[bytes]]] = []
        self.sessions = sessions
        self.pool = ThreadPoolExecutor(sessions)

    def count(self, part: Part, **parameters: object) -> "Future[IO[bytes]]":
        """The rows of a query, in COPY's binary format, once they are counted.

        The result raises AuditError naming the family's file when PostgreSQL cannot run it.
        """
        return self._start(partial(self._rows, part=part, parameters=parameters))

    def change(
        self, found: Touched, queries: Sequence[tuple[Family, str]], **parameters: object
    ) -> "Future[IO[bytes]]":
        """Likewise, by how much the steps of families differ from those that touched things had."""
        return self._start(
            partial(self._changes, found=found, queries=queries, parameters=parameters)
        )

    def cancel(self) -> None:
        """Stop what the sessions count now. Parts that wait are dropped; a session that begins a
        part meanwhile is stopped too."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        while wait(self._started, _CANCELS_EVERY).not_done:
            for session in self._sessions:
                session.connection.connection.cancel()

    def _start(self, work: Callable[[Session], IO[bytes]]) -> "Future[IO[bytes]]":
        started = self.pool.submit(copy_context().run, self._do, work)
        self._started.append(started)
        return started

    def _do(self, work: Callable[[Session], IO[bytes]]) -> IO[bytes]:
        if self._wrong is not None:
            raise self._wrong  # The session's transaction has failed, and with it the build.
        try:
            return work(self._session())
        except Exception as error:
            self._wrong = error
            raise

    def _session(self) -> Session:
        """The session of this thread."""
        session: Session | None = getattr(self._of_thread, "session", None)
        if session is None:
            session = self._opened.enter_context(
                transaction(isolation="REPEATABLE READ", snapshot=self._snapshot)
            )
            self._sessions.append(session)
            session.sort_in_memory()
            # PostgreSQL does not see that the build waits for these sessions, so it would not end a
            # deadlock: another program waits for the build, and a session waits for that program.
            session.run("set local lock_timeout = '1min'")
            boundaries.prepare_reforms(session)
            self._of_thread.session = session
        return session

    def _rows(self, session: Session, part: Part, parameters: dict[str, object]) -> IO[bytes]:
        query = part.query if part.shares == 1 else _of_share(session, part)
        with (
            session.by_hash(),
            counting.counts_of(session, self._day, part.family, query, **parameters),
        ):
            rows = _all(session, "counts")
        if part.shares > 1:
            _drop_views(session, part.family)
        return rows

    def _changes(
        self,
        session: Session,
        found: Touched,
        queries: Sequence[tuple[Family, str]],
        parameters: dict[str, object],
    ) -> IO[bytes]:
        session.run("create temporary table change (like ops.kpi_step) on commit drop")
        touched.add_changes(session, self._day, found, queries, **parameters)
        rows = _all(session, "change")
        session.run("drop table change")
        return rows


@contextmanager
def beside(session: Session, day: date, sessions: int) -> Iterator[Beside]:
    """Up to so many sessions beside one that has changed nothing which families read."""
    snapshot = session.one("select pg_export_snapshot() as name").name
    with ExitStack() as opened:
        others = Beside(opened, snapshot, day, sessions)
        is_done = False
        try:
            yield others
            is_done = True
        finally:
            if not is_done:
                others.cancel()
            others.pool.shutdown()


def add_changes(
    session: Session,
    others: Beside,
    wanted: Sequence[tuple[Touched, Sequence[tuple[Family, str]]]],
    **parameters: object,
) -> None:
    """Add to the temporary table ``change`` what the others count of touched things, each with the
    queries of its families.

    Raises AuditError naming the file of a family whose query PostgreSQL cannot run.
    """
    columns = _columns(session, "change")
    started = [others.change(found, queries, **parameters) for found, queries in wanted]
    for counted in as_completed(started):
        with counted.result() as rows:
            session.copy_in(sql.Identifier("change"), columns, rows, _BINARY)


def add_steps(
    session: Session, others: Beside, queries: Sequence[tuple[Family, str]], **parameters: object
) -> None:
    """Add to the kept steps what the others count by the queries of families.

    Raises AuditError naming the file of a family whose query PostgreSQL cannot run.
    """
    session.run("create temporary table share (like ops.kpi_step) on commit drop")
    columns = _columns(session, "share")
    parts = [part for family, query in queries for part in _parts(family, query, others.sessions)]
    parts.sort(key=lambda part: part.shares, reverse=True)  # Those that take longest.
    started = {others.count(part, **parameters): part for part in parts}
    for counted in as_completed(started):
        is_whole = started[counted].shares == 1
        table = sql.Identifier("ops", "kpi_step") if is_whole else sql.Identifier("share")
        with counted.result() as rows:
            session.copy_in(table, columns, rows, _BINARY)
    session.run(counting.summed("kpi_build/join_shares.sql", "share"))
    session.run("drop table share")


def _parts(family: Family, query: str, sessions: int) -> list[Part]:
    """What a family is counted in: shares, if it compares what records of many tables say."""
    if family.independent_by in (None, RECORD, PERSON) or len(touched.with_key(family)) < _COMPARES:
        return [Part(family, query)]
    shares = sessions * _SHARES
    return [Part(family, query, share, shares) for share in range(shares)]


def _all(session: Session, table: str) -> IO[bytes]:
    """The rows of a temporary table, in COPY's binary format."""
    rows = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # the reader closes it
    session.copy_out(f"select * from {table}", _BINARY, rows)
    rows.seek(0)
    return rows


def _columns(session: Session, table: str) -> list[str]:
    """The columns of a temporary table, in their order."""
    rows = session.rows(
        """select attname::text as name from pg_attribute
           where attrelid = cast(:table as regclass) and attnum > 0 order by attnum""",
        table=f"pg_temp.{table}",
    )
    return [row.name for row in rows]


def _of_share(session: Session, part: Part) -> str:
    """The family's query, reading the records of the share's things alone."""
    datasets = touched.with_key(part.family)
    for dataset in datasets:
        session.compose(
            sql_file("kpi_build/share.sql"),
            view=_view(dataset),
            core=sql.Identifier("core", dataset.table),
            is_in_share=touched.in_share(
                touched.thing(part.family.independent_by or "", dataset), part.share, part.shares
            ),
        )
    return touched.reading_only(part.query, [each.table for each in datasets], "share")


def _drop_views(session: Session, family: Family) -> None:
    """A connection pool keeps the connection, and what is temporary in it, after the build."""
    for dataset in touched.with_key(family):
        session.compose("drop view {view}", view=_view(dataset))


def _view(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(f"share_{dataset.table}")
