"""Which records are wrong on purpose, and when they are sent.

Bad records carry a defect (``defects.py``) and are to be quarantined; they are additional to the
true population. ``Blemishes`` are untidy but usable: they sit on true records and are merely
flagged. Shares of both come from the scenario.
"""

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from .defects import DEFECTS, Defect
from .kernel.arrivals import Calendar
from .kernel.clock import bad_moment
from .kernel.draws import Bools, Draws, Floats, Ints
from .scenario.load import Scenario

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


NAME_CLASSES = ("E01", "E02", "E06", "E09", "E10", "E03", "E04", "E05", "E07", "E08")
BIRTH_CLASSES = ("E11", "E13", "E12")
YEAR_ONLY, SWAPPED, PLACEHOLDER = range(len(BIRTH_CLASSES))
ID_CLASSES = ("E14", "E15", "E17", "E18", "E17_sex", "missing_personal_id")
"""``E17`` is a wrong digit in the personal id, ``E17_sex`` a right id beside the wrong sex."""
LOST_ZERO, OLD_ID, CONFLICTING, SOMEONE_ELSES, WRONG_SEX, MISSING = range(len(ID_CLASSES))


@dataclass(frozen=True)
class Blemishes:
    """The flagged dirt of one source: which class, if any, each true record shows."""

    source: str
    shares: dict[str, float]
    draws: Draws
    missing_below: float | None = None
    """Where the share of missing personal ids is calibrated: records drawn below have none."""

    def _bounds(self, classes: tuple[str, ...]) -> Floats:
        return np.cumsum([self.shares.get(name, 0.0) for name in classes])

    def _drawn(self, dataset: str, n: Ints, classes: tuple[str, ...]) -> Floats:
        return self.draws.unit(f"blemish/{self.source}/{dataset}/{classes[0]}", n)

    def _pick(self, dataset: str, n: Ints, classes: tuple[str, ...]) -> Ints:
        bounds = self._bounds(classes)
        if classes is ID_CLASSES and self.missing_below is not None:
            bounds[MISSING] = max(self.missing_below, bounds[MISSING - 1])
        found = np.searchsorted(bounds, self._drawn(dataset, n, classes), side="right")
        return np.where(found < len(classes), found, -1)

    def of_name(self, dataset: str, n: Ints) -> Ints:
        """Index into ``NAME_CLASSES``, or -1."""
        return self._pick(dataset, n, NAME_CLASSES)

    def of_birth(self, dataset: str, n: Ints) -> Ints:
        """Index into ``BIRTH_CLASSES``, or -1."""
        return self._pick(dataset, n, BIRTH_CLASSES)

    def of_id(self, dataset: str, n: Ints) -> Ints:
        """Index into ``ID_CLASSES``, or -1."""
        return self._pick(dataset, n, ID_CLASSES)

    def id_draws(self, dataset: str, n: Ints) -> Floats:
        """What decides on the class of each record's id: it is missing below a bound."""
        return self._drawn(dataset, n, ID_CLASSES)


def blemishes(
    source: str, scenario: Scenario, draws: Draws, missing_below: float | None = None
) -> Blemishes:
    """The flagged dirt of one source."""
    return Blemishes(source, scenario.dirt.flagged.get(source, {}), draws, missing_below)


def has_well_formed_id(id_class: Ints) -> Bools:
    """Truth: whether a record with this blemish still shows twelve well-formed digits."""
    return ~np.isin(id_class, (LOST_ZERO, OLD_ID, MISSING))
