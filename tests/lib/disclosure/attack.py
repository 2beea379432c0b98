"""An attacker who reads all that is published and solves for what is not.

Knows: every value that BI sees, on both boundaries; which communes became which; the definitions,
so which KPIs are parts of others or count out of as many; that counts are whole and not negative;
that 0 is shown, so what is hidden is not 0. Each hidden number is a variable, each of these facts
an equation or a bound, and linear programming (HiGHS) finds the least and the most it can be.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from dean06.warehouse import transaction
from tests.lib.disclosure.identities import Cell, Number

Term = tuple[Cell, str]
"""A cell and which of its numbers: ``counted``, ``uncounted`` (shares only)."""
_SAMPLES = 15
"""Random directions tried before a number is asked about alone."""
_FREE = 0.5
"""A number that random solutions show to vary by this is not asked about alone."""


@dataclass
class Interval:
    """What an attacker knows of a hidden number."""

    least: float
    most: float

    @property
    def width(self) -> float:
        """0: the number is told."""
        return round(self.most - self.least, 4)


@dataclass
class Published:
    """What BI reads of a day: numbers, or None where they are hidden."""

    numbers: dict[Cell, tuple[int, int | None] | None]
    is_share: dict[str, bool]
    becomes: dict[tuple[str, str], str]
    """(level, unit of the day) → unit of today."""
    unlisted: set[Cell] = field(default_factory=set)
    """Members by commune of which not even is shown which ones there are."""

    def __post_init__(self) -> None:
        code = "quality.compared_records"
        if any(cell[2] == "commune" for cell in self.of(code, "outcome")):
            return
        members = {cell[5] for cell in self.of(code, "outcome")}
        communes = [cell for cell in self.of(code) if cell[2] == "commune"]
        self.unlisted = {(*cell[:4], "outcome", name) for cell in communes for name in members}
        self.numbers |= dict.fromkeys(self.unlisted)

    def of(self, code: str, breakdown: str = "") -> Iterator[Cell]:
        return (cell for cell in self.numbers if cell[0] == code and cell[4] == breakdown)


def read(day: str) -> Published:
    """What role ``dean06_bi`` sees of a day's latest publication; tasks belong to no person."""
    with transaction(role="dean06_bi") as session:
        rows = session.rows(
            """select kpi_code, boundary_version, unit_level, unit_code, breakdown, member_code,
                      numerator, denominator, is_suppressed
               from mart.kpi_latest where as_of_date = :day and kpi_code not like 'programme.%'""",
            day=day,
        )
        shares = session.rows("select kpi_code, has_denominator from mart.kpi_definition")
        successors = session.rows(
            """select unit_level, unit_code, successor_code from mart.admin_unit_successor
               where is_default and replaced_on > :day""",
            day=day,
        )
    return Published(
        {
            tuple(row[:6]): None
            if row.is_suppressed
            else (
                row.numerator,
                None if row.denominator is None else row.denominator - row.numerator,
            )
            for row in rows
        },
        {row.kpi_code: row.has_denominator for row in shares},
        {(row.unit_level, row.unit_code): row.successor_code for row in successors},
    )


@dataclass
class Knowledge:
    """Equations and bounds over hidden numbers."""

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
            if numbers is None and cell not in self.seen.unlisted:  # 0 is shown
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


def _communes(known: Knowledge) -> None:
    """Communes add up to the province; persons met twice add up to more."""
    communes: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in known.seen.numbers:
        if cell[2] == "commune":
            communes[cell[0], cell[1], *cell[4:]].append(cell)
    for (code, boundaries, *member), parts in communes.items():
        whole = (code, boundaries, "province", _province(known, code, boundaries), *member)
        if code == "health.id_card_persons":
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
        if whole[0] != "health.id_card_persons" or len(each) == 1:
            known.sum(whole, each)


