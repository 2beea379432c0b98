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


@pytest.fixture(scope="module", autouse=True)
def small_counts_are_hidden() -> Iterator[None]:
    """As deployed, where tests of counting publish everything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DEAN06_SMALLEST_SHOWN_COUNT")
        yield
