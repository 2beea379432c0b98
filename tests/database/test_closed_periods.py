"""Closed periods: what stands, what revises it and why; a period beside the one before."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.errors import Dean06Error
from dean06.kpi import closing, family
from dean06.kpi.build import build_kpis
from dean06.warehouse import transaction
from tests.database.test_services import dossier, load_portal
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("warehouse")
OCTOBER, TODAY = date(2022, 10, 1), date(2022, 11, 6)
CODE = "service.dossiers_essential"


def close(first_day: date = OCTOBER, today: date = TODAY, period: Any = "month") -> closing.Closed:
    return closing.close(period, first_day, "os:lan", "báo cáo tháng", today)


def by_bi(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with transaction(role="dean06_bi") as session:
        return [tuple(row) for row in session.rows(statement, **parameters)]


def test_what_comes_after_closing_is_a_revision_with_its_reason() -> None:
    load_portal("one", "2022-10-31", [dossier(1), dossier(2, NgayTiepNhan="30/09/2022 09:00:00")])
    build_kpis()
    done = close()
    late = dossier(3, NgayTiepNhan="31/10/2022 09:00:00", NgayCapNhat="01/11/2022 09:00:00")
    load_portal("two", "2022-11-01", [late])
    build_kpis()
    found = """select kpi_code, value_at_closing::int, value_now::int, is_revised, causes
               from mart.closed_period_value
               where kpi_code like :codes and unit_level = 'province' and breakdown = ''
                   and boundary_version = 'as_reported' order by 1"""
    assert by_bi(found, codes=f"{CODE}%") == [
        (CODE, 2, 3, True, "late_rows portal.dossier 1"),
        (f"{CODE}.month", 1, 2, True, "late_rows portal.dossier 1"),
    ]
    assert by_bi(found, codes="service.online_share.month") == [
        ("service.online_share.month", 0, 0, True, "late_rows portal.dossier 1")
    ]
    assert rows(
        "select numerator::int from mart.kpi_value where publication_id = :closing "
        "and kpi_code = :code and unit_level = 'province' and breakdown = '' "
        "and boundary_version = 'as_reported'",
        closing=done.publication_id, code=f"{CODE}.month",
    ) == [(1,)]  # fmt: skip
    (row,) = closing.closed()
    assert (row.period, row.first_day, row.closed_by) == ("month", OCTOBER, "os:lan")
    assert row.revised_count > 2


def test_a_period_is_closed_once_when_it_is_over_and_published() -> None:
    load_portal("one", "2022-10-31", [dossier(1)])
    with pytest.raises(Dean06Error, match="no KPIs of 2022-10-31 are published"):
        close()
    build_kpis()
    with pytest.raises(Dean06Error, match="no month begins on 2022-10-02"):
        close(date(2022, 10, 2))
    with pytest.raises(Dean06Error, match="no quarter begins on 2022-11-01"):
        close(date(2022, 11, 1), period="quarter")
    with pytest.raises(Dean06Error, match="cannot be closed before 2022-11-06"):
        close(today=date(2022, 11, 5))
    with pytest.raises(Dean06Error, match="cannot be closed before 2023-01-21"):
        close(date(2022, 1, 1), date(2023, 1, 20), "year")
    done = close()
    assert done.last_day == date(2022, 10, 31)
    assert done.missing_sources == ("education", "health", "insurance", "police", "programme")
    with pytest.raises(Dean06Error, match=f"already closed with publication {done.publication_id}"):
        close()


def test_a_build_that_waits_is_decided_first() -> None:
    load_portal("one", "2022-10-31", [dossier(1)])
    build_kpis()
    with transaction() as session:
        session.run(
            """insert into ops.kpi_build (as_of_date, state, cause, source_codes, reason)
               values ('2022-10-31', 'held', 'test', '{portal}', 'test')"""
        )
    with pytest.raises(Dean06Error, match="build 2 of its last day waits for a decision"):
        close()


def test_a_closing_cannot_be_changed_and_readers_do_not_see_who_closed() -> None:
    load_portal("one", "2022-10-31", [dossier(1)])
    build_kpis()
    printed = CliRunner().invoke(
        app, ["close-period", "month", "2022-10-01", "--why", "báo cáo tháng"]
    )
    assert printed.exit_code == 0, printed.stderr
    assert "closed: month ending 2022-10-31, with publication 1" in printed.stdout
    assert "2022-10-31" in CliRunner().invoke(app, ["closed-periods"]).stdout
    with pytest.raises(Exception, match="append-only"), transaction(role="") as session:
        session.run("update mart.closed_period set first_day = '2022-09-01'")
    with pytest.raises(Exception, match="permission denied"):
        by_bi("select closed_by from mart.closed_period")
    assert rows("select count(*) from ops.audit_note where kind = 'closed_period'") == [(1,)]


Shown = tuple[str, str, int | None, int]
"""Unit level, unit, numerator of a hundred (None: hidden), how many versions later."""


def publish(day: str, code: str, *values: Shown) -> None:
    """A publication of shares of a hundred."""
    with transaction(role="") as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               values (:day, '{portal}', 'test')""",
            day=day,
        )
        for level, unit, numerator, later in values:
            version = family.versions()[code] + later
            session.run(
                """insert into mart.kpi_definition
                   select kpi_code, :version, name_en, name_vi, unit, grain, additivity,
                       has_denominator, owner_agency, legal_basis, formula_en, formula_vi,
                       source_codes, position, breakdowns, digest, hides_small_cells, period,
                       base_code, counts_from
                   from mart.kpi_definition where kpi_code = :code and kpi_version = :now
                   on conflict do nothing""",
                code=code, version=version, now=family.versions()[code],
            )  # fmt: skip
            session.run(
                """insert into mart.kpi_value
                       (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                        boundary_version, numerator, denominator, value, is_suppressed)
                   select max(publication_id), :day, :code, :version, :level, :unit,
                       case :unit when '87' then 'current' else 'as_reported' end, :numerator,
                       case when cast(:numerator as int) is not null then 100 end,
                       cast(:numerator as numeric) / 100, cast(:numerator as int) is null
                   from mart.kpi_publication""",
                day=day, code=code, version=version, level=level, unit=unit, numerator=numerator,
            )  # fmt: skip


