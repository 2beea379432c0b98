"""Build KPIs: computed from core by one SQL file per family, audited, published append-only.

A build decides from the ledger what there is to do: every day that some source has published,
for which a load that can change it is not yet covered; and of that day the families that read what
the load brought. The others stand as they were published. Values that did not change are not
published again.
"""

import logging
from collections.abc import Collection
from datetime import date

from dean06 import settings
from dean06.details.detail import Detail, detail
from dean06.details.texts import TEXTS
from dean06.errors import AuditError, together
from dean06.failures.record import reported_as
from dean06.identity.verify import cover_day, verified_snapshot, verify_identities
from dean06.kpi import (
    basis,
    boundaries,
    counting,
    country,
    grid,
    publication,
    reasons,
    release,
    steps,
    touched,
)
from dean06.kpi.causes import Arrivals, arrivals, write_causes
from dean06.kpi.family import families, versions
from dean06.kpi.front_matter import Family
from dean06.kpi.publication import VALUE_COLUMNS, Built, Last
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)


@reported_as("build_kpis")
def build_kpis(among: Collection[date] | None = None) -> list[Built]:
    """Publish what two persons have released, then build every day that needs it; returns the days
    that had something new to say. ``among``: of these days only; others wait for the next build.

    Each day is one transaction: readers see the whole publication or the one before it. A day that
    is refused does not stop the others. Raises AuditError naming day, rule and KPI of every day
    whose values contradict each other.
    """
    if settings.level() == "country":
        return country.build(among)
    done: list[Built] = []
    refused: list[Detail | str] = []
    with transaction() as one_builder:
        # Taken before any snapshot: whoever waited sees what the other builder published.
        publication.take_turn(one_builder)
        release.publish_approved(one_builder)
        verify_identities()  # whose verdicts change says which days are to be built
        days = [day for day in _days_to_build() if among is None or day in among]
        for number, day in enumerate(days):
            try:
                with verified_snapshot() as session:
                    if built := _build_day(session, day, len(days) - number):
                        done.append(built)
            except AuditError as error:
                refused.append(error.detail or str(error))
    told = ", ".join(f"{built.day} {built.state}" for built in done)
    log.info("KPIs: %s", told or "none: nothing changed")
    if refused:
        raise AuditError(together(refused))
    return done


def _days_to_build() -> list[date]:
    """Days that have no publication, that a load can change, that now have data of another
    source, or of which a KPI was not published by its present definition."""
    by_code = versions()
    with transaction() as session:
        rows = session.rows(
            sql_file("kpi_build/days_to_build.sql"),
            codes=list(by_code),
            versions=list(by_code.values()),
        )
        return [row.day for row in rows]


def _build_day(session: Session, day: date, days_left: int) -> Built | None:
    """Compute one day; publish or hold it unless it equals the day's last publication.

    ``days_left``: days that this build has still to compute, this one among them.
    """
    ready = _sources_that_reached(session, day)
    last = publication.last_of(session, day)
    arrived = arrivals(session, day)
    active = [family for family in families() if set(family.sources) <= ready]
    standing = _compute(session, day, active, last, arrived, days_left)
    session.value_by_value()
    _check(session, day)
    grid.prepare(session, day, ready)
    grid.fill(session)
    reason = _reason(session, last, ready, arrived)
    if reason is None:
        publication.supersede(session, day)
        _cover(session, day, arrived, None)
        return None
    build_id = publication.open_build(session, day, ready, reason)
    counted = basis.counted_by(session, last.publication_id) if standing else {}
    taken_over = {name: counted[name] for name in standing}
    basis.record_build(session, build_id, active, taken_over)
    _cover(session, day, arrived, build_id)
    write_causes(session, day, active, last)
    return Built(day, _judge(session, day, active, build_id), build_id)


def _compute(
    session: Session,
    day: date,
    active: list[Family],
    last: Last,
    arrived: Arrivals,
    days_left: int,
) -> frozenset[str]:
    """Fill ``built``: families that something reached are computed, the others taken over; returns
    the names of these."""
    counting.prepare(session, day, active)
    standing = _standing(session, active, last, arrived)
    steps.count(session, day, [f for f in active if f.name not in standing], days_left)
    touched.forget_replaced(session)
    session.run(
        f"""insert into built ({VALUE_COLUMNS})
            select {VALUE_COLUMNS} from ops.kpi_exact
            where publication_id = :last and kpi_code = any(:codes)""",
        last=last.publication_id,
        codes=[code for f in active if f.name in standing for code in f.codes],
    )
    log.info("%s: %d of %d families computed", day, len(active) - len(standing), len(active))
    return standing


