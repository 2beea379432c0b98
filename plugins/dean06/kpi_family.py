"""KPI families: one SQL file each, with what it computes and for whom in its front matter.

The query of a file returns facts: ``kpi_code``, ``commune_code`` (``province_code`` when the family
is ``located_by: province``), ``is_counted``, and ``written_on``, the day on which the record said
that code, for codes mean other units since a reform (without it: as on the day that is built).
Families that count persons also return ``person_id``, and families with a breakdown ``members``, a
text array of ``'<breakdown>:<member>'``.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dean06 import contract, settings
from dean06.errors import ContractError
from dean06.warehouse import Session, sql_file

_FOLDER = settings.SQL / "mart" / "kpi"
_FRONT_MATTER = ("/*---", "---*/")
_REQUIRED = {
    "code", "version", "name_en", "name_vi", "unit", "grain", "additivity", "has_denominator",
    "owner_agency", "legal_basis", "formula_en", "formula_vi",
}  # fmt: skip
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

    @property
    def statement(self) -> str:
        """The query that counts the family's facts (columns of temporary table ``built``)."""
        has_members = any(item.get("breakdowns") for item in self.kpis)
        facts = self.query
        if self.counts == "rows" and not has_members:
            facts = f"select plain.*, null::text [] as members from ({facts}) as plain"
        if "written_on" not in self.query:
            facts = f"select plain.*, cast(:as_of as date) as written_on from ({facts}) as plain"
        suffix = "" if self.located_by == "commune" else "_of_province"
        return sql_file(f"mart/count_{self.counts}{suffix}.sql").replace("{facts}", facts)


@cache
def families() -> tuple[Family, ...]:
    """Every KPI family. Raises ContractError naming the file whose front matter is incomplete."""
    read = tuple(read_family(path) for path in sorted(_FOLDER.glob("*.sql")))
    codes = [kpi["code"] for family in read for kpi in family.kpis]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ContractError(f"KPI code(s) defined twice: {', '.join(twice)}")
    return read


def read_family(path: Path) -> Family:
    """Read one KPI file: YAML front matter between ``/*---`` and ``---*/``, then the query."""
    text = path.read_text(encoding="utf-8")
    before, opened, rest = text.partition(_FRONT_MATTER[0])
    header, closed, query = rest.partition(_FRONT_MATTER[1])
    if before.strip() or not (opened and closed):
        raise ContractError(f"{path.name}: begin the file with front matter /*--- … ---*/")
    front = yaml.safe_load(header)
    kpis = tuple(front.get("kpis") or ())
    for item in kpis:
        if missing := sorted(_REQUIRED - set(item)):
            raise ContractError(
                f"{path.name}: KPI {item.get('code', '?')} lacks {', '.join(missing)}"
            )
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


def store_definitions(session: Session) -> None:
    """Write the definitions of every KPI into ``mart.kpi_definition``."""
    for family in families():
        for index, item in enumerate(family.kpis):
            session.run(
                """
                insert into mart.kpi_definition
                    (kpi_code, kpi_version, name_en, name_vi, unit, grain, additivity,
                     has_denominator, owner_agency, legal_basis, formula_en, formula_vi,
                     breakdowns, source_codes, position)
                values (:code, :version, :name_en, :name_vi, :unit, :grain, :additivity,
                        :has_denominator, :owner_agency, :legal_basis, :formula_en, :formula_vi,
                        :breakdowns, :sources, :position)
                on conflict do nothing
                """,
                **{key: item[key] for key in _REQUIRED},
                breakdowns=list(item.get("breakdowns") or ()),
                sources=list(family.sources),
                position=family.position * 100 + index,
            )


def versions() -> dict[str, int]:
    """The version of every KPI's definition that builds compute by."""
    return {item["code"]: item["version"] for family in families() for item in family.kpis}
