"""Open data after publications, by Airflow's own task runner."""

from pathlib import Path

import pytest
from airflow.models.dagrun import DagRun

from dean06.warehouse import transaction
from tests.dags.test_runs import read_once, run, states
from tests.lib.open_data import SETTINGS, set_publisher
from tests.lib.published import publish

pytestmark = pytest.mark.usefixtures("warehouse", "connected", "heads")


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the DAG of the test writes."""
    monkeypatch.setenv("DEAN06_OPEN_DATA", (tmp_path / "open_data").as_uri())
    return tmp_path / "open_data"


def released() -> tuple[DagRun, dict[str, str]]:
    done = run("release_open_data")
    return done, states(done)


def written(folder: Path) -> dict[Path, tuple[int, int]]:
    """Every file below a folder, with what changes when it is written again."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def test_it_runs_when_kpis_were_built() -> None:
    dags = read_once().dags
    (asset,) = dags["build_kpis"].task_dict["build"].outlets
    assert asset.uri == "dean06://mart/kpis"
    wanted = dags["release_open_data"].timetable.asset_condition
    assert [each.uri for each in wanted.objects] == [asset.uri]


def test_without_a_publisher_nothing_is_released(releases: Path) -> None:
    publish("2022-10-31", ("service.dossiers_essential", "", "", 7, None))
    done, found = released()
    assert (done.state, found) == ("success", {"write": "skipped"})
    assert not releases.exists()


def test_each_publication_is_released_once(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_publisher(monkeypatch)
    publish("2022-10-31", ("service.dossiers_essential", "", "", 7, None))
    assert released()[1] == {"write": "success"}
    assert [each.name for each in releases.iterdir()] == ["publication-000001"]
    before = written(releases)
    assert released()[1] == {"write": "skipped"}
    publish("2022-11-01", ("service.dossiers_essential", "", "", 9, None))
    assert released()[1] == {"write": "success"}
    assert sorted(each.name for each in releases.iterdir()) == [
        "publication-000001", "publication-000002",
    ]  # fmt: skip
    now = written(releases)
    assert {path: now[path] for path in before} == before
    assert (releases / "publication-000002/catalogue.jsonld").exists()
    assert (releases / "publication-000002").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("missing", list(SETTINGS))
def test_a_publisher_that_is_half_set_fails_the_run_by_name(
    missing: str, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_publisher(monkeypatch)
    monkeypatch.setenv(missing, "")
    publish("2022-10-31", ("service.dossiers_essential", "", "", 7, None))
    done, found = released()
    assert (done.state, found) == ("failed", {"write": "failed"})
    assert not releases.exists()
    with transaction() as session:
        (failure,) = session.rows("select dag_code, task_code, cause from ops.task_failure")
    assert (failure.dag_code, failure.task_code) == ("release_open_data", "write")
    assert missing in failure.cause
