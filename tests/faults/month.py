"""A month of bad days: every fault of every source, alone and mixed, retried as Airflow would.

One dataset of each of the six sources, day after day, over the real protocols; KPIs built each
day. The month must end in the digest of an undisturbed one, and every day must have been published
with the same values, publication by publication. Which faults strike on which day is drawn from
the seed; each kind is met at least once in thirty days. The world is clean and no rule is checked,
as in ``tests/end_to_end/test_fault_digests.py``, which tries each fault of one day by itself.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from dean06.kpi.build import build_kpis
from dean06.reports.digest import warehouse_digest
from ministries.faults import Fault
from ministries.servers import Running, running
from tests.conftest import Cluster, pointed_at, private_cluster
from tests.end_to_end import test_fault_digests as one_day
from tests.faults.summary import Summary
from tests.lib.loading import rows

FIRST = date(2022, 10, 1)
SCALE = 0.001
MIXED_SHARE = 0.5
"""Of the days, on which several faults strike a source one after the other."""

Case = tuple[str, one_day.Case]


def campaign(seed: int) -> Summary:
    """Thirty days, twice."""
    from dean06.schema import migrate

    summary = Summary("month")
    with private_cluster() as machine:
        url = machine.database()
        with pointed_at(url):
            migrate.migrate()
        template = url.rsplit("/", 1)[1]
        compare(summary, machine, template, schedule(30, seed))
    return summary


def every_case() -> list[Case]:
    """Each fault that a source can have and that trying again mends."""
    return [
        (source, case)
        for source in one_day.DATASETS
        for case in (*one_day.OF_EVERY_SOURCE, *one_day.OF_ONE_SOURCE[source])
    ]


def schedule(days: int, seed: int) -> list[list[Case]]:
    """What strikes on each day: all cases once, dealt out, and some days more of them."""
    draw = random.Random(seed)
    cases = every_case()
    draw.shuffle(cases)
    dealt = [cases[number::days] for number in range(days)]
    for of_day in dealt:
        if draw.random() < MIXED_SHARE:
            of_day += draw.sample(cases, 3)
    return dealt


def compare(summary: Summary, cluster: Cluster, template: str, struck: list[list[Case]]) -> None:
    """The days with and without their faults; what differs is a failure."""
    with running("tien_giang_2022", SCALE, dirt=False, export_delay=0) as ministries:
        ends = []
        for faults in ([[] for _ in struck], struck):
            with cluster.copy(template):
                failed = _live_through(ministries, faults)
                ends.append((warehouse_digest(), _published()))
        summary.add("days", len(struck))
        summary.add("faults", sum(len(of_day) for of_day in struck))
        summary.add("attempts that failed and were retried", failed)
    (quiet, values), (disturbed, same_values) = ends
    summary.failures += [f"digest of {name}" for name in quiet if quiet[name] != disturbed[name]]
    if values != same_values:
        days = sorted({str(day) for day, *_ in set(values) ^ set(same_values)})
        summary.failures.append(f"published values of {', '.join(days)}")
    if not values:
        summary.failures.append("nothing was published")


def _live_through(ministries: Running, faults: list[list[Case]]) -> int:
    """Sync and build day after day; how many attempts failed."""
    failed = 0
    with one_day.without_rules():
        for number, of_day in enumerate(faults):
            day = FIRST + timedelta(days=number)
            for fault in _faults(of_day, day):
                ministries.faults.add(fault)
            for source in one_day.DATASETS:
                failed += one_day._sync(ministries, source, f"day {day}", day)
            build_kpis()
            ministries.faults.clear()
    return failed


def _faults(cases: list[Case], day: date) -> Iterator[Fault]:
    for source, case in cases:
        for kind, args in case:
            of_day: dict[str, Any] = {**args, **({"day": str(day)} if "day" in args else {})}
            times = None if kind in one_day.LASTING else 1
            yield Fault(source, one_day.DATASETS[source], kind, times, args=of_day)


def _published() -> list[tuple[Any, ...]]:
    """Every value ever published, by day and by which publication of the day it stands in."""
    return rows(
        """select as_of_date, dense_rank() over (
                      partition by as_of_date order by publication_id),
                  kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code,
                  numerator, denominator
           from mart.kpi_history order by 1, 2, 3, 4, 5, 6, 7, 8"""
    )
