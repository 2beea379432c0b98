"""How the API reads the warehouse: one consistent picture per request, as a reader of ``mart``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from dean06.warehouse import Session, sql_file, transaction

ROLE = "dean06_bi"
TOKENS = "dean06_ui"
_EVER = datetime(2200, 1, 1, tzinfo=UTC)


@contextmanager
def mart() -> Iterator[Session]:
    """A transaction that sees one moment, and of the warehouse only ``mart``. Raises
    WarehouseError."""
    with transaction(ROLE, "REPEATABLE READ", kept=True) as session:
        session.run(
            """select
                   set_config('statement_timeout', '10s', true),
                   set_config('transaction_read_only', 'on', true)"""
        )
        yield session


def known(session: Session, as_of: datetime | None, newest: int | None = None) -> dict[str, Any]:
    """What was published up to a moment (None: now), as parameters of statements: ``moment``,
    ``newest`` (the newest publication, 0 where there is none) and ``newest_day`` (or None)."""
    moment = as_of or _EVER
    row = session.one(sql_file("api/known.sql"), moment=moment, newest=newest)
    return {"moment": moment, "newest": row.newest or 0, "newest_day": row.newest_day}