def compared(day: str, unit: str = "82") -> tuple[Any, ...]:
    (found,) = by_bi(
        """select value, value_before, change, not_compared, reason_en, reason_vi
           from mart.period_comparison where last_day = :day and unit_code = :unit""",
        day=day,
        unit=unit,
    )
    return found


MONTH = "service.online_share.month"
PROVINCE = ("province", "82")


def test_a_month_is_compared_with_the_month_before() -> None:
    publish("2022-10-31", MONTH, (*PROVINCE, 40, 0))
    publish("2022-11-15", MONTH, (*PROVINCE, 41, 0))
    publish("2022-11-30", MONTH, (*PROVINCE, 45, 0))
    assert compared("2022-11-30") == (
        Decimal("0.45"),
        Decimal("0.40"),
        Decimal("0.05"),
        *[None] * 3,
    )
    assert compared("2022-10-31")[1:4] == (None, None, "not_published")
    assert by_bi("select 1 from mart.period_comparison where last_day = '2022-11-15'") == []


@pytest.mark.parametrize(
    ("before", "now", "why", "said"),
    [
        ((*PROVINCE, 40, 0), (*PROVINCE, 45, 1), "other_formula", "công thức tính đã thay đổi"),
        ((*PROVINCE, None, 0), (*PROVINCE, 45, 0), "hidden", "không hiển thị"),
        ((*PROVINCE, 40, 0), (*PROVINCE, None, 0), "hidden", "không hiển thị"),
    ],
)
def test_what_cannot_be_compared_is_empty_with_the_reason(
    before: Shown, now: Shown, why: str, said: str
) -> None:
    publish("2022-10-31", MONTH, before)
    publish("2022-11-30", MONTH, now)
    found = compared("2022-11-30")
    assert found[1:4] == (None, None, why)
    assert said in found[5]


def test_a_code_that_means_another_unit_is_not_compared() -> None:
    publish("2025-06-30", MONTH, (*PROVINCE, 40, 0), ("province", "87", 50, 0))
    publish("2025-07-31", MONTH, (*PROVINCE, 45, 0), ("province", "87", 60, 0))
    assert compared("2025-07-31")[1:4] == (None, None, "other_boundaries")
    assert compared("2025-07-31", "87")[1:4] == (Decimal("0.50"), Decimal("0.10"), None)


def test_a_period_that_began_with_the_law_is_not_compared() -> None:
    for day in ("2022-05-31", "2022-06-30", "2022-07-31", "2022-08-31"):
        publish(day, MONTH, (*PROVINCE, 40, 0))
    told = {day: compared(day)[3] for day in ("2022-06-30", "2022-07-31", "2022-08-31")}
    assert told == {"2022-06-30": "other_days", "2022-07-31": "other_days", "2022-08-31": None}
