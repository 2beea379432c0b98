"""Who was shown records of persons, and since when: for a notice of a breach.

Three traces together: readings and corrections on the pages, requests about single persons, and the
statements of people who log in to PostgreSQL themselves (the server's own log).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dean06.privacy import restricted_reads
from dean06.warehouse import sql_file, transaction


@dataclass(frozen=True, order=True)
class Access:
    """One time that somebody saw, or may have seen, records of persons."""

    at: datetime
    what: str
    """read, listed (records behind a published value), corrected, subject report/restrict/release;
    sql, or sql refused."""
    who: str
    dataset: str
    """Source and dataset; of a list, the KPI; of SQL, the relations read. Empty: of any."""
    records: int | None
    """How many records were shown; None: not known from a statement's text, or of a page."""
    reason: str
    """In the reader's words; of SQL, where it came from."""


def report(since: datetime, until: datetime, logs: Iterable[Path] = ()) -> list[Access]:
    """Every access in that time, oldest first. ``logs``: files of the server's jsonlog."""
    with transaction() as session:
        found = [
            Access(*row)
            for row in session.rows(sql_file("privacy/breach.sql"), since=since, until=until)
        ]
    for read in restricted_reads.listed(logs, since):
        if read.at < until:
            what = "sql refused" if read.is_refused else "sql"
            found.append(
                Access(read.at, what, read.login, ", ".join(read.relations), None, read.client)
            )
    return sorted(found, key=lambda access: access.at)
