"""Sessions of PostgreSQL that tests keep from one transaction to the next.

dean06 opens one for every transaction, as suits tasks that are processes of their own. In a process
of tests that would be 60,000, and opening them a quarter of its processor time. A session that is
given back forgets what a new one would not know.
"""

import os
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from sqlalchemy.pool import NullPool, QueuePool

KEPT: WeakSet["KeptSessions"] = WeakSet()
"""To be disposed of before their database is copied or dropped."""


_OF_PARENTS: list["KeptSessions"] = []


class KeptSessions(QueuePool):
    """One session kept, as many beside it as are asked for at once."""

    def __init__(self, creator: Callable[..., Any], **options: Any) -> None:
        super().__init__(creator, pool_size=1, max_overflow=50, pre_ping=True, **options)
        KEPT.add(self)

    def _do_return_conn(self, record: Any) -> None:
        connection = record.dbapi_connection
        if connection is not None and not connection.closed:
            forget(connection)
        super()._do_return_conn(record)


def forget(connection: Any) -> None:
    """Temporary tables and settings go, as they would with the session."""
    with connection.cursor() as cursor:
        cursor.execute("discard temp; reset all; reset role; select pg_advisory_unlock_all()")
    connection.commit()


def dispose() -> None:
    """Close the sessions that are kept and not in use; a pool without one has nothing to close."""
    for pool in list(KEPT):
        if pool.checkedin():
            pool.dispose()


def keep() -> None:
    """Have the engines of dean06 keep their sessions in this process; not in ones it forks."""
    from dean06 import warehouse

    warehouse.NullPool = KeptSessions  # type: ignore[attr-defined]
    os.register_at_fork(after_in_child=_leave_to_parent)


def _leave_to_parent() -> None:
    """A session belongs to the process that opened it: not used here, and not closed either."""
    from dean06 import warehouse

    _OF_PARENTS.extend(KEPT)
    KEPT.clear()
    warehouse.engine.cache_clear()
    warehouse.NullPool = NullPool  # type: ignore[attr-defined]
