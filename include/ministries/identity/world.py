"""The world that the ministries publish: registers with as many missing ids as the figures need."""

from functools import cached_property

from ..dirt.blemishes import Blemishes, blemishes
from ..world.registers import Registers
from .calibration import missing_ids_below


class World(Registers):
    """The registers of one scenario and seed, with the missing ids of insurance calibrated."""

    def blemishes(self, source: str) -> Blemishes:
        """The blemishes of one source; for insurance, with the calibrated share of missing ids."""
        bound = self._missing_ids_below if source == "insurance" else None
        return blemishes(source, self.scenario, self.draws, bound)

    @cached_property
    def _missing_ids_below(self) -> float | None:
        return missing_ids_below(self)
