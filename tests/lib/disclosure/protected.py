"""Which numbers must not be told, and which of them an attacker is told."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from tests.lib.disclosure import attack, identities, made_up
from tests.lib.disclosure.attack import Term
from tests.lib.disclosure.identities import Cell
from tests.lib.disclosure.made_up import State
from tests.lib.disclosure.solving import Problem, Question, told

SMALLEST = 5
"""Counts of persons from 1 to below this are protected."""
Protected = dict[Question, int]
"""Questions whose answers must not be told, with the answers."""


def numbers(values: made_up.Values) -> Iterator[tuple[Term, int]]:
    """Every number of a publication that is not 0."""
    for cell, (counted, rest) in values.items():
        if counted:
            yield (cell, "counted"), counted
        if rest:
            yield (cell, "uncounted"), rest


def steps(states: list[State]) -> list[tuple[int, int]]:
    """Publications of which the first holds nothing that the second has not: a day and the next,
    as first and as last published; a day and the same day later."""
    first: dict[date, int] = {}
    last: dict[date, int] = {}
    found = []
    for place, state in enumerate(states):
        if state.day in last:
            found.append((last[state.day], place))
        first.setdefault(state.day, place)
        last[state.day] = place
    return [*found, *pairwise(first.values()), *pairwise(last.values())]


def protected(states: list[State], grows: Iterable[tuple[int, int]]) -> Protected:
    """Small counts of every publication, and small changes of counts by commune."""
    every = [dict(numbers(state.values)) for state in states]
    found: Protected = {
        (place, term): number
        for place, known in enumerate(every)
        for term, number in known.items()
        if number < SMALLEST
    }
    for before, after in grows:
        for term, number in every[after].items():
            change = number - every[before].get(term, 0)
            if term[0][2] == "commune" and 1 <= abs(change) < SMALLEST:
                found[(before, term), (after, term)] = change
    return found


def could_be_listed(states: list[State]) -> set[Cell]:
    """Every cell that there is, and every commune in every series by commune."""
    there = {cell for state in states for cell in state.values}
    communes = {(cell[1], cell[3]) for cell in there if cell[2] == "commune"}
    series = {(cell[0], *cell[4:]) for cell in there if cell[2] == "commune"}
    return there | {
        (code, boundaries, "commune", unit, *member)
        for boundaries, unit in communes
        for code, *member in series
    }


def attacked(
    states: list[State],
    growing: frozenset[str] | None = None,
    collected: attack.Seen | None = None,
) -> tuple[list[Question], Protected]:
    """The protected numbers that an attacker is told, and all of them.

    ``growing``: KPIs whose counts are known never to fall; all of them by default. ``collected``:
    what the attacker has; all that BI reads by default.
    """
    seen = attack.read(could_be_listed(states), collected)
    pairs = identities.equal(identities.series(states[-1].values))
    known = [attack.knowledge(each, pairs) for each in seen]
    if growing is None:
        growing = frozenset(cell[0] for cell in states[0].values)
    grows = list(dict.fromkeys(steps(states)))
    problem = Problem(known, [(*step, growing) for step in grows])
    asked = protected(states, grows)
    shown: list[Question] = []
    hidden: Protected = {}
    for question in asked:
        ends = [question] if not isinstance(question[0], tuple) else list(question)
        unknown = [end for end in ends if problem.is_unknown(end)]
        if not unknown:
            shown.append(question)
        elif len(unknown) == len(ends):
            hidden[question] = asked[question]
        else:
            place, term = unknown[0]
            hidden[place, term] = dict(numbers(states[place].values)).get(term, 0)
    return [*shown, *told(problem, hidden)], asked


def changes(questions: Iterable[Question]) -> int:
    return sum(isinstance(question[0], tuple) for question in questions)
