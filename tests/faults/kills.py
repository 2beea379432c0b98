"""Killed anywhere: the real pipeline under the real scheduler, killed at every step.

A long-lived installation; each round gets a fresh warehouse, syncs one or two days while faults
strike as planned, and must end as the undisturbed days did. A round follows from (seed, round).
"""

import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from dean06 import contract
from dean06.errors import WarehouseError
from onebox.config import PROJECT, SOURCES
from tests.faults import evidence
from tests.faults.aftermath import half_published, judge, state
from tests.faults.killing import STEPS, Fault, at_boundaries, step_of, tasks
from tests.faults.living import Living, live
from tests.faults.outages import BACKENDS_AND_DISK, DAYS_OF_OUTAGES, Outage
from tests.faults.summary import Summary

DAYS = (date(2022, 10, 31), date(2022, 11, 1))
"""Everything there is, then what one day changes."""
ROUNDS = 2
KILLS_A_DAY = 60
RETRIES = 2
"""Of every task in ``dean06.dags.factory``: so many faults may meet one."""
LONGEST_DAY = 900.0
"""Seconds after which a day that has not ended counts as stuck."""


@dataclass(frozen=True)
class Day:
    """A day to sync, what strikes meanwhile, and how to name it so that it can be run again."""

    day: date
    where: str
    faults: Sequence[Fault] = ()
    outages: Sequence[Outage] = ()
    fresh: bool = True
    """Into an empty warehouse; otherwise after the day before."""


def campaign(seed: int) -> Summary:
    """Every boundary of every step, and seeded moments inside each: at least 200 kills."""
    summary = Summary("kills")
    live(lambda living: _all_rounds(living, seed, summary))
    return summary


def _all_rounds(living: Living, seed: int, summary: Summary) -> None:
    undisturbed = undisturbed_days(living, summary)
    seconds = living.plan.seconds()
    left: list[Fault] = []
    for number in range(1, ROUNDS + 1):
        draws = random.Random(f"{seed}/{number}")
        sound = True
        for day in DAYS:
            if not sound:
                summary.add("days left out, since the one before had problems")
                continue
            left = left or at_boundaries(draws)
            faults = chosen(left, inside_steps(draws, seconds))
            left = [fault for fault in left if fault not in faults]
            where = f"seed {seed}, round {number}, {day}"
            plan = Day(day, where, faults, fresh=day == DAYS[0])
            sound = strike_and_judge(living, plan, undisturbed, summary)
    first = DAYS[0]
    where = f"sessions and disk, {first}"
    strike_and_judge(living, Day(first, where, BACKENDS_AND_DISK), undisturbed, summary)
    for outages in DAYS_OF_OUTAGES:
        where = f"{' + '.join(outage.name for outage in outages)}, {first}"
        holds = [outage.during for outage in outages]
        strike_and_judge(living, Day(first, where, holds, outages), undisturbed, summary)


def chosen(boundaries: list[Fault], inside: list[Fault]) -> list[Fault]:
    """As many faults as a day bears: boundaries first, no task more often than it is tried."""
    met: Counter[str] = Counter()
    found: list[Fault] = []
    for fault in (*boundaries, *inside):
        if len(found) < KILLS_A_DAY and met[fault.task] < RETRIES:
            met[fault.task] += 1
            found.append(fault)
    return found


def inside_steps(draws: random.Random, seconds: dict[str, float]) -> list[Fault]:
    """A kill at a random moment inside each task's step, in an order of the seed's."""
    return [
        Fault(
            f"inside-{task.replace('/', '.')}", task, STEPS[step_of(task)], "during",
            delay=draws.uniform(0, seconds.get(task, 0.5)),
        )
        for task in draws.sample(tasks(), len(tasks()))
    ]  # fmt: skip


def undisturbed_days(
    living: Living, summary: Summary, days: Sequence[date] = DAYS
) -> dict[date, dict[str, str]]:
    """The digest after each day when nothing strikes. Raises AssertionError when one fails."""
    found = {}
    for day in days:
        plan = Day(day, f"undisturbed {day}", fresh=day == days[0])
        if problems := _lived_through(living, plan, summary, list):
            raise AssertionError(f"{day} does not even sync undisturbed: {problems}")
        found[day] = state()
    return found


def strike_and_judge(
    living: Living, plan: Day, undisturbed: dict[date, dict[str, str]], summary: Summary
) -> bool:
    """Sync one day while its faults strike, and compare what is left; whether all is equal."""
    began = time.monotonic()
    days = DAYS[: DAYS.index(plan.day) + 1]
    problems = _lived_through(
        living, plan, summary, lambda: judge(contract.datasets(), days, undisturbed[plan.day])
    )
    fired = living.plan.fired()
    living.plan.write([])
    summary.add("days synced")
    for fault in plan.faults:
        inside = "inside steps" if fault.when == "during" else "at boundaries"
        summary.add(f"{fault.what} {inside}" if fault.name in fired else "planned, not come by")
    summary.failures += [f"{plan.where}: {problem}" for problem in problems]
    print(
        f"{summary.campaign}: {plan.where}: {len(fired)} of {len(plan.faults)} struck, "
        f"{len(problems)} problems, {time.monotonic() - began:.0f} s",
        *problems,
        sep="\n  ",
        flush=True,
    )
    return not problems


def _lived_through(
    living: Living, plan: Day, summary: Summary, differences: Callable[[], list[str]]
) -> list[str]:
    """What went wrong on a day, first things first, each with where its evidence is.

    A day's problem is never the campaign's end: what the day has left under way is ended.
    """
    run_id = f"{re.sub(r'[^a-z0-9]+', '-', plan.where)}-{time.time():.0f}"
    problems: list[str] = []
    try:
        if plan.fresh:
            living.renew()
        living.plan.write(plan.faults)
        sync(living, plan, run_id, summary, problems)
        problems += differences()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding of this day
        problems.append(f"{type(error).__name__}: {error}")
    if not problems:
        return []
    kept = os.path.relpath(evidence.keep(living, run_id), PROJECT)
    try:
        living.end_runs()
    except Exception as error:  # noqa: BLE001  # the next day's problem, if it is one
        problems.append(f"runs could not be ended: {type(error).__name__}: {error}")
    return [f"{problem} [{kept}]" for problem in dict.fromkeys(problems)]


def sync(living: Living, plan: Day, run_id: str, summary: Summary, problems: list[str]) -> None:
    """One day of every source, until all that follows from it has ended; adds what failed."""
    before = set(living.failed_runs())
    living.trigger([f"sync_{source}" for source in SOURCES], run_id, {"day": str(plan.day)})
    for outage in plan.outages:
        try:
            outage.await_and_strike(living, run_id)
            summary.add(f"{outage.name} killed")
        except Exception as error:  # noqa: BLE001  # the day must end, and the next outage may come
            problems.append(f"{outage.name}: {type(error).__name__}: {error}")

    def look() -> None:
        with suppress(WarehouseError):  # asked again in a moment: the server may be recovering
            problems.extend(half_published())

    if not living.await_quiet(LONGEST_DAY, look):
        problems.append(f"runs have not ended within {LONGEST_DAY:.0f} s")
    problems += [failed for failed in living.failed_runs() if failed not in before]
