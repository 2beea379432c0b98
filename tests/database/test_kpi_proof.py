"""``verify-kpis`` compares what can differ, also without kept steps, or says that it cannot."""

import inspect
from collections.abc import Iterator
from datetime import date

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.dags import tasks
from dean06.errors import AuditError
from dean06.kpi import verify
from dean06.kpi.build import build_kpis
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.loading import load_police, resident, rows

DAY = date(2022, 10, 31)
RESIDENTS = "population.permanent_residents"


@pytest.fixture(scope="module")
def template(cluster: Cluster, migrated: str) -> Iterator[str]:
    """Name of a warehouse in which one day was built, so that no steps are kept."""

    def build() -> None:
        load_police("one", str(DAY), [resident()])
        build_kpis()

    with cluster.prepared(migrated, build) as (name, _):
        yield name


@pytest.fixture
def published(cluster: Cluster, template: str) -> Iterator[None]:
    with cluster.copy(template):
        assert rows("select count(*) from ops.kpi_step_family") == [(0,)]
        yield


def printed() -> tuple[int, str]:
    """Exit code and last line of the command."""
    done = CliRunner().invoke(app, ["verify-kpis"])
    return done.exit_code, done.stdout.splitlines()[-1]


def of_the_weekly_dag() -> None:
    inspect.unwrap(tasks.verify_kpis.function)()  # outside Airflow no failure is written down


@pytest.mark.usefixtures("published")
def test_published_values_are_compared_where_no_steps_are_kept() -> None:
    found = verify.verify()
    assert (found.families, found.published, found.differences) == (0, (DAY,), ())
    code, said = printed()
    assert code == 0
    assert "KPI files compared: 0; " in said
    assert "days whose computed values were compared: 2022-10-31; " in said
    assert "days whose published values were compared: 2022-10-31; " in said
    of_the_weekly_dag()


@pytest.mark.usefixtures("published")
def test_what_was_published_and_is_not_in_the_records_is_named() -> None:
    with transaction(role="") as session:
        session.run("update core.police__resident set commune_code = '28252'")
    place = f"{RESIDENTS}: published value for {DAY}, commune"
    said = [f"{place} {unit}" for unit in ("28249", "28252")]
    assert [each for each in verify.verify().differences if RESIDENTS in each] == said
    assert printed()[0] == 1
    with pytest.raises(AuditError, match=said[0]):
        of_the_weekly_dag()


@pytest.mark.usefixtures("published")
def test_a_day_that_waits_for_its_build_is_not_judged() -> None:
    load_police("two", str(DAY), [resident(soDinhDanh="082190000002")])
    assert verify.verify().is_empty
    assert printed() == (0, verify.NOTHING)


@pytest.mark.usefixtures("warehouse")
def test_the_weekly_dag_is_not_green_for_nothing() -> None:
    with pytest.raises(AirflowSkipException, match="nothing was compared"):
        of_the_weekly_dag()
