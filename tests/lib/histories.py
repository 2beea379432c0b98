"""Histories of a few persons, drawn by hypothesis, delivered through the whole load protocol."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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
SOURCES = tuple(sorted({kind.partition(".")[0] for kind in KINDS}))
EDITS = (
    "select 1",
    "update mart.procedure_code set valid_from = date '2025-06-20' where code = '2.001195'",
    "update mart.procedure_code set valid_from = date '2022-01-01' where code = '2.001195'",
    """insert into mart.dim_campaign values
       ('thu', '82', '2025-06-01', '2025-07-02', 0, 24, 3, 'Trial', 'Thử')
       on conflict (campaign_code) do update set first_day = '2025-06-30'""",
)
"""Of reference data that families read."""
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


class Round(NamedTuple):
    """What happens before a build."""

    day: int
    """Of ``DAYS``, that is synced, also again after later ones."""
    sources: Sequence[str]
    """Those that are synced."""
    edit: int
    histories: Sequence[Sequence[Event]]
    """What each history tells the sources."""


def batches(
    rounds: int, together: int, sources: Sequence[str], least: int = 0
) -> st.SearchStrategy[list[Round]]:
    """Rounds of so many histories in one warehouse, with so many events each at ``least``."""
    one_round = st.builds(
        Round,
        day=st.integers(0, len(DAYS) - 1),
        sources=st.lists(
            st.sampled_from(sources), unique=True, min_size=min(3, len(sources)), max_size=4
        ),
        edit=st.sampled_from([0, 0, *range(len(EDITS))]),
        histories=st.lists(
            st.lists(events(), min_size=least, max_size=4), min_size=together, max_size=together
        ),
    )
    return st.lists(one_round, min_size=rounds, max_size=rounds)


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
