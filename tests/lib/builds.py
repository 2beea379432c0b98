"""Residents to build KPIs of, and what builds made of them."""

from typing import Any

from dean06.kpi import release
from dean06.kpi.publication import VALUE_COLUMNS
from dean06.warehouse import transaction
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


def hold_a_copy(day: str) -> int:
    """As if the audit had held a build that says what the day's last publication says."""
    with transaction(role="") as session:
        row = session.one(
            """insert into ops.kpi_build (as_of_date, state, cause, source_codes, reason)
               select as_of_date, 'held', 'tried by hand', source_codes, 'tried by hand'
               from mart.kpi_publication where as_of_date = :day
               order by publication_id desc limit 1 returning build_id""",
            day=day,
        )
        session.run(
            f"""insert into ops.kpi_build_value (build_id, kpi_version, {VALUE_COLUMNS})
                select :build, kpi_version, {VALUE_COLUMNS} from ops.kpi_exact
                where publication_id = (
                    select max(publication_id) from mart.kpi_publication where as_of_date = :day)
            """,
            build=row.build_id,
            day=day,
        )
    return int(row.build_id)
