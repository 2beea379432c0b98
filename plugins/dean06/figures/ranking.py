"""Who is behind: communes by a KPI against the province's target, as a table and as a map of tiles.

A share is compared as it is. A count says as much about the size of a commune as about its work, so
it is compared per 100 permanent residents: the commune's beside what the target asks of the
province. The map is a grid of tiles by district, since no openly licensed boundaries of communes
could be had (docs/decisions/0054).

Which communes a list names is decided here, for every page and for paper: only those below the
target where there is one; of communes with one amount all or none; and nobody as the worst where
rounded counts do not tell who it is.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from dean06.contract import Bilingual
from dean06.figures import bounds, published
from dean06.figures.bounds import Bounds
from dean06.figures.published import View
from dean06.kpi import family
from dean06.kpi.disclosure import rounded_to
from dean06.warehouse import Session, sql_file

RESIDENTS = "population.permanent_residents"

Band = Literal["reached", "near", "below", "far", "concealed", "missing", "plain"]
BANDS: tuple[tuple[Band, float], ...] = (("reached", 1.0), ("near", 0.9), ("below", 0.75))
"""From which share of the target on; what is less is ``far``."""
MOST_LEVEL = 5
"""How many others may be level with the worst before no commune is named as the worst."""


@dataclass(frozen=True)
class Place:
    """A commune and how it stands."""

    code: str
    name: Bilingual
    district_code: str
    district: Bilingual | None
    row: Any
    """Its published row; None when nothing was published of it."""
    amount: float | None
    """What it is ranked by: its share, or the count per 100 permanent residents."""
    band: Band
    rank: int | None
    """1 is the lowest (for an upper bound, the highest); None without an amount."""
    no_amount: Bilingual | None
    """Why it has no rank, in words."""
    last_rank: int | None = None
    """The last rank that those with the same amount take up: seven on rank 1 take up 1 to 7."""
    whole: int | None = None
    """What its count is a part of: the denominator of its share, or its residents."""
    bounds: Bounds | None = None
    """Between what its true amount lies; None without an amount."""

    @property
    def full_name(self) -> Bilingual:
        """The name with its district, for where no column names the district."""
        named = [name for name in (self.name, self.district) if name and name.vi]
        return Bilingual(
            ", ".join(name.en for name in named) or self.code,
            ", ".join(name.vi for name in named) or self.code,
        )


@dataclass(frozen=True)
class Group:
    """Communes with one amount."""

    places: tuple[Place, ...]
    is_named: bool
    """Whether a list names them; else it says how many they are."""

    @property
    def first(self) -> Place:
        """One of them, for what they have in common."""
        return self.places[0]

    @property
    def lines(self) -> int:
        """How many lines of a list they take."""
        return len(self.places) if self.is_named else 1


@dataclass(frozen=True)
class Ranking:
    """The communes of a province by one KPI."""

    kpi: str
    unit: str
    """``share``, or ``per_100`` for counts."""
    wanted: float | None
    """What the target asks for, in that unit; None when the KPI has none."""
    operator: str
    places: tuple[Place, ...]
    """The worst first; those without an amount come last."""
    base: int = 0
    """What the counts are rounded to; 0: they are exact."""

    @property
    def ranked(self) -> list[Place]:
        """Communes with an amount, the worst first."""
        return [place for place in self.places if place.rank is not None]

    @property
    def unranked(self) -> list[Place]:
        """Communes without an amount."""
        return [place for place in self.places if place.rank is None]

    @property
    def behind(self) -> list[Place]:
        """Those below the target (for an upper bound, above it); without a target all ranked."""
        return [place for place in self.ranked if place.band != "reached"]

    def listed(self, most: int) -> list[Group]:
        """Who is behind, the worst first, in at most so many lines. Of communes with one amount
        all are named, or none: any choice among them would be arbitrary."""
        found: list[Group] = []
        left = most
        for _, same in groupby(self.behind, key=lambda place: place.amount):
            places = tuple(same)
            found.append(Group(places, is_named=len(places) <= left))
            left -= found[-1].lines
            if left == 0:
                break
        return found

    @property
    def may_be_worst(self) -> int:
        """How many communes may truly be the worst, given how counts are rounded."""
        known = [place.bounds for place in self.ranked if place.bounds is not None]
        if not known:
            return 0
        if self.operator == "<=":
            reached_by_worst = max(each.low for each in known)
            return sum(each.high >= reached_by_worst for each in known)
        reached_by_worst = min(each.high for each in known)
        return sum(each.low <= reached_by_worst for each in known)

    @property
    def names_worst(self) -> bool:
        """Whether the worst can be named: not too many others may be level with it."""
        return self.may_be_worst <= MOST_LEVEL + 1

    @property
    def by_district(self) -> list[tuple[Bilingual | None, list[Place]]]:
        """Name of each district with its communes, in the order of codes."""
        ordered = sorted(self.places, key=lambda place: (place.district_code, place.code))
        return [
            (name, list(places))
            for name, places in groupby(ordered, key=lambda place: place.district)
        ]

    @property
    def bands(self) -> list[tuple[Band, int]]:
        """How many communes are in each band that occurs."""
        order: tuple[Band, ...] = (
            "reached", "near", "below", "far", "concealed", "missing", "plain",
        )  # fmt: skip
        counted = [(band, sum(place.band == band for place in self.places)) for band in order]
        return [pair for pair in counted if pair[1]]


def of(session: Session, view: View, province: Any, target: Any = None) -> Ranking:
    """Communes of a province by a KPI on a day.

    ``province``: its published row of the KPI; ``target``: the row of the target, if there is one.
    """
    kpi, day = province.kpi_code, province.as_of_date
    rows = published.values(session, view, day, day, kpi=kpi, level="commune")
    communes = session.rows(
        sql_file("ui/communes.sql"),
        province=province.unit_code,
        day=day,
        boundaries=view.boundaries,
    )
    per_100 = province.unit != "share"
    residents = _residents(session, view, province) if per_100 else {}
    wanted = _wanted(target, residents.get(province.unit_code) if per_100 else 1)
    operator = target.operator if target is not None else ">="
    scale = _Scale(per_100, residents, wanted, operator, _base(kpi), _base(RESIDENTS))
    found = {row.unit_code: row for row in rows}
    places = [_place(commune, found.pop(commune.unit_code, None), scale) for commune in communes]
    # Published, but no commune of the province on that day: said so, not dropped.
    places += [
        _place(row, row, scale)
        for row in found.values()
        if row.unit_code.startswith(f"{province.unit_code}:")
    ]
    unit = "per_100" if per_100 else "share"
    return Ranking(kpi, unit, wanted, operator, _ranked(places, operator), scale.base)


@dataclass(frozen=True)
class _Scale:
    """What communes are measured by."""

    per_100: bool
    residents: dict[str, int]
    wanted: float | None
    operator: str
    base: int
    """What the counts of the KPI are rounded to."""
    residents_base: int


def _base(kpi: str) -> int:
    """What the counts of a KPI by commune are rounded to; 0: they are exact. Those of a KPI that no
    file computes any more are taken to be rounded."""
    known = family.find(kpi)
    return 0 if known is not None and known[0].small_cells != "hidden" else rounded_to()


def _residents(session: Session, view: View, province: Any) -> dict[str, int]:
    """Permanent residents of the communes and of the province itself."""
    day = province.as_of_date
    rows = published.values(session, view, day, day, kpi=RESIDENTS)
    return {row.unit_code: row.numerator for row in rows if row.numerator}


def _wanted(target: Any, residents: int | None) -> float | None:
    if target is None or target.target is None or not residents:
        return None
    return float(target.target) * (1 if target.unit == "share" else 100 / residents)


def _place(commune: Any, row: Any, scale: _Scale) -> Place:
    residents = scale.residents.get(commune.unit_code)
    amount, why = _amount(row, residents, scale.per_100)
    district = getattr(commune, "district_name", None)
    district_en = getattr(commune, "district_name_en", None) or district or ""
    whole = None if amount is None else residents if scale.per_100 else row.denominator
    return Place(
        code=commune.unit_code,
        name=Bilingual(commune.unit_name_en or "", commune.unit_name or ""),
        district_code=getattr(commune, "district_code", None) or "~",
        district=Bilingual(district_en, district) if district else None,
        row=row,
        amount=amount,
        band=_band(row, amount, scale.wanted, scale.operator),
        rank=None,
        no_amount=why,
        whole=whole,
        bounds=_bounds(row.numerator, whole, scale) if whole else None,
    )


def _bounds(numerator: int, whole: int, scale: _Scale) -> Bounds:
    if scale.per_100:
        return bounds.per_100(numerator, whole, scale.base, scale.residents_base)
    return bounds.share(numerator, whole, scale.base)


def _amount(
    row: Any, residents: int | None, per_100: bool
) -> tuple[float | None, Bilingual | None]:
    if row is None:
        return None, Bilingual("not published for this unit", "chưa công bố cho đơn vị này")
    if row.value is None:
        return None, Bilingual(str(row.reason_en), str(row.reason_vi))
    if not per_100:
        return float(row.value), None
    if not residents:
        return None, Bilingual(
            "no number of residents to compare with", "chưa có số nhân khẩu để so sánh"
        )
    return 100 * row.numerator / residents, None


def _band(row: Any, amount: float | None, wanted: float | None, operator: str) -> Band:
    if amount is None:
        return "concealed" if row is not None and row.is_suppressed else "missing"
    if wanted is None:
        return "plain"
    better, base = (wanted, amount) if operator == "<=" else (amount, wanted)
    share = better / base if base else 1.0
    return next((band for band, least in BANDS if share >= least), "far")


def _ranked(places: Sequence[Place], operator: str) -> tuple[Place, ...]:
    """The worst first with its rank; equal amounts have the same one."""
    sign = -1 if operator == "<=" else 1
    ordered = sorted(
        places,
        key=lambda place: (
            place.amount is None,
            sign * (place.amount or 0),
            place.district_code,
            place.code,
        ),
    )
    found: list[Place] = []
    for amount, same in groupby(ordered, key=lambda place: place.amount):
        level = list(same)
        first, last = len(found) + 1, len(found) + len(level)
        found += (
            level
            if amount is None
            else [dataclasses.replace(place, rank=first, last_rank=last) for place in level]
        )
    return tuple(found)
