"""``python -m dean06 kpi``: any day without a build, for stewards."""

from collections.abc import Iterator
from datetime import date

import pytest
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.cli.person import person
from dean06.errors import WarehouseError
from dean06.kpi import any_day
from dean06.trail import chain
from dean06.warehouse import transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib import counted_things
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("world")
WHY = "kiểm tra số liệu"


@pytest.fixture(scope="module")
def world(cluster: Cluster, migrated: str) -> Iterator[str]:
    """A hand-made province of which nothing was built."""
    with cluster.copy(migrated) as url:
        counted_things.load_all()
        counted_things.reach("2022-10-31")
        yield url


def printed(*options: str) -> list[list[str]]:
    """Lines of the table, as cells."""
    done = CliRunner().invoke(app, ["kpi", "--why", WHY, *options])
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
            done = CliRunner().invoke(app, ["kpi", "--day", "2022-03-01", "--why", WHY])
        assert done.exit_code == 1
        assert done.stderr == (
            "dean06: exact counts are for stewards: your login does not have the role "
            "dean06_steward\n"
        )
    finally:
        with pointed_at(cluster.server.url(name_of(world))), transaction(role="") as session:
            session.run("drop role any_day_bi")


def test_who_read_which_numbers_and_why_stands_in_the_trail() -> None:
    asked = ("--day", "2022-03-02", "--code", "eid.", "--unit", "28249", "--current")
    printed(*asked)
    reader = person()
    assert rows(
        """select reader, reason, as_of_date::text, boundary_version, unit_code, kpi_codes,
               province_codes
           from ops.day_read order by read_id desc limit 1"""
    ) == [(reader, WHY, "2022-03-02", "current", "28249", "eid.", None)]
    assert rows(
        """select body::jsonb ->> 'reader', body::jsonb ->> 'as_of_date' from ops.audit_note
           where kind = 'day_read' order by note_id desc limit 1"""
    ) == [(reader, "2022-03-02")]
    assert [problem for problem in chain.verify()[1] if "day_read" in problem] == []


@pytest.mark.parametrize("reason", ["", "    ", "abc"])
def test_without_a_reason_nothing_is_shown(reason: str) -> None:
    before = rows("select count(*) from ops.day_read")
    done = CliRunner().invoke(app, ["kpi", "--day", "2022-03-01", "--why", reason])
    assert (done.exit_code, done.stdout) == (1, "")
    assert rows("select count(*) from ops.day_read") == before


def test_nothing_is_shown_of_which_no_reading_could_be_written(
    cluster: Cluster, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(any_day, "values_on", lambda _: pytest.fail("numbers were counted"))
    with transaction(role="") as session:
        session.run("alter table ops.day_read add constraint full_disk check (false) not valid")
    try:
        with pytest.raises(WarehouseError, match="full_disk"):
            any_day.read(any_day.Wanted(date(2022, 3, 1)), "lan", WHY)
    finally:
        with transaction(role="") as session:
            session.run("alter table ops.day_read drop constraint full_disk")


def test_a_reader_of_provinces_gets_numbers_of_theirs_only() -> None:
    with transaction(role="") as session:
        session.run("insert into ops.province_reader values ('hoa', '34'), ('minh', '82')")
    day, code = date(2022, 3, 1), "population.permanent_residents"
    for reader, expected in (("os:Minh", 5), ("hoa", None), ("lan", 5)):
        for unit in ("", "28249"):
            found = any_day.read(any_day.Wanted(day, unit, code), reader, WHY)
            assert [row.numerator for row in found] == ([expected] if expected else [])
    assert rows(
        "select distinct reader, province_codes from ops.day_read where reader <> :me order by 1",
        me=person(),
    ) == [("hoa", ["34"]), ("lan", None), ("os:Minh", ["82"])]
