"""What the unknown numbers of many publications can be, by linear programming (HiGHS)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from tests.lib.disclosure.attack import Knowledge, Term

Point = tuple[int, Term]
"""Place of a publication among those that are known, and one of its numbers."""
Fact = tuple[dict[int, float], float]
"""Factors of variables, and what they come to, or to at most."""
Question = Point | tuple[Point, Point]
"""A number, or by how much the second is more than the first."""
_SAMPLES = 6
"""Random directions tried before a number is asked about alone."""
_TOLD = 0.9
"""Two values that differ by less are one: numbers are whole."""
_MOST = 10_000_000


@dataclass
class Problem:
    """The facts about all publications together."""

    known: Sequence[Knowledge]
    grows: Iterable[tuple[int, int, frozenset[str]]] = ()
    """Of two publications, KPIs of which no number is smaller in the second."""
    across: Iterable[tuple[dict[Point, float], float]] = ()
    """Factors of numbers of several publications, and what they come to."""
    first: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first = [0, *np.cumsum([len(each.terms) for each in self.known]).tolist()]
        equal, at_most = [], []
        for each, offset in zip(self.known, self.first, strict=False):
            equal += [_moved(fact, offset) for fact in each.equal]
            at_most += [_moved(fact, offset) for fact in each.at_most]
        equal += [
            ({self.index(point): factor for point, factor in factors.items()}, constant)
            for factors, constant in self.across
        ]
        at_most += [*self._growth(), *self._moves()]
        self.equal = _matrix(equal, self.first[-1])
        self.at_most = _matrix(at_most, self.first[-1])
        self.bounds = np.array([(0, _MOST)] * self.first[-1], dtype=float)
        for each, offset in zip(self.known, self.first, strict=False):
            for term, between in each.seen.ranges.items():
                self.bounds[offset + each.terms[term]] = between

    def _growth(self) -> Iterator[Fact]:
        for before, after, codes in self.grows:
            for term in self.known[before].terms.keys() & self.known[after].terms.keys():
                if term[0][0] in codes:
                    yield {self.index((before, term)): 1.0, self.index((after, term)): -1.0}, 0.0

    def _moves(self) -> Iterator[Fact]:
        """A count is rounded as it was before: where more is shown than before, there is more."""
        last: dict[Term, tuple[int, int]] = {}
        for place, each in enumerate(self.known):
            for term, (_, most) in each.seen.ranges.items():
                before, most_before = last.get(term, (place, most))
                last[term] = (place, most)
                if most != most_before:
                    less, more = (before, place) if most > most_before else (place, before)
                    yield {self.index((less, term)): 1.0, self.index((more, term)): -1.0}, -1.0

    def index(self, point: Point) -> int:
        """The variable of a number that is not known."""
        return self.first[point[0]] + self.known[point[0]].terms[point[1]]

    def is_unknown(self, point: Point) -> bool:
        return point[1] in self.known[point[0]].terms

    def direction(self, question: Question) -> dict[int, float]:
        """What is asked, as factors of variables."""
        if isinstance(question[0], tuple):
            less, more = question
            return {self.index(more): 1.0, self.index(less): -1.0}
        return {self.index(question): 1.0}


def _moved(fact: Fact, offset: int) -> Fact:
    return {index + offset: factor for index, factor in fact[0].items()}, fact[1]


def _matrix(facts: list[Fact], width: int) -> Any:
    entries = [
        (row, column, f) for row, (fact, _) in enumerate(facts) for column, f in fact.items()
    ]
    row, column, factor = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = coo_array((factor, (row, column)), shape=(len(facts), width), dtype=float)
    return csr_array(matrix), np.array([constant for _, constant in facts], dtype=float)


def told(problem: Problem, answers: Mapping[Question, int]) -> list[Question]:
    """Questions that have one answer, the true one. Raises AssertionError when nothing fits."""
    questions = list(answers)
    if not problem.first[-1]:
        return []
    together, _ = _matrix([(problem.direction(each), 0.0) for each in questions], problem.first[-1])
    facts = (problem.equal[0], problem.at_most[0], together)
    both = csr_array(sum(abs(each.T) @ abs(each) for each in facts))
    _, component_of = connected_components(both, directed=False)
    asked: dict[int, list[Question]] = {}
    for question in questions:
        one = next(iter(problem.direction(question)))
        asked.setdefault(int(component_of[one]), []).append(question)
    found = []
    for component, mine in asked.items():
        members = np.flatnonzero(component_of == component)
        found += _Component(problem, members).told({each: answers[each] for each in mine})
    return found


class _Component:
    """Numbers that have to do with each other."""

    def __init__(self, problem: Problem, members: Any) -> None:
        self._problem, self._place = problem, {int(i): n for n, i in enumerate(members)}
        self._facts = {}
        for name, (matrix, constants) in (("eq", problem.equal), ("ub", problem.at_most)):
            rows = np.flatnonzero(np.asarray(abs(matrix[:, members]).sum(axis=1)).ravel())
            if len(rows):
                self._facts |= {f"A_{name}": matrix[rows][:, members], f"b_{name}": constants[rows]}
        self._bounds = problem.bounds[members]

    def told(self, answers: Mapping[Question, int]) -> list[Question]:
        """Those that solutions in random directions, and then in their own, leave one answer.

        The truth is one solution, so another one shows that a number may be something else.
        """
        draws = np.random.default_rng(6)
        questions, truth = list(answers), np.array(list(answers.values()))
        asked = self._asked(questions)
        narrow = np.arange(len(questions))
        for _ in range(_SAMPLES):
            direction = asked[narrow].T @ draws.normal(size=len(narrow))
            for sign in (1, -1):
                other = asked[narrow] @ self._extreme(sign * direction)
                narrow = narrow[abs(other - truth[narrow]) < _TOLD]
                if not len(narrow):
                    return []
                direction = asked[narrow].T @ draws.normal(size=len(narrow))
        return [questions[n] for n in narrow if self._is_told(asked[[n]], truth[n])]

    def _asked(self, questions: list[Question]) -> Any:
        entries = [
            (row, self._place[index], factor)
            for row, question in enumerate(questions)
            for index, factor in self._problem.direction(question).items()
        ]
        row, column, factor = zip(*entries, strict=True)
        return csr_array((factor, (row, column)), shape=(len(questions), len(self._place)))

    def _is_told(self, asked: Any, truth: float) -> bool:
        direction = asked.toarray().ravel()
        others = ((asked @ self._extreme(sign * direction))[0] for sign in (1, -1))
        return all(abs(other - truth) < _TOLD for other in others)

    def _extreme(self, direction: Any) -> Any:
        done = linprog(direction, bounds=self._bounds, method="highs", **self._facts)
        assert done.status == 0, done.message
        return done.x
