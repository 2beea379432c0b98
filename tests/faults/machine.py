"""A warehouse for campaigns, which run outside of pytest: the same one that tests have."""

from collections.abc import Iterator
from contextlib import contextmanager

from dean06.schema import migrate
from tests import conftest


@contextmanager
def warehouse() -> Iterator[None]:
    """A migrated, empty warehouse that dean06 uses for the length of the block."""
    with conftest.private_cluster() as machine, conftest.pointed_at(machine.database()):
        migrate.migrate()
        yield
