"""Communes, districts, health facilities and schools."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..kernel.clock import Texts
from ..kernel.draws import Draws, Ints
from ..reference import Commune, communes
from ..scenario.terms import Province

HOSPITALS = 14
_MILLION = 1_000_000


@dataclass(frozen=True)
class Places:
    """The places of one province; communes go by their index in order of code."""

    province: Province
    draws: Draws

    @cached_property
    def communes(self) -> tuple[Commune, ...]:
        """Communes in order of code."""
        return communes(self.province.code)

    @cached_property
    def commune_codes(self) -> Texts:
        """The five-digit code of each commune index."""
        return np.array([c.code for c in self.communes], dtype=object)

    @cached_property
    def commune_numbers(self) -> Ints:
        """The code of each commune index as a number."""
        return np.array([int(c.code) for c in self.communes], dtype=np.int64)

    @cached_property
    def station_codes(self) -> Texts:
        """The district police station that serves each commune index."""
        return np.array([f"D{c.district_code}" for c in self.communes], dtype=object)

    @cached_property
    def _weights(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        weight = 0.5 + self.draws.unit("commune weight", np.arange(len(self.communes))) * 1.6
        return np.asarray(np.cumsum(weight) / np.sum(weight))

    def commune_of_household(self, household: Ints) -> Ints:
        """The commune index of a household; it never changes."""
        return self.anywhere("household commune", household)

    def anywhere(self, stream: str, n: Ints) -> Ints:
        """A commune index, more often a populous one."""
        found = np.searchsorted(self._weights, self.draws.unit(stream, n), side="right")
        return np.asarray(np.minimum(found, len(self.communes) - 1), dtype=np.int64)

    def household_number(self, household: Ints) -> Ints:
        """Commune code and six digits, as one number; unique over the province."""
        offset = self.draws.scalar("household offset", 0, _MILLION)
        serial = (household * 726_953 + offset) % _MILLION
        return self.commune_numbers[self.commune_of_household(household)] * _MILLION + serial

    @cached_property
    def facility_communes(self) -> Ints:
        """The commune index of each health facility: one station a commune, then hospitals."""
        stations = np.arange(len(self.communes), dtype=np.int64)
        hospitals = self.anywhere("hospital", np.arange(HOSPITALS, dtype=np.int64))
        return np.concatenate([stations, hospitals])

    @cached_property
    def facility_codes(self) -> Texts:
        """The five-digit code of each facility."""
        count = len(self.facility_communes)
        return np.array([f"{self.province.code}{k + 1:03}" for k in range(count)], dtype=object)
