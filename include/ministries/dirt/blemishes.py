"""Blemishes: true records that look untidy. They load, and a rule or a verdict flags them.

Classes ``E…`` are those of the list of person errors. Their shares come from the scenario.
"""

from dataclasses import dataclass

import numpy as np

from ..kernel.draws import Bools, Draws, Floats, Ints
from ..scenario.load import Scenario

NAME_CLASSES = ("E01", "E02", "E06", "E09", "E10", "E03", "E04", "E05", "E07", "E08")
BIRTH_CLASSES = ("E11", "E13", "E12")
YEAR_ONLY, SWAPPED, PLACEHOLDER = range(len(BIRTH_CLASSES))
ID_CLASSES = ("E14", "E15", "E17", "E18", "E17_sex", "missing_personal_id")
"""``E17`` is a wrong digit in the personal id, ``E17_sex`` a right id beside the wrong sex."""
LOST_ZERO, OLD_ID, CONFLICTING, SOMEONE_ELSES, WRONG_SEX, MISSING = range(len(ID_CLASSES))


@dataclass(frozen=True)
class Blemishes:
    """The flagged dirt of one source: which class, if any, each true record shows."""

    source: str
    shares: dict[str, float]
    draws: Draws
    missing_below: float | None = None
    """Where the share of missing personal ids is calibrated: records drawn below have none."""

    def _bounds(self, classes: tuple[str, ...]) -> Floats:
        return np.cumsum([self.shares.get(name, 0.0) for name in classes])

    def _drawn(self, dataset: str, n: Ints, classes: tuple[str, ...]) -> Floats:
        return self.draws.unit(f"blemish/{self.source}/{dataset}/{classes[0]}", n)

    def _pick(self, dataset: str, n: Ints, classes: tuple[str, ...]) -> Ints:
        bounds = self._bounds(classes)
        if classes is ID_CLASSES and self.missing_below is not None:
            bounds[MISSING] = max(self.missing_below, bounds[MISSING - 1])
        found = np.searchsorted(bounds, self._drawn(dataset, n, classes), side="right")
        return np.where(found < len(classes), found, -1)

    def of_name(self, dataset: str, n: Ints) -> Ints:
        """Index into ``NAME_CLASSES``, or -1."""
        return self._pick(dataset, n, NAME_CLASSES)

    def of_birth(self, dataset: str, n: Ints) -> Ints:
        """Index into ``BIRTH_CLASSES``, or -1."""
        return self._pick(dataset, n, BIRTH_CLASSES)

    def of_id(self, dataset: str, n: Ints) -> Ints:
        """Index into ``ID_CLASSES``, or -1."""
        return self._pick(dataset, n, ID_CLASSES)

    def id_draws(self, dataset: str, n: Ints) -> Floats:
        """What decides on the class of each record's id: it is missing below a bound."""
        return self._drawn(dataset, n, ID_CLASSES)


def blemishes(
    source: str, scenario: Scenario, draws: Draws, missing_below: float | None = None
) -> Blemishes:
    """The flagged dirt of one source."""
    return Blemishes(source, scenario.dirt.flagged.get(source, {}), draws, missing_below)


def has_well_formed_id(id_class: Ints) -> Bools:
    """Truth: whether a record with this blemish still shows twelve well-formed digits."""
    return ~np.isin(id_class, (LOST_ZERO, OLD_ID, MISSING))
