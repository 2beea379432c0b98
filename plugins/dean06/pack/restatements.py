"""Values of the province that later publications changed, for every published day of the period and
the day compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dean06.figures import changes, published
from dean06.figures.changes import Restated
from dean06.figures.published import View
from dean06.figures.standing import Line
from dean06.warehouse import Session


@dataclass(frozen=True)
class Restatement:
    """A value of one KPI and day that was published otherwise before."""

    kpi: Any
    """Its names and unit: the report's own row; its definition where the report has none."""
    value: Restated


def read(
    session: Session, view: View, lines: Sequence[Line], days: Sequence[date]
) -> tuple[Restatement, ...]:
    """The restated values of these days, the newest day first, then in the order of KPIs."""
    own = {line.value.kpi_code: line.value for line in lines}
    found = [
        Restatement(kpi, each)
        for code, of_kpi in changes.restated(session, view, lines, tuple(days)).items()
        for kpi in [own.get(code) or published.definition(session, code)]
        for each in of_kpi
    ]
    found.sort(key=lambda each: (each.kpi.position, each.kpi.kpi_code))
    found.sort(key=lambda each: each.value.row.as_of_date, reverse=True)
    return tuple(found)
