"""The KPIs of the page, in the five groups of QĐ 06/QĐ-TTg."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dean06.figures.standing import Line, Standing
from dean06.kpi import family
from dean06.reference import tables


@dataclass(frozen=True)
class Group:
    """One of the five groups of utilities of QĐ 06/QĐ-TTg."""

    name: Any
    """Row with its name; None: KPIs of no group, or that are no longer computed."""
    standings: tuple[Standing, ...]
    """Its KPIs that have a target, the worst first."""
    lines: tuple[tuple[Line, ...], ...]
    """All its KPIs: of each the lines of all its periods, in the order in which KPIs are shown."""


def of(lines: Sequence[Line], standings: Sequence[Standing]) -> list[Group]:
    """The groups that have KPIs among these lines, in their order; those of no group come last."""
    group_of = family.groups()
    names = {m.member_code: m for m in tables.members() if m.breakdown == "group"}
    by_kpi: dict[str, list[Line]] = {}
    for line in lines:
        by_kpi.setdefault(line.value.base_code, []).append(line)
    found = []
    for code in (*names, None):
        own = [
            tuple(each) for each in by_kpi.values() if group_of.get(each[0].value.kpi_code) == code
        ]
        stand = [each for each in standings if group_of.get(each.line.value.kpi_code) == code]
        if own:
            found.append(Group(names.get(code or ""), tuple(stand), tuple(own)))
    return found
