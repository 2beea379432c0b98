"""Rows of the reference tables (``include/reference/*.csv``): what each column holds.

An empty cell is a value that is left out, so only columns with a default may be empty.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from dean06.declaration import Declaration


class AdminUnit(Declaration, frozen=True):
    """One administrative unit while its code means it (QĐ 124/2004/QĐ-TTg)."""

    unit_level: Literal["country", "province", "district", "commune"]
    unit_code: str
    unit_name: str
    province_code: str
    valid_from: date
    boundary_version: str
    is_valid_from_known: bool
    is_valid_to_known: bool
    parent_code: str | None = None
    """None for a province."""
    valid_to: date | None = None
    """Exclusive; None while the code still means the unit."""

    def is_valid_on(self, day: date) -> bool:
        """Whether the code means the unit on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Successor(Declaration, frozen=True):
    """What became of one unit on the day its boundaries were redrawn."""

    unit_level: Literal["province", "commune"]
    unit_code: str
    replaced_on: date
    successor_province_code: str
    relation: Literal["whole", "part", "unknown"]
    """``unknown``: only the province of the successor is known."""
    is_default: bool
    successor_code: str | None = None


class Procedure(Declaration, frozen=True):
    """One administrative procedure (QĐ 06/QĐ-TTg, QĐ 422/QĐ-TTg, and some beside them)."""

    procedure_id: str
    procedure_set: str
    position: int
    name_en: str
    name_vi: str
    lead_agency: str
    is_digitisation_blocked: bool
    field_en: str | None = None
    field_vi: str | None = None
    blocked_reason_en: str | None = None
    blocked_reason_vi: str | None = None


class ProcedureCode(Declaration, frozen=True):
    """One code of a procedure while it means it."""

    code: str
    procedure_id: str
    valid_from: date
    valid_to: date | None = None
    note: str | None = None


class Campaign(Declaration, frozen=True):
    """One campaign of collecting identity-card dossiers: days, opening hours, shifts."""

    campaign_code: str
    province_code: str
    first_day: date
    last_day: date
    opens_hour: int
    closes_hour: int
    shifts: int
    name_en: str
    name_vi: str


class Member(Declaration, frozen=True):
    """One member of a KPI breakdown."""

    breakdown: str
    member_code: str
    name_en: str
    name_vi: str
    position: int


class Agency(Declaration, frozen=True):
    """An agency that leads tasks of the provincial plan."""

    agency_code: str
    name_en: str
    name_vi: str


class ServiceMetric(Declaration, frozen=True):
    """One metric of the index of QĐ 766/QĐ-TTg."""

    metric_id: str
    position: int
    group_no: int
    group_en: str
    group_vi: str
    name_en: str
    name_vi: str
    ratio_en: str
    ratio_vi: str
    rule_notes: str | None = None


Sureness = Literal["P", "S", "G", "A"]
"""``P``: official text or press; ``S``: re-derived by third parties; ``G``: guess; ``A``: no
formula is known."""


class ServiceRule(Declaration, frozen=True):
    """How one part of a metric gives points while the rule is in force."""

    metric_id: str
    part_no: int
    valid_from: date
    max_points: Decimal
    when_none: Literal["unknown", "full", "zero"]
    """Points for 0 of 0."""
    sureness: Sureness
    valid_to: date | None = None
    """Exclusive; None while it is in force."""
    part_en: str | None = None
    part_vi: str | None = None
    full_at: Decimal | None = None
    """The ratio from which on it gives all points."""
    kpi_code: str | None = None
    """Base code of the KPI that answers it; None: not measured."""
    whole_code: str | None = None
    """The KPI that has the denominator, where ``kpi_code`` is a count."""
    whole_number: Literal["counted", "whole"] | None = None
    """Which number of ``whole_code``: its numerator or its denominator."""
    assumption_id: str | None = None
    limit_en: str | None = None
    limit_vi: str | None = None
    na_reason_en: str | None = None
    na_reason_vi: str | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether points of that day are given by this rule."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class ServiceAssumption(Declaration, frozen=True):
    """What this project assumes of QĐ 766/QĐ-TTg, on which days of the index, and since when."""

    assumption_id: str
    sureness: Sureness
    valid_from: date
    made_on: date
    text_en: str
    text_vi: str
    valid_to: date | None = None


class PeriodDeadline(Declaration, frozen=True):
    """How many days after its last one a period can be closed."""

    period: Literal["month", "quarter", "year"]
    days_after: int


class Correction(Declaration, frozen=True):
    """What a list for an agency says about a kind of error, and how to correct it."""

    kind: Literal["rule", "problem", "verdict", "detail", "kind"]
    code: str
    reason_vi: str | None = None
    reason_en: str | None = None
    fix_vi: str | None = None
    fix_en: str | None = None


class DifferenceKind(Declaration, frozen=True):
    """One kind of difference from the national portal, and what to do about it."""

    kind: str
    position: int
    label_vi: str
    label_en: str
    reason_vi: str
    reason_en: str
    fix_vi: str
    fix_en: str


class Retention(Declaration, frozen=True):
    """How long one kind of data of one classification is kept, what for and by which rule."""

    what: str
    classification: Literal["public", "internal", "personal", "sensitive"]
    days: int
    purpose_en: str
    purpose_vi: str
    basis: str


class PublicHoliday(Declaration, frozen=True):
    """One day on which offices rest or work otherwise than the week says."""

    day: date
    is_working: bool
    """True: a weekend day that makes up for a weekday."""
    name_vi: str
    name_en: str
    source: str


class CorrectionDeadline(Declaration, frozen=True):
    """How long an agency has to correct records with one kind of error."""

    kind: Literal["rejected", "mismatch", "difference"]
    code: str
    """Rule, verdict or kind of difference; ``*``: all that have no row of their own."""
    severity: Literal["severe", "moderate", "minor"]
    working_days: int
    name_en: str
    name_vi: str


class ErrorGroup(Declaration, frozen=True):
    """One of the eight groups of errors."""

    group_code: str
    position: int
    name_vi: str
    name_en: str
    sureness: Literal["P", "S", "ours"]
    """P: official text or press; S: secondary; ours: the project's own reading."""
    source: str


class ErrorGroupCode(Declaration, frozen=True):
    """Which group a rule or verdict belongs to; ``*`` in a rule's code stands for any text."""

    kind: Literal["rule", "verdict"]
    code: str
    group_code: str


class QualityWeight(Declaration, frozen=True):
    """What one quality of data weighs in the index, for values from a day on."""

    valid_from: date
    dimension: str
    position: int
    name_vi: str
    name_en: str
    kpi_code: str
    source_kpi_code: str
    weight: Decimal
    is_assumed: bool
    note_vi: str
    note_en: str
    noted_on: date
