"""Quality: how good records are over time, which rules they break, what stands in quarantine.

Nothing here reads a record; a quarantined one is read in ``records`` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dean06 import contract
from dean06.contract import Dataset
from dean06.failures.particulars import Particulars, particulars
from dean06.figures import published
from dean06.figures.published import View
from dean06.load.steps import State
from dean06.reference.unit_names import FullName
from dean06.ui import held, quality_index
from dean06.ui.quality_index import Index
from dean06.warehouse import Session, sql_file

DIMENSIONS = {
    "quality.accurate_share": ("quality.accurate_share", "dataset"),
    "quality.complete_share": ("quality.complete_share", "dataset"),
    "quality.clean_share": ("quality.clean_share", "dataset"),
    "quality.timely_share": ("quality.timely_share", "dataset"),
    "quality.consistent_share": ("quality.consistent_by_source_share", "source"),
    "quality.reused_share": None,
}
"""đúng, đủ, sạch, sống, thống nhất, dùng chung: by which KPI and breakdown each is shown in parts;
what is shared belongs to no single source."""
LATELY = timedelta(days=30)
HISTORY = timedelta(days=365)
PAGE_SIZE = 50


@dataclass(frozen=True)
class Dimension:
    """One dimension over time, by dataset or source, and its total."""

    definition: Any
    parts: tuple[Any, ...]
    latest: tuple[Any, ...]
    """The parts on the last day."""
    breakdown: str
    """What the parts are: ``dataset``, ``source``; empty: it has none."""
    total: Any


@dataclass(frozen=True)
class Quality:
    """The page."""

    day: date | None
    other_day: date | None
    """The day that was asked for, where nothing is published of it."""
    unit_name: FullName | None
    dimensions: tuple[Dimension, ...]
    index: Index | None
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
    particulars: Particulars | None
    """Why it is held or failed, exactly."""
    held_by: Sequence[Any]
    """Rules that hold the batch (``held_rules.sql``); empty: it is not held."""
    rule: str | None
    page: int
    has_more: bool


def read(session: Session, view: View, source: str | None, asked: date | None = None) -> Quality:
    """Everything the page shows, of the day asked for, else of the newest one."""
    days = published.days(session, view)
    day = asked if asked in days else next(iter(days), None)
    province = _province(session, view, day) if day else None
    last = session.one("select max(day) as day from ops.load").day
    return Quality(
        day=day,
        other_day=asked if asked != day else None,
        unit_name=province.full_name if province else None,
        dimensions=_dimensions(session, view, day, province.unit_code) if day and province else (),
        index=quality_index.read(session, view, day, province.unit_code)
        if day and province
        else None,
        rules=session.rows(sql_file("ui/quality_rules.sql"), first_day=last - LATELY)
        if last
        else [],
        loads=session.rows(sql_file("ui/quality_loads.sql"), source=source),
        sources=tuple(contract.sources()),
        source=source,
    )


def _province(session: Session, view: View, day: date) -> published.Unit | None:
    """The first province that has values."""
    units = published.units(session, view, day)
    return next((row for row in units if row.unit_level == "province"), None)


def _dimensions(session: Session, view: View, day: date, province: str) -> tuple[Dimension, ...]:
    place = {"level": "province", "unit": province}
    found = []
    for kpi, by in DIMENSIONS.items():
        definition = published.definition(session, kpi)
        if definition is None:
            continue
        code, breakdown = by or (kpi, "")
        rows = (
            published.values(
                session, view, day - HISTORY, day, kpi=code, breakdown=breakdown, **place
            )
            if breakdown
            else []
        )
        totals = published.values(session, view, day, day, kpi=kpi, **place)
        latest = tuple(row for row in rows if row.as_of_date == day)
        found.append(
            Dimension(definition, tuple(rows), latest, breakdown, totals[0] if totals else None)
        )
    return tuple(found)


def rejected(session: Session, load_id: int, rule: str | None, page: int) -> RejectedLoad | None:
    """The rejected records of a load: place and reason; None when there is no such load, or
    its source has no contract here."""
    load = session.one(
        """select load_id, source_code, dataset_code, day, status, run_key, received_count,
                  quarantined_count, cause, corrects_load_id, detail_code, detail_parameters
           from ops.load left join ops.load_cause using (load_id)
           where load_id = :load_id""",
        load_id=load_id,
    )
    if load is None or load.source_code not in contract.known():
        return None
    is_held = load.status == State.HELD
    rules = session.rows(
        """select * from ops.quarantine_count where load_id = :load_id
           order by record_count desc, rule_code""",
        load_id=load_id,
    )
    # The page names what it shows: only a rule that was broken, whatever the address says.
    rule = rule if rule in {row.rule_code for row in rules} else None
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
        rules=rules,
        records=records[:PAGE_SIZE],
        replays=session.rows(
            """select outcome.*, coded.cause_code, coded.detail_code, coded.detail_parameters
               from ops.replay_outcome as outcome
               left join ops.load_cause as coded on outcome.load_id = coded.load_id
               where outcome.corrects_load_id = :load_id
               order by outcome.replay_id desc, outcome.row_no limit 100""",
            load_id=load_id,
        ),
        particulars=particulars(load.cause, load.detail_code, load.detail_parameters),
        held_by=held.rules_of(session, [load_id]).get(load_id, ()) if is_held else (),
        rule=rule,
        page=page,
        has_more=len(records) > PAGE_SIZE,
    )
