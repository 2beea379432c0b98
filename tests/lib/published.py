"""What was published, for tests to compare, and publications of values that a test chooses."""

from typing import Any

from dean06.kpi import family
from dean06.warehouse import transaction
from tests.lib.loading import rows

DAY = "2022-10-31"
Value = tuple[str, str, str, int | None, int | None]
"""KPI, breakdown, member, numerator, denominator; a value without numerator is hidden."""


def values(kpi_code: str, day: str = DAY) -> dict[str, tuple[int, int | None]]:
    """Values of a KPI that are not nothing: ``82`` for a unit, ``owner:so_y_te`` for a member."""
    found = rows(
        """select unit_code, breakdown || ':' || member_code, numerator, denominator
           from mart.kpi_latest
           where as_of_date = :day and kpi_code = :code and boundary_version = 'as_reported'""",
        day=day,
        code=kpi_code,
    )
    return {
        unit if member == ":" else member: (numerator, denominator)
        for unit, member, numerator, denominator in found
        if numerator or denominator
    }


def publish(day: str, *values: Value, province: str = "82", commune: str | None = None) -> None:
    """A publication of a province, or of a commune, with these values."""
    with transaction() as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               values (:day, '{portal}', 'test')""",
            day=day,
        )
        for code, breakdown, member, numerator, denominator in values:
            session.run(
                """insert into mart.kpi_value
                       (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                        breakdown, member_code, numerator, denominator, value, is_suppressed)
                   select max(publication_id), :day, :code, :version, 'province', :province,
                          :breakdown, :member, :numerator, :denominator, null,
                          cast(:numerator as bigint) is null
                   from mart.kpi_publication""",
                day=day, code=code, version=family.versions()[code], province=province,
                breakdown=breakdown, member=member, numerator=numerator, denominator=denominator,
            )  # fmt: skip


def seen_by_bi(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """What a BI tool reads."""
    with transaction(role="dean06_bi") as session:
        return [tuple(row) for row in session.rows(statement, **parameters)]
