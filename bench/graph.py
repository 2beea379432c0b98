"""The tasks of a day as the DAGs have them: a mapped task once per shard, assets between DAGs."""

from collections.abc import Iterator, Mapping, Sequence

from airflow.sdk import DAG

from bench.schedule import Task
from dean06 import contract
from dean06.dags import factory

Seconds = Mapping[str, Sequence[float]]
"""By task, as ``sync_police/resident.stage``: seconds of each of its shards; one figure where a
task is not mapped."""
_UNMEASURED = (0.0,)
"""Extraction: its time depends on the agencies' servers."""


def of_day(seconds: Seconds) -> list[Task]:
    """Return the tasks of a first day: all syncs side by side, then verification, then the KPIs.

    Verification and KPIs start at each publication; what ends a day is their last run, which waits
    for all publications.
    """
    dags = [factory.sync_dag(source) for source in contract.sources()]
    return of_dags([*dags, factory.identity_dag(), factory.kpi_dag()], seconds)


def of_dags(made: Sequence[DAG | None], seconds: Seconds) -> list[Task]:
    """Return the tasks of DAGs that run once each, of those that were made.

    A mapped task waits for every shard of the one before it: Airflow maps a task over the results
    of another when all of them are there.
    """
    dags = [dag for dag in made if dag]
    outlets = {
        asset.name: f"{dag.dag_id}/{task.task_id}"
        for dag in dags
        for task in dag.tasks
        for asset in getattr(task, "outlets", ())
    }
    return [task for dag in dags for task in _of_dag(dag, seconds, outlets)]


def of_sync(source: str, dataset: str, seconds: Seconds) -> list[Task]:
    """Return the tasks of one dataset's load and the publication of its source."""
    tasks = of_dags([factory.sync_dag(source)], seconds)
    kept = {task.name for task in tasks if f"/{dataset}." in task.name or "/publish" in task.name}
    return [Task(t.name, t.seconds, t.after & kept) for t in tasks if t.name in kept]


def _of_dag(dag: DAG, seconds: Seconds, outlets: Mapping[str, str]) -> Iterator[Task]:
    triggers = {outlets[name] for name in _assets(dag) if name in outlets}
    for task in dag.topological_sort():
        name = f"{dag.dag_id}/{task.task_id}"
        before = {f"{dag.dag_id}/{upstream}" for upstream in task.upstream_task_ids} or triggers
        after = frozenset(each for one in before for each in _names(one, seconds))
        for each, spent in zip(_names(name, seconds), _spent(name, seconds), strict=True):
            yield Task(each, spent, after)


def _assets(dag: DAG) -> list[str]:
    condition = getattr(dag.timetable, "asset_condition", None)
    return [asset.name for asset in condition.objects] if condition else []


def _spent(name: str, seconds: Seconds) -> Sequence[float]:
    return seconds.get(name, _UNMEASURED)


def _names(name: str, seconds: Seconds) -> list[str]:
    spent = _spent(name, seconds)
    return [name] if len(spent) == 1 else [f"{name}[{n}]" for n in range(len(spent))]
