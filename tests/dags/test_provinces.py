"""Two provinces in one installation: DAGs, warehouses, keys and alerts of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import httpx2 as httpx
import psycopg2
import pytest
from airflow.dag_processing.dagbag import DagBag
from sqlalchemy import make_url

from dean06 import settings
from dean06.errors import Dean06Error
from dean06.provinces import current, files
from dean06.reports.digest import warehouse_digest
from dean06.warehouse import transaction
from dean06.watch import every_province, watchdog
from dean06.watch.problem import Problem
from ministries.faults import Fault
from onebox.airflow import wait_until
from onebox.ports import free_port
from tests.conftest import Cluster, name_of
from tests.dags.test_runs import read_once
from tests.lib import many_provinces
from tests.lib.alerted import listening
from tests.lib.many_provinces import Served, command, digest_of, run

DAY = "2022-10-31"
SEEDS = {"east": 1, "west": 2}


@pytest.fixture(scope="module")
def served(
    airflow: None, cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Served]]:
    """``migrated``: made before, for it is of an installation that serves one province."""
    home = tmp_path_factory.mktemp("provinces")
    with many_provinces.serving(cluster, home, SEEDS) as found:
        yield found


@pytest.fixture(scope="module")
def bag(served: dict[str, Served]) -> DagBag:
    return many_provinces.dags()


@pytest.fixture(scope="module")
def synced(served: dict[str, Served], bag: DagBag) -> dict[str, dict[str, str]]:
    """Digests after one source of both was synced; the schools of west answer nothing at first."""
    west = served["west"].ministries
    west.faults.add(Fault("education", None, "down"))
    states = {key: run(bag, f"{key}__sync_education", day=DAY).state for key in SEEDS}
    assert states == {"east": "success", "west": "failed"}
    west.faults.clear()
    for dag_id in ("west__sync_education", "east__build_kpis", "west__build_kpis"):
        assert run(bag, dag_id, day=DAY).state == "success", dag_id
    return {key: digest_of(key) for key in SEEDS}


def test_each_province_has_every_dag_and_its_own_assets(bag: DagBag) -> None:
    assert bag.import_errors == {}
    with many_provinces.environment({"DEAN06_PROVINCES": None}):
        of_one = set(read_once().dag_ids)
    assert set(bag.dag_ids) == {f"{key}__{dag_id}" for key in SEEDS for dag_id in of_one}
    for key in SEEDS:
        dag = bag.dags[f"{key}__sync_education"]
        assert key in dag.tags
        assert dag.dag_display_name.endswith(f" · {key.title()}")
        (asset,) = dag.task_dict["publish"].outlets
        assert asset.uri == f"dean06://{key}/core/education"
        asked = bag.dags[f"{key}__build_kpis"].task_dict["ask_for_release"]
        assert asked.partial_kwargs["trigger_dag_id"] == f"{key}__release_kpis"


def test_each_is_what_an_installation_of_its_own_is(
    served: dict[str, Served],
    synced: dict[str, dict[str, str]],
    cluster: Cluster,
    migrated: str,
    tmp_path: Path,
) -> None:
    for key, province in served.items():
        with (
            cluster.copy(migrated) as url,
            many_provinces.alone(url, tmp_path / key, province.ministries),
        ):
            for dag_id in ("sync_education", "build_kpis"):
                assert run(read_once(), dag_id, day=DAY).state == "success"
            assert warehouse_digest() == synced[key]
    assert synced["east"] != synced["west"]


def test_a_failure_is_in_the_ledger_of_its_province_only(
    served: dict[str, Served], synced: dict[str, dict[str, str]]
) -> None:
    assert synced
    noted = {}
    for key in SEEDS:
        with current.acting(key), transaction() as session:
            noted[key] = {row.dag_code for row in session.rows("select * from ops.task_failure")}
    assert noted == {"east": set(), "west": {"sync_education"}}


def test_files_and_keys_are_below_the_home_of_the_province(
    served: dict[str, Served], synced: dict[str, dict[str, str]]
) -> None:
    assert synced
    for key in SEEDS:
        with current.acting(key):
            home = settings.token_keys().parent
            landed = [path for path in (home / "landing").rglob("*") if path.is_file()]
            assert home.stat().st_mode & 0o077 == 0
            assert landed
            assert json.loads(settings.lineage_file().read_text().splitlines()[0])
    assert files.path_of("east").stat().st_mode & 0o077 == 0


def test_an_owner_and_the_roles_of_one_do_not_come_in_to_the_other(
    served: dict[str, Served], cluster: Cluster
) -> None:
    """As reader, steward, loader and owner."""
    logins = [f"dean06_east_{purpose}" for purpose in ("bi", "steward", "ui", "loader", "analyst")]
    for role in logins:
        login = f"login_{role}"
        cluster.server.execute(
            f"create role {login} login in role {role} password '{many_provinces.PASSWORD}'"
        )
        url = make_url(cluster.url("east")).set(username=login, password=many_provinces.PASSWORD)
        try:
            psycopg2.connect(_plain(url.render_as_string(False))).close()
            other = url.set(database="west").render_as_string(hide_password=False)
            with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
                psycopg2.connect(_plain(other))
        finally:
            cluster.server.execute(f"drop role {login}")
    owner = make_url(served["east"].url).set(database="west").render_as_string(hide_password=False)
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(_plain(owner))


def _plain(url: str) -> str:
    return url.replace("+psycopg2", "")


def test_a_key_of_one_does_not_open_the_other(
    served: dict[str, Served], bag: DagBag, synced: dict[str, dict[str, str]]
) -> None:
    """The connection of east with what west's schools expect of west, and the other way round."""
    crossed = many_provinces.connections(served["west"].ministries, "east_")
    own = many_provinces.connections(served["east"].ministries, "east_")
    name = "AIRFLOW_CONN_DEAN06_EAST_EDUCATION"
    wrong = json.loads(own[name]) | {"password": json.loads(crossed[name])["password"]}
    with many_provinces.environment({name: json.dumps(wrong)}):
        assert run(bag, "east__sync_education", day="2022-11-01").state == "failed"
        assert run(bag, "west__sync_education", day=DAY).state == "success"
    assert digest_of("west") == synced["west"]


