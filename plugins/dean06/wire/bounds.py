"""How much one delivery may be: a source that never ends must not hold a worker or fill a disk."""

import time

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
        _check(number, self._terms.max_pages, "pages", "max_pages")

    def check_files(self, number: int) -> None:
        """Raises ContractError for more files than the contract allows."""
        _check(number, self._terms.max_files, "files", "max_files")

    def take_bytes(self, number: int) -> None:
        """Count bytes that came.

        Raises ContractError for more than the contract allows, SourceError when time is up.
        """
        self._bytes += number
        self.check_size(0)
        self.check_time()

    def check_size(self, number: int) -> None:
        """Raises ContractError when so many bytes more are more than the contract allows."""
        _check(self._bytes + number, self._terms.max_bytes, "bytes", "max_bytes")

    def check_time(self) -> None:
        """Raises SourceError when the delivery takes longer than the contract allows."""
        if time.monotonic() - self._began > self._terms.max_seconds:
            raise SourceError(
                f"the delivery takes longer than {self._terms.max_seconds:g} seconds (max_seconds "
                "of the contract); landed files are kept, and the next try continues"
            )


def _check(number: int, most: int, of: str, term: str) -> None:
    if number > most:
        raise ContractError(
            f"the delivery has more than {most} {of} ({term} of the contract); nothing of it is "
            "published. Ask the agency, or agree on a higher limit"
        )
