"""The world that the ministries publish: registers with as many missing ids as the figures need."""

from functools import cached_property

from typing_extensions import override

from ..dirt.blemishes import Blemishes, blemishes
from ..kernel.draws import Bools, Ints
from ..world.registers import Registers
from .calibration import missing_ids_below, patients_verified
from .registry import Registry


class World(Registers):
    """The registers of one scenario and seed, with the missing ids of insurance calibrated."""

    @override
    def is_identified(self, e: Ints) -> Bools:
        """At which visits the patient is verified by the anchor once a card is read."""
        return patients_verified(self, self._registry_of_the_anchor, e)

    @cached_property
    def _registry_of_the_anchor(self) -> Registry:
        return Registry.of(self, self.scenario.calendar.anchor)

    def blemishes(self, source: str) -> Blemishes:
        """The blemishes of one source; for insurance, with the calibrated share of missing ids."""
        bound = self._missing_ids_below if source == "insurance" else None
        return blemishes(source, self.scenario, self.draws, bound)

    @cached_property
    def _missing_ids_below(self) -> float | None:
        return missing_ids_below(self)
