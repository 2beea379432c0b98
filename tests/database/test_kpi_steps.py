"""Kept steps: one count serves every day, and always says what the records say."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dean06.errors import AuditError
from dean06.identity.verify import verify_identities
from dean06.kpi import counting, news, steps, verify
from dean06.kpi.build import build_kpis
from dean06.kpi.family import families
from dean06.warehouse import sql_file, transaction
from tests.lib.loading import load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = date(2022, 10, 31)
MANY = 3
"""So many days that steps are worth keeping."""
RESIDENTS = "population.permanent_residents"


def person(number: int, **changes: Any) -> dict[str, Any]:
    return resident(soDinhDanh=f"08219{number:07d}", **changes)


def exact(day: date) -> int:
    """Residents of the province that the day's last publication has, however few."""
    [(found,)] = rows(
        """select numerator from ops.kpi_latest_exact
           where as_of_date = :day and kpi_code = :code and unit_code = '82'
               and boundary_version = 'as_reported'""",
        day=day,
        code=RESIDENTS,
    )
    return int(found)


def keep(day: date = DAY) -> None:
    """As a build does before it counts."""
    verify_identities()
    with transaction(isolation="REPEATABLE READ") as session:
        counting.prepare(session, day, families())
        steps.keep(session, day, families(), MANY)


def counted_again(caplog: pytest.LogCaptureFixture) -> int:
    """How often steps were counted."""
    return sum("daily changes computed" in record.message for record in caplog.records)


@pytest.mark.campaign
def test_a_late_record_is_counted_once_for_all_days(caplog: pytest.LogCaptureFixture) -> None:
    """A resident of January comes in October: every day built since counts one more."""
    days = [DAY - timedelta(2), DAY - timedelta(1), DAY]
    for number, day in enumerate(map(str, days)):
        written = f"{day}T08:30:00+07:00"
        load_police(day, day, [person(number, ngayHieuLuc=day, capNhatLuc=written)])
        build_kpis()
    assert [exact(day) for day in days] == [1, 2, 3]
    caplog.clear()
    with caplog.at_level(logging.INFO):
        load_police("late", str(DAY), [person(9, ngayHieuLuc="2022-01-02")])
        assert [each.day for each in build_kpis()] == days
    assert counted_again(caplog) == 1
    assert [exact(day) for day in days] == [2, 3, 4]
    assert verify.verify([date(2022, 1, 1), date(2022, 1, 2)]).differences == ()


def test_steps_that_are_not_of_the_records_are_named() -> None:
    load_police("one", str(DAY), [person(1), person(2, maXa="28252")])
    build_kpis()
    keep()
    assert verify.verify().differences == ()
    of_one = "where kpi_code = :code and place_code = '28249'"
    for break_it in (
        f"delete from ops.kpi_step {of_one}",
        f"update ops.kpi_step set counted = 2 * counted, considered = 2 * considered {of_one}",
        f"update ops.kpi_step set day = day + 1 {of_one}",
    ):
        with transaction() as session:
            assert session.run(break_it, code=RESIDENTS) > 0
        with pytest.raises(AuditError, match=rf"{RESIDENTS} in 28249: \d daily changes differ"):
            verify.require_equal()
        verify.repair()
        keep()
    assert verify.verify().differences == ()


@pytest.mark.parametrize(
    "break_it",
    [
        "delete from ops.kpi_step_total",
        "update ops.kpi_step_total set counted = 2 * counted",
        "update ops.kpi_step_total set era = era + 1",
    ],
)
def test_totals_that_are_not_of_the_steps_are_named(break_it: str) -> None:
    load_police("one", str(DAY), [person(1), person(2, maXa="28252")])
    build_kpis()
    keep()
    of_one = f"{break_it} where kpi_code = :code and place_code = '28249'"
    with transaction() as session:
        assert session.run(of_one, code=RESIDENTS) > 0
    with pytest.raises(AuditError, match=rf"{RESIDENTS} in 28249: \d totals differ"):
        verify.require_equal()
    verify.repair()
    keep()
    assert verify.verify().differences == ()


def test_totals_follow_the_days_that_are_built() -> None:
    """A day a month further on moves them, an earlier one does not: its steps are taken back."""
    load_police("one", str(DAY), [person(1)])
    days = {}
    for day in (DAY - timedelta(60), DAY - timedelta(40), DAY, DAY - timedelta(90)):
        keep(day)
        days[day] = {on for (on,) in rows("select totals_on from ops.kpi_step_family")}
    assert list(days.values()) == [{DAY - timedelta(60)}] * 2 + [{DAY}] * 2
    assert rows("select count(*) from ops.kpi_step_total where counted <> 0") != [(0,)]


