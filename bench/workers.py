"""Many workers on one load: measured with one and two, simulated with more.

``python -m bench --case workers`` measures a first load of residents, shard by shard, with one
worker and with two side by side. The measured seconds of one worker are laid out over the tasks of
the DAGs for 1, 2, 8 and 32 workers. A first day of all sources is laid out in the same way when it
is measured too.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from bench import graph, landed, schedule, space
from bench.first_day import FirstDay
from bench.place import Cost, Place
from bench.result import Result
from bench.schedule import Task
from bench.space import Occupied

WORKERS = (1, 2, 8, 32)
TASK_START = 0.7
"""Seconds that Airflow's one-machine executor takes for a task beside its work: a day at 1/100
takes 12 s for 16 stages, which take 0.9 s alone."""
_SHARD_BYTES = 32 * 1024**2
_RESIDENT = ("police", "resident")
_SMALL_SHARDS = 8
"""So many times as many shards as by default, for 32 workers."""
_SHARDS = """
    select count(*) from ops.shard join ops.load using (load_id) where dataset_code = 'resident'
"""


@dataclass(frozen=True)
class Measured:
    """A load whose shards several workers staged and validated side by side."""

    workers: int
    elapsed: float
    tasks: dict[str, list[float]]
    """Seconds by task, as the DAGs name it, of each shard."""
    processor: float
    """Processor seconds of workers and PostgreSQL together."""
    logged: int
    """Bytes of write-ahead log."""
    stored: Occupied


@dataclass(frozen=True)
class Simulated:
    """What a graph of tasks takes with so many workers."""

    what: str
    shards: int
    workers: int
    seconds: float
    work: float
    """Seconds of all tasks together."""
    longest: float
    """Seconds of the longest chain of tasks, which no number of workers shortens."""
    with_start: float
    """As ``seconds``, where each task takes ``TASK_START`` longer."""
    bottleneck: str

    @property
    def speedup(self) -> float:
        """How many times as quick as one worker."""
        return self.work / self.seconds


def run(place: Place) -> tuple[list[Result], list[Simulated]]:
    """Measure a first load of residents with one and two workers; lay it out for more."""
    listed = landed.residents(place)
    records = landed.count(listed)
    normal = round(_SHARD_BYTES * place.scale)
    rounds: dict[tuple[int, int], list[Measured]] = {}
    for number in range(place.repeat):
        for size, workers in ((normal, 1), (normal, 2), (normal // _SMALL_SHARDS, 1)):
            done = _measure(place, str(listed), size, workers)
            rounds.setdefault((size, workers), []).append(done)
            place.say(
                f"  round {number + 1}: {workers} at {size:,} bytes a shard: {done.elapsed:.1f} s, "
                f"{done.processor:.1f} processor seconds"
            )
    place.shard_bytes = None
    one, two = rounds[normal, 1], rounds[normal, 2]
    laid_out = [
        each
        for size in (normal, normal // _SMALL_SHARDS)
        for each in lay_out("first load of residents", _of_residents(_middle(rounds[size, 1])))
    ]
    return list(_results(records, one, two, laid_out)), laid_out


def of_day(first: FirstDay) -> Iterator[Simulated]:
    """Lay out a measured first day of all sources, then its loads alone."""
    seconds: dict[str, Sequence[float]] = {
        "verify_identities/verify": [first.verify], "build_kpis/build": [first.build],
    }  # fmt: skip
    for source in first.sources:
        seconds |= source.tasks
    tasks = graph.of_day(seconds)
    yield from lay_out("first day of all sources", tasks)
    loads = [task for task in tasks if task.name.startswith("sync_")]
    yield from lay_out("loads of all sources, without verification and KPIs", loads)


def lay_out(what: str, tasks: Sequence[Task]) -> Iterator[Simulated]:
    """Simulate tasks for each number of workers."""
    slower = [
        Task(task.name, task.seconds and task.seconds + TASK_START, task.after) for task in tasks
    ]
    longest = schedule.critical_path(tasks)
    shards = max(Counter(task.name.partition("[")[0] for task in tasks).values())
    for workers in WORKERS:
        seconds = schedule.end(schedule.simulate(tasks, workers))
        yield Simulated(
            what, shards, workers, seconds, schedule.work(tasks), schedule.work(longest),
            schedule.end(schedule.simulate(slower, workers)), bottleneck(longest, seconds),
        )  # fmt: skip


def bottleneck(longest: Iterable[Task], seconds: float) -> str:
    """Return what the time goes to: the workers, if more of them would still save a tenth; else the
    step that takes most of the longest chain, and its part of the time."""
    spent: Counter[str] = Counter()
    for task in longest:
        spent[step_of(task.name)] += task.seconds  # type: ignore[assignment]  # seconds are no int
    if seconds > 1.1 * sum(spent.values()):
        return "workers"
    step, most = spent.most_common(1)[0]
    return f"{step}, {most / seconds:.0%}"


def step_of(name: str) -> str:
    """The step that a task does: ``stage`` of ``sync_police/resident.stage[3]``."""
    return name.partition("[")[0].rpartition("/")[2].rpartition(".")[2]


def _measure(place: Place, listed: str, shard_bytes: int, workers: int) -> Measured:
    """A first load of residents, its shards side by side in so many processes."""
    place.shard_bytes = shard_bytes
    with place.warehouse() as database:
        place.step(database, "register", "first", landed.DAY, listed)
        place.settle()
        shards = range(1, int(str(place.rows(database, _SHARDS)[0][0])) + 1)
        log, server = place.log_position(database), place.server_seconds()
        costs: dict[str, list[Cost]] = {}
        begun = time.monotonic()
        with ThreadPoolExecutor(workers) as pool:
            for step in ("stage", "validate"):
                costs[f"resident.{step}"] = list(
                    pool.map(_shard_step(place, database, step), shards)
                )
        costs["resident.quarantine"] = [place.step(database, "quarantine", "first", *_RESIDENT)]
        costs["publish"] = [place.step(database, "publish", "first", "police")]
        elapsed = time.monotonic() - begun
        own = sum(cost.processor_seconds for each in costs.values() for cost in each)
        return Measured(
            workers,
            elapsed,
            {f"sync_police/{t}": [cost.seconds for cost in each] for t, each in costs.items()},
            own + place.server_seconds() - server,
            place.log_position(database) - log,
            next(t for t in space.of_tables(place, database) if t.table == "police__resident"),
        )


def _shard_step(place: Place, database: str, step: str) -> Callable[[int], Cost]:
    return lambda number: place.step(database, step, "first", *_RESIDENT, str(number))


def _middle(rounds: Sequence[Measured]) -> Mapping[str, Sequence[float]]:
    """The median of the rounds of each shard of each task."""
    return {
        task: [median(each) for each in zip(*(one.tasks[task] for one in rounds), strict=True)]
        for task in rounds[0].tasks
    }


def _of_residents(seconds: Mapping[str, Sequence[float]]) -> list[Task]:
    return graph.of_sync(*_RESIDENT, seconds)


def _results(
    records: int, one: Sequence[Measured], two: Sequence[Measured], laid_out: Sequence[Simulated]
) -> Iterator[Result]:
    alone = median(each.elapsed for each in one)
    beside = median(each.elapsed for each in two)
    shards = laid_out[0].shards
    foreseen = {each.workers: each.seconds for each in laid_out if each.shards == shards}
    yield Result(
        "first load with two workers ÷ with one", beside / alone, "×", None, None,
        f"{records:,} records in {shards} shards: {beside:.1f} s and {alone:.1f} s; "
        f"simulated {foreseen[2]:.1f} s and {foreseen[1]:.1f} s",
    )  # fmt: skip
    work = [median(each.processor for each in those) for those in (one, two)]
    yield Result(
        "processor time of a first load with two workers ÷ with one", work[1] / work[0], "×", None,
        None, f"{work[1]:.1f} and {work[0]:.1f} processor seconds of workers and PostgreSQL",
    )  # fmt: skip
    logged = median(each.logged for each in one)
    yield Result(
        "write-ahead log of a first load", logged / records, "B", None, None,
        f"per record; {logged / 2**20:,.0f} MiB for {records:,} records",
    )  # fmt: skip
    stored = one[0].stored
    yield Result(
        "disk of a stored version of a resident", stored.of_row, "B", None, None,
        f"table {stored.table_bytes / 2**20:,.0f} MiB, indexes {stored.index_bytes / 2**20:,.0f} "
        f"MiB for {stored.rows:,} versions",
    )  # fmt: skip
