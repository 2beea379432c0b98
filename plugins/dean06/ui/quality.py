"""Quality: how good records are over time, which rules they break, what stands in quarantine.

Nothing here reads a record; a quarantined one is read in ``records`` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dean06 import contract
from dean06.contract import Dataset
from dean06.ui import published
from dean06.ui.published import View
from dean06.warehouse import Session, sql_file

DIMENSIONS = (
    "quality.accurate_share", "quality.complete_share", "quality.clean_share",
    "quality.timely_share",
)  # fmt: skip
"""đúng, đủ, sạch, sống."""
LATELY = timedelta(days=30)
HISTORY = timedelta(days=365)
PAGE_SIZE = 50


@dataclass(frozen=True)
class Dimension:
    """One dimension over time, by dataset, and its total."""

    definition: Any
    by_dataset: tuple[Any, ...]
    latest: tuple[Any, ...]
    """By dataset, on the last day."""
    total: Any


@dataclass(frozen=True)
class Quality:
    """The page."""

    day: date | None
    unit_name: str
    dimensions: tuple[Dimension, ...]
    rules: Sequence[Any]
    loads: Sequence[Any]
    sources: tuple[str, ...]
    source: str | None


@dataclass(frozen=True)
class RejectedLoad:
    """The rejected records of one load."""

    load: Any
    dataset: Dataset
    rules: Sequence[Any]
    records: Sequence[Any]
    replays: Sequence[Any]
    """What became of its records that stewards have corrected, newest first."""
    rule: str | None
    page: int
    has_more: bool


def read(session: Session, view: View, source: str | None) -> Quality:
    """Everything the page shows."""
    days = published.days(session, view)
    day = days[0] if days else None
    unit_name, dimensions = _dimensions(session, view, day) if day else ("", ())
    last = session.one("select max(day) as day from ops.load").day
    return Quality(
        day=day,
        unit_name=unit_name,
        dimensions=dimensions,
        rules=session.rows(sql_file("ui/quality_rules.sql"), first_day=last - LATELY)
        if last
        else [],
        loads=session.rows(sql_file("ui/quality_loads.sql"), source=source),
        sources=tuple(contract.sources()),
        source=source,
    )


def _dimensions(session: Session, view: View, day: date) -> tuple[str, tuple[Dimension, ...]]:
    """Of the first province that has values."""
    provinces = [row for row in published.units(session, view, day) if row.unit_level == "province"]
    if not provinces:
        return "", ()
    place = {"level": "province", "unit": provinces[0].unit_code}
    found = []
    for kpi in DIMENSIONS:
        definition = published.definition(session, kpi)
        rows = published.values(
            session, view, day - HISTORY, day, kpi=kpi, breakdown="dataset", **place
        )
        totals = published.values(session, view, day, day, kpi=kpi, **place)
        if definition is not None:
            latest = tuple(row for row in rows if row.as_of_date == day)
            found.append(Dimension(definition, tuple(rows), latest, totals[0] if totals else None))
    return provinces[0].unit_name or provinces[0].unit_code, tuple(found)


def rejected(session: Session, load_id: int, rule: str | None, page: int) -> RejectedLoad | None:
    """The rejected records of a load: place and reason; None when there is no such load."""
    load = session.one(
        """select load_id, source_code, dataset_code, day, status, run_key, received_count,
                  quarantined_count, cause, corrects_load_id
           from ops.load where load_id = :load_id""",
        load_id=load_id,
    )
    if load is None:
        return None
    records = session.rows(
        sql_file("ui/quality_records.sql"),
        load_id=load_id,
        rule=rule,
        size=PAGE_SIZE + 1,
        skipped=(page - 1) * PAGE_SIZE,
    )
    return RejectedLoad(
        load=load,
        dataset=contract.load(load.source_code).dataset(load.dataset_code),
        rules=session.rows(
            """select * from ops.quarantine_count where load_id = :load_id
               order by record_count desc, rule_code""",
            load_id=load_id,
        ),
        records=records[:PAGE_SIZE],
        replays=session.rows(
            """select * from ops.replay_outcome where corrects_load_id = :load_id
               order by replay_id desc, row_no limit 100""",
            load_id=load_id,
        ),
        rule=rule,
        page=page,
        has_more=len(records) > PAGE_SIZE,
    )
