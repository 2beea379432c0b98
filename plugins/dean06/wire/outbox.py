"""Drops of a window: a folder a day with a manifest, wherever the folders are.

``dean06.wire.sftp`` reads them from a server, ``dean06.wire.folder`` from a folder of this machine.
Which days are read, and what a file must be, is the same for both.
"""

import hashlib
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Protocol, cast

from dean06.details.detail import Detail, detail, within
from dean06.errors import InconsistentDeliveryError, ManifestMismatchError, SourceError
from dean06.wire.bounds import Bounds
from dean06.wire.drops import Entry, Manifest

_CHUNK = 1 << 20


class Outbox(Protocol):
    """Where drops are."""

    bounds: Bounds
    name: str
    """For messages."""

    def days(self) -> list[str]:
        """The days that have a drop, oldest first."""

    def manifest(self, day: str) -> Manifest:
        """What the drop of a day holds."""

    def file(self, day: str, entry: Entry) -> IO[bytes]:
        """A file of a drop, compared with its manifest."""


@dataclass(frozen=True)
class Sent:
    """One file of a drop, as its manifest describes it."""

    name: str
    """Day, revision and name."""
    rows: int
    body: IO[bytes]
    of: int
    """Files that its drop has."""

    @property
    def suffix(self) -> str:
        """How its name ends: ``csv``, ``csv.gz``."""
        parts = self.name.rsplit("/", 1)[-1].split(".")
        ends = parts[-2:] if len(parts) > 2 and parts[-1] == "gz" else parts[-1:]
        return ".".join(ends)


def sent(
    outbox: Outbox,
    since: datetime | None,
    until: datetime,
    landed: Collection[str],
    *,
    is_daily: bool = True,
) -> Iterator[Sent]:
    """The files of every drop in the window whose name is not in ``landed``.

    ``is_daily``: every day has a drop, so that one that is not there is late. Otherwise a day
    without a drop is a day on which nothing was sent.

    Raises SourceError while a drop is late or still being written, ManifestMismatchError when a
    file is not the one its manifest describes, InconsistentDeliveryError when a drop was sent again
    (as a higher revision, under other names) after some of it was read: files of two revisions do
    not add up.
    """
    files = 0
    for day in _days(outbox, since, until, is_daily=is_daily):
        manifest = outbox.manifest(day)
        files += len(manifest.files)
        outbox.bounds.check_files(files)
        of_day = {name for name in landed if name.startswith(f"{day}/")}
        if not all(name.startswith(manifest.prefix) for name in of_day):
            raise _sent_again(day)
        for entry in manifest.files:
            name = manifest.prefix + entry.name
            if name not in landed:
                body = _verified(outbox, entry, manifest)
                yield Sent(name, entry.rows, body, len(manifest.files))


def _days(outbox: Outbox, since: datetime | None, until: datetime, *, is_daily: bool) -> list[str]:
    """The drops to read, oldest first."""
    listed = outbox.days()
    last = until.date() - timedelta(days=1)
    first = since.date() if since else date.fromisoformat(min([*listed, str(last)]))
    wanted = [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    if not is_daily:
        return [day for day in wanted if day in listed]
    late = [day for day in wanted if day not in listed and day >= min([*listed, wanted[0]])]
    if late:
        raise SourceError(detail("drop_late", day=late[0], place=outbox.name))
    return wanted


def _verified(outbox: Outbox, entry: Entry, manifest: Manifest) -> IO[bytes]:
    """A file as its manifest describes it. One that differs was damaged on its way (a second
    look helps), replaced by a later revision, or is not what the agency says it is."""
    for looks_left in (1, 0):
        try:
            return outbox.file(manifest.day, entry)
        except (ManifestMismatchError, SourceError) as error:
            if outbox.manifest(manifest.day).files != manifest.files:
                raise _sent_again(manifest.day) from None
            if isinstance(error, SourceError) or not looks_left:
                raise
    raise AssertionError("unreachable")


def _sent_again(day: str) -> InconsistentDeliveryError:
    return InconsistentDeliveryError(detail("drop_sent_again", day=day))


def copied(
    stream: IO[bytes], day: str, entry: Entry, take_bytes: Callable[[int], None]
) -> IO[bytes]:
    """The content of a file of a drop, never more of it than its manifest declares.

    Raises SourceError while it is shorter than declared (it may still be written),
    ManifestMismatchError when it is longer, or another one.
    """
    body = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115  # handed to the caller
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(min(_CHUNK, entry.size + 1 - size)):
        take_bytes(len(chunk))
        digest.update(chunk)
        size += len(chunk)
        body.write(chunk)
    check_size(day, size, entry)
    if digest.hexdigest() != entry.sha256:
        actual = digest.hexdigest()[:12]
        differs = detail("drop_digest_differs", declared=entry.sha256[:12], actual=actual)
        raise ManifestMismatchError(within(_place(day, entry), differs))
    body.seek(0)
    return cast("IO[bytes]", body)


def check_size(day: str, size: int, entry: Entry) -> None:
    """Raises SourceError for fewer bytes than a manifest declares, ManifestMismatchError for
    more."""
    if size < entry.size:
        shorter = detail("drop_shorter", declared=entry.size, size=size)
        raise SourceError(within(_place(day, entry), shorter))
    if size > entry.size:
        longer = detail("drop_longer", declared=entry.size)
        raise ManifestMismatchError(within(_place(day, entry), longer))


def _place(day: str, entry: Entry) -> Detail:
    return detail("file_of_drop", day=day, file=entry.name)
