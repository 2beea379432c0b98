"""What a person is: sex, birth date, name and numbers, as functions of the person number.

Personal ids follow the public structure: province of birth (3), century and sex (1), year (2) and
six more digits. These come from a bijection of the person number modulo a million; birth years are
moved by at most two years so that numbers a million apart never share a year: ids are unique.
"""

from dataclasses import dataclass

import numpy as np

from ..kernel.clock import year_starts, years
from ..kernel.draws import Draws, Ints
from ..reference import birth_codes
from . import names
from .population import Population

_MILLION = 1_000_000
_LAST_ADULT_YEAR, _LAST_CHILD_YEAR = 2007, 2021
_SCHOOL_LEAVER_AGE = 17
"""By the calendar, before birth years are moved: 17 to 19 in the year of the exam."""


@dataclass(frozen=True)
class People:
    """Attributes of persons."""

    population: Population
    draws: Draws

    def sex(self, n: Ints) -> Ints:
        """1 male, 2 female."""
        return 1 + self.draws.below("sex", n, 2)

    def birth_day(self, n: Ints) -> Ints:
        """The day of birth; the newborn's is the day its birth came true."""
        population = self.population
        age_class = population.age_class(n)
        spread = self.draws.unit("birth year", n) ** 1.35
        adult = _LAST_ADULT_YEAR - (spread * 80).astype(np.int64)
        child = _LAST_CHILD_YEAR - self.draws.below("birth year", n, 14)
        year = np.where(age_class < 22, child, adult)
        year = np.where(age_class == 22, population.scenario.exam.year - _SCHOOL_LEAVER_AGE, year)
        wanted = (self.draws.below("birth class", n % _MILLION, 3) + n // _MILLION) % 3
        year -= (year - wanted) % 3
        day = year_starts(year) + self.draws.below("birth day", n, 365)
        born = population.persons.entered(n) - population.entry_lag(n)
        return np.where(population.is_newborn(n), np.maximum(born, 0), day)

    def personal_id(self, n: Ints) -> Ints:
        """The twelve digits, as a number."""
        codes = np.array(birth_codes(), dtype=np.int64)
        home = int(self.population.scenario.province.birth_code)
        local = n < self.population.persons.size
        moved = self.draws.chance("birthplace", n, np.where(local, 0.12, 0.95))
        province = np.where(moved, codes[self.draws.below("birth province", n, len(codes))], home)
        year = years(self.birth_day(n))
        century_sex = (year // 100 - 19) * 2 + self.sex(n) - 1
        offset = self.draws.scalar("id offset", 0, _MILLION)
        suffix = (n % _MILLION * 611_953 + offset) % _MILLION
        head = province * 10**9 + century_sex * 10**8
        return np.asarray(head + year % 100 * _MILLION + suffix, dtype=np.int64)

    def old_id(self, n: Ints) -> Ints:
        """The nine digits of the former identity card (CMND)."""
        first = int(self.population.scenario.province.old_id_code) * 10_000_000
        return first + (n * 6_119_533 + 77) % 10_000_000

    def name(self, n: Ints) -> Ints:
        """The number of the person's name."""
        return names.choose(self.draws, n, self.sex(n))
