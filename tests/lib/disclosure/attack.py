"""An attacker who reads all that was ever published and solves for what was not.

Knows: every value that BI sees, of every publication, on both boundaries; which communes there are
and which became which; the definitions, so which KPIs are parts of others or count as many; how
counts by commune are rounded and of which publication they are; that counts are whole and not
negative; that a hidden count of a province is not 0. Each number that is not known is a variable,
each of these facts an equation or a bound, and linear programming says what it can be
(``solving.py``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dean06.kpi import disclosure
from dean06.warehouse import transaction
from tests.lib.disclosure.identities import Cell, Number

Term = tuple[Cell, str]
"""A cell and which of its numbers: ``counted``, ``uncounted`` (shares only)."""
_NUMBERS = ("counted", "uncounted")


@dataclass
class Published:
    """What BI reads of one publication."""

    publication: int
    day: str
    is_share: dict[str, bool]
    becomes: dict[tuple[str, str], str]
    """(level, unit of the day) → unit of today."""
    numbers: dict[Cell, tuple[int, int | None] | None] = field(default_factory=dict)
    """Exact numbers, or None where they are hidden or rounded."""
    ranges: dict[Term, tuple[int, int]] = field(default_factory=dict)
    """What a rounded number can be."""

    def of(self, code: str, breakdown: str = "") -> Iterator[Cell]:
        return (cell for cell in self.numbers if cell[0] == code and cell[4] == breakdown)


@dataclass(frozen=True)
class Seen:
    """What an attacker collects: publications, their values, and which KPIs are shares."""

    publications: list[tuple[int, str, int]]
    """Number, day and smallest count shown, in the order of the numbers."""
    rows: list[tuple[Any, ...]]
    """Publication, the six parts of a cell, numerator, denominator, is hidden, is rounded."""
    is_share: dict[str, bool]


def of_mart() -> Seen:
    """All that BI reads; tasks belong to no person."""
    with transaction(role="dean06_bi") as session:
        publications = session.rows(
            """select publication_id, as_of_date::text as day, smallest_shown
               from mart.kpi_publication order by publication_id"""
        )
        rows = session.rows(
            """select publication_id, kpi_code, boundary_version, unit_level, unit_code, breakdown,
                      member_code, numerator, denominator, is_suppressed, is_rounded
               from mart.kpi_value where kpi_code not like 'programme.%'"""
        )
        shares = session.rows("select kpi_code, has_denominator from mart.kpi_definition")
    return Seen(
        [tuple(each) for each in publications], [tuple(row) for row in rows],
        {row.kpi_code: row.has_denominator for row in shares},
    )  # fmt: skip


def read(cells: Iterable[Cell], collected: Seen | None = None) -> list[Published]:
    """Every publication in its order.

    ``cells``: what could be listed; counts that are not, are rounded to 0. ``collected``: what was
    published; all that BI reads by default.
    """
    collected = collected or of_mart()
    with transaction(role="dean06_bi") as session:
        successors = session.rows(
            """select unit_level, unit_code, successor_code, replaced_on::text as until
               from mart.admin_unit_successor where is_default"""
        )
    with transaction(role="") as session:  # BI guesses from which publication a count is
        series = session.rows(
            """select publication_id, kpi_code, breakdown, member_code, counted_in
               from ops.commune_count"""
        )
    found = {
        number: Published(
            number,
            day,
            collected.is_share,
            {
                (row.unit_level, row.unit_code): row.successor_code
                for row in successors
                if row.until > day
            },
        )
        for number, day, _ in collected.publications
    }
    base = {number: disclosure.ROUNDED_TO * least for number, _, least in collected.publications}
    first_shown = {tuple(row[:4]): row.counted_in for row in series}
    for seen in found.values():
        for cell in cells:
            _unlisted(seen, cell, first_shown, base[seen.publication])
    for number, *place, numerator, denominator, is_hidden, is_rounded in collected.rows:
        seen, cell = found[number], tuple(place)
        rest = None if denominator is None else denominator - numerator
        if not is_rounded:
            seen.numbers[cell] = None if is_hidden else (numerator, rest)
        elif _is_of_the_day(seen, cell, first_shown):
            _rounded(seen, cell, (numerator, rest), base[number])
    return list(found.values())


def _is_of_the_day(seen: Published, cell: Cell, first_shown: Mapping[tuple[Any, ...], int]) -> bool:
    """Whether a rounded count is shown again by this publication, not as another one showed it."""
    first = first_shown.get((seen.publication, cell[0], *cell[4:]), seen.publication)
    return cell[2] == "province" or first == seen.publication


def _unlisted(
    seen: Published, cell: Cell, first_shown: Mapping[tuple[Any, ...], int], base: int
) -> None:
    """A count that may be listed further on; else it is rounded to 0."""
    if base and (cell[2] == "commune" or cell[4]):
        seen.numbers[cell] = None
        if _is_of_the_day(seen, cell, first_shown):
            _rounded(seen, cell, (0, 0 if seen.is_share[cell[0]] else None), base)


def _rounded(seen: Published, cell: Cell, shown: tuple[int, int | None], base: int) -> None:
    for name, number in zip(_NUMBERS, shown, strict=True):
        if number is not None:
            seen.ranges[cell, name] = (max(0, number - base + 1), number + base - 1)


@dataclass
class Knowledge:
    """Equations and bounds over the numbers of one publication that are not known."""

    seen: Published
    terms: dict[Term, int] = field(default_factory=dict)
    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)
    at_most: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for cell, numbers in self.seen.numbers.items():
            if numbers is None:
                self.terms[cell, "counted"] = len(self.terms)
                if self.seen.is_share[cell[0]]:
                    self.terms[cell, "uncounted"] = len(self.terms)
        for cell, numbers in self.seen.numbers.items():
            if numbers is None and cell[2] == "province" and not cell[4]:  # 0 is shown
                self.know({}, self.all_of(cell), equal=False)

    def all_of(self, cell: Cell) -> dict[Term, float]:
        """The cell's numbers: what it counts, of a share also what it does not."""
        numbers = {(cell, "counted"): 1.0}
        return numbers | {(cell, "uncounted"): 1.0} if self.seen.is_share[cell[0]] else numbers

    def know(
        self, left: Mapping[Term, float], right: Mapping[Term, float], *, equal: bool = True
    ) -> None:
        """left = right, or (left + 1 ≤ right where nothing is left, else left ≤ right)."""
        unknown: dict[int, float] = defaultdict(float)
        constant = 0.0 if left or equal else 1.0
        for side, sign in ((left, 1.0), (right, -1.0)):
            for term, factor in side.items():
                numbers = self.seen.numbers.get(term[0], (0, 0))  # 0 when nobody counted
                if numbers is None:
                    unknown[self.terms[term]] += sign * factor
                else:
                    constant += sign * factor * (numbers[term[1] == "uncounted"] or 0)
        unknown = {index: factor for index, factor in unknown.items() if factor}
        if unknown:
            (self.equal if equal else self.at_most).append((unknown, -constant))
        else:
            assert constant == 0 if equal else constant <= 0, (left, right)

    def sum(self, whole: Cell, parts: Iterable[Cell]) -> None:
        """A cell is the sum of others of the same kind."""
        parts = list(parts)
        for term in self.all_of(whole):
            self.know({term: 1.0}, {(part, term[1]): 1.0 for part in parts})


