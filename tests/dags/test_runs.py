"""Real DAG runs: real protocols on loopback, real PostgreSQL, Airflow's own task runner."""

import json
import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from sqlalchemy import select

from dean06.reports.digest import warehouse_digest
from dean06.warehouse import transaction
from ministries.faults import Fault
from ministries.servers import Running
from tests.lib.alerted import listening
from tests.lib.published import publish
from tests.lib.syncing import SOURCES, published_kpis, true_kpis, truth

pytestmark = pytest.mark.usefixtures("warehouse", "connected")
_runs = iter(range(1, 1000))


@cache
def read_once() -> DagBag:
    """All DAGs, as Airflow reads them from their files."""
    return DagBag(dag_folder=os.environ["AIRFLOW__CORE__DAGS_FOLDER"])


def run(dag_id: str, **conf: Any) -> DagRun:
    """One run of a DAG through Airflow's task runner. ``dag.test`` does not raise: look at it."""
    dag = read_once().dags[dag_id]
    moment = datetime(2022, 12, 1, tzinfo=UTC) + timedelta(minutes=next(_runs))
    return dag.test(logical_date=moment, run_conf=conf)


def states(dag_run: DagRun) -> dict[str, str]:
    with create_session() as session:
        found = session.scalars(select(TaskInstance).where(TaskInstance.run_id == dag_run.run_id))
        return {ti.task_id: str(ti.state) for ti in found if ti.dag_id == dag_run.dag_id}


def listed() -> list[Any]:
    """What went back to the agencies: dataset, rule or verdict, records."""
    with transaction("dean06_steward") as session:
        return session.rows(
            """select dataset_code, code, record_count from ops.agency_correction
               order by dataset_code, code"""
        )


def found() -> list[Any]:
    """What quarantine and identity verification found, by their own books."""
    with transaction() as session:
        return session.rows(
            """
            select dataset_code, verdict, record_count from ops.verification_count
            where record_count > 0 and verdict not like 'verified%'
                and verification_id = (select max(verification_id) from ops.verification)
            union all
            select source_code || '.' || dataset_code, rule_code, count(*)
            from ops.quarantine_reason group by 1, 2
            order by 1, 2
            """
        )


@pytest.mark.campaign
def test_a_day_through_all_dags_equals_the_truth() -> None:
    for source in SOURCES:
        dag_run = run(f"sync_{source}", day="2022-10-31")
        assert dag_run.state == "success", states(dag_run)
    assert run("build_kpis").state == "success"
    assert published_kpis("2022-10-31") == true_kpis(truth(0.001, "2022-10-31"))
    assert run("agency_lists").state == "success"
    assert run("reconcile_portal").state == "success"
    assert listed() == found()
    before = warehouse_digest()
    assert run("sync_health", day="2022-10-31").state == "success"
    assert run("build_kpis").state == "success"
    assert warehouse_digest() == before


def test_tasks_hand_each_other_nothing_but_numbers() -> None:
    run("sync_education", day="2022-10-31")
    with create_session() as session:
        asked = select(XComModel.dag_id, XComModel.value)
        # The days of a backfill are those that a person asked for.
        values = session.execute(asked.where(XComModel.dag_id != "backfill_source")).all()
    # A province's DAG begins with its key.
    handed = {
        (dag_id.rpartition("__")[2], str(value))
        for dag_id, value in values
        if str(value) not in ("null", "None")
    }
    # build_kpis names the builds that wait for an official: here none. Of a load, the numbers of
    # its shards: here one.
    assert {value for dag_id, value in handed if dag_id == "build_kpis"} <= {"[]"}
    assert {value for dag_id, value in handed if dag_id != "build_kpis"} == {"[1]", "1"}


def test_a_day_leaves_its_lineage_and_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_LINEAGE", str(tmp_path / "lineage.jsonl"))
    monkeypatch.setenv("DEAN06_DATA_DOCS", str(tmp_path / "docs"))
    for dag_id in ("sync_education", "build_kpis"):
        assert run(dag_id, day="2022-10-31").state == "success"
    told = {json.loads(line)["job"]["name"] for line in (tmp_path / "lineage.jsonl").open()}
    assert {"sync_education.exam_registration", "build_kpis.education"} <= told
    assert "education.exam_registration" in (tmp_path / "docs" / "index.html").read_text()


def test_lineage_that_cannot_be_told_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DEAN06_LINEAGE", str(tmp_path / "file" / "lineage.jsonl"))
    assert run("sync_education", day="2022-10-31").state == "success"


