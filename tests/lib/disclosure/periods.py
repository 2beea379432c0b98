"""Dossiers of a made-up portal by day, and what an attacker knows of KPIs by period.

What was since the beginning, less what was in a period, is what was before it: the same in every
publication of the period, and what the day before it showed. A month lies within its quarter, a
quarter within its year. Periods that began on one day are equal.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from dean06.kpi import disclosure
from tests.lib.disclosure import attack, made_up
from tests.lib.disclosure.attack import Knowledge, Term
from tests.lib.disclosure.made_up import Counts, State
from tests.lib.disclosure.protected import SMALLEST, Protected, could_be_listed, numbers
from tests.lib.disclosure.solving import Point, Problem, Question, told

CODES = ("service.online_share", "service.reused_share")
PERIODS = ("month", "quarter", "year")


@dataclass(frozen=True)
class Dossiers:
    """So many dossiers of a day, commune and procedure; of them those that count, by KPI."""

    day: date
    commune: int
    procedure: str
    whole: int
    counted: tuple[int, int]


def first_day(period: str, day: date) -> date:
    """As a calendar says it; QĐ 766/QĐ-TTg began long before these days' quarters."""
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[period]
    start = date(day.year, month, 1)
    return max(start, date(2022, 6, 23)) if period == "year" and day.year == 2022 else start


def publish(dossiers: Sequence[Dossiers], day: date, communes: int) -> State:
    """Publish what these dossiers come to on a day."""
    found: Counts = Counter()
    for each in dossiers:
        if each.day <= day:
            suffixes = ["", *(f".{p}" for p in PERIODS if each.day >= first_day(p, day))]
            for suffix in suffixes:
                for code, counted in zip(CODES, each.counted, strict=True):
                    place = (str(each.commune), code + suffix)
                    made_up.add(found, *place, counted, "counted", "procedure", each.procedure)
                    rest = each.whole - counted
                    made_up.add(found, *place, rest, "uncounted", "procedure", each.procedure)
    return State(day, made_up.publish(communes=communes, found=found, day=day))


def attacked(states: list[State]) -> tuple[list[Question], Protected]:
    """The protected numbers that an attacker is told, and all of them: small counts of communes and
    of members, and small changes of communes within a period and since the beginning.

    Totals of provinces in a period are changes of totals since the beginning, which are public.
    """
    mine = [
        State(s.day, {c: n for c, n in s.values.items() if c[0].startswith(CODES)}) for s in states
    ]
    seen = attack.read(could_be_listed(mine))
    known = [_knowledge(each, state.day) for each, state in zip(seen, mine, strict=True)]
    steps = list(pairwise(range(len(states))))
    grows = [(a, b, frozenset(_growing(mine[a].day, mine[b].day))) for a, b in steps]
    problem = Problem(known, grows, across=list(_across(known, mine)))
    asked: Protected = {}
    for place, state in enumerate(mine):
        for term, number in numbers(state.values):
            if number < SMALLEST and not (term[0][2] == "province" and not term[0][4]):
                asked[place, term] = number
    for before, after, codes in grows:
        earlier = dict(numbers(mine[before].values))
        for term, number in numbers(mine[after].values):
            change = number - earlier.get(term, 0)
            if term[0][0] in codes and term[0][2] == "commune" and 1 <= abs(change) < SMALLEST:
                asked[(before, term), (after, term)] = change
    for question in asked:
        ends = question if isinstance(question[0], tuple) else (question,)
        assert all(problem.is_unknown(end) for end in ends), question
    return told(problem, asked), asked


def _knowledge(seen: attack.Published, day: date) -> Knowledge:
    """Of one publication: geography, members, links between KPIs, and how periods lie."""
    pairs = [
        ((x.kpi_code, x.number, x.breakdown), (x.linked_code, x.linked_number, x.linked_breakdown))
        for x in disclosure.read_links()
        if x.kind == "equal" and x.kpi_code.startswith(CODES) and x.linked_code.startswith(CODES)
    ]
    known = attack.knowledge(seen, pairs)
    for code in CODES:
        for less, more in pairwise((*(f".{p}" for p in PERIODS), "")):
            same = less and more and first_day(less[1:], day) == first_day(more[1:], day)
            for breakdown in ("", "procedure"):
                for cell in list(seen.of(code + less, breakdown)):
                    wider = (code + more, *cell[1:])
                    for name in ("counted", "uncounted"):
                        known.know({(cell, name): 1.0}, {(wider, name): 1.0}, equal=bool(same))
    return known


def _growing(before: date, after: date) -> Iterator[str]:
    """KPIs of which no number is smaller on the later day."""
    for code in CODES:
        yield code
        yield from (f"{code}.{p}" for p in PERIODS if first_day(p, before) == first_day(p, after))


def _across(
    known: Sequence[Knowledge], states: Sequence[State]
) -> Iterator[tuple[dict[Point, float], float]]:
    """Since the beginning less in the period: the same in every publication of the period, and as
    the day before it showed."""
    for code in CODES:
        for period in PERIODS:
            by_start: dict[date, list[tuple[int, bool]]] = {}
            for place, state in enumerate(states):
                by_start.setdefault(first_day(period, state.day), []).append((place, True))
                by_start.setdefault(state.day + timedelta(1), []).append((place, False))
            for same in by_start.values():
                for one, other in pairwise(same):
                    yield from _equal_before(known, code, period, one, other)


def _equal_before(
    known: Sequence[Knowledge], code: str, period: str, one: tuple[int, bool],
    other: tuple[int, bool],
) -> Iterator[tuple[dict[Point, float], float]]:  # fmt: skip
    cells = {c[1:] for c in known[one[0]].seen.numbers if c[0] == code}
    for rest in cells & {c[1:] for c in known[other[0]].seen.numbers if c[0] == code}:
        for name in ("counted", "uncounted"):
            factors: dict[Point, float] = {}
            constant = 0.0
            for (place, has_period), sign in ((one, 1.0), (other, -1.0)):
                terms: list[tuple[Term, float]] = [(((code, *rest), name), sign)]
                if has_period:
                    terms.append((((f"{code}.{period}", *rest), name), -sign))
                for term, factor in terms:
                    if term in known[place].terms:
                        point = (place, term)
                        factors[point] = factors.get(point, 0.0) + factor
                    else:
                        shown = known[place].seen.numbers.get(term[0], (0, 0)) or (0, 0)
                        constant += factor * (shown[name == "uncounted"] or 0)
            if factors:
                yield factors, -constant
