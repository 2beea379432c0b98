"""Scenarios: what is calibrated, scaled to the wanted size, and checked for contradictions."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from .errors import InputError
from .kernel.arrivals import Arrivals, Calendar, striped_total
from .kernel.clock import calendar_day, day_number

FOLDER = Path(__file__).parent / "scenarios"

SOURCES = ("police", "insurance", "health", "education")

_NOT_MORE_THAN = (
    ("cards_in_force", "dossiers_issued"),
    ("permanent_households", "permanent_residents"),
    ("temporary_households", "temporary_residents"),
    ("participants", "permanent_residents"),
    ("exam_councils", "exam_candidates"),
)


@dataclass(frozen=True)
class Province:
    """The codes one province has in the three code systems."""

    code: str
    birth_code: str
    exam_code: str
    name: str


@dataclass(frozen=True)
class Dirt:
    """Shares of wrong records; both empty when dirt is off."""

    quarantined: dict[str, float]
    flagged: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Scenario:
    """A scenario at one scale: everything the world needs besides the seed."""

    name: str
    scale: float
    province: Province
    calendar: Calendar
    counts: dict[str, int]
    initial_share: dict[str, float]
    daily: dict[str, float]
    dirt: Dirt

    def arrivals(self, figure: str, stripe: int = 0, first_day: int = 1) -> Arrivals:
        """The arrivals that end in a figure's count at the anchor, after striped retirements."""
        count = self.counts[figure]
        total = striped_total(count, stripe) if stripe else count
        initial = int(total * self.initial_share[figure])
        return Arrivals(initial, total, self.daily[figure] * self.scale, self.calendar, first_day)

    def flagged_share(self, source: str, error_class: str) -> float:
        """The share of a source's records that show an error class."""
        return self.dirt.flagged.get(source, {}).get(error_class, 0.0)

    def day(self, field: str, day: date) -> int:
        """The world's number of a day, or an error naming the field when it is outside."""
        number = day_number(day)
        if number < 0:
            raise InputError(field, f"{day} is before the world begins (2022-01-01)")
        if number > self.calendar.last:
            raise InputError(field, f"{day} is after its end ({calendar_day(self.calendar.last)})")
        return number


def names() -> list[str]:
    """The scenarios that can be named."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load(name: str, scale: float, dirt: bool = True) -> Scenario:
    """Read a scenario by name or by path of a YAML file, at a scale in (0, 1]."""
    if not 0 < scale <= 1:
        raise InputError("scale", f"{scale:g} is not greater than 0 and at most 1")
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise InputError("scenario", f"{name} is unknown; known are {', '.join(names())}")
    with path.open(encoding="utf-8") as file:
        document = yaml.safe_load(file)
    return _build(document, scale, dirt)


def _build(document: dict[str, Any], scale: float, dirt: bool) -> Scenario:
    try:
        figures = {name: int(figure["count"]) for name, figure in document["figures"].items()}
        _check(figures)
        counts = {name: round(count * scale) for name, count in figures.items()}
        counts["exam_councils"] = max(counts["exam_councils"], 2)
        _check_scaled(counts, scale)
        calendar = Calendar(
            feeds_begin=day_number(document["feeds_begin"]),
            anchor=day_number(document["anchor"]),
            last=day_number(document["last_day"]),
        )
        profile = document["dirt"] if dirt else {"quarantined": {}, "flagged": {}}
        return Scenario(
            name=document["name"],
            scale=scale,
            province=Province(**document["province"]),
            calendar=calendar,
            counts=counts,
            initial_share=document["initial_share"],
            daily=document["daily"],
            dirt=Dirt(profile["quarantined"], profile["flagged"]),
        )
    except KeyError as missing:
        raise InputError(str(missing.args[0]), "is missing from the scenario") from None


def _check(figures: dict[str, int]) -> None:
    for name, count in figures.items():
        if count < 1:
            raise InputError(f"figures.{name}", f"{count} is not a positive count")
    for part, whole in _NOT_MORE_THAN:
        if figures[part] > figures[whole]:
            raise InputError(
                f"figures.{part}", f"{figures[part]} is more than {whole} ({figures[whole]})"
            )


def _check_scaled(counts: dict[str, int], scale: float) -> None:
    for name in ("temporary_households", "exam_candidates", "eid_accounts"):
        if counts[name] < 2:
            raise InputError("scale", f"{scale:g} is too small: it leaves {counts[name]} {name}")
