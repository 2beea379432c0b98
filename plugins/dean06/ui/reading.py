"""How pages read the warehouse: one consistent picture per page, as a role that sees no record."""

from collections.abc import Iterator
from contextlib import contextmanager

from dean06.warehouse import Session, transaction

ROLE = "dean06_ui"


@contextmanager
def warehouse() -> Iterator[Session]:
    """A transaction that sees one moment, for the length of a page. Raises WarehouseError."""
    with transaction(ROLE, "REPEATABLE READ") as session:
        session.run("set local statement_timeout = '30s'")
        yield session
