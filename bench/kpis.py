"""KPIs of a whole province: built the first time, and again after a day that changed little."""

import json
from collections.abc import Iterator
from typing import Any

from bench import first_day
from bench.first_day import FirstDay
from bench.landed import DAY, SCENARIO
from bench.ministries import served
from bench.place import Place
from bench.result import Result

LATER = "2022-11-05"
"""By then about one record in a hundred of the simulated province has changed or is new."""
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
        again = _later(place, database, addresses, secrets) if is_later_wanted else None
    return list(_results(place, database, scale, first, again)), first


def _later(
    place: Place, database: str, addresses: dict[str, str], secrets: dict[str, Any]
) -> tuple[int, float, float]:
    """Records of a later day, seconds of verification, seconds of the KPIs."""
    place.step(database, "sync", LATER, json.dumps(addresses), json.dumps(secrets))
    verified = place.step(database, "verify").seconds
    place.settle()
    built = place.step(database, "build").seconds
    received = int(str(place.rows(database, _RECEIVED.format(day=LATER))[0][0]))
    place.say(f"  a later day: {received:,} records, KPIs in {built:.1f} s")
    return received, verified, built


def _results(
    place: Place,
    database: str,
    scale: float,
    first: FirstDay,
    again: tuple[int, float, float] | None,
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
    if again:
        received, verified, built = again
        yield Result(
            "next build after a day with few changes ÷ first build",
            100 * built / first.build, "%", 25, 5,
            f"{received:,} records ({received / first.records:.1%}) of all sources: {built:.1f} s, "
            f"which is {100 * built / first.build_of_one_day:.0f} % of the "
            f"{first.build_of_one_day:.1f} s that a build of one day takes if it stores no changes "
            f"of KPI counts; identity verification before it: {verified:.1f} s",
        )  # fmt: skip
