"""KPIs: one SQL file per family, computed from core, audited, published append-only.

A build decides from the ledger what there is to do: every day that some source has published,
for which a load that can change it is not yet covered. Values that did not change are not
published again.
"""

import logging
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dean06 import contract, settings
from dean06.errors import AuditError, ContractError
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)

_FOLDER = settings.SQL / "mart" / "kpi"
_FRONT_MATTER = ("/*---", "---*/")
_REQUIRED = {
    "code", "version", "name_en", "name_vi", "unit", "grain", "additivity", "has_denominator",
    "owner_agency", "legal_basis", "formula_en", "formula_vi",
}  # fmt: skip


@dataclass(frozen=True)
class Family:
    """One SQL file: the sources it reads, the KPIs it computes, its query."""

    name: str
    sources: tuple[str, ...]
    position: int
    """Order in which families are shown."""
    counts: str
    """``rows``: communes add up to the province; ``persons``: people met twice count once."""
    kpis: tuple[dict[str, Any], ...]
    query: str


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
    if front.get("counts") not in ("rows", "persons"):
        raise ContractError(f"{path.name}: counts must be 'rows' or 'persons'")
    position = int(front.get("position", 1000))
    return Family(path.stem, tuple(front["sources"]), position, front["counts"], kpis, query)


def store_definitions(session: Session) -> None:
    """Write the definitions of every KPI into ``mart.kpi_definition``."""
    for family in families():
        for index, item in enumerate(family.kpis):
            session.run(
                """
                insert into mart.kpi_definition
                    (kpi_code, kpi_version, name_en, name_vi, unit, grain, additivity,
                     has_denominator, owner_agency, legal_basis, formula_en, formula_vi,
                     source_codes, position)
                values (:code, :version, :name_en, :name_vi, :unit, :grain, :additivity,
                        :has_denominator, :owner_agency, :legal_basis, :formula_en, :formula_vi,
                        :sources, :position)
                on conflict do nothing
                """,
                **{key: item[key] for key in _REQUIRED},
                sources=list(family.sources),
                position=family.position * 100 + index,
            )


def build() -> list[date]:
    """Build and publish every day that needs it; returns the days published.

    Each day is one transaction: readers see the whole publication or the one before it.
    """
    published = []
    with transaction() as one_builder:
        # Taken before any snapshot: whoever waited sees what the other builder published.
        one_builder.run("select pg_advisory_xact_lock(hashtext('kpi'))")
        for day in _days_to_build():
            with transaction(isolation="REPEATABLE READ") as session:
                if _build_day(session, day):
                    published.append(day)
    log.info("published KPIs for %s", ", ".join(map(str, published)) or "no day: nothing changed")
    return published


def _days_to_build() -> list[date]:
    """Days that have no publication, that a load can change, or that a further source reached."""
    with transaction() as session:
        return [row.day for row in session.rows(sql_file("mart/days_to_build.sql"))]


def _build_day(session: Session, day: date) -> bool:
    """Compute one day; publish it unless it equals the day's last publication."""
    ready = _sources_that_reached(session, day)
    session.compose(
        """create temporary table built (
            kpi_code text, unit_level text, unit_code text, numerator bigint, denominator bigint
        ) on commit drop"""
    )
    _definitions(session)
    for family in families():
        if set(family.sources) <= ready:
            roll_up = sql_file(f"mart/count_{family.counts}.sql")
            session.run(f"insert into built {roll_up.replace('{facts}', family.query)}", as_of=day)
    _audit(session, day)
    covered = session.rows(
        """
        insert into ops.kpi_coverage (as_of_date, load_id)
        select :day, load_id from ops.load
        where status = 'published' and (affects_from <= :day or day = :day)
        on conflict do nothing returning load_id
        """,
        day=day,
    )
    log.info("%s: KPIs computed, %d more loads covered", day, len(covered))
    return _publish(session, day, ready)


