"""Any day: what KPIs say on a day, also one that was never synced, without a build.

Exact counts, for whoever may see them; nothing is published or kept beside the steps.
"""

from datetime import date
from typing import Any

from dean06.identity.verify import verified_snapshot
from dean06.kpi import counting, steps
from dean06.kpi.family import families
from dean06.kpi.publication import VALUE_COLUMNS
from dean06.warehouse import Session


def values_on(day: date) -> list[Any]:
    """Rows (columns of a KPI value) of every KPI whose sources have published, as known now.

    Raises AuditError for a day for which no units are known.
    """
    with verified_snapshot() as session:
        published = _published(session)
        active = [family for family in families() if set(family.sources) <= published]
        counting.prepare(session, day, active)
        session.sort_in_memory()
        with session.grouping_by_hash():
            steps.keep(session, day, active)
            for family in active:
                counting.count(session, day, family)
        return session.rows(f"select {VALUE_COLUMNS} from built order by {VALUE_COLUMNS}")


def _published(session: Session) -> set[str]:
    rows = session.rows("select distinct source_code from ops.load where status = 'published'")
    return {row.source_code for row in rows}
