"""What can be listed behind the numbers of a publication: all numbers at once, with the query that
lists those behind one."""

from collections.abc import Mapping
from datetime import date

from dean06.kpi import boundaries, things
from dean06.kpi.family import families
from dean06.warehouse import Session, transaction

Number = tuple[str, str, str, str, str]
"""KPI, boundaries, level, unit, and breakdown with member (``phase:2022``) or empty."""
_ALL = """
    select
        asked.kpi_code, placed.boundary_version, placed.unit_level, placed.unit_code, placed.member,
        count(*) as considered,
        count(*) filter (where placed.is_counted) as counted,
        count(distinct placed.person_id) filter (where placed.is_counted) as persons
    from ({placed}) as placed
    inner join unnest(
        cast(:codes as text []), cast(:counted_as as text []), cast(:starts as date [])
    ) as asked (kpi_code, counted_as, starts_on)
        on
            placed.kpi_code = asked.counted_as
            and (asked.starts_on is null or placed.falls_on >= asked.starts_on)
    where placed.unit_level is not null
    group by 1, 2, 3, 4, 5
"""


def listed(day: date) -> Mapping[Number, tuple[int, int]]:
    """How many things count and are considered, of every number of the day that has any."""
    found: dict[Number, tuple[int, int]] = {}
    with transaction() as session:
        session.sort_in_memory()
        boundaries.prepare(session, day)
        for family in families():
            for *number, considered, counted, persons in session.rows(
                _ALL.replace("{placed}", things.placed(family)),
                as_of=day,
                codes=[kpi.code for kpi in family.kpis],
                counted_as=[kpi.counted_as for kpi in family.kpis],
                starts=[family.starts_on(kpi, day) for kpi in family.kpis],
            ):
                above = persons if family.counts == "persons" else counted
                found[tuple(number)] = (above, considered)
    return found


def published(session: Session, publication: int) -> Mapping[Number, tuple[int, int | None]]:
    """Numerator and denominator of every number of a publication that has any, also hidden ones."""
    rows = session.rows(
        """select kpi_code, boundary_version, unit_level, unit_code,
               case when breakdown = '' then '' else breakdown || ':' || member_code end,
               numerator, denominator
           from ops.kpi_exact
           where publication_id = :publication and (numerator > 0 or denominator > 0)""",
        publication=publication,
    )
    return {tuple(row[:5]): (row.numerator, row.denominator) for row in rows}


def differences(publication: int, day: date) -> list[str]:
    """Numbers of a publication that are not what can be listed. What is listed of a commune by
    member is published of few KPIs only."""
    with transaction() as session:
        said = published(session, publication)
    found = listed(day)
    return [
        f"{number}: {value} published, {found.get(number)} listed"
        for number, value in said.items()
        if value not in (found.get(number), (found.get(number, (0, 0))[0], None))
    ] + [
        f"{number}: {value} listed, nothing published"
        for number, value in found.items()
        if any(value) and number not in said and not (number[2] == "commune" and number[4])
    ]


def number_count(publication: int) -> int:
    """How many numbers of a publication have any things."""
    with transaction() as session:
        return len(published(session, publication))


def newest() -> list[tuple[int, date]]:
    """The newest publication of each day, with the day."""
    with transaction() as session:
        rows = session.rows(
            """select max(publication_id) as publication, as_of_date from mart.kpi_publication
               group by as_of_date order by as_of_date"""
        )
    return [(row.publication, row.as_of_date) for row in rows]
