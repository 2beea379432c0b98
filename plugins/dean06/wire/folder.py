"""Drops in a folder of this machine: ``<folder>/<dataset>/<day>/manifest.json`` lists the files of
a day, as on an SFTP server. ``python -m dean06 drop`` makes one of files that somebody brought.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from dean06.details.detail import detail
from dean06.errors import SourceError
from dean06.terms import Terms
from dean06.wire import drops, outbox
from dean06.wire.bounds import Bounds
from dean06.wire.drops import Entry, Manifest

MANIFEST = "manifest.json"


class Outbox:
    """The drops of one dataset."""

    def __init__(self, url: str, dataset: str, terms: Terms) -> None:
        """``url``: the source's folder, as ``file://…``; ``dataset``: by its name on the wire."""
        self._dataset = dataset
        self._folder = path_of(url) / dataset
        self.name = str(self._folder)
        self.bounds = Bounds(terms)

    def days(self) -> list[str]:
        """The days that have a drop. Raises SourceError when the folder cannot be read."""
        with self._readable():
            return sorted(filter(drops.is_day, (path.name for path in self._folder.iterdir())))

    def manifest(self, day: str) -> Manifest:
        """The manifest of a day. Raises SourceError while it is not there or incomplete."""
        with self._readable(), _opened(self._folder / day / MANIFEST) as stream:
            text = stream.read(drops.LONGEST + 1)
        self.bounds.take_bytes(len(text))
        return drops.read(text, day, self._dataset)

    def file(self, day: str, entry: Entry) -> IO[bytes]:
        """A file of a drop. Raises as ``outbox.copied``, SourceError when it cannot be read."""
        self.bounds.check_size(entry.size)
        with self._readable(), _opened(self._folder / day / entry.name) as stream:
            outbox.check_size(day, os.fstat(stream.fileno()).st_size, entry)
            return outbox.copied(stream, day, entry, self.bounds.take_bytes)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            name = Path(os.fsdecode(error.filename or "")).name
            if name == self._dataset:
                raise SourceError(detail("no_folder", folder=str(self._folder))) from None
            late = detail("name_not_there", folder=str(self._folder), name=name)
            raise SourceError(late) from None
        except OSError as error:
            told = os.strerror(error.errno) if error.errno else type(error).__name__
            kind = errno.errorcode.get(error.errno or 0, type(error).__name__)
            refused = detail("folder_refused", folder=str(self._folder), said=told, kind=kind)
            raise SourceError(refused) from None


def path_of(url: str) -> Path:
    """The folder that a ``file://`` URL names."""
    return Path(unquote(urlsplit(url).path))


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A file of a drop; links are not followed: they may lead out of the folder."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
        yield stream
