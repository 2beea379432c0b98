"""Releases that follow publications by themselves, where a publisher is set."""

import re

from airflow.sdk import ObjectStoragePath

from dean06 import settings
from dean06.open_data import content, publisher, write
from dean06.warehouse import sql_file, transaction

_NAME = re.compile(r"publication-([0-9]{6,18})")


def write_due() -> list[int]:
    """Write the releases that are due into ``DEAN06_OPEN_DATA``; returns their publications.

    Due is each publication after the newest release there, and the newest publication where there
    is none. A release that was cut short is written again. Raises Dean06Error as ``write.write``
    does.
    """
    publisher.read()
    root = ObjectStoragePath(settings.open_data_root())
    with transaction(role=content.READER) as session:
        rows = session.rows(sql_file("open_data/due.sql"), after=_newest(root))
    return [write.write(root, row.publication_id).publication_id for row in rows]


def _newest(root: ObjectStoragePath) -> int | None:
    """The newest publication whose release is whole."""
    folders = root.iterdir() if root.exists() else ()
    found = (
        int(name[1])
        for folder in folders
        if (name := _NAME.fullmatch(folder.name)) and (folder / write.LAST).exists()
    )
    return max(found, default=None)
