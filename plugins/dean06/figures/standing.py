"""How KPIs stand to their targets: one status for each KPI, the worst first.

A KPI can have several targets at once: two readings of one sentence, a resolution beside a
decision, two periods. Its status is that of the target in force which is due first; of several due
on one day, of the one that it is farthest from. The others are named beside it
(docs/decisions/0054).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from dean06.figures.forecast import Forecast

WORST_FIRST = ("missed", "behind", "open", "on_track", "met", "not_applicable")
"""Every status of ``mart.kpi_status``."""
COUNTED = ("met", "on_track", "behind", "missed")
"""Always counted, zero too; other statuses are listed only if they occur."""


@dataclass(frozen=True)
class Target:
    """One target of a KPI, how the value stands to it, and where it is heading."""

    row: Any
    forecast: Forecast | None


@dataclass(frozen=True)
class Line:
    """One KPI of the list."""

    value: Any
    trend: tuple[tuple[date, float], ...]
    targets: tuple[Target, ...]
    before: Any = None
    """Its row of the day that the page compares with; None when there was none."""


@dataclass(frozen=True)
class Standing:
    """A KPI with targets: the one that decides, and all others."""

    line: Line
    target: Target
    others: tuple[Target, ...]

    @property
    def status(self) -> str:
        """Its one status."""
        return str(self.target.row.status)


def of(lines: Iterable[Line]) -> list[Standing]:
    """One standing for each KPI that has a target, whatever its periods; the worst first."""
    by_kpi: dict[str, list[tuple[Line, Target]]] = {}
    for line in lines:
        for target in line.targets:
            by_kpi.setdefault(line.value.base_code, []).append((line, target))
    found = []
    for pairs in by_kpi.values():
        line, target = min(pairs, key=lambda pair: _due_first(pair[1].row))
        others = tuple(other for _, other in pairs if other is not target)
        found.append(Standing(line, target, others))
    return sorted(found, key=_worst_first)


def counts(standings: Sequence[Standing]) -> Mapping[str, int]:
    """How many KPIs have each status: the four that are always listed, then others that occur."""
    found = Counter(standing.status for standing in standings)
    told = [*COUNTED, *(status for status in WORST_FIRST if found[status])]
    return {status: found[status] for status in dict.fromkeys(told)}


@dataclass(frozen=True)
class Verdict:
    """Whether a unit is on track, in one look."""

    kind: Literal["behind", "on_track", "open"]
    """``behind``: at least one KPI is; ``open``: none is, but not all could be assessed."""
    behind: int
    missed: int
    open: int
    judged: int
    """KPIs with a target that applies."""


def verdict(standings: Sequence[Standing]) -> Verdict:
    """What the statuses say together; targets that do not apply say nothing."""
    found = Counter(standing.status for standing in standings)
    judged = len(standings) - found["not_applicable"]
    late = found["behind"] + found["missed"]
    kind: Literal["behind", "on_track", "open"] = (
        "behind" if late else "open" if found["open"] or not judged else "on_track"
    )
    return Verdict(kind, found["behind"], found["missed"], found["open"], judged)


def _due_first(row: Any) -> tuple[Any, ...]:
    holds = row.status != "not_applicable"
    return (not holds, row.ends_on, WORST_FIRST.index(row.status), _reached(row), row.target_id)


def _worst_first(standing: Standing) -> tuple[Any, ...]:
    row = standing.target.row
    return (WORST_FIRST.index(row.status), _reached(row), standing.line.value.position)


def _reached(row: Any) -> float:
    """Share of the target that the value comes to; of upper bounds and missing values nothing is
    known."""
    return 1.0 if row.share_reached is None else float(row.share_reached)
