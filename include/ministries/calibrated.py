"""The world as the ministries tell of it: registers whose dirt adds up to what was printed."""

from functools import cached_property

from .dirt.blemishes import Blemishes, blemishes
from .identity.calibration import missing_ids_below
from .world.registers import Registers


class World(Registers):
    """The registers of one scenario and seed, with the missing ids of insurance calibrated."""

    def blemishes(self, source: str) -> Blemishes:
        """The flagged dirt of one source; so many insured lack their id as the figure demands."""
        bound = self._missing_ids_below if source == "insurance" else None
        return blemishes(source, self.scenario, self.draws, bound)

    @cached_property
    def _missing_ids_below(self) -> float | None:
        return missing_ids_below(self)