def test_the_watchdog_checks_each_and_one_that_is_gone_stops_no_other(
    served: dict[str, Served], synced: dict[str, dict[str, str]], cluster: Cluster
) -> None:
    assert synced
    seen: list[str] = []

    def note(problems: Sequence[Problem]) -> int:
        seen.append(current.key())
        return len(problems)

    every_province.check_once(note)
    assert seen == ["east", "west"]
    cluster.server.execute("alter database east with allow_connections false")
    cluster.server.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'east'"
    )
    try:
        seen.clear()
        assert every_province.check_once(note)
        assert seen == ["west"]
        assert command("--province", "west", "digest").exit_code == 0
        assert command("--province", "east", "digest").exit_code == 1
    finally:
        cluster.server.execute("alter database east with allow_connections true")


def test_the_service_watches_all_and_reports_a_wrong_file(
    served: dict[str, Served], synced: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    assert synced
    path = files.path_of("west")
    before = path.read_text(encoding="utf-8")
    port = free_port()
    with listening("secret") as box:
        path.write_text("name: [", encoding="utf-8")
        variables = {
            "DEAN06_ALERT_URLS": box.urls.split()[0],
            "DEAN06_METRICS": f":{port}",
            "DEAN06_SCHEDULE_FROM": "2030-01-01",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        command = [sys.executable, "-m", "dean06", "watch", "--every", "1"]
        begun = datetime.now(settings.TIMEZONE)
        log = (tmp_path / "log").open("w+", encoding="utf-8")
        service = subprocess.Popen(command, env=os.environ | variables, stderr=log)
        try:
            assert wait_until(lambda: any("west cannot be" in each for each in box.mails), 60, 0.2)
            assert wait_until(lambda: _is_checked("east", begun), 60, 0.2)
            assert _status(port, "/metrics/west") == 503
            path.write_text(before, encoding="utf-8")
            assert wait_until(lambda: _is_checked("west", begun), 60, 0.2)
            assert [_status(port, f"/metrics/{key}") for key in SEEDS] == [200, 200]
            assert [_status(port, each) for each in ("/metrics", "/metrics/north")] == [404, 404]
        finally:
            path.write_text(before, encoding="utf-8")
            ended = service.poll()
            service.terminate()
            service.wait(30)
            log.seek(0)
            print(f"the service ended with {ended}; its log:\n{log.read()}")
            log.close()


def _is_checked(key: str, since: datetime) -> bool:
    with current.acting(key):
        return watchdog.is_awake(datetime.now(settings.TIMEZONE) - since)


def _status(port: int, path: str) -> int:
    return httpx.get(f"http://127.0.0.1:{port}{path}").status_code


def test_commands_need_a_province(served: dict[str, Served], warehouse: str) -> None:
    """Also where the process has a warehouse of its own: nothing is done for it by mistake."""
    assert name_of(warehouse)
    for words in (["digest"], ["migrate"], ["report"]):
        done = command(*words)
        assert done.exit_code == 1
        assert "--province" in done.output
    done = command("--province", "north", "digest")
    assert "no province 'north'; available provinces: east, west" in done.output
    listed = command("provinces").output
    assert "east" in listed
    assert "West" in listed


def test_a_province_is_added_whole_or_not_at_all(served: dict[str, Served], tmp_path: Path) -> None:
    words = ["--name", "North", "--code", "70", "--home", str(tmp_path / "north")]
    taken = ["--warehouse", served["east"].url]
    unreachable = ["--warehouse", "postgresql+psycopg2://nobody@127.0.0.1:1/north"]
    for warehouse, said in ((taken, "share a storage location"), (unreachable, "PostgreSQL error")):
        done = command("add-province", "north", *words, *warehouse)
        assert done.exit_code == 1
        assert said in done.output
        assert not files.has("north")
    done = command("add-province", "east", *words, *unreachable)
    assert "exists" in done.output


def test_a_wrong_file_takes_only_its_own_dags(served: dict[str, Served]) -> None:
    path = files.path_of("west")
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("code:", "kode:"), encoding="utf-8")
    try:
        found = many_provinces.dags()
        assert found.import_errors == {}
        assert {dag_id.partition("__")[0] for dag_id in found.dag_ids} == {"east"}
        with pytest.raises(Dean06Error, match=r"west\.yaml"), current.acting("west"):
            pass
    finally:
        path.write_text(before, encoding="utf-8")
