"""Histories of a few persons, drawn by hypothesis, delivered through the whole load protocol."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import strategies as st

from dean06 import contract
from dean06.warehouse import sql_file, transaction
from tests.lib.history_records import (
    COMMUNES,
    DAYS,
    MAKERS,
    MOMENTS,
    PERSONS,
    PROCEDURES,
    Event,
    Written,
)
from tests.lib.loading import load_source

KINDS = tuple(MAKERS)
_runs = itertools.count(1)


def events() -> st.SearchStrategy[Event]:
    """One version of a record of one of a history's persons: mostly the first one, and often of the
    registry, so that records meet each other."""
    moment = st.integers(0, len(MOMENTS) - 1)
    return st.builds(
        Event,
        kind=st.sampled_from([*["police.resident"] * 4, *KINDS]),
        who=st.sampled_from([0, 0, 0, PERSONS - 1]),
        happened=moment,
        ended=moment,
        written=st.integers(0, len(DAYS) - 1),
        commune=st.integers(0, len(COMMUNES) - 1),
        choice=st.integers(0, 5),
        is_gone=st.sampled_from([False, False, False, True]),
    )


def deliver(day: str, sources: Iterable[str], histories: Iterable[Sequence[Event]]) -> None:
    """One run of each of the sources for a day, published, with what histories tell it."""
    made: dict[str, dict[str, list[Any]]] = {source: {} for source in sources}
    for number, drawn in enumerate(histories):
        for event in drawn:
            source, _, dataset = event.kind.partition(".")
            if source in made:
                record = MAKERS[event.kind][0](Written(number, event, day))
                made[source].setdefault(dataset, []).append(record)
    for source, datasets in made.items():
        bodies = {
            dataset: (MAKERS[f"{source}.{dataset}"][1](records), len(records))
            for dataset, records in datasets.items()
        }
        load_source(source, f"history-{next(_runs)}", day, bodies)


def prepare_small_country(sources: Sequence[str] = tuple(contract.sources())) -> None:
    """A warehouse that knows a few communes and procedures, since a build of all of them takes
    two seconds a day; nothing was delivered on each of the days that are built."""
    with transaction(role="") as session:
        for table in ("dim_admin_unit", "admin_unit_successor"):
            session.run(
                f"""delete from mart.{table}
                    where unit_level = 'commune' and not unit_code = any(:kept)""",
                kept=list(COMMUNES),
            )
        session.run(
            "delete from mart.procedure_code where not code = any(:kept)", kept=list(PROCEDURES)
        )
        session.run(
            """delete from mart.dim_procedure
               where procedure_id not in (select procedure_id from mart.procedure_code)"""
        )
    for source in sources:
        load_source(source, "last", DAYS[-1], {})
    for day in DAYS[:-1]:
        load_source("insurance", f"empty-{day}", day, {})
    with transaction() as session:
        session.run(sql_file("disclosure/draw_secret.sql"))
