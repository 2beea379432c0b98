"""How much one delivery may be: a source that never ends must not hold a worker or fill a disk."""

import time

from dean06.details.detail import detail
from dean06.errors import ContractError, SourceError
from dean06.terms import Terms


class Bounds:
    """What is left of a delivery's bounds, which are terms of the contract.

    ``max_pages`` and ``max_files`` count what the source sends, ``max_bytes`` its bytes as sent,
    ``max_seconds`` the time since the delivery began.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._began = time.monotonic()
        self._bytes = 0

    def check_pages(self, number: int) -> None:
        """Raises ContractError for more pages than the contract allows."""
        _check(number, self._terms.max_pages, "too_many_pages")

    def check_files(self, number: int) -> None:
        """Raises ContractError for more files than the contract allows."""
        _check(number, self._terms.max_files, "too_many_files")

    def take_bytes(self, number: int) -> None:
        """Count bytes that came.

        Raises ContractError for more than the contract allows, SourceError when time is up.
        """
        self._bytes += number
        self.check_size(0)
        self.check_time()

    def check_size(self, number: int) -> None:
        """Raises ContractError when so many bytes more are more than the contract allows."""
        _check(self._bytes + number, self._terms.max_bytes, "too_many_bytes")

    def check_time(self) -> None:
        """Raises SourceError when the delivery takes longer than the contract allows."""
        if time.monotonic() - self._began > self._terms.max_seconds:
            raise SourceError(detail("takes_too_long", seconds=float(self._terms.max_seconds)))


def _check(number: int, most: int, refusal: str) -> None:
    if number > most:
        raise ContractError(detail(refusal, most=most))
