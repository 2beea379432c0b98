"""KPI files: one SQL file per family, with what it computes and for whom in its front matter.

The query of a file returns facts: ``kpi_code``, ``commune_code`` (``province_code`` when the family
is ``located_by: province``), ``is_counted``, and ``written_on``, the day on which the record said
that code, for codes mean other units since a reform (without it: as on the day that is built).
Families that count persons also return ``person_id``, and families with a breakdown ``members``, a
text array of ``'<breakdown>:<member>'``. Where facts are many and alike, a row may stand for
several: ``fact_count`` says how many (without it: one).

A query may name parts that families share, ``{person_statement}``: the text of
``include/sql/kpi_build/person_statement.sql`` stands there, and so belongs to the definition.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml

from dean06 import contract
from dean06.declaration import Declaration, declared
from dean06.errors import ContractError
from dean06.warehouse import sql_file

_FRONT_MATTER = ("/*---", "---*/")
_FOR_THE_AUDIT = {"ceiling", "is_cumulative", "daily_change", "restatement"}
_PART = re.compile(r"\{([a-z_]+)\}")

Located = Literal["commune", "province"]
Share = Annotated[float, msgspec.Meta(gt=0)]


class Kpi(Declaration, frozen=True, omit_defaults=True):
    """One KPI: what it is, who owns it, and what the audit lets its values do."""

    code: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    """Grows whenever the definition changes: published values keep their meaning."""
    name_en: str
    name_vi: str
    unit: str
    grain: Located
    additivity: Literal["additive", "ratio", "non_additive"]
    has_denominator: bool
    owner_agency: str
    legal_basis: str
    formula_en: str
    formula_vi: str
    breakdowns: tuple[str, ...] = ()
    ceiling: str | None = None
    """The KPI that this one is part of (cards ≤ dossiers)."""
    is_cumulative: bool = False
    """Falls only when rows were corrected."""
    daily_change: Share | None = None
    """By what share a province's value may change from one day to the next before an official is
    asked."""
    restatement: Share = 0.2
    """By what share a province's value may be restated at once."""


class FrontMatter(Declaration, frozen=True):
    """What a file says of its family of KPIs."""

    sources: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    counts: Literal["rows", "persons"]
    """``rows``: communes add up to the province; ``persons``: people met twice count once."""
    kpis: Annotated[tuple[Kpi, ...], msgspec.Meta(min_length=1)]
    position: int = 1000
    """Order in which families are shown."""
    located_by: Located = "commune"
    """``province`` where facts belong to no commune."""
    commune_breakdowns: tuple[str, ...] = ()
    """Breakdowns that communes are published by too; the others are the province's alone."""
    small_cells: Literal["hidden", "shown"] = "hidden"
    """``shown`` where nothing that is counted belongs to a person."""


class Family(FrontMatter, frozen=True, kw_only=True):
    """One SQL file: the sources it reads, the KPIs it computes, its query."""

    name: str
    query: str

    @property
    def tables(self) -> frozenset[str]:
        """The tables of core that the query reads."""
        return frozenset(re.findall(r"\bcore\.([a-z_]+)", self.query))

    @property
    def codes(self) -> tuple[str, ...]:
        """The KPIs it computes."""
        return tuple(kpi.code for kpi in self.kpis)

    @property
    def statement(self) -> str:
        """The query that counts the family's facts (columns of temporary table ``built``)."""
        has_members = any(kpi.breakdowns for kpi in self.kpis)
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


def read_family(path: Path) -> Family:
    """Read one KPI file: YAML front matter between ``/*---`` and ``---*/``, then the query.

    Raises ContractError naming the file, the KPI and the key.
    """
    text = path.read_text(encoding="utf-8")
    before, opened, rest = text.partition(_FRONT_MATTER[0])
    header, closed, query = rest.partition(_FRONT_MATTER[1])
    if before.strip() or not (opened and closed):
        raise ContractError(f"{path.name}: begin the file with front matter /*--- … ---*/")
    front = declared(_with_kpis(header, path.name), FrontMatter, path.name)
    family = Family(name=path.stem, query=_with_parts(query), **msgspec.structs.asdict(front))
    if unknown := sorted(set(family.sources) - set(contract.sources())):
        raise ContractError(f"{path.name}: sources: {unknown[0]} has no contract")
    _check(family, path.name)
    return family


def _with_parts(query: str) -> str:
    """The query with the text of every part that it names, and that these name."""
    while part := _PART.search(query):
        text = sql_file(f"kpi_build/{part[1]}.sql").rstrip()
        query = query[: part.start()] + text + query[part.end() :]
    return query


def _with_kpis(header: str, file_name: str) -> Any:
    """The front matter, its KPIs read one by one: whoever reads an error knows which it means."""
    front = yaml.load(header, yaml.CSafeLoader)
    if isinstance(front, dict) and isinstance(front.get("kpis"), list):
        front["kpis"] = [declared(item, Kpi, _named(item, file_name)) for item in front["kpis"]]
    return front


def _named(item: Any, file_name: str) -> str:
    code = item.get("code", "?") if isinstance(item, dict) else "?"
    return f"{file_name}: KPI {code}"


def _check(family: Family, file_name: str) -> None:
    for kpi in family.kpis:
        if kpi.grain != family.located_by:
            raise ContractError(
                f"{file_name}: KPI {kpi.code}: grain must be {family.located_by}, as located_by"
            )
    if family.counts == "persons" and (
        family.located_by == "province" or any(kpi.breakdowns for kpi in family.kpis)
    ):
        raise ContractError(f"{file_name}: persons are counted by commune, without breakdowns")
    published_by = {name for kpi in family.kpis for name in kpi.breakdowns}
    if unknown := sorted(set(family.commune_breakdowns) - published_by):
        raise ContractError(f"{file_name}: no KPI has the commune breakdown {unknown[0]}")


def definition_digest(family: Family, kpi: Kpi) -> str:
    """Fingerprint of all that gives a KPI its meaning: its front matter, its family's, the query.

    Comments of the query, line breaks, the order in which KPIs are shown, what the audit goes by,
    and rows of the query's list of values that are about other KPIs do not count.
    """
    front: dict[str, Any] = msgspec.to_builtins(kpi)
    meaning = {
        "kpi": {name: value for name, value in front.items() if name not in _FOR_THE_AUDIT},
        "sources": family.sources,
        "counts": family.counts,
        "located_by": family.located_by,
        **({"by": family.commune_breakdowns} if family.commune_breakdowns else {}),
        "query": _about(kpi.code, family),
    }
    text = json.dumps(meaning, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _about(code: str, family: Family) -> str:
    """The query on one line, without rows ``('other.kpi', …)`` of a list of values."""
    query = re.sub(r"^\s*--.*$", "", family.query, flags=re.MULTILINE)
    for other in family.codes:
        while other != code and (row := re.search(rf"\(\s*'{re.escape(other)}',", query)):
            query = query[: row.start()] + query[_closed(query, row.start()) :].removeprefix(",")
    return " ".join(query.split()).replace(", )", " )")


def _closed(text: str, opened: int) -> int:
    """Behind the bracket that closes the one at ``opened``."""
    depth = 0
    for at in range(opened, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    return len(text)
