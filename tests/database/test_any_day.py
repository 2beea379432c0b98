"""``python -m dean06 kpi``: any day without a build, for stewards."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.warehouse import transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib import counted_things
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture(scope="module")
def world(cluster: Cluster, migrated: str) -> Iterator[str]:
    """A hand-made province of which nothing was built."""
    with cluster.copy(migrated) as url:
        counted_things.load_all()
        counted_things.reach("2022-10-31")
        yield url


def printed(*options: str) -> list[list[str]]:
    """Lines of the table, as cells."""
    done = CliRunner().invoke(app, ["kpi", *options])
    assert done.exit_code == 0, done.output
    assert "NOT PUBLISHED" in done.stdout or "Nothing is counted" in done.stdout
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines()]
    return [row for row in cells if row]


@pytest.mark.parametrize(
    ("day", "residents"),
    [("2022-01-01", "5"), ("2022-05-09", "5"), ("2022-05-10", "4"), ("2023-01-15", "4")],
)
def test_a_day_that_nobody_asked_for_is_counted(day: str, residents: str) -> None:
    """The first day that units are known of, both sides of a death, and after the last delivery."""
    (found,) = printed("--day", day, "--code", "population.permanent_residents")
    assert found == ["population.permanent_residents", "82", residents, ""]
    assert rows("select count(*) from mart.kpi_publication") == [(0,)]


def test_units_and_boundaries_can_be_chosen() -> None:
    asked = ("--day", "2022-03-01", "--code", "eid.accounts_level_2")
    assert printed(*asked, "--unit", "28249") == [["eid.accounts_level_2", "28249", "1", ""]]
    assert printed(*asked, "--current") == [["eid.accounts_level_2", "82", "1", ""]]
    assert printed(*asked, "--unit", "28252") == []


def test_whoever_is_no_steward_is_refused(cluster: Cluster, world: str) -> None:
    with pointed_at(cluster.server.url(name_of(world))), transaction(role="") as session:
        session.run(
            "create role any_day_bi login in role dean06_bi password 'only-on-this-machine'"
        )
    try:
        login = (
            f"postgresql+psycopg2://any_day_bi:only-on-this-machine@127.0.0.1:{cluster.server.port}"
        )
        with pointed_at(f"{login}/{name_of(world)}"):
            done = CliRunner().invoke(app, ["kpi", "--day", "2022-03-01"])
        assert done.exit_code == 1
        assert done.stderr == (
            "dean06: exact counts are for stewards: your login has no role dean06_steward\n"
        )
    finally:
        with pointed_at(cluster.server.url(name_of(world))), transaction(role="") as session:
            session.run("drop role any_day_bi")