def knowledge(seen: Published, pairs: Iterable[tuple[Number, Number]]) -> Knowledge:
    """All that follows from geography and definitions. ``pairs``: numbers that are equal."""
    known = Knowledge(seen)
    _communes(known)
    _boundaries(known)
    _members(known)
    _accounts(known)
    _outcomes(known)
    _persons(known)
    for one, other in pairs:
        _equal(known, one, other)
    for part, whole in (
        ("id_card.dossiers_issued", "id_card.dossiers_received"),
        ("id_card.cards_issued", "id_card.dossiers_received"),
    ):
        for cell in seen.of(part):
            known.know(
                {(cell, "counted"): 1.0}, {((whole, *cell[1:]), "counted"): 1.0}, equal=False
            )
    return known


_PERSONS = ("health.id_card_persons", "insurance.participants")
"""Of persons: who is met in two communes counts once in the province."""


def _communes(known: Knowledge) -> None:
    """Communes add up to the province; persons met twice add up to more."""
    communes: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in known.seen.numbers:
        if cell[2] == "commune":
            communes[cell[0], cell[1], *cell[4:]].append(cell)
    for (code, boundaries, *member), parts in communes.items():
        whole = (code, boundaries, "province", _province(known, code, boundaries), *member)
        if code in _PERSONS:
            one = {(whole, "counted"): 1.0}
            known.know(one, {(part, "counted"): 1.0 for part in parts}, equal=False)
            for part in parts:
                known.know({(part, "counted"): 1.0}, one, equal=False)
        else:
            known.sum(whole, parts)


def _province(known: Knowledge, code: str, boundaries: str) -> str:
    (unit,) = {
        cell[3]
        for cell in known.seen.numbers
        if cell[:3] == (code, boundaries, "province") and not cell[4]
    }
    return unit


def _boundaries(known: Knowledge) -> None:
    """What became one unit adds up to it."""
    parts: dict[Cell, list[Cell]] = defaultdict(list)
    for cell in known.seen.numbers:
        code, boundaries, level, unit, *member = cell
        if boundaries == "as_reported":
            today = known.seen.becomes.get((level, unit), unit)
            parts[code, "current", level, today, *member].append(cell)
    for whole, each in parts.items():
        if whole[0] not in _PERSONS or len(each) == 1:
            known.sum(whole, each)


