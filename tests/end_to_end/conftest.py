"""Running ministries: real servers on loopback, shared by the tests of a module."""

from collections.abc import Iterator

import pytest

from ministries.servers import Running, running

SMALL = 0.001


@pytest.fixture(scope="module")
def small_ministries() -> Iterator[Running]:
    """Tiền Giang at 1/1000, with dirty records."""
    with running("tien_giang_2022", SMALL) as ministries:
        yield ministries


@pytest.fixture
def ministries(small_ministries: Running) -> Iterator[Running]:
    """The same, healthy again after each test."""
    yield small_ministries
    small_ministries.faults.clear()
