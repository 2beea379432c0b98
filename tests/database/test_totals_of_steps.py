"""Totals of steps: what moves them, and what happens at the same time as that."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from datetime import date, timedelta

import pytest

from dean06.identity.verify import verified_snapshot
from dean06.kpi import counting, publication, steps, verify
from dean06.kpi.family import families
from dean06.kpi.publication import VALUE_COLUMNS
from dean06.warehouse import Session, transaction
from tests.lib.loading import load_police, resident, rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = date(2022, 10, 31)
MANY = 3
"""So many days that steps are worth keeping."""
FAR = date(2035, 1, 1)
RESIDENTS = "population.permanent_residents"


def person(number: int) -> dict[str, object]:
    return resident(soDinhDanh=f"08219{number:07d}")


@contextmanager
def counting_on(day: date) -> Iterator[Session]:
    """As a build, when it is about to count."""
    with verified_snapshot() as session:
        counting.prepare(session, day, families())
        yield session


def keep(day: date = DAY, days: int = MANY) -> None:
    with counting_on(day) as session:
        steps.keep(session, day, families(), days)


def totals_on() -> set[date | None]:
    return {day for (day,) in rows("select totals_on from ops.kpi_step_family")}


def from_spans(day: date) -> list[tuple[object, ...]]:
    with counting_on(day) as session:
        for family in families():
            counting.count(session, day, family, from_spans=True)
        found = session.rows(f"select {VALUE_COLUMNS} from built order by {VALUE_COLUMNS}")
    return [tuple(row) for row in found]


def from_steps(day: date) -> list[tuple[object, ...]]:
    with counting_on(day) as session:
        steps.count(session, day, families(), 1)
        found = session.rows(f"select {VALUE_COLUMNS} from built order by {VALUE_COLUMNS}")
    return [tuple(row) for row in found]


def test_steps_that_are_forgotten_are_not_known_again() -> None:
    """Of a family whose steps a build of one day does not count again, though the new data are not
    its own: as soon as reference data are as they were, all of its counts would be nothing."""
    load_police("one", str(DAY), [person(1)])
    keep()
    edit = "update mart.dim_admin_unit set unit_name = {} where unit_level = 'province'"
    with transaction(role="") as session:
        session.run(edit.format("unit_name || '!'"))
    load("insurance.participant", record("insurance.participant"))
    keep(days=1)
    with transaction(role="") as session:
        session.run(edit.format("rtrim(unit_name, '!')"))
    counted = from_steps(DAY)
    assert (RESIDENTS, 1) in {(row[0], row[6]) for row in counted}
    assert counted == from_spans(DAY)


def test_totals_are_on_no_day_after_the_newest_load() -> None:
    """Who asks for a day of years to come would have every build since read the steps between."""
    load_police("one", str(DAY), [person(1)])
    for day in (FAR, DAY - timedelta(1), FAR):
        keep(day)
        assert totals_on() == {DAY}
    assert verify.verify([DAY, FAR]).differences == ()


def test_who_asks_for_a_day_does_not_stop_a_build() -> None:
    """Of a day to come, while nothing was new: nothing is written that a build writes."""
    load_police("one", str(DAY), [person(1)])
    keep()
    with ExitStack() as asking:
        asked = asking.enter_context(counting_on(FAR))
        load_police("two", str(DAY), [person(2)])
        with counting_on(DAY) as building:
            steps.keep(asked, FAR, families(), 1)
            asking.close()
            steps.keep(building, DAY, families(), MANY)
    assert verify.verify([DAY, FAR]).differences == ()


def test_a_repair_waits_for_a_build_that_is_under_way() -> None:
    """It would note anew the families whose steps it has changed, wrong as they may be."""
    load_police("one", str(DAY), [person(1)])
    keep()
    with transaction() as session:
        session.run("update ops.kpi_step set counted = 2 * counted, considered = 2 * considered")
    load_police("two", str(DAY), [person(2)])
    with ThreadPoolExecutor(1) as beside:
        with transaction() as builder:
            publication.take_turn(builder)
            with counting_on(DAY) as building:
                repaired = beside.submit(copy_context().run, verify.repair)
                assert not wait([repaired], 1).done
                steps.keep(building, DAY, families(), MANY)
        repaired.result()
    assert totals_on() == set()
    keep()
    assert verify.verify([DAY]).differences == ()


def test_steps_are_compared_where_nothing_is_published() -> None:
    load_police("one", str(DAY), [person(1)])
    keep()
    assert verify.verify().differences == ()
    with transaction() as session:
        session.run("delete from ops.kpi_step_total")
    found = verify.verify()
    assert found.families
    assert found.differences
