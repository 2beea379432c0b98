"""KPI families: one SQL file each, with what it computes and for whom in its front matter.

The query of a file returns facts: ``kpi_code``, ``commune_code`` (``province_code`` when the family
is ``located_by: province``), ``is_counted``, and ``written_on``, the day on which the record said
that code, for codes mean other units since a reform (without it: as on the day that is built).
Families that count persons also return ``person_id``, and families with a breakdown ``members``, a
text array of ``'<breakdown>:<member>'``. Where facts are many and alike, a row may stand for
several: ``fact_count`` says how many (without it: one).

For the audit front matter may say: ``ceiling``, the KPI that this one is part of (cards ≤
dossiers); ``is_cumulative``, falls only when rows were corrected; ``daily_change``, by what share a
province's value may change from one day to the next before an official is asked; ``restatement``,
by what share it may be restated at once (a fifth, if it does not say). ``small_cells: shown`` says
that what a family counts belongs to no person.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dean06 import contract, reference, settings
from dean06.errors import ContractError
from dean06.warehouse import Session, sql_file

_FOLDER = settings.SQL / "mart" / "kpi"
_RECORD = settings.REFERENCE / "kpi_versions.csv"
_FRONT_MATTER = ("/*---", "---*/")
_REQUIRED = {
    "code", "version", "name_en", "name_vi", "unit", "grain", "additivity", "has_denominator",
    "owner_agency", "legal_basis", "formula_en", "formula_vi",
}  # fmt: skip
_FOR_THE_AUDIT = {"ceiling", "is_cumulative", "daily_change", "restatement"}
_COUNTS = ("rows", "persons")
_LOCATED_BY = ("commune", "province")


@dataclass(frozen=True)
class Family:
    """One SQL file: the sources it reads, the KPIs it computes, its query."""

    name: str
    sources: tuple[str, ...]
    position: int
    """Order in which families are shown."""
    counts: str
    """``rows``: communes add up to the province; ``persons``: people met twice count once."""
    located_by: str
    """``commune``, or ``province`` where facts belong to no commune."""
    kpis: tuple[dict[str, Any], ...]
    query: str
    commune_breakdowns: tuple[str, ...] = ()
    """Breakdowns that communes are published by too; the others are the province's alone."""
    hides_small_cells: bool = True
    """False (``small_cells: shown``) where nothing that is counted belongs to a person."""

    @property
    def tables(self) -> frozenset[str]:
        """The tables of core that the query reads."""
        return frozenset(re.findall(r"\bcore\.([a-z_]+)", self.query))

    @property
    def codes(self) -> tuple[str, ...]:
        """The KPIs it computes."""
        return tuple(item["code"] for item in self.kpis)

    @property
    def statement(self) -> str:
        """The query that counts the family's facts (columns of temporary table ``built``)."""
        has_members = any(item.get("breakdowns") for item in self.kpis)
        facts = self.query
        if self.counts == "rows" and not has_members:
            facts = f"select plain.*, null::text [] as members from ({facts}) as plain"
        if self.counts == "rows" and "fact_count" not in self.query:
            facts = f"select plain.*, 1 as fact_count from ({facts}) as plain"
        if "written_on" not in self.query:
            facts = f"select plain.*, cast(:as_of as date) as written_on from ({facts}) as plain"
        suffix = "" if self.located_by == "commune" else "_of_province"
        by_commune = ", ".join(f"'{name}'" for name in self.commune_breakdowns) or "null"
        return (
            sql_file(f"kpi_build/count_{self.counts}{suffix}.sql")
            .replace("{facts}", facts)
            .replace("{commune_breakdowns}", by_commune)
        )


@cache
def families() -> tuple[Family, ...]:
    """Every KPI family. Raises ContractError naming the file whose front matter is incomplete."""
    read = tuple(read_family(path) for path in sorted(_FOLDER.glob("*.sql")))
    defined_in: dict[str, str] = {}
    for family in read:
        for item in family.kpis:
            if other := defined_in.get(item["code"]):
                raise ContractError(f"{family.name}.sql: {item['code']} is defined in {other} too")
            defined_in[item["code"]] = f"{family.name}.sql"
    _check_ceilings(read, set(defined_in))
    _refuse_changes(recorded(), read, _RECORD.name)
    return read


def _check_ceilings(read: Iterable[Family], codes: set[str]) -> None:
    for family in read:
        for item in family.kpis:
            if item.get("ceiling") not in (None, *codes):
                raise ContractError(
                    f"{family.name}.sql: ceiling of {item['code']} is {item['ceiling']}, which no "
                    "file defines"
                )


