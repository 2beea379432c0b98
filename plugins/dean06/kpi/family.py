"""All KPI families, their versions, and the record of what each version meant.

A definition that is recorded (``include/reference/kpi_versions.csv``, ``mart.kpi_definition``) may
not count something else under the same version: values published by it would change their meaning.
Its words may be mended.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache

import msgspec

from dean06 import settings
from dean06.contract import Bilingual
from dean06.declaration import Declaration, read_table
from dean06.errors import ContractError
from dean06.kpi.digest import definition_digest, is_comparable
from dean06.kpi.front_matter import Family, Kpi, read_family
from dean06.warehouse import Session, sql_file

_FOLDER = settings.SQL / "mart" / "kpi"
_RECORD = settings.REFERENCE / "kpi_versions.csv"


class _Recorded(Declaration, frozen=True):
    """A row of the record."""

    kpi_code: str
    kpi_version: int
    digest: str


@cache
def families() -> tuple[Family, ...]:
    """Every KPI family. Raises ContractError naming the file whose front matter is wrong."""
    read = tuple(read_family(path) for path in sorted(_FOLDER.glob("*.sql")))
    defined_in: dict[str, str] = {}
    for family in read:
        for code in family.codes:
            if other := defined_in.get(code):
                raise ContractError(f"{family.name}.sql: {code} is defined in {other} too")
            defined_in[code] = f"{family.name}.sql"
    _check_ceilings(read, set(defined_in))
    _refuse_changes(recorded(), read, _RECORD.name)
    return read


def find(code: str) -> tuple[Family, Kpi] | None:
    """A KPI and its family; None when no file computes it any more."""
    for family in families():
        for kpi in family.kpis:
            if kpi.code == code:
                return family, kpi
    return None


def name_of(code: str) -> Bilingual | None:
    """The name of a KPI; None when no file computes it any more."""
    found = find(code)
    return None if found is None else Bilingual(found[1].name_en, found[1].name_vi)


def _check_ceilings(read: Iterable[Family], codes: set[str]) -> None:
    for family in read:
        for kpi in family.kpis:
            if kpi.ceiling is not None and kpi.ceiling not in codes:
                raise ContractError(
                    f"{family.name}.sql: KPI {kpi.code}: no file defines its ceiling {kpi.ceiling}"
                )


def _refuse_changes(
    known: Mapping[tuple[str, int], str], read: Iterable[Family], where: str
) -> None:
    """Refuse a definition that means something else under the same version.

    Raises ContractError naming the file.
    """
    for family in read:
        for kpi in family.kpis:
            recorded = known.get((kpi.code, kpi.version))
            if is_comparable(recorded) and recorded != definition_digest(family, kpi):
                raise ContractError(
                    f"{family.name}.sql: the definition of {kpi.code} differs from the one "
                    f"recorded for version {kpi.version} in {where}, so published values would "
                    "change their meaning: bump its version"
                )


def recorded() -> dict[tuple[str, int], str]:
    """Digests of definitions by KPI and version: ``include/reference/kpi_versions.csv``."""
    return {(row.kpi_code, row.kpi_version): row.digest for row in read_table(_RECORD, _Recorded)}


def record() -> list[str]:
    """Add the definitions that are not recorded yet; returns their codes."""
    known = recorded()
    new = [
        (kpi.code, kpi.version, definition_digest(family, kpi))
        for family in families()
        for kpi in family.kpis
        if (kpi.code, kpi.version) not in known
    ]
    with _RECORD.open("a", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(new)
    return [code for code, _, _ in new]


def store_definitions(session: Session) -> None:
    """Write the definitions of every KPI into ``mart.kpi_definition``; of those that are stored,
    their words as they are written now.

    Raises ContractError naming the file whose definition of a stored version has changed.
    """
    rows = session.rows("select kpi_code, kpi_version, digest from mart.kpi_definition")
    stored = {(row.kpi_code, row.kpi_version): row.digest for row in rows}
    _refuse_changes(stored, families(), "the warehouse")
    for family in families():
        for index, kpi in enumerate(family.kpis):
            session.run(
                sql_file("kpi_build/store_definition.sql"),
                **msgspec.structs.asdict(kpi)
                | {
                    "breakdowns": list(kpi.breakdowns),
                    "sources": list(family.sources),
                    "position": family.position * 100 + index,
                    "digest": definition_digest(family, kpi),
                    "hides_small_cells": family.small_cells == "hidden",
                    "base": kpi.base,
                },
            )
            # What earlier versions were, before definitions said their period.
            session.run(
                """update mart.kpi_definition set period = :period, base_code = :base
                   where kpi_code = :code and period is null""",
                code=kpi.code,
                period=kpi.period,
                base=kpi.base,
            )


def groups() -> dict[str, str]:
    """The group of utilities of QĐ 06/QĐ-TTg (member of ``group``) of every KPI that has one."""
    return {
        kpi.code: str(family.group)
        for family in families()
        for kpi in family.kpis
        if family.group is not None
    }


def versions() -> dict[str, int]:
    """The version of every KPI's definition that builds compute by."""
    return {kpi.code: kpi.version for family in families() for kpi in family.kpis}
