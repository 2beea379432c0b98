"""The section ``portal`` of a scenario: how many dossiers by procedure and channel.

A figure with a ``fact`` is published and holds exactly at every scale: round(figure * scale). Where
a ``total`` is published too, the figures that are assumptions share the rest by largest remainder.
The total then holds exactly, and no assumed figure differs from its own rounding by more than one.
"""

from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from ..reference import Procedure, procedures

Json = dict[str, Any]


@dataclass(frozen=True)
class Activity:
    """Dossiers of one procedure by the anchor, not counting those entered in error."""

    procedure: Procedure
    count: int
    online: int
    post: int

    @property
    def direct(self) -> int:
        """How many were handed in at a counter."""
        return self.count - self.online - self.post


@dataclass(frozen=True)
class PortalPlan:
    """The portal's calibrated activity at one scale."""

    system_code: str
    """The province's code in dossier codes, H and two digits."""
    activities: tuple[Activity, ...]
    pace_after: float
    """Arrivals a day after the anchor, as a multiple of those before it."""
    entered_in_error: float
    """Additional dossiers that are deleted later, as a share of the others."""

    @property
    def count(self) -> int:
        """All dossiers by the anchor."""
        return sum(activity.count for activity in self.activities)


def portal_plan(document: Json, scale: float) -> PortalPlan:
    """The plan that the section ``portal`` of a scenario describes, checked and scaled."""
    known = {procedure.procedure_id: procedure for procedure in procedures()}
    figures: dict[str, Json] = document["procedures"]
    for name, figure in figures.items():
        _check(f"portal.procedures.{name}", name in known, figure)
    counts = _scaled(document, figures, scale)
    activities = []
    for name in known:
        figure = figures.get(name, {"count": 0})
        count = counts.get(name, 0)
        online = min(round(figure.get("online", 0) * scale), count)
        if figure.get("online") == figure["count"]:
            online = count
        post = min(round(figure.get("post", 0) * scale), count - online)
        activities.append(Activity(known[name], count, online, post))
    return PortalPlan(
        system_code=document["system_code"],
        activities=tuple(activities),
        pace_after=float(document["pace_after"]),
        entered_in_error=float(document["entered_in_error"]),
    )


def _check(field: str, is_known: bool, figure: Json) -> None:
    """One line for each way in which a figure can contradict itself."""
    if not is_known:
        raise InputError(field, "is no known procedure")
    if "fact" not in figure and "assumption" not in figure:
        raise InputError(field, "says neither fact nor assumption")
    for part in ("count", "online", "post"):
        value = figure["count"] if part == "count" else figure.get(part, 0)
        if type(value) is not int or value < 0:
            raise InputError(f"{field}.{part}", f"{value} is no count")
        if value and figure["count"] == 0:
            raise InputError(f"{field}.{part}", f"{value}, but the procedure has no dossiers")
        if value > figure["count"]:
            raise InputError(f"{field}.{part}", f"{value} is more than count ({figure['count']})")
    both = figure.get("online", 0) + figure.get("post", 0)
    if both > figure["count"]:
        raise InputError(
            f"{field}.post", f"with online it makes {both}, more than count ({figure['count']})"
        )


def _scaled(document: Json, figures: dict[str, Json], scale: float) -> dict[str, int]:
    """Each procedure's count at a scale."""
    counts = {name: round(figure["count"] * scale) for name, figure in figures.items()}
    if "total" not in document:
        return counts
    total = document["total"]
    members = {
        p.procedure_id
        for p in procedures()
        if p.procedure_set == total["procedure_set"] and p.procedure_id in figures
    }
    found = sum(figures[name]["count"] for name in members)
    if found != total["count"]:
        raise InputError(
            "portal.total.count",
            f"{total['count']} is not the sum of its procedures ({found})",
        )
    free = sorted(name for name in members if "fact" not in figures[name])
    fixed = sum(counts[name] for name in members.difference(free))
    rest = round(total["count"] * scale) - fixed
    return counts | _apportioned(rest, {name: figures[name]["count"] * scale for name in free})


def _apportioned(rest: int, exact: dict[str, float]) -> dict[str, int]:
    """Whole numbers near the exact ones that sum to the rest (largest remainder)."""
    whole = {name: int(value) for name, value in exact.items()}
    missing = rest - sum(whole.values())
    by_remainder = sorted(exact, key=lambda name: (whole[name] - exact[name], name))
    if missing < 0 or missing > len(exact):
        raise InputError("portal.total.count", "cannot be kept by the procedures' figures")
    for name in by_remainder[:missing]:
        whole[name] += 1
    return whole
