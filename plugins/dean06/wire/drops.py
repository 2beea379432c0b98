"""What the manifest of a day's drop says: the day, the revision, and each file."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from dean06.details.detail import Detail, detail
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
    what = detail("manifest_of", day=day)
    if len(text) > LONGEST:
        raise ContractError(detail("has_more_bytes", what=what, most=LONGEST))
    try:
        content = json.loads(text)
    except RecursionError:
        raise ContractError(detail("is_not_json", what=what)) from None
    except ValueError:
        raise SourceError(detail("is_not_complete_json", what=what)) from None
    listing = stated.listing(content, _Listing, what)
    if listing.dataset != dataset:
        raise ContractError(detail("manifest_of_other_dataset", what=what, dataset=dataset))
    if listing.day not in (None, day):
        if is_day(listing.day):
            raise ManifestMismatchError(detail("drop_of_other_day", day=day, named=listing.day))
        raise ManifestMismatchError(detail("drop_of_no_day", day=day))
    revision = stated.count(listing.revision, detail("member", of=what, name="revision"))
    files = tuple(_entries(listing.files, what))
    if len({file.name for file in files}) < len(files):
        raise ContractError(detail("lists_file_twice", what=what))
    return Manifest(day, str(revision), files)


def _entries(files: Sequence[_File], what: Detail) -> Iterator[Entry]:
    for number, file in enumerate(files):

        def member(name: str, number: int = number) -> Detail:
            return detail("member", of=what, name=f"files[{number}].{name}")

        yield Entry(
            name=stated.file_name(file.name, member("name")),
            rows=stated.count(file.rows, member("rows")),
            size=stated.count(file.bytes, member("bytes")),
            sha256=stated.sha256(file.sha256, member("sha256")),
        )
