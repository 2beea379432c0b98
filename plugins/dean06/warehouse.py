"""The only door to PostgreSQL: connections, transactions, COPY, and errors without values.

PostgreSQL puts the offending value into its error messages ("invalid input syntax for type date:
…", "Key (personal_id)=(…) already exists"). Those values are citizens' data, so every database
error leaves here as a WarehouseError that names codes and objects only.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import IO, Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneIsFree
from sqlalchemy.pool import NullPool, QueuePool

from dean06 import roles, settings
from dean06.details.detail import Detail, detail, within
from dean06.errors import ConflictError, WarehouseError

LOADER = "dean06_loader"
"""The role that runs the daily sync; ``roles.named`` says how this warehouse calls it."""
_COPY_BYTES = 1 << 20
"""Read at a time by COPY: large, so that a thread that copies seldom has to ask for the GIL."""
_GROWN = 0.1
"""Growth of a table that its statistics bear."""
_KEPT: dict[str, Any] = {
    "pool_size": 10, "max_overflow": 0, "pool_timeout": 5, "pool_pre_ping": True,
    "pool_recycle": 600,
}  # fmt: skip
"""Connections that stay open: one that the server has closed meanwhile is opened again."""
_CONFLICTS = ("40001", "40P01", "23505")
"""SQLSTATE of what concurrent transactions cause: serialization, deadlock, a taken key."""
_CLASSES = frozenset("? 08 0A 22 23 25 28 40 42 53 54 55 57 58 P0".split())  # noqa: SIM905
"""SQLSTATE classes that details have words for; ? is none: there was no connection."""
_MESSAGES_WITH_VALUES = ("22", "23", "P0")
"""SQLSTATE classes (data exception, integrity violation, raised) whose message may hold values."""


class Lock(StrEnum):
    """What one transaction at a time may do: the advisory locks that dean06 takes.

    Whoever holds several takes them in this order.
    """

    MIGRATE = "dean06 migrate"
    """Bring the warehouse to another version of dean06."""
    KEEP_HOUSE = "keep-house"
    """Remove what is past its retention period."""
    LANDING = "landing"
    """Remove landed files. Who lands a file holds it shared."""
    AGENCY_LISTS = "agency lists"
    """Write the agencies' lists, or remove what they are made from."""
    LOAD = "load"
    """Open a load; its key is dataset and run."""
    PUBLISH = "publish"
    """Publish a source; its key is the source."""
    KPI = "kpi"
    """Build KPIs, or decide on a held build."""
    IDENTITY = "identity"
    """Verify identities."""
    PERSON_TOKENS = "person tokens"
    """Give persons their tokens, or replace the key of the tokens."""
    AUDIT_CHAIN = "dean06 audit chain"
    """Link notes to the audit chain; ops.link_notes takes it, whoever calls."""
    SIGN = "sign publications"
    """Sign publications and write them out."""
    LINEAGE = "lineage"
    """Send lineage events."""
    WATCH = "watch"
    """Send alerts."""


@cache
def engine(isolation: str = "READ COMMITTED", kept: bool = False, dsn: str = "") -> Engine:
    """An engine of the warehouse at ``dsn``, which may be another in the next transaction; no pool,
    since every task is a process of its own. ``kept``: up to ten connections stay open, for a
    server that answers many short requests.

    It asks for no setting of the session: a connection pool between (PgBouncer in transaction mode)
    gives each transaction whatever connection is free. ``transaction`` sets what it needs.
    """
    return create_engine(
        dsn or settings.warehouse_dsn(),
        **({"poolclass": QueuePool, **_KEPT} if kept else {"poolclass": NullPool}),
        hide_parameters=True,
        isolation_level=isolation,
        connect_args={"application_name": "dean06"},
    )


def _path(role: str) -> str:
    """Temporary tables come first for the role that makes them; others may make none, and
    PostgreSQL would try to for whoever names their schema."""
    return "pg_temp,public" if role == LOADER else "public"


