"""A warehouse for campaigns, which run outside of pytest: the same one that tests have."""

from collections.abc import Iterator
from contextlib import contextmanager

from dean06 import migrate
from onebox.postgres import PostgresServer
from tests import conftest


@contextmanager
def cluster() -> Iterator[conftest.Cluster]:
    """A private PostgreSQL for the length of the block."""
    server = PostgresServer(conftest._HOME / "postgres", conftest._PORT, {"fsync": "off"})
    server.start()
    try:
        yield conftest.Cluster(server)
    finally:
        server.remove()


@contextmanager
def warehouse() -> Iterator[None]:
    """A migrated, empty warehouse that dean06 uses for the length of the block."""
    with cluster() as machine, conftest.pointed_at(machine.database()):
        migrate.migrate()
        yield