def read_family(path: Path) -> Family:
    """Read one KPI file: YAML front matter between ``/*---`` and ``---*/``, then the query."""
    text = path.read_text(encoding="utf-8")
    before, opened, rest = text.partition(_FRONT_MATTER[0])
    header, closed, query = rest.partition(_FRONT_MATTER[1])
    if before.strip() or not (opened and closed):
        raise ContractError(f"{path.name}: begin the file with front matter /*--- … ---*/")
    front = yaml.load(header, yaml.CSafeLoader)
    kpis = tuple(front.get("kpis") or ())
    for item in kpis:
        if missing := sorted(_REQUIRED - set(item)):
            raise ContractError(
                f"{path.name}: KPI {item.get('code', '?')} lacks {', '.join(missing)}"
            )
        if not isinstance(item["version"], int) or item["version"] < 1:
            raise ContractError(f"{path.name}: version of {item['code']} must be 1, 2 …")
    unknown = set(front.get("sources") or ["?"]) - set(contract.sources())
    if unknown or not kpis:
        raise ContractError(f"{path.name}: needs kpis, and sources that have a contract")
    family = Family(
        name=path.stem,
        sources=tuple(front["sources"]),
        position=int(front.get("position", 1000)),
        counts=front.get("counts", ""),
        located_by=front.get("located_by", "commune"),
        kpis=kpis,
        query=query,
        commune_breakdowns=tuple(front.get("commune_breakdowns") or ()),
        hides_small_cells=front.get("small_cells") != "shown",
    )
    _check(family, path.name)
    return family


def _check(family: Family, file_name: str) -> None:
    if family.counts not in _COUNTS:
        raise ContractError(f"{file_name}: counts must be 'rows' or 'persons'")
    if family.located_by not in _LOCATED_BY:
        raise ContractError(f"{file_name}: located_by must be 'commune' or 'province'")
    for item in family.kpis:
        if item["grain"] != family.located_by:
            raise ContractError(
                f"{file_name}: grain of {item['code']} must be {family.located_by}, as located_by"
            )
    if family.counts == "persons" and (
        family.located_by == "province" or any(item.get("breakdowns") for item in family.kpis)
    ):
        raise ContractError(f"{file_name}: persons are counted by commune, without breakdowns")
    published_by = {name for item in family.kpis for name in item.get("breakdowns") or ()}
    if unknown := sorted(set(family.commune_breakdowns) - published_by):
        raise ContractError(f"{file_name}: no KPI has the commune breakdown {unknown[0]}")


def definition_digest(family: Family, item: Mapping[str, Any]) -> str:
    """Fingerprint of all that gives a KPI its meaning: its front matter, its family's, the query.

    Comments of the query, line breaks, the order in which KPIs are shown and what the audit goes
    by do not count.
    """
    said = {
        "kpi": {name: value for name, value in item.items() if name not in _FOR_THE_AUDIT},
        "sources": family.sources,
        "counts": family.counts,
        "located_by": family.located_by,
        **({"by": family.commune_breakdowns} if family.commune_breakdowns else {}),
        "query": " ".join(re.sub(r"^\s*--.*$", "", family.query, flags=re.MULTILINE).split()),
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_changes(
    known: Mapping[tuple[str, int], str], read: Iterable[Family], where: str
) -> None:
    """A definition that says something else under the same version. Raises ContractError."""
    for family in read:
        for item in family.kpis:
            recorded = known.get((item["code"], item["version"]))
            if recorded is not None and recorded != definition_digest(family, item):
                raise ContractError(
                    f"{family.name}.sql: the definition of {item['code']} is not the one recorded "
                    f"for version {item['version']} in {where}; values published by it would "
                    "change their meaning: raise its version"
                )


def recorded() -> dict[tuple[str, int], str]:
    """Digests of definitions by KPI and version: ``include/reference/kpi_versions.csv``."""
    return {
        (row["kpi_code"], int(row["kpi_version"])): row["digest"]
        for row in reference.reader(_RECORD)
    }


def record() -> list[str]:
    """Add the definitions that are not recorded yet; returns their codes."""
    known = recorded()
    new = [
        (item["code"], item["version"], definition_digest(family, item))
        for family in families()
        for item in family.kpis
        if (item["code"], item["version"]) not in known
    ]
    with _RECORD.open("a", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(new)
    return [code for code, _, _ in new]


def store_definitions(session: Session) -> None:
    """Write the definitions of every KPI into ``mart.kpi_definition``.

    Raises ContractError naming the file whose definition of a stored version has changed.
    """
    rows = session.rows("select kpi_code, kpi_version, digest from mart.kpi_definition")
    stored = {(row.kpi_code, row.kpi_version): row.digest for row in rows}
    _refuse_changes(stored, families(), "the warehouse")
    for family in families():
        for index, item in enumerate(family.kpis):
            session.run(
                """
                insert into mart.kpi_definition as known
                    (kpi_code, kpi_version, name_en, name_vi, unit, grain, additivity,
                     has_denominator, owner_agency, legal_basis, formula_en, formula_vi,
                     breakdowns, source_codes, position, digest, hides_small_cells)
                values (:code, :version, :name_en, :name_vi, :unit, :grain, :additivity,
                        :has_denominator, :owner_agency, :legal_basis, :formula_en, :formula_vi,
                        :breakdowns, :sources, :position, :digest, :hides_small_cells)
                on conflict (kpi_code, kpi_version)
                do update set
                    digest = excluded.digest, hides_small_cells = excluded.hides_small_cells
                """,
                **{key: item[key] for key in _REQUIRED},
                breakdowns=list(item.get("breakdowns") or ()),
                sources=list(family.sources),
                position=family.position * 100 + index,
                digest=definition_digest(family, item),
                hides_small_cells=family.hides_small_cells,
            )


def versions() -> dict[str, int]:
    """The version of every KPI's definition that builds compute by."""
    return {item["code"]: item["version"] for family in families() for item in family.kpis}