def _standing(
    session: Session, active: list[Family], last: Last, arrived: Arrivals
) -> frozenset[str]:
    """Names of families whose published values hold: nothing they read has changed since."""
    if last.publication_id is None or not last.is_newest_build:
        return frozenset()
    said = {
        row.kpi_code: row.kpi_version
        for row in session.rows(
            """select distinct kpi_code, kpi_version from mart.kpi_value
               where publication_id = :last""",
            last=last.publication_id,
        )
    }
    now = versions()
    return frozenset(
        family.name
        for family in active
        if set(family.sources) <= last.sources
        and not family.tables & arrived.tables
        # A KPI that was not published yet has to be counted: the grid would make it 0.
        and all(said.get(code) == now[code] for code in family.codes)
    )


def _sources_that_reached(session: Session, day: date) -> set[str]:
    rows = session.rows(
        """select source_code from ops.watermark group by source_code
           having min(reached) >= :until""",
        until=settings.end_of(day),
    )
    return {row.source_code for row in rows}


def _check(session: Session, day: date) -> None:
    """Refuse values that no rule could judge. Raises AuditError naming the KPI."""
    known = {code for family in families() for code in family.codes}
    for row in session.rows("select distinct kpi_code from built"):
        if row.kpi_code not in known:
            raise AuditError(detail("kpi_without_front_matter", day=day, kpi=row.kpi_code))
    _check_sums(session, day)
    counting_rows = [family for family in families() if family.counts == "rows"]
    boundaries.audit(session, day, [code for family in counting_rows for code in family.codes])


def _check_sums(session: Session, day: date) -> None:
    """Parts add up: communes of an additive KPI, and the members of every breakdown."""
    additive = [
        kpi.code
        for family in families()
        if family.located_by == "commune"
        for kpi in family.kpis
        if kpi.additivity == "additive"
    ]
    broken = session.rows(sql_file("kpi_build/contradictions.sql"), additive=additive)
    if broken:
        parts = [_parts(row.kpi_code, row.breakdown) for row in broken]
        raise AuditError(detail("parts_do_not_add_up", day=day, parts=parts))


def _parts(kpi: str, breakdown: str) -> Detail:
    """The parts of a KPI that do not add up: its communes, or the members of a breakdown."""
    if not breakdown:
        return detail("communes_of_kpi", kpi=kpi)
    code = f"breakdown_{breakdown}"
    by = detail(code) if code in TEXTS else detail("unnamed_breakdown", breakdown=breakdown)
    return detail("members_of_kpi", by=by, kpi=kpi)


def _reason(session: Session, last: Last, ready: set[str], arrived: Arrivals) -> str | None:
    """Why there is something to publish; None when the last publication says it all, or when no
    unit has a value (the day of a source without KPIs): readers begin at the newest publication."""
    if last.publication_id is None:
        return reasons.FIRST if grid.has_units(session) else None
    if ready - last.sources:
        return reasons.OTHER_SOURCE
    if not publication.differs(session, last):
        return None
    if arrived.tables:
        return reasons.LATE
    # A source was removed, or has a new dataset that does not reach the day.
    return reasons.LOST_SOURCE if last.sources - ready else reasons.DEFINITIONS


def _cover(session: Session, day: date, arrived: Arrivals, build_id: int | None) -> None:
    """Write down which loads and verdicts the day takes into account."""
    session.run(
        """insert into ops.kpi_coverage (as_of_date, load_id, build_id)
           select :day, unnest(cast(:loads as bigint [])), :build""",
        day=day,
        loads=list(arrived.loads),
        build=build_id,
    )
    cover_day(session, day, build_id)
    log.info("%s: %d more loads covered", day, len(arrived.loads))


def _judge(session: Session, day: date, active: list[Family], build_id: int) -> str:
    """Audit the values, then publish or hold them; returns the build's state."""
    from dean06.kpi.audit import audit

    findings = audit(session, day, active)
    for finding in findings:
        session.run(
            """insert into ops.kpi_audit_result
               values (:build, :rule, :severity, :values, :kpis, :en, :vi)""",
            build=build_id,
            rule=finding.rule,
            severity=finding.severity,
            values=finding.values,
            kpis=list(finding.kpis),
            en=finding.reason.en,
            vi=finding.reason.vi,
        )
    if findings:
        publication.hold(session, build_id, [str(finding) for finding in findings])
        return "held"
    publication.publish_build(session, build_id)
    return "published"
