"""Numbered steps of the warehouse's structure: ``include/sql/migrations/<number>_<name>.sql``.

A step holds tables, roles' grants on them, and changes of data; views and functions are files of
their own (``relations``). Each step is applied once, in order, in the transaction of ``migrate``: a
warehouse has a step whole or not at all.
"""

import logging
from dataclasses import dataclass

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import WarehouseError
from dean06.warehouse import Session, sql_file

log = logging.getLogger(__name__)

_LAST_REVISION = "0028_one_index_less"
"""Last of the 26 Alembic revisions that the first eight steps, the baseline of 0.1.0, replace."""


@dataclass(frozen=True)
class Step:
    """One file of the folder."""

    number: int
    name: str
    text: str


def steps() -> list[Step]:
    """Every file in order. Raises WarehouseError when their numbers are not 1, 2, 3 …"""
    found: list[Step] = []
    for path in sorted((settings.SQL / "migrations").glob("*.sql")):
        number, _, name = path.stem.partition("_")
        if not (number.isdecimal() and name and int(number) == len(found) + 1):
            raise WarehouseError(
                f"{path.name}: expected {len(found) + 1:04}_<name>.sql; steps are numbered from "
                "0001 without gaps"
            )
        found.append(Step(int(number), name, sql_file(path.relative_to(settings.SQL))))
    return found


def apply(session: Session) -> int:
    """Apply the steps that this warehouse does not have. Returns how many those were.

    Raises WarehouseError when it has steps that these files do not, or was made by an Alembic
    revision before the last one.
    """
    listed = steps()
    if session.one("select to_regclass('ops.applied_migration') as home").home is None:
        session.script(sql_file("schema/applied.sql"))
        _take_over(session)
    had = {
        row.number: row.name
        for row in session.rows("select number, name from ops.applied_migration order by number")
    }
    known = {step.number: step.name for step in listed}
    if foreign := [f"{n:04}_{name}" for n, name in had.items() if known.get(n) != name]:
        raise WarehouseError(detail("migrations_of_another_version", steps=foreign))
    missing = [step for step in listed if step.number not in had]
    for step in missing:
        session.about = detail("named", name=f"migration {step.number:04}_{step.name}")
        session.script(step.text)
        session.run(
            "insert into ops.applied_migration (number, name) values (:number, :name)",
            number=step.number, name=step.name,
        )  # fmt: skip
        log.info("migration %04d applied: %s", step.number, step.name)
    session.about = None
    return len(missing)


def newest(session: Session) -> int | None:
    """Number of the newest step that this warehouse has; None where it has none."""
    if session.one("select to_regclass('ops.applied_migration') as home").home is None:
        return None
    found = session.one("select max(number) as number from ops.applied_migration").number
    return None if found is None else int(found)


def _take_over(session: Session) -> None:
    """Bring a warehouse made by Alembic to the baseline; a new one has nothing to take over."""
    if session.one("select to_regclass('ops.migration') as home").home is None:
        return
    revision = session.one("select version_num from ops.migration").version_num
    if revision != _LAST_REVISION:
        raise WarehouseError(detail("before_the_baseline", revision=revision, last=_LAST_REVISION))
    session.script(sql_file("schema/from_revision_0028.sql"))
    log.info("warehouse of revision %s taken over: it is at the baseline", revision)
