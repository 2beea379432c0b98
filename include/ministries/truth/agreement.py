"""Whether two sources agree on a person that both hold, by attribute."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ..kernel.draws import Bools, Ints
from .statements import BORN, COMMUNE, NAME, NOTHING, PERSON, SEX, YEAR, Statements

ATTRIBUTES = ("name", "birth_date", "sex", "commune")
UNKNOWN, AGREE, DISAGREE = range(3)
"""In the order in which one result outdoes another: one disagreement is one, whatever agrees."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """What comes of comparing two sources, by person."""

    held: Bools
    """Whether both hold the person."""
    results: npt.NDArray[np.int8]
    """By attribute and person."""


def agreements(said: Statements, persons: int) -> dict[Pair, Agreement]:
    """Every pair of sources."""
    return {
        (one, other): _compared(said.by_source[one], said.by_source[other], persons)
        for one, other in combinations(sorted(said.by_source), 2)
    }


def _compared(one: Ints, other: Ints, persons: int) -> Agreement:
    """All that one source says of each person beside all that the other does."""
    first = np.searchsorted(other[:, PERSON], one[:, PERSON], "left")
    many = np.searchsorted(other[:, PERSON], one[:, PERSON], "right") - first
    left = np.repeat(np.arange(len(one)), many)
    within = np.arange(len(left)) - np.repeat(np.cumsum(many) - many, many)
    mine, theirs = one[left], other[np.repeat(first, many) + within]
    found = Agreement(
        np.zeros(persons, dtype=np.bool_), np.zeros((len(ATTRIBUTES), persons), dtype=np.int8)
    )
    found.held[mine[:, PERSON]] = True
    outcomes = (
        _alike(mine[:, NAME], theirs[:, NAME]),
        _of_birth(mine, theirs),
        _alike(mine[:, SEX], theirs[:, SEX]),
        _alike(mine[:, COMMUNE], theirs[:, COMMUNE]),
    )
    for index, outcome in enumerate(outcomes):
        np.maximum.at(found.results[index], mine[:, PERSON], outcome.astype(np.int8))
    return found


def _alike(mine: Ints, theirs: Ints) -> Ints:
    compared = np.where(mine == theirs, AGREE, DISAGREE)
    return np.where((mine == NOTHING) | (theirs == NOTHING), UNKNOWN, compared)


def _of_birth(mine: Ints, theirs: Ints) -> Ints:
    """Another year is a disagreement; of the same year, two dates are compared, or two years."""
    by_year = _alike(mine[:, YEAR], theirs[:, YEAR])
    by_day = _alike(mine[:, BORN], theirs[:, BORN])
    years_only = (mine[:, BORN] == NOTHING) & (theirs[:, BORN] == NOTHING)
    return np.where((by_year != AGREE) | years_only, by_year, by_day)
