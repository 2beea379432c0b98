"""KPIs of a whole province: built the first time, and again after a day that changed little."""

import json
from collections.abc import Iterator

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


def run(place: Place, database: str, scale: float) -> Iterator[Result]:
    """Sync an empty warehouse, verify and build twice; identities are verified apart, as in the
    real DAGs."""
    with served(SCENARIO, scale, horizon=LATER) as (_, addresses, secrets):
        places, logins = json.dumps(addresses), json.dumps(secrets)
        seconds, received, verified = [], [], []
        for day in (DAY, LATER):
            place.say(f"KPIs: syncing {day} at scale {scale:g}")
            place.step(database, "sync", day, places, logins)
            verified.append(place.step(database, "verify").seconds)
            place.settle()
            seconds.append(place.step(database, "build").seconds)
            received.append(float(str(place.rows(database, _RECEIVED.format(day=day))[0][0])))
            place.say(f"  {received[-1]:,.0f} records, KPIs in {seconds[-1]:.1f} s")
        values = place.rows(database, "select count(*) from mart.kpi_value")[0][0]
    share = received[1] / received[0]
    # The bounds are those of a whole province: of a part of it, nothing is promised.
    must, goal = (60, 20) if scale == 1 else (None, None)
    yield Result(
        "all KPIs of the province", seconds[0], "s", must, goal,
        f"{received[0]:,.0f} records at scale {scale:g}; {values:,} values in both builds; "
        f"identities verified before in {verified[0]:.1f} s",
    )  # fmt: skip
    yield Result(
        "again after a small day ÷ first build", 100 * seconds[1] / seconds[0], "%", 25, 5,
        f"{received[1]:,.0f} records ({share:.1%}) of all sources: {seconds[1]:.1f} s; "
        f"identities {verified[1]:.1f} s",
    )  # fmt: skip
