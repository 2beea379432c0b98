"""Folders of signed publications: copies of the provinces' ``DEAN06_SIGNED_PUBLICATIONS``.

They are checked by ``include/verify.py``, the program that every reader has: here is no second way
to find one genuine. Beside it, the log has to continue the head that was loaded last, and a
publication may only speak of the units of its province.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import verify
from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.wire.bounds import Bounds

Row = dict[str, str]
_MOST_REFUSALS = 3
"""That a message names: one false file makes every later one false too."""


@dataclass(frozen=True)
class Remembered:
    """The head of a log as it was loaded: how many publications, and the root over them."""

    size: int
    root: str

    @classmethod
    def of(cls, text: str) -> "Remembered":
        """As ``str`` writes it."""
        size, _, root = text.partition(" ")
        return cls(int(size), root)

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


@dataclass(frozen=True)
class Publication:
    """One publication of a log, genuine."""

    number: int
    body: bytes
    rows: int
    """Values that ``own_rows`` finds in it."""
    head: Remembered
    """The log up to it."""


def new_ones(
    province: str,
    folder: Path,
    public_key: str,
    codes: Collection[str],
    remembered: Remembered | None,
    bounds: Bounds,
) -> Iterator[Publication]:
    """The publications of a log after those that are ``remembered``, oldest first.

    The whole folder is checked before the first one. Raises ContractError naming the province, the
    publication and what is not genuine; a unit that is none of ``codes``.
    """
    _check_sizes(folder, bounds)
    try:
        log = _checked(folder, public_key, remembered)
        if log.refusals:
            raise _refused(province, "; ".join(log.refusals[:_MOST_REFUSALS]))
        done = remembered.size if remembered else 0
        for place, number in list(enumerate(log.numbers))[done:]:
            body = verify.read(folder / f"publications/{number:06}.csv", f"publication {number}")
            if verify.sha256(b"\x00", body) != log.leaves[number]:
                raise _wrong("publication_changed_now", province, number)
            rows = [row for _, row in own_rows(body)]
            if any(row["unit_code"] not in codes for row in rows):
                raise _wrong("publication_of_other_unit", province, number)
            head = Remembered(place + 1, log.log.roots[place + 1].hex())
            yield Publication(number, body, len(rows), head)
    except verify.RefusedError as refusal:
        raise _refused(province, str(refusal)) from None


def _refused(province: str, found: str) -> ContractError:
    return ContractError(detail("publications_refused", province=province, found=found))


def _wrong(code: str, province: str, number: int) -> ContractError:
    return ContractError(detail(code, province=province, number=number))


def own_rows(body: bytes) -> Iterator[tuple[int, Row]]:
    """The values of whole provinces by the boundaries of their day, each with its line; with what
    the first line of the file says of all of them. Raises ``verify.RefusedError``."""
    header, values = verify.publication_in(body, "publication")
    definitions = {(code, str(version)): digest for code, version, digest in header["definitions"]}
    shared = {
        name: "" if header[name] is None else str(header[name])
        for name in ("publication", "place", "as_of_date", "published_at", "smallest_shown")
    }
    for line, row in enumerate(values, start=3):
        if (row["unit_level"], row["boundary_version"]) == ("province", "as_reported"):
            definition = definitions.get((row["kpi_code"], row["kpi_version"])) or ""
            yield line, {**row, **shared, "definition": definition}


def _checked(folder: Path, public_key: str, remembered: Remembered | None) -> verify.Folder:
    """The folder, checked. Raises ``verify.RefusedError``."""
    key = verify.public_key_of(public_key.encode(), "the public key of the connection")
    log = verify.Folder(folder, verify.read_keys([key], folder))
    name = "the log that was loaded before"
    log.check(
        [verify.Head(verify.Note(name, b"", {}), remembered.size, bytes.fromhex(remembered.root))]
        if remembered
        else []
    )
    return log


def _check_sizes(folder: Path, bounds: Bounds) -> None:
    """Raises ContractError for a folder of more files or bytes than the contract allows."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    bounds.check_files(len(files))
    bounds.check_size(sum(path.stat().st_size for path in files))
