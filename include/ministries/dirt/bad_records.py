"""Bad records: which there are, when they are sent, and how their lines look.

A bad record carries a defect (``defects.py``) and must be quarantined. Bad records come in addition
to the true population. Their shares come from the scenario.
"""

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from ..kernel.arrivals import Calendar
from ..kernel.clock import bad_moment
from ..kernel.draws import Bools, Draws, Ints
from ..scenario.load import Scenario
from .defects import DEFECTS, Defect

FIGURES: dict[str, tuple[str, ...]] = {
    "police.resident": ("permanent_residents", "temporary_residents"),
    "police.household": ("permanent_households", "temporary_households"),
    "police.id_card_dossier": ("dossiers_issued",),
    "police.id_card": ("cards_in_force",),
    "police.eid_account": ("eid_accounts",),
    "insurance.participant": ("participants",),
    "health.encounter": ("encounters",),
    "health.immunization": ("immunizations",),
    "education.exam_registration": ("exam_candidates",),
    "portal.dossier": ("portal_dossiers",),
    "portal.national_dossier": ("portal_dossiers",),
    "portal.national_count": ("national_counts",),
    "portal.listed_procedure": ("listed_procedures",),
    "portal.petition": ("petitions",),
    "portal.certified_copy": ("certified_copies",),
}
"""The calibrated figures whose sum the share of bad records refers to."""

_RESENT_SHARE = 0.005


@dataclass(frozen=True)
class BadRecords:
    """The records of one dataset that must be quarantined, numbered in order of their days.

    ``baseline`` of them come before the feeds begin, ``per_day`` on every day since.
    """

    dataset: str
    total_at_anchor: float
    calendar: Calendar
    draws: Draws

    @property
    def defects(self) -> tuple[Defect, ...]:
        """The ways in which they are wrong."""
        return DEFECTS[self.dataset]

    @property
    def per_day(self) -> float:
        """How many come a day."""
        days = self.calendar.anchor - self.calendar.feeds_begin + 1
        return self.total_at_anchor * 0.35 / days

    @property
    def baseline(self) -> int:
        """How many are there before the first day of the feeds."""
        return round(self.total_at_anchor * 0.65)

    def numbers(self) -> Ints:
        """All numbers within the world's days."""
        days = self.calendar.last - self.calendar.feeds_begin + 1
        return np.arange(self.baseline + int(self.per_day * days), dtype=np.int64)

    def day(self, g: Ints) -> Ints:
        """The day on which each is sent."""
        early = 1 + self.draws.below("bad day", g, self.calendar.feeds_begin - 1)
        rate = max(self.per_day, 1e-9)
        late = self.calendar.feeds_begin + ((g - self.baseline) / rate).astype(np.int64)
        return np.where(g < self.baseline, early, late)

    def at(self, g: Ints) -> Ints:
        """The moment of each."""
        return bad_moment(self.day(g), self.draws.below(f"bad at/{self.dataset}", g, 10**6))

    def defect_index(self, g: Ints) -> Ints:
        """Which of ``defects`` each carries: all of them in turn."""
        return g % len(self.defects)

    def is_ghost(self, g: Ints) -> Bools:
        """Whether it is a record nobody knows, or a bad version of a known one."""
        return self.draws.chance(f"ghost/{self.dataset}", g, 0.5)


def bad_records(dataset: str, scenario: Scenario, draws: Draws) -> BadRecords:
    """The bad records of one dataset."""
    share = scenario.dirt.quarantined.get(dataset, 0.0)
    count = sum(scenario.counts[figure] for figure in FIGURES[dataset])
    return BadRecords(dataset, share * count, scenario.calendar, draws)


@dataclass(frozen=True)
class BadRows:
    """The bad rows of workbooks. A council lists its bad rows again in every later issue, and
    each time they are other records, for their ``updated_at`` is another."""

    count: int
    councils: int
    draws: Draws

    def shown(self, council: int, issue: int) -> Ints:
        """The numbers of the bad rows in one issue: some only from the second one on."""
        g = np.arange(council, self.count, self.councils, dtype=np.int64)
        late = self.draws.chance("exam/bad late", g, 0.3)
        return g[~late | (issue > 1)]


def bad_rows(scenario: Scenario, draws: Draws) -> BadRows:
    """The bad rows of all workbooks; at least one a council."""
    dataset = "education.exam_registration"
    share = scenario.dirt.quarantined.get(dataset, 0.0)
    councils = scenario.counts["exam_councils"]
    count = round(share * scenario.counts["exam_candidates"])
    return BadRows(max(count, councils) if share else 0, councils, draws)


def bad_value(dataset: str, g: int) -> str | None:
    """The wrong text that stands in the column of a bad record's defect."""
    defects = DEFECTS[dataset]
    values = defects[g % len(defects)].values
    return values[g // len(defects) % len(values)]


def is_resent(dataset: str, scenario: Scenario, draws: Draws, n: Ints, slot: Ints) -> Bools:
    """Whether a source sends a version twice, identically."""
    share = _RESENT_SHARE if scenario.dirt.quarantined else 0.0
    return draws.chance(f"resent/{dataset}", n * 8 + slot, share)


def unreadable_line(error_class: str, line: bytes) -> bytes:
    """A line of text made unreadable in the way of an error class."""
    middle = len(line) // 2
    if error_class == "malformed_json":
        return line[:middle]
    if error_class == "invalid_utf8":
        return line[:middle] + b"\xff\xfe" + line[middle:]
    if error_class == "nul_byte":
        return line[:middle] + b"\x00" + line[middle:]
    if error_class == "wrong_field_count":
        return line + b",thua,cot"
    if error_class == "not_an_object":
        return json.dumps(hashlib.sha256(line).hexdigest()).encode()
    raise ValueError(f"no way to make a line unreadable as {error_class}")
