"""What every DAG must be: which ones exist, when they run, who owns them, what they retry."""

import itertools
import os
from datetime import timedelta

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import CronDataIntervalTimetable

from dean06 import contract, settings
from dean06.dags.factory import document
from dean06.dags.tasks import day_of_run
from dean06.dags.wait_for_export import WaitForExport
from dean06.watch.runs import ends_within


@pytest.fixture(scope="module")
def bag(airflow: None) -> DagBag:
    return DagBag(dag_folder=os.environ["AIRFLOW__CORE__DAGS_FOLDER"])


def test_exactly_these_dags_exist(bag: DagBag) -> None:
    assert bag.import_errors == {}
    assert set(bag.dag_ids) == {
        "sync_police", "sync_insurance", "sync_health", "sync_education", "sync_portal",
        "sync_programme", "verify_identities", "build_kpis", "release_kpis",
        "agency_lists", "reconcile_portal", "replay_corrections", "keep_house", "verify_kpis",
        "backfill_source",
        "report_week", "report_month", "release_open_data",
    }  # fmt: skip


def test_a_dag_file_is_short() -> None:
    lengths = {
        p.name: len(p.read_text().splitlines()) for p in (settings.PROJECT / "dags").glob("*.py")
    }
    assert len(lengths) == 18
    assert {name: n for name, n in lengths.items() if n > 25} == {}


def test_syncs_keep_the_policy(bag: DagBag) -> None:
    for source in contract.sources():
        dag = bag.dags[f"sync_{source}"]
        assert isinstance(dag.timetable, CronDataIntervalTimetable)
        assert dag.timetable.expression == "0 1 * * *"
        assert str(dag.timetable.timezone) == "Asia/Ho_Chi_Minh"
        assert dag.max_active_runs == 1
        assert not dag.catchup
        assert dag.dagrun_timeout
        limit = ends_within(dag.dag_id)
        assert limit
        assert limit < dag.dagrun_timeout, "reported before it is cut off"
        assert {"dean06", "sync", source} <= dag.tags
        assert contract.load(source).purpose.en in (dag.doc_md or "")
        for task in dag.tasks:
            assert task.owner == contract.load(source).owner.en
            assert task.retries == 2
            assert task.execution_timeout == timedelta(hours=2)
        (asset,) = dag.task_dict["publish"].outlets
        assert asset.uri == f"dean06://core/{source}"


def test_the_graph_reads_like_the_pipeline(bag: DagBag) -> None:
    dag = bag.dags["sync_police"]
    steps = ["extract", "stage", "validate", "quarantine"]
    for dataset in contract.load("police").datasets:
        for before, after in itertools.pairwise(steps):
            task = dag.task_dict[f"{dataset.name}.{before}"]
            assert task.downstream_task_ids == {f"{dataset.name}.{after}"}
        assert dag.task_dict[f"{dataset.name}.quarantine"].downstream_task_ids == {"publish"}
    health = bag.dags["sync_health"].task_dict
    assert health["encounter.request_export"].downstream_task_ids == {"encounter.wait_for_export"}
    assert health["encounter.wait_for_export"].downstream_task_ids == {"encounter.extract"}


def test_the_day_of_a_run() -> None:
    from datetime import UTC, datetime

    # A run of 01:00 on 1 November in Vietnam is for 31 October.
    interval_end = datetime(2022, 10, 31, 18, 0, tzinfo=UTC)
    later = datetime(2022, 12, 1, tzinfo=UTC)
    assert str(day_of_run({}, interval_end, later)) == "2022-10-31"
    assert str(day_of_run({"day": "2022-11-03"}, interval_end, later)) == "2022-11-03"
    assert str(day_of_run({"day": None}, None, later)) == "2022-11-30"


def test_a_dag_page_says_what_to_do_when_it_is_red() -> None:
    assert "Clearing is always safe" in document(contract.load("police"))


def test_whichever_task_of_ours_fails_writes_down_why(bag: DagBag) -> None:
    """Of all others Airflow's own log says it, and the watchdog that they failed."""
    foreign = {
        f"{dag.dag_id}.{task.task_id}"
        for dag in bag.dags.values()
        for task in dag.tasks
        if not hasattr(getattr(task, "python_callable", None), "__wrapped__")
        and not isinstance(task, WaitForExport)
    }
    assert foreign == {"build_kpis.ask_for_release", "release_kpis.ask"}


def test_every_dag_has_a_name_a_description_and_a_document_in_both_languages(bag: DagBag) -> None:
    for dag_id, dag in bag.dags.items():
        assert dag.dag_display_name.startswith(f"{dag_id} · ")
        for text in (dag.description or "", dag.doc_md or ""):
            assert text.isascii() is False, f"{dag_id}: Vietnamese"
            assert any(len(word) > 3 and word.isascii() for word in text.split()), dag_id
    names = [dag.dag_display_name for dag in bag.dags.values()]
    assert len(set(names)) == len(names)


def test_without_a_clock_no_next_run_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    from dean06.dags import factory, replay

    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2100-01-01")
    for dag in (factory.sync_dag("police"), factory.house_dag(), replay.replay_dag()):
        assert dag.schedule is None
        assert not dag.timetable.can_be_scheduled
    built = factory.kpi_dag()
    assert built.timetable.asset_condition, "published assets still start it"
    assert not hasattr(built.timetable, "timetable"), "no cron beside the assets"
    assert built.start_date is None
