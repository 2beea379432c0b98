"""How long a graph of tasks takes with so many workers: list scheduling, as Airflow does it.

A free worker takes the task that has been ready for longest; of several, the one listed first. A
task keeps its worker until it ends. Nothing else is modelled: a task takes as long beside others as
it took alone, so there must be processors for all workers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from heapq import heappop, heappush


@dataclass(frozen=True)
class Task:
    """A task and what it waits for, by name."""

    name: str
    seconds: float
    after: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Run:
    """When a worker did a task, in seconds from the beginning."""

    task: str
    worker: int
    begun: float
    ended: float


def simulate(tasks: Sequence[Task], workers: int) -> list[Run]:
    """Return when each task runs, in the order in which tasks begin.

    Raises CycleError when tasks wait for each other, KeyError for one that is not listed,
    ValueError without workers.
    """
    if workers < 1:
        raise ValueError("at least one worker is needed")
    place = {task.name: number for number, task in enumerate(tasks)}
    sorter = _sorter(tasks)
    sorter.prepare()
    ready: list[tuple[float, int]] = []
    free = list(range(workers))
    running: list[tuple[float, int, int]] = []
    runs: list[Run] = []
    now = 0.0
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, (now, place[name]))
        while ready and free:
            _, number = heappop(ready)
            task, worker = tasks[number], heappop(free)
            runs.append(Run(task.name, worker, now, now + task.seconds))
            heappush(running, (now + task.seconds, number, worker))
        now, number, worker = heappop(running)
        heappush(free, worker)
        sorter.done(tasks[number].name)
    return runs


def end(runs: Iterable[Run]) -> float:
    """Seconds from the beginning to the last end."""
    return max((run.ended for run in runs), default=0.0)


def work(tasks: Iterable[Task]) -> float:
    """Seconds of all tasks together: what one worker takes."""
    return sum(task.seconds for task in tasks)


def critical_path(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks of the longest chain: no number of workers is quicker."""
    by_name = {task.name: task for task in tasks}
    length: dict[str, float] = {}
    before: dict[str, str] = {}
    for name in _sorter(tasks).static_order():
        task = by_name[name]
        if task.after:
            before[name] = max(sorted(task.after), key=length.__getitem__)
        length[name] = task.seconds + (length[before[name]] if name in before else 0.0)
    found: list[Task] = []
    name = max(length, key=length.__getitem__, default="")
    while name:
        found.insert(0, by_name[name])
        name = before.get(name, "")
    return found


def _sorter(tasks: Sequence[Task]) -> TopologicalSorter[str]:
    names = {task.name for task in tasks}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for task in tasks:
        if missing := task.after - names:
            raise KeyError(f"{task.name} waits for tasks that are not listed: {sorted(missing)}")
        sorter.add(task.name, *sorted(task.after))
    if len(names) < len(tasks):
        raise ValueError("two tasks have the same name")
    return sorter