def _members(known: Knowledge) -> None:
    """Members of a breakdown add up to the total."""
    members: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in known.seen.numbers:
        if cell[4]:
            members[cell[:5]].append(cell)
    for (*place, _), parts in members.items():
        known.sum((*place, "", ""), parts)


_ACCOUNTS = (
    ("level_1", "level_2"), ("new_month", "before_month"), ("activated", "not_activated"),
)  # fmt: skip


def _accounts(known: Knowledge) -> None:
    """Accounts are of level 1 or 2, new in the month or from before, activated or not."""
    for cell in known.seen.of("eid.accounts"):
        for pair in _ACCOUNTS:
            parts = [(f"eid.accounts_{part}", *cell[1:]) for part in pair]
            known.know({(cell, "counted"): 1.0}, {(part, "counted"): 1.0 for part in parts})


_ATTRIBUTES = ("name", "birth_date", "sex", "commune")


def _persons(known: Knowledge) -> None:
    """Residents are permanent or temporary; a person whom two sources hold can be compared by an
    attribute or not; who disagrees in one disagrees, and nobody else does."""
    for cell in known.seen.of("quality.reused_share"):
        parts = [(f"population.{kind}_residents", *cell[1:]) for kind in ("permanent", "temporary")]
        known.know(known.all_of(cell), {(part, "counted"): 1.0 for part in parts})
    for cell in known.seen.of("quality.consistent_share"):
        differing: dict[Term, float] = {}
        for attribute in _ATTRIBUTES:
            part = (f"quality.consistent_{attribute}_share", *cell[1:])
            if part in known.seen.numbers:
                differing[part, "uncounted"] = 1.0
                missing = (f"quality.not_comparable_{attribute}", *cell[1:])
                known.know(known.all_of(cell), known.all_of(part) | {(missing, "counted"): 1.0})
                one = {(part, "uncounted"): 1.0}
                known.know(one, {(cell, "uncounted"): 1.0}, equal=False)
        known.know({(cell, "uncounted"): 1.0}, differing, equal=False)
        pairs = ("quality.disagreements", *cell[1:])
        known.know(differing, {(pairs, "counted"): 1.0}, equal=False)


_GOOD = ("verified", "verified_after_normalisation", "verified_by_name")
_UNUSABLE = ("id_is_cmnd", "invalid_id", "duplicate_id")


_CLASSES = (
    ("quality.accurate_share", "counted", _GOOD),
    ("quality.complete_share", "uncounted", ("missing_id",)),
    ("quality.clean_share", "uncounted", _UNUSABLE),
)
_SOURCES = (
    ("insurance.verified_share", "insurance.participant"),
    ("health.vaccinations_verified", "health.immunization"),
    ("education.registrations_verified", "education.exam_registration"),
)


def _outcomes(known: Knowledge) -> None:
    """Shares of verified, complete and clean records are made of the outcomes by dataset."""
    outcomes: dict[tuple[str, ...], dict[Cell, list[str]]] = defaultdict(dict)
    for cell in known.seen.of("quality.compared_records", "outcome"):
        outcomes[cell[1:4]][cell] = cell[5].split("/")
    for place, cells in outcomes.items():
        for dataset in ("", *sorted({dataset for dataset, _ in cells.values()})):
            mine = {c: verdict for c, (of, verdict) in cells.items() if dataset in ("", of)}
            member = ("dataset", dataset) if dataset else ("", "")
            for code, number, verdicts in _CLASSES:
                _made_of(known, ((code, *place, *member), number), mine, verdicts)
            for code, of_dataset in _SOURCES:
                if dataset == of_dataset:
                    bad = tuple(set(mine.values()) - set(_GOOD))
                    _made_of(known, ((code, *place, "", ""), "counted"), mine, _GOOD)
                    _made_of(known, ((code, *place, "", ""), "uncounted"), mine, bad)
    for cell in known.seen.of("insurance.verdicts", "verdict"):
        outcome = ("quality.compared_records", *cell[1:4], "outcome",
                   f"insurance.participant/{cell[5]}")  # fmt: skip
        known.know({(cell, "counted"): 1.0}, {(outcome, "counted"): 1.0})


def _made_of(known: Knowledge, term: Term, cells: dict[Cell, str], verdicts: Iterable[str]) -> None:
    if term[0] in known.seen.numbers:
        parts = {(cell, "counted"): 1.0 for cell, verdict in cells.items() if verdict in verdicts}
        known.know({term: 1.0}, parts)


def _equal(known: Knowledge, one: Number, other: Number) -> None:
    """Numbers of two KPIs that are equal: what one shows holds for the other."""
    for cell in list(known.seen.numbers):
        pair = (other[0], *cell[1:])
        if (cell[0], cell[4]) == (one[0], one[2]) and pair in known.seen.numbers:
            known.know(_terms(known, cell, one[1]), _terms(known, pair, other[1]))


def _terms(known: Knowledge, cell: Cell, number: str) -> dict[Term, float]:
    return known.all_of(cell) if number == "whole" else {(cell, number): 1.0}
