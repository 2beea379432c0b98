"""KPIs of a whole province: built the first time, and again after a day that changed little."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench import first_day
from bench.first_day import FirstDay
from bench.landed import DAY, SCENARIO
from bench.ministries import served
from bench.place import Place
from bench.result import Result

LATER = "2022-11-05"
"""By then about one record in a hundred of the simulated province has changed or is new."""
FEW, FEW_OF_TENTH = "2022-11-01", "2022-11-10"
"""By the first day as many records have changed in the whole as by the second in a tenth of it."""
TENTH = 10
_RECEIVED = """
    select coalesce(sum(received_count) filter (where day = '{day}'), 0)
    from ops.load where status = 'published'
"""


def run(
    place: Place, database: str, scale: float, *, is_later_wanted: bool = True
) -> tuple[list[Result], FirstDay]:
    """Sync an empty warehouse, verify and build; then once more after a later day, if wanted.

    Identities are verified apart, as in the real DAGs.
    """
    with served(SCENARIO, scale, horizon=LATER) as (_, addresses, secrets):
        place.say(f"KPIs: initial load of all sources at scale {scale:g}")
        first = first_day.measure(place, database, DAY, addresses, secrets)
        place.say(f"  identities in {first.verify:.1f} s, KPIs in {first.build:.1f} s")
        found: list[Later] = []
        if is_later_wanted:
            with place.warehouse(database) as copied:
                found.append(_later(place, copied, FEW, addresses, secrets))
            found.append(_later(place, database, LATER, addresses, secrets))
    if found:
        found.append(_few_in_a_tenth(place, scale / TENTH))
    return list(_results(place, database, scale, first, found)), first


@dataclass(frozen=True)
class Later:
    """A later day: its records, seconds of verification, seconds of the KPIs."""

    records: int
    verify: float
    build: float


def _few_in_a_tenth(place: Place, scale: float) -> Later:
    with (
        served(SCENARIO, scale, horizon=FEW_OF_TENTH) as (_, addresses, secrets),
        place.warehouse() as database,
    ):
        place.step(database, "sync", DAY, json.dumps(addresses), json.dumps(secrets))
        place.step(database, "verify")
        place.step(database, "build")
        return _later(place, database, FEW_OF_TENTH, addresses, secrets)


def _later(
    place: Place, database: str, day: str, addresses: dict[str, str], secrets: dict[str, Any]
) -> Later:
    place.step(database, "sync", day, json.dumps(addresses), json.dumps(secrets))
    verified = place.step(database, "verify").seconds
    place.settle()
    built = place.step(database, "build").seconds
    received = int(str(place.rows(database, _RECEIVED.format(day=day))[0][0]))
    place.say(f"  a later day: {received:,} records, KPIs in {built:.1f} s")
    return Later(received, verified, built)


def _results(
    place: Place,
    database: str,
    scale: float,
    first: FirstDay,
    later: list[Later],
) -> Iterator[Result]:
    values = place.rows(database, "select count(*) from mart.kpi_value")[0][0]
    # The bounds are those of a whole province: of a part of it, nothing is promised.
    must, goal = (60, 20) if scale == 1 else (None, None)
    yield Result(
        "all KPIs of the province", first.build, "s", must, goal,
        f"{first.records:,} records at scale {scale:g}; {values:,} values in all builds; "
        f"after identity verification, which took {first.verify:.1f} s",
    )  # fmt: skip
    yield Result(
        "first build ÷ build of one day, which does not store the daily changes of KPI counts",
        first.build / first.build_of_one_day, "×", 3, 1.5,
        f"{first.build:.1f} s and {first.build_of_one_day:.1f} s",
    )  # fmt: skip
    if not later:
        return
    few, again, few_of_tenth = later
    yield Result(
        "next build after a day with few changes ÷ first build",
        100 * again.build / first.build, "%", 25, 5,
        f"{again.records:,} records ({again.records / first.records:.1%}) of all sources: "
        f"{again.build:.1f} s, which is {100 * again.build / first.build_of_one_day:.0f} % of the "
        f"{first.build_of_one_day:.1f} s that a build of one day takes if it stores no changes "
        f"of KPI counts; identity verification before it: {again.verify:.1f} s",
    )  # fmt: skip
    must_few, goal_few = (1.5, 1.1) if scale == 1 else (None, None)
    yield Result(
        "next build after a day with few changes, on ten times as many stored records",
        few.build / few_of_tenth.build, "×", must_few, goal_few,
        f"{few.records:,} records on {first.records:,}: {few.build:.1f} s; "
        f"{few_of_tenth.records:,} on a tenth: {few_of_tenth.build:.1f} s",
    )  # fmt: skip
