"""Any day: what KPIs say on days, also never synced ones, without a build.

Exact counts, for whoever may see them; nothing is published or kept beside the steps. Who reads
them, and why, is in ``ops.day_read`` before anything is shown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dean06 import roles
from dean06.details.detail import detail
from dean06.errors import AuditError
from dean06.identity.verify import verified_snapshot
from dean06.kpi import counting, steps
from dean06.kpi.family import families
from dean06.kpi.publication import VALUE_COLUMNS
from dean06.trail import chain
from dean06.warehouse import LOADER, Session, sql_file, transaction


@dataclass(frozen=True)
class Wanted:
    """Which totals of a day."""

    day: date
    unit_code: str = ""
    """A unit; empty: every province."""
    kpi_codes: str = ""
    """What the codes of the KPIs begin with; empty: all."""
    boundary_version: str = "as_reported"

    def holds(self, row: Any) -> bool:
        """Whether a KPI value is among them."""
        wanted = (self.unit_code or row.unit_code, self.boundary_version, "")
        return bool(
            (row.unit_code, row.boundary_version, row.breakdown) == wanted
            and (self.unit_code or row.unit_level == "province")
            and row.kpi_code.startswith(self.kpi_codes)
        )


def require_steward() -> None:
    """Refuse logins that are no stewards: nothing hides small counts here, for what may be shown
    of a day depends on what was published of the days beside it.

    Raises AuditError.
    """
    with transaction(role="") as session:
        found = session.one(
            "select pg_has_role(session_user, :role, 'member') as is_steward", role=_steward()
        )
    if not found.is_steward:
        raise AuditError(detail("stewards_only", role=_steward()))


def _steward() -> str:
    return roles.named("dean06_steward")


def read(wanted: Wanted, reader: str, reason: str) -> list[Any]:
    """Rows (columns of a KPI value) of the totals, as known now, once the reading of them is
    committed to ``ops.day_read``. Whom ``ops.province_reader`` assigns to provinces gets theirs.

    Raises AuditError for a day for which no units are known, WarehouseError when the reading could
    not be written down: nothing is shown then.
    """
    with transaction() as session:
        noted = session.one(
            """select ops.read_day(:day, :boundaries, :unit, :codes, :reader, :reason)
               as provinces""",
            day=wanted.day,
            boundaries=wanted.boundary_version,
            unit=wanted.unit_code,
            codes=wanted.kpi_codes,
            reader=reader,
            reason=reason,
        )
    chain.link_if_possible(LOADER)
    found = [row for row in values_on([wanted.day])[wanted.day] if wanted.holds(row)]
    if noted.provinces is None:
        return found
    units = _units_of(noted.provinces, wanted)
    return [row for row in found if (row.unit_level, row.unit_code.partition(":")[0]) in units]


def _units_of(provinces: Collection[str], wanted: Wanted) -> set[tuple[str, str]]:
    """Level and code of the provinces' units in the wanted boundaries. What lies in no known
    commune of a province has the province's code before a colon."""
    with transaction() as session:
        rows = session.rows(
            sql_file("kpi_build/units_of_provinces.sql"),
            provinces=list(provinces),
            boundaries=wanted.boundary_version,
            as_of=wanted.day,
        )
    return {(row.unit_level, row.unit_code) for row in rows} | {("commune", p) for p in provinces}


def values_on(days: Sequence[date]) -> dict[date, list[Any]]:
    """Of each day, rows (columns of a KPI value) of every KPI whose sources have published, as
    known now.

    Raises AuditError for a day for which no units are known.
    """
    found: dict[date, list[Any]] = {}
    with verified_snapshot() as session:
        published = _published(session)
        active = [family for family in families() if set(family.sources) <= published]
        for day in days:
            counting.prepare(session, day, active)
            steps.count(session, day, active, len(days) - len(found))
            found[day] = session.rows(f"select {VALUE_COLUMNS} from built order by {VALUE_COLUMNS}")
            counting.forget(session)
    return found


def _published(session: Session) -> set[str]:
    rows = session.rows("select distinct source_code from ops.load where status = 'published'")
    return {row.source_code for row in rows}
