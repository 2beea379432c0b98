"""Retention: what was received is kept outside core for as long as it is needed, and no longer.

``include/reference/retention.csv`` says how long, by kind of data and classification of its dataset
(decision 23). What is due, and what is still needed whatever its age, say the views ``ops.…_due``.
Every removal is a row of ``ops.purge``: counts only.

Killed anywhere, the next run goes on: a file is removed first and then written down, with the load
that counted on it; a payload goes in the transaction that writes it down.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from airflow.sdk import ObjectStoragePath

from dean06 import contract, settings, storage
from dean06.details.detail import Detail, detail
from dean06.errors import RetentionError
from dean06.failures.record import reported_as
from dean06.reference import tables
from dean06.reference.rows import Retention
from dean06.warehouse import Lock, Session, array, sql_file, transaction

log = logging.getLogger(__name__)

LANDING, STAGING, AGENCY_LIST = "landing", "staging", "agency_list"
KINDS = (LANDING, STAGING, "quarantine", "replay", AGENCY_LIST, "replaced")
_FILES_AT_ONCE = 200


_FOLDERS = {
    LANDING: (
        "select distinct landed_path as path from ops.landing_file where purged_at is null",
        settings.landing_root,
    ),
    STAGING: (
        """select staged_path as path from ops.shard where staged_path is not null
           union all select failing_path from ops.shard where failing_path is not null""",
        settings.staging_root,
    ),
    AGENCY_LIST: ("", settings.agency_lists_root),
}
"""By kind: the files that a load counts on, and where all lie."""


@dataclass(frozen=True)
class Old:
    """What has been kept for as long as it may, of one kind and dataset."""

    what: str
    dataset: str
    items: int
    bytes: int
    is_needed: bool
    """It stays: its load is not published, or a replay waits."""

    @property
    def told(self) -> Detail:
        """Kind, dataset and how many."""
        kind, is_stray, _ = self.what.partition(", ")
        code = "old_stray" if is_stray else f"old_{kind}"
        named = {"kind": kind} if is_stray else {}
        return detail(code, dataset=self.dataset, items=self.items, **named)

    def __str__(self) -> str:
        return str(self.told)


@dataclass(frozen=True)
class _Stray:
    """A file that no load counts on."""

    path: ObjectStoragePath
    rule: Any
    """Row of ``retention/file_rules.sql``."""
    bytes: int

    @property
    def dataset(self) -> str:
        return f"{self.rule.source_code}.{self.rule.dataset_code or '*'}"


def store_rules(session: Session) -> None:
    """Write the rules down by dataset; those of datasets that are gone stay, for what is left."""
    found: dict[tuple[str, str], Retention] = {
        (rule.what, rule.classification): rule for rule in tables.retention()
    }
    rules = [
        (what, each.source, each.name, each.classification, found[what, each.classification])
        for each in contract.datasets()
        for what in KINDS
    ]
    session.compose(
        sql_file("retention/store_rules.sql"),
        whats=array([rule[0] for rule in rules], "text"),
        sources=array([rule[1] for rule in rules], "text"),
        datasets=array([rule[2] for rule in rules], "text"),
        classes=array([rule[3] for rule in rules], "text"),
        days=array([rule[4].days for rule in rules], "integer"),
        bases=array([rule[4].basis for rule in rules], "text"),
    )


@reported_as("keep_house")
def keep_house() -> list[Old]:
    """Remove what is due and not needed, prove it, and return what was due when it began.

    Raises RetentionError naming what is left all the same.
    """
    with transaction() as one_at_a_time:
        one_at_a_time.lock(Lock.KEEP_HOUSE)
        due = old()
        while _remove_landing():
            pass
        _remove_staging()
        for what in _FOLDERS:
            _remove_strays(what)
        _empty_payloads()
    for each in due:
        log.info("%s (%d bytes)%s", each, each.bytes, ", still needed" if each.is_needed else "")
    prove()
    return due


def prove() -> list[Old]:
    """See that nothing is older than its period: in landing and staging as they lie there, in
    quarantine and replays, among the agencies' lists.

    Returns what is older and still needed. Raises RetentionError naming what is not.
    """
    found = old()
    if left := [each.told for each in found if not each.is_needed]:
        raise RetentionError(detail("past_retention", items=left))
    return found


def old() -> list[Old]:
    """What is older than its period, by kind and dataset, needed or not."""
    with transaction() as session:
        found = [Old(*row) for row in session.rows(sql_file("retention/old.sql"))]
        for what in _FOLDERS:
            strays = sorted(_strays(session, what), key=attrgetter("dataset"))
            for dataset, group in groupby(strays, attrgetter("dataset")):
                sizes = [stray.bytes for stray in group]
                found.append(Old(f"{what}, in no load", dataset, len(sizes), sum(sizes), False))
    return found


def _remove_landing() -> int:
    """Remove some of the files whose loads no longer need them; returns how many."""
    with transaction() as session:
        _nobody_lands(session)
        due = session.rows(sql_file("retention/landing_batch.sql"), size=_FILES_AT_ONCE)
        for row in due:
            ObjectStoragePath(row.landed_path).unlink(missing_ok=True)
        if due:
            paths = [row.landed_path for row in due]
            session.run(sql_file("retention/landing_removed.sql"), paths=paths)
            session.run(sql_file("retention/landing_forgotten.sql"), paths=paths)
    return len(due)


def _remove_strays(what: str) -> None:
    """Remove files that nobody counts on: written down, then removed. Killed between the two, what
    is still there is written down once more."""
    with transaction() as guard:
        _nobody_lands(guard)
        guard.lock(Lock.AGENCY_LISTS)
        doomed = list(_strays(guard, what))
        with transaction() as books:
            for stray in doomed:
                books.run(
                    """insert into ops.purge (what, source_code, dataset_code, item_count,
                                              byte_count, classification, kept_days)
                       values (:what, :source_code, nullif(:dataset_code, ''), 1, :bytes,
                               :classification, :kept_days)""",
                    what=what, bytes=stray.bytes, **stray.rule._mapping,
                )  # fmt: skip
        for stray in doomed:
            stray.path.unlink(missing_ok=True)


def _nobody_lands(session: Session) -> None:
    """Until the transaction ends; see ``landing.nothing_removed``."""
    session.lock(Lock.LANDING)


def _strays(session: Session, what: str) -> Iterator[_Stray]:
    """Files that are older than their period and that no load counts on, as they lie there.

    Folders that are of no dataset, there or ever, are somebody else's and left alone.
    """
    counted_on, root = _FOLDERS[what]
    known = {row.path for row in session.rows(counted_on)} if counted_on else set()
    folder_of_all = ObjectStoragePath(root())
    now = datetime.now(UTC)
    for rule in session.rows(sql_file("retention/file_rules.sql"), what=what):
        folder = folder_of_all / rule.source_code / rule.dataset_code
        for path in folder.rglob("*") if folder.exists() else ():
            if str(path) in known or not path.is_file():
                continue
            stat = path.stat()
            if now - datetime.fromtimestamp(stat.st_mtime, UTC) > timedelta(days=rule.kept_days):
                yield _Stray(path, rule, stat.st_size)


def _empty_payloads() -> None:
    """Empty what is due in quarantine and replays, forget whose closed cases were and what was
    replaced long ago, and let go of the space it took."""
    with transaction() as session:
        # A list that is being written has read which loads still hold what it shows.
        session.lock(Lock.AGENCY_LISTS)
        session.run("select ops.purge_payloads()")
        session.run(sql_file("retention/closed_cases.sql"))
        session.run(sql_file("retention/replaced_removed.sql"))
    # Until then the old rows still lie in the files of the tables. It takes their owner to do it.
    with transaction(role="", isolation="AUTOCOMMIT") as session:
        session.run("vacuum (analyze) ops.quarantine")
        session.run("vacuum (analyze) ops.replay_row")
        session.run("vacuum (analyze) core.correction_record")
        session.run("vacuum (analyze) core.replaced_version")
        session.run("vacuum (analyze) core.replaced_verdict")


def _remove_staging() -> None:
    """Remove the files of loads that no longer need them, and write down that they went."""
    with transaction() as session:
        due = session.rows("select * from ops.staging_due where not is_needed order by load_id")
    for row in due:
        for path in row.paths:
            storage.remove(ObjectStoragePath(path))
        with transaction() as session:
            session.run(sql_file("retention/staging_removed.sql"), load_id=row.load_id)
