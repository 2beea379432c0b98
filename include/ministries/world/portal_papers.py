"""What goes with a dossier and never changes: checks of the applicant, payment, papers, rating."""

from dataclasses import dataclass

import numpy as np

from ..kernel.draws import Bools, Draws, Ints

NO_FEE, FREE, CHEAP, DEAR = range(4)
"""Kinds of fees: none listed, one of nothing, one, and two."""
UNRATED, SATISFIED, NEUTRAL, DISSATISFIED = range(4)
NOT_REUSED, REUSED, FROM_STORE = range(3)
_MOST = 4
"""Components of a dossier."""


@dataclass(frozen=True)
class Papers:
    """Draws by dossier number, or by procedure."""

    draws: Draws

    def is_verified(self, n: Ints, is_online: Bools, is_organisation: Bools) -> Bools:
        """Whether the applicant's account was verified with VNeID."""
        drawn = self.draws.chance("portal/vneid", n, np.where(is_online, 0.6, 0.05))
        return drawn & ~is_organisation

    def is_looked_up(self, n: Ints, is_organisation: Bools) -> Bools:
        """Whether the applicant was looked up in the population database."""
        return self.draws.chance("portal/consulted", n, 0.7) & ~is_organisation

    def payment(self, n: Ints, is_online: Bools) -> Ints:
        """0 not online, 1 through the national portal, 2 through the province's."""
        return np.where(is_online, self.draws.below("portal/paid", n, 3), 0)

    def fee(self, procedure: Ints) -> Ints:
        """The kind of fees of a procedure."""
        return self.draws.below("portal/fees", procedure * 7, DEAR + 1)

    def components(self, n: Ints) -> tuple[Ints, Ints]:
        """How many there are, and one number whose digits to base 3, the lowest first, say of each
        whether it is reused or comes from the national store."""
        count = 1 + self.draws.below("portal/components", n, _MOST)
        return count, self.draws.below("portal/component", n, 3**_MOST)

    def has_component(self, n: Ints, *kinds: int) -> Bools:
        """Whether a dossier has a component of one of these kinds."""
        count, mixed = self.components(n)
        found = np.zeros(len(n), dtype=np.bool_)
        for position in range(_MOST):
            found |= (position < count) & np.isin(mixed // 3**position % 3, kinds)
        return found

    def is_electronic(self, n: Ints) -> Bools:
        """Whether the result, when there is one, is a file."""
        return self.draws.chance("portal/electronic", n, 0.4)

    def rating(self, n: Ints) -> Ints:
        """What the applicant says once the result is returned, if anything."""
        drawn = self.draws.below("portal/rating", n, 20)
        said = np.where(drawn < 16, SATISFIED, np.where(drawn < 19, NEUTRAL, DISSATISFIED))
        return np.where(self.draws.chance("portal/rated", n, 0.35), said, UNRATED)

    def is_asked_twice(self, n: Ints) -> Bools:
        """Whether an applicant who is asked for supplements is asked for more."""
        return self.draws.chance("portal/twice", n, 0.15)
