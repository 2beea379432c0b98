"""The birth date, sex and personal id that a blemished record shows, as numbers.

Feeds write these values and the truth judges them, so neither reads the other's texts.
"""

from dataclasses import dataclass

import numpy as np

from ..dirt.blemishes import CONFLICTING, PLACEHOLDER, SOMEONE_ELSES, SWAPPED, WRONG_SEX, YEAR_ONLY
from ..kernel.clock import EPOCH, year_starts, years
from ..kernel.draws import Bools, Ints
from ..world.population import AGE_CLASSES

_UNIX_EPOCH = np.datetime64(EPOCH, "D").astype(np.int64)


@dataclass(frozen=True)
class Births:
    """Birth dates as a record shows them."""

    day: Ints
    is_year_only: Bools
    """Whether only the year of the day is shown."""


def births(born: Ints, birth_class: Ints) -> Births:
    """Year only (E11), 1 January instead of the day (E12), day and month swapped (E13)."""
    day = np.where(birth_class == PLACEHOLDER, year_starts(years(born)), born)
    swapped = np.flatnonzero(birth_class == SWAPPED)
    day[swapped] = with_day_and_month_swapped(born[swapped])
    return Births(day, birth_class == YEAR_ONLY)


def with_day_and_month_swapped(born: Ints) -> Ints:
    """3 December for 12 March; the same day where that is no date."""
    date = (born + _UNIX_EPOCH).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    day_of_month = (date - month).astype(np.int64)
    month_of_year = month.astype(np.int64) % 12
    turned = month - month_of_year + day_of_month
    other = turned.astype("datetime64[D]").astype(np.int64) + month_of_year - _UNIX_EPOCH
    return np.where(day_of_month < 12, other, born)


def id_owners(person: Ints, id_class: Ints) -> Ints:
    """The person whose id a record carries: E18 takes that of another person of that age class,
    so that among candidates for an exam, too, two have one id."""
    return np.where(id_class == SOMEONE_ELSES, np.abs(person - AGE_CLASSES), person)


def shown_sex(sex: Ints, id_class: Ints) -> Ints:
    """The sex a record shows: sometimes the other one."""
    return np.where(id_class == WRONG_SEX, 3 - sex, sex)


def id_numbers(owner: Ints, id_class: Ints) -> Ints:
    """One number for each different personal id of twelve digits: where E17 has changed the
    digit of century and sex, the id is nobody's."""
    return np.asarray(owner * 2 + (id_class == CONFLICTING), dtype=np.int64)
