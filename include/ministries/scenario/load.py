"""A scenario: its calibrated counts at one scale. Read from YAML and checked field by field."""

import math
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ..errors import InputError
from ..kernel.arrivals import Arrivals, Calendar, striped_total
from ..kernel.clock import calendar_day, day_number
from . import checks
from .portal import PortalPlan, portal_plan
from .programme import ProgrammePlan, programme_plan
from .terms import Campaign, CardUse, Exam, Province

FOLDER = Path(__file__).parents[1] / "scenarios"

SOURCES = ("police", "insurance", "health", "education", "portal", "programme")


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
    horizon: int
    """The last day of the simulation, unless the command sets another."""
    counts: dict[str, int]
    initial_share: dict[str, float]
    daily: dict[str, float]
    dirt: Dirt
    exam: Exam
    card_use: CardUse
    portal: PortalPlan
    programme: ProgrammePlan
    campaign: Campaign | None = None
    document: dict[str, Any] = field(default_factory=dict)
    """The whole file, for sections that only one register reads."""

    def arrivals(self, figure: str, stripe: int = 0, first_day: int = 1) -> Arrivals:
        """The arrivals that end in a figure's count at the anchor, after striped retirements."""
        count = self.counts[figure]
        total = striped_total(count, stripe) if stripe else count
        initial = int(total * self.initial_share[figure])
        return Arrivals(initial, total, self.daily[figure] * self.scale, self.calendar, first_day)

    def flagged_share(self, source: str, error_class: str) -> float:
        """The share of a source's records that show an error class."""
        return self.dirt.flagged.get(source, {}).get(error_class, 0.0)

    def month_of(self, figure: str) -> int:
        """The first day of the month a calibrated figure is of."""
        return checks.day(f"figures.{figure}.month", self.document["figures"][figure]["month"])

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
        known = ", ".join(names())
        raise InputError("scenario", f"unknown scenario {name}; available scenarios: {known}")
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise InputError("scenario", f"{path.name} is not a YAML file") from None
    if not isinstance(document, dict):
        raise InputError("scenario", f"{path.name} holds no fields")
    return _build(document, scale, dirt)


_MOST_COUNTS = 90
"""National counts that wrong ones are a share of, for each procedure: there is one a month, however
many dossiers there are."""


def _build(document: dict[str, Any], scale: float, dirt: bool) -> Scenario:
    try:
        counts = {name: round(n * scale) for name, n in checks.counts(document).items()}
        counts["exam_councils"] = max(counts["exam_councils"], 2)
        checks.large_enough(counts, scale)
        calendar = _calendar(document)
        portal = portal_plan(document["portal"], scale)
        counts["portal_dossiers"] = portal.count
        counts["national_counts"] = min(portal.count, _MOST_COUNTS * len(portal.activities))
        for section in ("initial_share", "daily"):
            checks.complete(section, document[section])
        profile = document["dirt"] if dirt else {"quarantined": {}, "flagged": {}}
        for source, flagged in profile["flagged"].items():
            checks.shares(f"dirt.flagged.{source}", flagged)
        scenario = Scenario(
            name=document["name"],
            scale=scale,
            province=Province(**document["province"]),
            calendar=calendar,
            horizon=checks.day("horizon", document["horizon"]),
            counts=counts,
            initial_share=checks.shares("initial_share", document["initial_share"]),
            daily=checks.shares("daily", document["daily"], math.inf),
            dirt=Dirt(
                checks.shares("dirt.quarantined", profile["quarantined"]), profile["flagged"]
            ),
            exam=_exam(document["exam"], calendar),
            card_use=CardUse(**document["id_card_use"]),
            portal=portal,
            programme=programme_plan(document["programme"], calendar.feeds_begin),
            campaign=_campaign(document.get("campaign"), calendar),
            document=document,
        )
        if "id_card_visits_month" in counts:
            scenario.month_of("id_card_visits_month")
        return scenario
    except KeyError as missing:
        raise InputError(str(missing.args[0]), "is missing from the scenario") from None
    except (TypeError, AttributeError):
        raise InputError("scenario", "a section is not written as the known ones are") from None


def _calendar(document: dict[str, Any]) -> Calendar:
    days = ("feeds_begin", "anchor", "last_day", "horizon")
    begins, anchor, last, horizon = (checks.day(name, document[name]) for name in days)
    checks.in_order({"feeds_begin": begins, "anchor": anchor, "last_day": last})
    if horizon > last:
        raise InputError("horizon", f"{document['horizon']} is after last_day")
    return Calendar(feeds_begin=begins, anchor=anchor, last=last)


def _exam(section: dict[str, Any], calendar: Calendar) -> Exam:
    days = ("registration_opens", "first_issue", "second_issue", "later_issues")
    exam = Exam(
        year=int(section["year"]),
        registration_days=int(section["registration_days"]),
        **{name: checks.day(f"exam.{name}", section[name]) for name in days},
    )
    checks.exam_fits(exam, calendar)
    return exam


def _campaign(section: dict[str, Any] | None, calendar: Calendar) -> Campaign | None:
    if section is None:
        return None
    campaign = Campaign(
        checks.day("campaign.first_day", section["first_day"]),
        checks.day("campaign.last_day", section["last_day"]),
        *(int(section[name]) for name in ("opens_hour", "closes_hour", "shifts")),
    )
    checks.campaign_fits(campaign, calendar)
    return campaign