@contextmanager
def transaction(
    role: str = LOADER, isolation: str = "READ COMMITTED", snapshot: str = "", *, kept: bool = False
) -> Iterator["Session"]:
    """One transaction: committed when the block ends, rolled back when it raises.

    ``role``: acted as from the first statement to the last, whatever this warehouse calls it
    (``roles.named``); empty: the account of the DSN. ``snapshot``: exported by a transaction that
    is still open; this one reads what that one reads. ``kept``: over a connection that stays open.
    Raises WarehouseError for whatever PostgreSQL refuses, naming what the session was about.
    """
    about: Detail | None = None
    try:
        with engine(isolation, kept, settings.warehouse_dsn()).begin() as connection:
            session = Session(connection)
            if snapshot:
                session.compose("set transaction snapshot {name}", name=sql.Literal(snapshot))
            _act_as(session, role)
            try:
                yield session
            finally:
                about = session.about
    except DBAPIError as error:
        raise error_without_values(error.orig, about) from None
    except (psycopg2.Error, NoneIsFree) as error:
        raise error_without_values(error, about) from None


def _act_as(session: "Session", role: str) -> None:
    """Set role, time zone and search path until the transaction ends.

    Raises WarehouseError when the transaction acts as another role than asked for: nothing may run
    with more rights than it needs.
    """
    session.run(
        """select
               set_config('role', :role, true),
               set_config('timezone', 'Asia/Ho_Chi_Minh', true),
               set_config('search_path', :path, true)""",
        role=roles.named(role) or "none",
        path=_path(role),
    )
    now = session.one(
        "select current_user as role, coalesce(nullif(:role, ''), session_user) as wanted",
        role=roles.named(role),
    )
    if now.role != now.wanted:
        raise WarehouseError(detail("other_role", actual=now.role, wanted=now.wanted))


class Session:
    """What a transaction can do: run SQL, run SQL with composed identifiers, COPY."""

    about: Detail | None = None
    """The load that is worked on, for whoever reads an error."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def run(self, statement: str, **parameters: Any) -> int:
        """Run one statement with bound ``:name`` parameters; returns the rows it touched."""
        return self.connection.execute(text(statement), parameters).rowcount

    def rows(self, statement: str, **parameters: Any) -> list[Any]:
        """All rows of a query, with named access."""
        return list(self.connection.execute(text(statement), parameters).all())

    def one(self, statement: str, **parameters: Any) -> Any:
        """The first row of a query, or None."""
        return self.connection.execute(text(statement), parameters).first()

    def lock(self, lock: Lock, key: str = "", *, shared: bool = False) -> None:
        """Wait for an advisory lock and hold it until the transaction ends.

        ``key``: one of the things that the lock is about; ``shared``: beside others who share it.
        """
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        self.run(f"select {function}(hashtext(:name))", name=f"{lock}:{key}" if key else lock.value)

    def sort_in_memory(self) -> None:
        """For a transaction that sorts or joins whole tables: in memory, or in few runs."""
        self.run("set local work_mem = '256MB'")

    def look_up_by_index(self) -> None:
        """For a transaction that compares a delivery with a table that may be far larger: with the
        price of random reads on flash storage, a day is not paid for by reading a whole province.
        """
        self.run("set local random_page_cost = 1.1")

    def value_by_value(self) -> None:
        """For the rest of a transaction that joins tables of one publication's size, each by all
        that tells a value: by hash, for sorting them by six texts takes longer, with statistics
        from a tenth of the rows that a table which stays is judged by.
        """
        self.run("set local enable_mergejoin = off")
        self.run("set local default_statistics_target = 10")

    def keep_statistics(self, table: str, added: int) -> None:
        """After ``schema.table`` has grown by more than a tenth: what follows in this transaction,
        or at once after it, would be planned for the size it had before. Autovacuum comes a minute
        later; until then a page of targets took five seconds in a warehouse of one publication.
        """
        (believed,) = self.one(
            "select greatest(reltuples, 0) from pg_class where oid = cast(:name as regclass)",
            name=table,
        )
        if added > believed * _GROWN:
            self.compose("analyze {table}", table=sql.Identifier(*table.split(".")))

    @contextmanager
    def by_hash(self) -> Iterator[None]:
        """For statements that join and group many rows: the planner takes the steps of a long query
        for smaller or larger than they are. It would compare everything with everything, or sort
        millions of rows to find some thousand groups.
        """
        self.run("set local enable_nestloop = off")
        self.run("set local enable_sort = off")
        yield
        self.run("set local enable_sort = on")
        self.run("set local enable_nestloop = on")

    def script(self, statements: str) -> None:
        """Run statements as they are, without parameters."""
        with self._cursor() as cursor:
            cursor.execute(statements)

    def text_of(self, composed: sql.Composable) -> str:
        """Composed SQL as text."""
        with self._cursor() as cursor:
            return composed.as_string(cursor)

    def compose(self, template: str, **parts: sql.Composable) -> int:
        """Run SQL whose ``{name}`` slots are identifiers and lists composed by psycopg2."""
        with self._cursor() as cursor:
            cursor.execute(sql.SQL(template).format(**parts))
            return int(cursor.rowcount)

    def compose_rows(self, template: str, **parts: sql.Composable) -> list[tuple[Any, ...]]:
        """As ``compose``, for a query: all its rows."""
        with self._cursor() as cursor:
            cursor.execute(sql.SQL(template).format(**parts))
            return list(cursor.fetchall())

    def copy_in(
        self,
        table: sql.Composable,
        columns: Sequence[str],
        stream: IO[bytes],
        options: str = "format csv",
    ) -> int:
        """COPY a stream into ``table``, CSV (unquoted empty = NULL) unless ``options`` say
        otherwise; returns how many rows."""
        statement = sql.SQL("copy {table} ({columns}) from stdin with ({options})").format(
            table=table, columns=names(tuple(columns)), options=sql.SQL(options)
        )
        with self._cursor() as cursor:
            cursor.copy_expert(statement.as_string(cursor), stream, _COPY_BYTES)
            return int(cursor.rowcount)

    def copy_out(self, query: str, options: str, csv: IO[bytes]) -> int:
        """COPY a query's rows, as they come, to a stream; returns how many."""
        with self._cursor() as cursor:
            cursor.copy_expert(f"copy ({query}) to stdout with ({options})", csv, _COPY_BYTES)
            return int(cursor.rowcount)

    def _cursor(self) -> Any:
        return self.connection.connection.cursor()