def _definitions(session: Session) -> None:
    """The definitions that this build computes by, as temporary table ``definition``."""
    versions = {item["code"]: item["version"] for family in families() for item in family.kpis}
    session.run(
        """
        create temporary table definition on commit drop as
        select kpi_definition.* from mart.kpi_definition
        join unnest(cast(:codes as text []), cast(:versions as int [])) as wanted (code, version)
            on kpi_definition.kpi_code = wanted.code
            and kpi_definition.kpi_version = wanted.version
        """,
        codes=list(versions),
        versions=list(versions.values()),
    )


def _sources_that_reached(session: Session, day: date) -> set[str]:
    rows = session.rows(
        """select source_code from ops.watermark group by source_code
           having min(reached) >= :until""",
        until=settings.end_of(day),
    )
    return {row.source_code for row in rows}


def _audit(session: Session, day: date) -> None:
    """Refuse values that contradict each other. Raises AuditError naming the KPI."""
    if lost := session.rows("select distinct kpi_code from built where unit_code is null"):
        raise AuditError(
            f"{day}: {', '.join(row.kpi_code for row in lost)} counts in communes that no unit of "
            "include/reference/admin_units.csv covers on that day; nothing was published"
        )
    known = {item["code"]: item for family in families() for item in family.kpis}
    for row in session.rows("select distinct kpi_code from built"):
        if row.kpi_code not in known:
            raise AuditError(
                f"{day}: a query computes {row.kpi_code}, which no front matter defines"
            )
    additive = [code for code, item in known.items() if item["additivity"] == "additive"]
    broken = session.rows(
        """
        select kpi_code from built where kpi_code = any(:additive) group by kpi_code
        having coalesce(sum(numerator) filter (where unit_level = 'province'), 0)
            <> coalesce(sum(numerator) filter (where unit_level = 'commune'), 0)
        """,
        additive=additive,
    )
    if broken:
        raise AuditError(
            f"{day}: communes do not add up to the province for "
            f"{', '.join(row.kpi_code for row in broken)}; nothing was published"
        )


_BUILT = "select kpi_code, unit_level, unit_code, numerator, denominator from built"
_LAST = """
    select kpi_code, unit_level, unit_code, numerator, denominator from mart.kpi_value
    where publication_id = (
        select max(publication_id) from mart.kpi_publication where as_of_date = :day)
"""


def _differs(session: Session, day: date) -> bool:
    row = session.one(
        f"""
        select exists ({_BUILT} except ({_LAST})) or exists (({_LAST}) except {_BUILT}) as differs
        """,
        day=day,
    )
    return bool(row.differs)


def _publish(session: Session, day: date, ready: set[str]) -> bool:
    """Publish what was built; False when it says nothing that the last publication did not."""
    last = session.one(
        """select source_codes from mart.kpi_publication where as_of_date = :day
           order by publication_id desc limit 1""",
        day=day,
    )
    if last is None:
        reason = "first publication of the day"
    elif set(last.source_codes) != ready:
        reason = "a further source reached the day"
    elif _differs(session, day):
        reason = "late or corrected records"
    else:
        return False
    publication = session.one(
        """insert into mart.kpi_publication (as_of_date, source_codes, reason)
           values (:day, :sources, :reason) returning publication_id""",
        day=day,
        sources=sorted(ready),
        reason=reason,
    )
    session.run(
        """
        insert into mart.kpi_value (publication_id, kpi_code, kpi_version, unit_level, unit_code,
                                    as_of_date, numerator, denominator, value)
        select :publication, kpi_code, kpi_version, unit_level, unit_code, :day,
               numerator, denominator,
               case when unit <> 'share' then numerator
                    when denominator > 0 then round(numerator::numeric / denominator, 6)
               end
        from built
        inner join definition using (kpi_code)
        """,
        publication=publication.publication_id,
        day=day,
    )
    log.info("%s: published (%s)", day, reason)
    return True
