"""What was published, for tests to compare."""

from tests.lib.loading import rows

DAY = "2022-10-31"


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