def test_a_source_that_is_down_fails_its_run_and_moves_no_watermark(connected: Running) -> None:
    connected.faults.add(Fault("education", None, "down"))
    dag_run = run("sync_education", day="2022-10-31")
    assert dag_run.state == "failed"
    assert states(dag_run)["publish"] == "upstream_failed"
    with transaction() as session:
        (load,) = session.rows("select status, cause from ops.load")
        assert session.rows("select * from ops.watermark") == []
    assert load.status == "open"
    assert "after 3 attempts" in load.cause
    connected.faults.clear()
    assert run("sync_education", day="2022-10-31").state == "success"


def test_a_broken_contract_is_not_tried_again(connected: Running) -> None:
    connected.faults.add(Fault("education", None, "manifest_rows"))
    dag_run = run("sync_education", day="2022-10-31")
    assert dag_run.state == "failed"
    with create_session() as session:
        stage = session.scalars(
            select(TaskInstance).where(
                TaskInstance.run_id == dag_run.run_id,
                TaskInstance.task_id == "exam_registration.stage",
            )
        ).one()
    assert (stage.state, stage.try_number) == ("failed", 1)


def test_a_held_build_is_handed_to_an_official() -> None:
    with transaction(role="") as session:
        (build,) = session.one(
            """insert into ops.kpi_build (as_of_date, state, cause, source_codes, reason)
               values ('2022-10-31', 'held', 'tried by hand', '{}', 'tried by hand')
               returning build_id"""
        )
    for _ in range(2):  # asked once, however often KPIs are built
        assert run("build_kpis").state == "success"
        with create_session() as session:
            runs = session.scalars(select(DagRun).where(DagRun.dag_id == "release_kpis")).all()
            assert [(each.run_id, each.conf) for each in runs] == [
                (f"build-{build}", {"build": build})
            ]


@pytest.mark.usefixtures("heads")
def test_the_house_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEAN06_LANDING", (tmp_path / "landing").as_uri())
    stray = tmp_path / "landing" / "_staging" / "police" / "resident" / "9" / "x.parquet"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    kept = run("keep_house")
    assert kept.state == "success"
    with transaction() as session:
        assert session.one("select what, item_count from ops.purge") == ("staging", 1)


@pytest.mark.usefixtures("heads")
def test_a_trail_that_does_not_hold_fails_the_run_by_name() -> None:
    with transaction(role="") as session:
        session.run("insert into ops.purge (what, item_count, byte_count) values ('staging', 1, 0)")
        session.run("alter table ops.purge disable trigger user")
        session.run("update ops.purge set item_count = item_count + 1")
        session.run("alter table ops.purge enable trigger user")
    checked = run("keep_house")
    states = {each.task_id: each.state for each in checked.get_task_instances()}
    assert (checked.state, states["purge"], states["verify_audit"]) == (
        "failed", "success", "failed",
    )  # fmt: skip


def test_days_are_loaded_again_by_plan() -> None:
    """As the command does: ``tests/database/test_backfill.py``."""
    assert run("sync_programme", day="2022-10-30").state == "success"
    asked = {"source": "programme", "from": "2022-10-29", "to": "2022-10-30"}
    loads = """select day::text, window_since is null, received_count, inserted_count
               from ops.load where run_key like :run || '%' order by day"""
    done = run("backfill_source", **asked, dry_run=False)
    assert states(done) == {"plan": "success", "load_day": "success", "build": "success"}
    with transaction() as session:
        again = [tuple(row) for row in session.rows(loads, run=done.run_id)]
        published = session.rows("select distinct as_of_date::text from mart.kpi_publication")
    # Core has the whole list already: every task again, none of them new.
    assert [(day, is_first, new) for day, is_first, _, new in again] == [
        ("2022-10-29", False, 0), ("2022-10-30", False, 0),
    ]  # fmt: skip
    assert {day for (day,) in published} == {"2022-10-29", "2022-10-30"}
    only_planned = run("backfill_source", **asked, dry_run=True)
    assert states(only_planned) == {"plan": "success", "load_day": "skipped", "build": "skipped"}
    with transaction() as session:
        assert session.rows(loads, run=only_planned.run_id) == []


def test_the_report_of_the_last_month_is_mailed_and_none_of_an_empty_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish("2022-11-30", ("service.dossiers_essential", "", "", 7, None))
    with listening("secret") as mailbox:
        monkeypatch.setenv("DEAN06_REPORT_URLS", mailbox.urls.split()[0])
        assert run("report_month", period="2022-11").state == "success"
        assert run("report_month", period="2022-10").state == "failed"
    (mail,) = mailbox.mails
    assert mail.startswith("BÁO CÁO: Kết quả thực hiện các chỉ tiêu Đề án 06 tháng 11 năm 2022")
    assert sorted(mailbox.files) == [
        f"bao-cao-2022-11-82.{kind}" for kind in ("docx", "pdf", "xlsx")
    ]
