"""What the query of a KPI family says of a day, before anything is published."""

from collections import Counter
from datetime import date
from typing import Any

from dean06.kpi.family import families
from dean06.kpi.front_matter import Family
from dean06.warehouse import sql_file, transaction


def family_of(name: str) -> Family:
    """The family of that file."""
    (family,) = [family for family in families() if family.name == name]
    return family


def facts_of(name: str, day: str | date) -> list[Any]:
    """The facts of a family on a day."""
    with transaction() as session:
        session.run(sql_file("kpi_build/reforms.sql"))
        return session.rows(
            f"""select * from ({family_of(name).spans}) as fact
                where counts_from <= :day and (counts_to is null or counts_to > :day)""",
            day=day,
        )


def spans_of(name: str) -> list[Any]:
    """All spans of a family."""
    with transaction() as session:
        session.run(sql_file("kpi_build/reforms.sql"))
        return session.rows(family_of(name).spans)


def counted(name: str, day: str | date) -> dict[tuple[str, ...], tuple[int, int]]:
    """Of a family's facts on a day, how many are counted and how many there are, by KPI and, where
    it has members, by these."""
    above: Counter[tuple[str, ...]] = Counter()
    whole: Counter[tuple[str, ...]] = Counter()
    for fact in facts_of(name, day):
        columns = fact._mapping
        place = (fact.kpi_code, *(columns.get("members") or ()))
        whole[place] += 1
        above[place] += bool(fact.is_counted)
    return {place: (above[place], number) for place, number in whole.items()}
