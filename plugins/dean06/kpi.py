"""Build KPIs: computed from core by one SQL file per family, audited, published append-only.

A build decides from the ledger what there is to do: every day that some source has published,
for which a load that can change it is not yet covered. Values that did not change are not
published again.
"""

import logging
from datetime import date

from dean06 import boundaries, settings
from dean06.errors import AuditError
from dean06.identity import cover_day, verified_snapshot, verify
from dean06.kpi_family import families, versions
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)

_COLUMNS = (
    "kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code, numerator, "
    "denominator"
)


def build() -> list[date]:
    """Build and publish every day that needs it; returns the days published.

    Each day is one transaction: readers see the whole publication or the one before it.
    """
    published = []
    with transaction() as one_builder:
        # Taken before any snapshot: whoever waited sees what the other builder published.
        one_builder.run("select pg_advisory_xact_lock(hashtext('kpi'))")
        verify()  # whose verdicts change says which days are to be built
        for day in _days_to_build():
            with verified_snapshot() as session:
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
            kpi_code text, unit_level text, unit_code text, boundary_version text, breakdown text,
            member_code text, numerator bigint, denominator bigint
        ) on commit drop"""
    )
    _definitions(session)
    boundaries.prepare(session, day)
    for family in families():
        if set(family.sources) <= ready:
            session.run(f"insert into built {family.statement}", as_of=day)
    session.run(f"insert into built {sql_file('mart/fill_members.sql')}")
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
    cover_day(session, day)
    log.info("%s: KPIs computed, %d more loads covered", day, len(covered))
    return _publish(session, day, ready)


def _definitions(session: Session) -> None:
    """The definitions that this build computes by, as temporary table ``definition``."""
    computed_by = versions()
    session.run(
        """
        create temporary table definition on commit drop as
        select kpi_definition.* from mart.kpi_definition
        join unnest(cast(:codes as text []), cast(:versions as int [])) as wanted (code, version)
            on kpi_definition.kpi_code = wanted.code
            and kpi_definition.kpi_version = wanted.version
        """,
        codes=list(computed_by),
        versions=list(computed_by.values()),
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
    known = {item["code"]: item for family in families() for item in family.kpis}
    for row in session.rows("select distinct kpi_code from built"):
        if row.kpi_code not in known:
            raise AuditError(
                f"{day}: a query computes {row.kpi_code}, which no front matter defines"
            )
    _audit_sums(session, day)
    counting_rows = [f for f in families() if f.counts == "rows"]
    boundaries.audit(session, day, [item["code"] for f in counting_rows for item in f.kpis])


def _audit_sums(session: Session, day: date) -> None:
    """Parts add up: communes of an additive KPI, and the members of every breakdown."""
    additive = [
        item["code"]
        for family in families()
        if family.located_by == "commune"
        for item in family.kpis
        if item["additivity"] == "additive"
    ]
    broken = session.rows(sql_file("mart/contradictions.sql"), additive=additive)
    if broken:
        raise AuditError(
            f"{day}: {', '.join(f'{row.parts} of {row.kpi_code}' for row in broken)} do not add up "
            "to the province; nothing was published"
        )


_BUILT = f"select {_COLUMNS} from built"
_LAST = f"""
    select {_COLUMNS} from mart.kpi_value
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
        f"""
        insert into mart.kpi_value (publication_id, as_of_date, kpi_version, {_COLUMNS}, value)
        select :publication, :day, kpi_version, {_COLUMNS},
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
