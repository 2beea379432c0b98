"""Checks of a scenario for contradictions. Every error names the field in one line."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from ..errors import InputError
from ..kernel.arrivals import Calendar
from ..kernel.clock import calendar_day, day_number
from .terms import Campaign, Exam

_NOT_MORE_THAN = (
    ("cards_in_force", "dossiers_issued"),
    ("dossiers_issued", "dossiers_received"),
    ("campaign_dossiers", "dossiers_received"),
    ("permanent_households", "permanent_residents"),
    ("temporary_households", "temporary_residents"),
    ("participants", "permanent_residents"),
    ("participants_verified", "participants"),
    ("id_card_visits_month", "encounters"),
    ("id_card_persons", "encounters"),
    ("id_card_persons", "permanent_residents"),
    ("exam_councils", "exam_candidates"),
)
_ARRIVALS = (
    "permanent_residents",
    "temporary_residents",
    "permanent_households",
    "temporary_households",
    "dossiers_issued",
    "cards_in_force",
    "eid_accounts",
    "participants",
    "encounters",
    "immunizations",
    "listed_procedures",
    "petitions",
    "certified_copies",
)
"""Figures that every scenario has, with a share at the start and a number a day at the end."""

_LEAST = ("temporary_households", "exam_candidates", "eid_accounts")


def counts(document: dict[str, Any]) -> dict[str, int]:
    """The calibrated counts of the whole province, free of contradictions."""
    found: dict[str, int] = {}
    for name, figure in document["figures"].items():
        count = figure["count"] if isinstance(figure, dict) else figure
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise InputError(f"figures.{name}", f"{count} is not a positive count")
        found[name] = count
    complete("figures", found, (*_ARRIVALS, "exam_candidates", "exam_councils"))
    for part, whole in _NOT_MORE_THAN:
        if found.get(part, 0) > found.get(whole, math.inf):
            problem = f"{found[part]} is more than {whole} ({found[whole]})"
            raise InputError(f"figures.{part}", problem)
    return found


def complete(field: str, values: Mapping[str, object], names: Iterable[str] = _ARRIVALS) -> None:
    """Every name has its value."""
    for name in names:
        if name not in values:
            raise InputError(f"{field}.{name}", "is missing from the scenario")


def large_enough(scaled: dict[str, int], scale: float) -> None:
    """A world needs two of everything that is dealt out in turn."""
    for name in _LEAST:
        if scaled[name] < 2:
            raise InputError("scale", f"{scale:g} is too small: it leaves {scaled[name]} {name}")


def shares(field: str, values: dict[str, Any], most: float = 1.0) -> dict[str, float]:
    """Numbers from 0 to ``most``."""
    for name, value in values.items():
        known = isinstance(value, int | float) and not isinstance(value, bool)
        if not known or not 0 <= value <= most:
            limit = f"between 0 and {most:g}" if math.isfinite(most) else "a number of at least 0"
            raise InputError(f"{field}.{name}", f"{value} is not {limit}")
    return values


def day(field: str, value: object) -> int:
    """The world's number of a day that is written in a scenario."""
    if not isinstance(value, date):
        raise InputError(field, f"{value} is not a date (YYYY-MM-DD)")
    number = day_number(value)
    if number < 0:
        raise InputError(field, f"{value} is before the world begins (2022-01-01)")
    return number


def in_order(days: dict[str, int]) -> None:
    """Days that must follow one another."""
    for earlier, later in pairwise(days):
        if days[earlier] >= days[later]:
            one, other = calendar_day(days[earlier]), calendar_day(days[later])
            raise InputError(later, f"{other} is not after {earlier} ({one})")


def exam_fits(exam: Exam, calendar: Calendar) -> None:
    """Lists come after registration has closed and before the world ends."""
    in_order(
        {
            "exam.registration_opens": exam.registration_opens,
            "exam.first_issue": exam.first_issue,
            "exam.second_issue": exam.second_issue,
            "exam.later_issues": exam.later_issues,
            "last_day": calendar.last,
        }
    )
    if exam.registration_opens + exam.registration_days > exam.first_issue:
        raise InputError("exam.first_issue", "is before registration has closed")


def campaign_fits(campaign: Campaign, calendar: Calendar) -> None:
    """A campaign is over before the anchor, and its hours are hours."""
    if campaign.last_day < campaign.first_day:
        raise InputError("campaign.last_day", "is before campaign.first_day")
    if campaign.first_day < campaign.days:
        raise InputError("campaign.first_day", "is too early")
    if campaign.last_day >= calendar.anchor:
        raise InputError("campaign.last_day", "is not before the anchor")
    if not 0 <= campaign.opens_hour < campaign.closes_hour <= 24:
        hours = f"{campaign.opens_hour} to {campaign.closes_hour}"
        raise InputError("campaign.opens_hour", f"{hours} are no opening hours")
    if campaign.shifts < 1:
        raise InputError("campaign.shifts", f"{campaign.shifts} is not a positive count")