def names(columns: list[str] | tuple[str, ...], prefix: str | None = None) -> sql.Composable:
    """``"a", "b"`` or ``x."a", x."b"``: a safely quoted column list."""
    return sql.SQL(", ").join(
        sql.Identifier(prefix, column) if prefix else sql.Identifier(column) for column in columns
    )


def array(values: Sequence[object], kind: str) -> sql.Composable:
    """An array of PostgreSQL type ``kind``, safely quoted, empty ones too."""
    return sql.SQL("{}::" + kind + " []").format(sql.Literal(list(values)))


def sql_file(relative: str | Path) -> str:
    """The text of a file below ``include/sql``, with the roles of this warehouse."""
    return roles.named((settings.SQL / relative).read_text(encoding="utf-8"))


def error_without_values(
    error: BaseException | None, about: Detail | None = None
) -> WarehouseError:
    """A WarehouseError that tells what PostgreSQL refused without repeating any row value.

    ``about``: what was being done, for the beginning of the message.
    """
    diagnostics = getattr(error, "diag", None)
    state = getattr(error, "pgcode", None) or "?"
    refused = detail(
        "postgresql_error",
        state=state,
        kind=type(error).__name__,
        meaning=detail(f"sqlstate_{state[:2] if state[:2] in _CLASSES else 'other'}"),
    )
    parts = [refused]
    parts += [
        detail(label, name=value)
        for label in ("constraint", "schema", "table", "column")
        if (value := getattr(diagnostics, f"{label}_name", None))
    ]
    if not state.startswith(_MESSAGES_WITH_VALUES):
        message = getattr(diagnostics, "message_primary", None) or str(error).split("\n")[0]
        parts.append(detail("postgresql_message", said=message))
    kind = ConflictError if state in _CONFLICTS else WarehouseError
    refusal = kind(within(about, detail("postgresql_refused", parts=parts)))
    refusal.state = state
    return refusal
