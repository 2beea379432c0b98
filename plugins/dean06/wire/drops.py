"""What the manifest of a day's drop says: the day, the revision, and each file."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from dean06.errors import ContractError, ManifestMismatchError, SourceError
from dean06.wire import stated

LONGEST = 8 << 20
"""Of a manifest, in bytes."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class _File(msgspec.Struct, frozen=True):
    name: str
    rows: stated.Number
    bytes: stated.Number
    sha256: str


class _Listing(msgspec.Struct, frozen=True):
    dataset: str
    revision: stated.Number
    files: list[_File]
    day: str | None = None


@dataclass(frozen=True)
class Entry:
    """A file that a manifest lists."""

    name: str
    rows: int
    size: int
    """In bytes."""
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a drop holds."""

    day: str
    revision: str
    files: tuple[Entry, ...]

    @property
    def prefix(self) -> str:
        """What the names of the day's pieces begin with."""
        return f"{self.day}/r{self.revision}/"


def is_day(text: str) -> bool:
    """Whether a text is a day, written YYYY-MM-DD."""
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def read(text: bytes, day: str, dataset: str) -> Manifest:
    """The manifest in the folder of ``day``; ``dataset`` by its name on the wire.

    Raises SourceError for one that is still being written, ManifestMismatchError for one of another
    day, ContractError for one that is not as agreed or lists a file twice.
    """
    what = f"the manifest of {day}"
    if len(text) > LONGEST:
        raise ContractError(f"{what} has more than {LONGEST} bytes")
    try:
        content = json.loads(text)
    except RecursionError:
        raise ContractError(f"{what} is not JSON") from None
    except ValueError:
        raise SourceError(f"{what} is not complete JSON: it may still be written (late)") from None
    listing = stated.listing(content, _Listing, what)
    if listing.dataset != dataset:
        raise ContractError(f"{what} is not one of {dataset}")
    if listing.day not in (None, day):
        named = listing.day if is_day(listing.day) else "something that is no day"
        raise ManifestMismatchError(
            f"the folder of {day} holds the drop of another day: its manifest says {named}. "
            f"Ask the agency for the drop of {day}, then clear 'extract'"
        )
    revision = stated.count(listing.revision, f"{what}: revision")
    files = tuple(_entries(listing.files, what))
    if len({file.name for file in files}) < len(files):
        raise ContractError(f"{what} lists a file twice")
    return Manifest(day, str(revision), files)


def _entries(files: Sequence[_File], what: str) -> Iterator[Entry]:
    for number, file in enumerate(files):
        place = f"{what}: files[{number}]"
        yield Entry(
            name=stated.file_name(file.name, f"{place}.name"),
            rows=stated.count(file.rows, f"{place}.rows"),
            size=stated.count(file.bytes, f"{place}.bytes"),
            sha256=stated.sha256(file.sha256, f"{place}.sha256"),
        )
