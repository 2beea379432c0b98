"""Publications: what readers see of KPI values. Added to, never changed, and each says why it is.

A build becomes a publication at once, or is held: then people decide (``release``;
docs/architecture.md, invariants 3 and 9).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from dean06 import settings
from dean06.kpi import basis, disclosure
from dean06.kpi.family import versions
from dean06.proof import record
from dean06.warehouse import Lock, Session, sql_file

log = logging.getLogger(__name__)

Write = Callable[[Session, int, date], None]
"""Writes the values of a publication, by its number and day."""
VALUE_COLUMNS = (
    "kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code, numerator, "
    "denominator"
)


@dataclass(frozen=True)
class Built:
    """What became of one day: ``published``, or ``held`` with the build that waits."""

    day: date
    state: str
    build_id: int


@dataclass(frozen=True)
class Last:
    """A day's last publication, if there is one."""

    publication_id: int | None
    sources: frozenset[str]
    is_newest_build: bool
    """Whether nothing was built of the day since, published or not."""


def take_turn(session: Session) -> None:
    """Builders and officials one after another, until the transaction ends."""
    session.lock(Lock.KPI)


def last_of(session: Session, day: date) -> Last:
    """The day's last publication."""
    row = session.one(
        sql_file("kpi_build/last_publication.sql"),
        day=day,
    )
    if row is None:
        return Last(None, frozenset(), is_newest_build=False)
    return Last(row.publication_id, frozenset(row.source_codes), row.is_newest)


def differs(session: Session, last: Last) -> bool:
    """Whether ``built`` says something else than the publication, by value or definition."""
    built = f"select kpi_version, {VALUE_COLUMNS} from built inner join definition using (kpi_code)"
    said = f"select kpi_version, {VALUE_COLUMNS} from ops.kpi_exact where publication_id = :last"
    row = session.one(
        f"""select exists (({built}) except ({said})) or exists (({said}) except ({built}))
            as differs""",
        last=last.publication_id,
    )
    return bool(row.differs)


def open_build(session: Session, day: date, sources: set[str], reason: str) -> int:
    """Write the build into the ledger; an older held one of the day is superseded."""
    supersede(session, day)
    row = session.one(
        """insert into ops.kpi_build (as_of_date, state, cause, source_codes, reason)
           values (:day, 'held', 'not audited yet', :sources, :reason) returning build_id""",
        day=day,
        sources=sorted(sources),
        reason=reason,
    )
    return int(row.build_id)


def supersede(session: Session, day: date) -> None:
    """A build of the day that waits for a decision is no longer the newest word."""
    session.run(
        "update ops.kpi_build set state = 'superseded' where as_of_date = :day and state = 'held'",
        day=day,
    )


def hold(session: Session, build_id: int, causes: Sequence[str]) -> None:
    """Keep the values of ``built`` for a person to decide; nobody else sees them."""
    cause = "; ".join(causes)
    session.run(
        "update ops.kpi_build set cause = :cause where build_id = :build",
        build=build_id,
        cause=cause,
    )
    session.run(
        f"""insert into ops.kpi_build_value (build_id, kpi_version, {VALUE_COLUMNS})
            select :build, kpi_version, {VALUE_COLUMNS}
            from built inner join definition using (kpi_code)""",
        build=build_id,
    )
    session.run(
        """insert into ops.kpi_build_cause (build_id, kpi_code, cause, dataset_code, row_count)
           select :build, kpi_code, cause, dataset_code, row_count from cause""",
        build=build_id,
    )
    log.warning("build %d is held: %s. Release or reject it (DAG release_kpis)", build_id, cause)


def publish_build(
    session: Session, build_id: int, write: Write = disclosure.publish
) -> None:  # fmt: skip
    """Publish ``built`` under the build's reason; ``write`` writes the values."""
    publication = publish(session, build_id, write)
    session.run(
        """update ops.kpi_build set state = 'published', cause = null, publication_id = :publication
           where build_id = :build""",
        publication=publication,
        build=build_id,
    )
    record.record_due(session)


def bring_back(session: Session, build_id: int) -> None:
    """The held build's values, definitions and causes, as the temporary tables of a build."""
    for table, statement in (
        ("built", f"select {VALUE_COLUMNS} from ops.kpi_build_value where build_id = :build"),
        ("definition", sql_file("kpi_build/definition_of_build.sql")),
        (
            "cause",
            """select kpi_code, cause, dataset_code, row_count from ops.kpi_build_cause
               where build_id = :build""",
        ),
    ):
        session.run(
            f"create temporary table {table} on commit drop as {statement}",
            build=build_id,
            codes=list(versions()),
        )


def publish(session: Session, build_id: int, write: Write = disclosure.publish) -> int:
    """Publish what the temporary tables of a build hold; returns the publication's number."""
    publication = session.one(
        """insert into mart.kpi_publication (as_of_date, source_codes, reason, smallest_shown)
           select as_of_date, source_codes, reason, :least from ops.kpi_build
           where build_id = :build
           returning publication_id, as_of_date, reason""",
        build=build_id,
        least=settings.smallest_shown_count(),
    )
    write(session, int(publication.publication_id), publication.as_of_date)
    basis.record_publication(session, int(publication.publication_id), build_id)
    values = session.one(
        "select count(*) from mart.kpi_value where publication_id = :publication",
        publication=publication.publication_id,
    )
    session.keep_statistics("mart.kpi_value", values[0])
    session.keep_statistics("mart.kpi_publication", 1)
    log.info("%s: published (%s)", publication.as_of_date, publication.reason)
    return int(publication.publication_id)
