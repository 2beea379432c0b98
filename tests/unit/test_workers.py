"""Simulated schedules of many workers: bounds of every graph, and the graph of the DAGs."""

from collections.abc import Sequence
from graphlib import CycleError
from itertools import pairwise

import pytest
from bench import graph
from bench.schedule import Run, Task, critical_path, end, simulate, work
from bench.workers import WORKERS, bottleneck, lay_out, step_of
from hypothesis import given
from hypothesis import strategies as st

from dean06 import contract

MANY = 1000
RESIDENT = {
    "sync_police/resident.stage": [4.0, 4.0, 2.0],
    "sync_police/resident.validate": [2.0, 2.0, 1.0],
    "sync_police/resident.quarantine": [0.5],
    "sync_police/publish": [7.0],
}


@st.composite
def graphs(draw: st.DrawFn) -> list[Task]:
    """Tasks of whole seconds, each of which waits for some of those before it, in any order."""
    tasks = [
        Task(
            f"t{number}",
            draw(st.integers(0, 9)),
            frozenset(f"t{n}" for n in draw(st.sets(st.integers(0, number - 1))))
            if number
            else frozenset(),
        )
        for number in range(draw(st.integers(1, 12)))
    ]
    return draw(st.permutations(tasks))


@given(graphs())
def test_one_worker_takes_the_sum(tasks: list[Task]) -> None:
    assert end(simulate(tasks, 1)) == work(tasks)


@given(graphs())
def test_a_worker_for_every_task_takes_the_critical_path(tasks: list[Task]) -> None:
    assert end(simulate(tasks, len(tasks))) == work(critical_path(tasks))


@given(graphs(), st.integers(1, 5))
def test_the_end_is_between_the_bounds_of_list_scheduling(tasks: list[Task], workers: int) -> None:
    longest, each = work(critical_path(tasks)), work(tasks) / workers
    found = end(simulate(tasks, workers))
    assert max(longest, each) <= found + 1e-9
    assert found <= each + (1 - 1 / workers) * longest + 1e-9


@given(graphs(), st.integers(1, 5))
def test_every_task_runs_once_after_what_it_waits_for(tasks: list[Task], workers: int) -> None:
    runs = simulate(tasks, workers)
    by_name = {run.task: run for run in runs}
    assert sorted(run.task for run in runs) == sorted(task.name for task in tasks)
    for task in tasks:
        run = by_name[task.name]
        assert run.ended - run.begun == task.seconds
        assert all(by_name[before].ended <= run.begun for before in task.after)
    for worker in range(workers):
        own = sorted((run.begun, run.ended) for run in runs if run.worker == worker)
        assert all(first[1] <= second[0] for first, second in pairwise(own))


@given(graphs())
def test_a_critical_path_is_a_chain(tasks: list[Task]) -> None:
    chain = critical_path(tasks)
    assert not chain[0].after
    assert all(first.name in second.after for first, second in pairwise(chain))


def test_the_task_that_waits_longest_is_next() -> None:
    tasks = [Task("long", 3), Task("short", 1), Task("late", 1, frozenset({"short"})), Task("x", 2)]
    assert [run.task for run in simulate(tasks, 2)] == ["long", "short", "x", "late"]


def test_nothing_takes_no_time() -> None:
    assert end(simulate([], 3)) == 0
    assert critical_path([]) == []


@pytest.mark.parametrize(
    ("tasks", "error"),
    [
        ([Task("a", 1, frozenset("b")), Task("b", 1, frozenset("a"))], CycleError),
        ([Task("a", 1, frozenset("b"))], KeyError),
        ([Task("a", 1), Task("a", 2)], ValueError),
    ],
)
def test_a_graph_that_cannot_run_is_refused(tasks: list[Task], error: type[Exception]) -> None:
    with pytest.raises(error):
        simulate(tasks, 1)


def test_no_workers_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one worker"):
        simulate([Task("a", 1)], 0)


def _ends(runs: Sequence[Run], step: str) -> list[tuple[float, float]]:
    return [(run.begun, run.ended) for run in runs if step_of(run.task) == step]


def test_shards_of_a_load_are_staged_side_by_side_and_published_once() -> None:
    tasks = graph.of_sync("police", "resident", RESIDENT)
    runs = simulate(tasks, MANY)
    assert _ends(runs, "stage") == [(0, 4), (0, 4), (0, 2)]
    # Airflow maps a task over the results of another when all of them are there.
    assert _ends(runs, "validate") == [(4, 6), (4, 6), (4, 5)]
    assert _ends(runs, "quarantine") == [(6, 6.5)]
    assert _ends(runs, "publish") == [(6.5, 13.5)]
    assert end(simulate(tasks, 1)) == 22.5


def test_a_day_has_every_task_of_the_syncs_and_ends_with_the_kpis() -> None:
    seconds = {**RESIDENT, "verify_identities/verify": [3.0], "build_kpis/build": [5.0]}
    tasks = graph.of_day(seconds)
    by_name = {task.name: task for task in tasks}
    for source in contract.sources():
        assert f"sync_{source}/publish" in by_name["build_kpis/build"].after
        for dataset in contract.load(source).datasets:
            waits = by_name[f"sync_{source}/publish"].after
            assert f"sync_{source}/{dataset.name}.quarantine" in waits
    assert "verify_identities/verify" in by_name["build_kpis/build"].after
    assert "sync_police/publish" in by_name["verify_identities/verify"].after
    steps = [step_of(task.name) for task in critical_path(tasks) if task.seconds]
    assert steps == ["stage", "validate", "quarantine", "publish", "verify", "build"]
    assert end(simulate(tasks, MANY)) == 4 + 2 + 0.5 + 7 + 3 + 5


def test_the_table_names_what_holds_a_load_up() -> None:
    found = {
        one.workers: one for one in lay_out("load", graph.of_sync("police", "resident", RESIDENT))
    }
    assert tuple(found) == WORKERS
    assert found[1].bottleneck == "workers"
    assert found[32].bottleneck == "publish, 52%"
    assert (found[1].seconds, found[1].speedup, found[8].shards) == (22.5, 1, 3)
    assert found[8].seconds == found[32].seconds == found[8].longest == 13.5
    assert found[1].with_start == pytest.approx(22.5 + 8 * 0.7)


def test_workers_are_the_bottleneck_while_more_of_them_would_save_a_tenth() -> None:
    chain = [Task("d/x.stage", 4), Task("d/publish", 6)]
    assert bottleneck(chain, 11.1) == "workers"
    assert bottleneck(chain, 11) == "publish, 55%"
