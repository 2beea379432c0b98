"""Any day: what KPIs say on days, also never synced ones, without a build.

Exact counts, for whoever may see them; nothing is published or kept beside the steps.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dean06.errors import AuditError
from dean06.identity.verify import verified_snapshot
from dean06.kpi import counting, steps
from dean06.kpi.family import families
from dean06.kpi.publication import VALUE_COLUMNS
from dean06.warehouse import Session, transaction


def require_steward() -> None:
    """Refuse logins that are no stewards: nothing hides small counts here, for what may be shown
    of a day depends on what was published of the days beside it.

    Raises AuditError.
    """
    with transaction(role="") as session:
        found = session.one(
            "select pg_has_role(session_user, 'dean06_steward', 'member') as is_steward"
        )
    if not found.is_steward:
        raise AuditError("exact counts are for stewards: your login has no role dean06_steward")


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
