"""One set of servers for all wire tests; every test starts and ends with no fault switched on."""

from collections.abc import Iterator

import pytest

from ministries.servers import Running, running


@pytest.fixture(scope="session")
def _servers() -> Iterator[Running]:
    with running("tien_giang_2022", 0.002, seed=5, export_delay=0.1) as servers:
        yield servers


@pytest.fixture
def servers(_servers: Running) -> Iterator[Running]:
    _servers.faults.clear()
    yield _servers
    _servers.faults.clear()