def _members(known: Knowledge) -> None:
    """Members of a breakdown add up to the total."""
    members: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in known.seen.numbers:
        if cell[4]:
            members[cell[:5]].append(cell)
    for (*place, _), parts in members.items():
        known.sum((*place, "", ""), parts)


def _accounts(known: Knowledge) -> None:
    """Accounts are of level 1 or 2, and new in the month or from before."""
    for cell in known.seen.of("eid.accounts"):
        for pair in (("level_1", "level_2"), ("new_month", "before_month")):
            parts = [(f"eid.accounts_{part}", *cell[1:]) for part in pair]
            known.know({(cell, "counted"): 1.0}, {(part, "counted"): 1.0 for part in parts})


_GOOD = ("verified", "verified_after_normalisation")
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


def intervals(known: Knowledge, asked: Callable[[Term], bool]) -> dict[Term, Interval]:
    """What each hidden number that is asked about can be, given all that is known.

    Raises AssertionError when nothing fits: then a fact above is none.
    """
    wanted = {index for term, index in known.terms.items() if asked(term)}
    equal, is_equal = _matrix(known.equal, len(known.terms))
    bound, is_bound = _matrix(known.at_most, len(known.terms))
    both = csr_array(np.abs(equal.T) @ np.abs(equal) + np.abs(bound.T) @ np.abs(bound))
    _, component_of = connected_components(both, directed=False)
    found: dict[int, Interval] = {}
    order = np.argsort(component_of, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(component_of[order])) + 1):
        rows = [_rows_of(matrix, members) for matrix in (equal, bound)]
        found |= _solve(
            members,
            (equal[rows[0]][:, members], is_equal[rows[0]]),
            (bound[rows[1]][:, members], is_bound[rows[1]]),
            wanted,
        )
    return {term: found[index] for term, index in known.terms.items() if index in wanted}


def _matrix(
    facts: list[tuple[dict[int, float], float]], width: int
) -> tuple[csr_array, np.ndarray[Any, Any]]:
    entries = [
        (row, column, f) for row, (fact, _) in enumerate(facts) for column, f in fact.items()
    ]
    row, column, factor = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = coo_array((factor, (row, column)), shape=(len(facts), width), dtype=float)
    return csr_array(matrix), np.array([constant for _, constant in facts], dtype=float)


def _rows_of(matrix: csr_array, columns: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.flatnonzero(np.asarray(np.abs(matrix[:, columns]).sum(axis=1)).ravel())


def _solve(members: Any, equal: Any, bound: Any, wanted: set[int]) -> dict[int, Interval]:
    """Least and most of every number of a component.

    Solutions in random directions show most numbers to be free; the others are asked one by one.
    """
    size = len(members)
    draws = np.random.default_rng(6)
    seen = []
    for _ in range(_SAMPLES if size > 1 else 0):
        direction = draws.normal(size=size)
        seen += [_extreme(direction, equal, bound), _extreme(-direction, equal, bound)]
    least = np.min(seen, axis=0) if seen else np.zeros(size)
    most = np.max(seen, axis=0) if seen else np.zeros(size)
    found = {}
    for place, index in enumerate(members):
        if int(index) in wanted and most[place] - least[place] < _FREE:
            one = np.zeros(size)
            one[place] = 1
            least[place] = _extreme(one, equal, bound)[place]
            most[place] = _extreme(-one, equal, bound)[place]
        found[int(index)] = Interval(float(least[place]), float(most[place]))
    return found


def _extreme(direction: Any, equal: Any, bound: Any) -> Any:
    done = linprog(
        direction,
        A_eq=equal[0] if equal[0].shape[0] else None, b_eq=equal[1] if len(equal[1]) else None,
        A_ub=bound[0] if bound[0].shape[0] else None, b_ub=bound[1] if len(bound[1]) else None,
        bounds=(0, 10_000_000), method="highs",
    )  # fmt: skip
    assert done.status == 0, done.message
    return done.x