def test_the_index_of_steps_is_made_after_the_first_count_and_stays() -> None:
    """Taken from an empty table only: without it a step could be kept twice."""
    load_police("one", str(DAY), [person(1)])
    keep()
    with transaction() as session:
        session.run("select ops.index_steps(is_wanted => false)")
    index = """
        select indexrelid::regclass::text from pg_index
        where indrelid = 'ops.kpi_step'::regclass and indisunique
    """
    assert rows("select count(*) > 0 from ops.kpi_step") == [(True,)]
    assert rows(index) == [("ops.kpi_step_is_kept_once",)]


def test_a_build_of_one_day_counts_from_spans(caplog: pytest.LogCaptureFixture) -> None:
    """All days cost three times as much as one; what is counted is the same."""
    load_police("one", str(DAY), [person(1)])
    with caplog.at_level(logging.INFO):
        build_kpis()
    assert (counted_again(caplog), exact(DAY)) == (0, 1)
    assert verify.verify().families == 0


@pytest.mark.parametrize(
    ("totals_on", "right", "wrong"),
    [
        (date(2022, 9, 20), "day <= :as_of", "day < :as_of"),
        (DAY, "day > :as_of", "day >= :as_of"),
        (DAY, "-counted", "counted"),
    ],
)
def test_values_are_compared_with_spans_too(
    totals_on: date, right: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong way from totals and steps to values is seen, though both are right."""
    later = resident(soDinhDanh="082190000002", ngayHieuLuc="2022-10-02")
    load_police("one", str(DAY), [person(1), later])
    build_kpis()
    keep(totals_on)
    part = sql_file("kpi_build/steps_of_day.sql")

    def broken(name: str) -> str:
        text = sql_file(name)
        return text.replace(right, wrong) if text == part else text

    assert verify.verify([date(2022, 10, 1)]).differences == ()
    monkeypatch.setattr(counting, "sql_file", broken)
    found = verify.verify([date(2022, 10, 1)]).differences
    assert f"{RESIDENTS} on 2022-10-01 in commune 28249" in found


def test_steps_are_counted_again_when_reference_data_change(
    caplog: pytest.LogCaptureFixture,
) -> None:
    load_police("one", str(DAY), [person(1)])
    with caplog.at_level(logging.INFO):
        keep()
        keep(DAY - timedelta(1))
        assert counted_again(caplog) == 1
        with transaction(role="") as session:
            session.run("update mart.dim_procedure set name_en = name_en || '.'")
        keep()
    said = [record.getMessage() for record in caplog.records]
    families_again = [line for line in said if "daily changes computed" in line]
    assert len(families_again) == 2
    reading = sum("mart.dim_procedure" in family.relations for family in families())
    assert f"computed for {reading} of" in families_again[1]


MOMENTS = st.integers(0, 8)
RESIDENT = st.fixed_dictionaries(
    {
        "number": st.integers(1, 4),
        "maXa": st.sampled_from(["28249", "28252", "12556"]),
        "trangThai": st.sampled_from(["dang_cu_tru", "da_chuyen_di", "da_chet"]),
        "loaiCuTru": st.sampled_from(["thuong_tru", "tam_tru"]),
        "ngaySinh": st.sampled_from(["1990-02-03", "2008-10-29", "2008-02-29"]),
        "effective": MOMENTS,
        "written": MOMENTS,
        "daXoa": st.sampled_from([False, False, False, True]),
    }
)
_BUILT = st.sampled_from([0, 3, 6, 40])
"""How many days before DAY steps are asked for: totals are made there, or brought near."""
HISTORY = st.lists(st.tuples(_BUILT, st.lists(RESIDENT, max_size=5)), min_size=1, max_size=4)


def _record(drawn: dict[str, Any]) -> dict[str, Any]:
    fields = dict(drawn)
    effective, written = fields.pop("effective"), fields.pop("written")
    return person(
        fields.pop("number"),
        ngayHieuLuc=str(DAY - timedelta(effective)),
        capNhatLuc=f"{DAY - timedelta(written)}T08:30:00+07:00",
        **fields,
    )


@pytest.fixture
def always_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of what changed are replaced, however much of so few records it is."""
    monkeypatch.setattr(news, "_MANY", 1e9)


@pytest.mark.campaign
@pytest.mark.usefixtures("always_replaced")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(HISTORY)
def test_histories_end_in_what_a_full_count_says(
    history: list[tuple[int, list[dict[str, Any]]]],
) -> None:
    """Late, out of order, withdrawn, moved, dead: every day is as if counted from nothing."""
    [(before,)] = rows("select count(*) from ops.load")
    with transaction() as session:
        steps.forget(session)
    for number, (ago, delivered) in enumerate(history):
        load_police(f"{before}-{number}", str(DAY), [_record(each) for each in delivered])
        keep(DAY - timedelta(ago))
    days = [DAY - timedelta(n) for n in range(10)]
    found = verify.verify(days)
    assert (found.due, found.differences) == (0, ())
    assert found.families == sum(map(counting.keeps_steps, families()))
