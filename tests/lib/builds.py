"""Residents to build KPIs of, and what builds made of them."""

from typing import Any

from dean06.kpi import release
from tests.lib.loading import resident, rows

OCTOBER_30, OCTOBER_31 = "2022-10-30", "2022-10-31"
OFFICIAL, REASON = "Trưởng phòng thử", "Đã đối chiếu với công an tỉnh"


def people(count: int, first: int = 0, **changes: Any) -> list[dict[str, Any]]:
    """Residents with numbers of their own, known early in October."""
    return [
        resident(
            **{
                "soDinhDanh": f"0821900{number:05d}",
                "capNhatLuc": "2022-10-05T08:00:00+07:00",
                **changes,
            }
        )
        for number in range(first, first + count)
    ]


def published(day: str = OCTOBER_31, code: str = "population.permanent_residents") -> list[int]:
    """What each publication of a day said of the province, in their order."""
    found = rows(
        """select numerator from mart.kpi_value
           where as_of_date = :day and kpi_code = :code and unit_level = 'province'
               and boundary_version = 'as_reported'
           order by publication_id""",
        day=day,
        code=code,
    )
    return [numerator for (numerator,) in found]


def held_build() -> int:
    """The one build that waits."""
    (waiting,) = release.held()
    return int(waiting.build_id)
