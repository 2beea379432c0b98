"""What the residence register says of each person in its newest version."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..kernel.clock import DAY, NEVER, end_of_day
from ..kernel.draws import Bools, Ints
from ..world.registers import Registers
from ..world.residents import DEAD, ERRONEOUS
from .spellings import Spellings

_CHUNK = 1 << 16


@dataclass(frozen=True)
class Newest:
    """The newest version of each of some records as known by a moment."""

    slot: Ints
    at: Ints


def newest(updates: dict[int, Ints], until: int) -> Newest:
    """Find the newest versions among the moments of all version slots."""
    slots = np.array(list(updates), dtype=np.int64)
    at = np.stack(list(updates.values()))
    at = np.where((at <= until) & (at < NEVER * DAY), at, -NEVER * DAY)
    row = at.argmax(axis=0)
    moment = np.take_along_axis(at, row[None], axis=0)[0]
    return Newest(slots[row], moment)


@dataclass(frozen=True)
class Registry:
    """One small row a person, by person number; those who never lived here have none."""

    name: npt.NDArray[np.int32]
    """The number of the name, -1 if the register does not know the person."""
    name_dirt: npt.NDArray[np.int8]
    birth_dirt: npt.NDArray[np.int8]
    died_on: npt.NDArray[np.int32]
    """The day of a known death, ``NEVER`` for the living."""
    known_day: int

    def knows(self, person: Ints) -> Bools:
        """Whether there is a current record."""
        return self.name[person] >= 0

    def spellings(self, person: Ints) -> Spellings:
        """The names of known persons."""
        return Spellings(
            self.name[person].astype(np.int64), self.name_dirt[person].astype(np.int64)
        )

    @classmethod
    def of(cls, world: Registers, known_day: int) -> "Registry":
        """The register as known by the end of a day."""
        size = world.population.known
        found = cls(
            np.full(size, -1, dtype=np.int32),
            np.full(size, -1, dtype=np.int8),
            np.full(size, -1, dtype=np.int8),
            np.full(size, NEVER, dtype=np.int32),
            known_day,
        )
        for start in range(0, world.residents.size, _CHUNK):
            chunk = np.arange(start, min(start + _CHUNK, world.residents.size), dtype=np.int64)
            found._fill(world, chunk)
        return found

    def _fill(self, world: Registers, n: Ints) -> None:
        residents, dirt = world.residents, world.blemishes("police")
        n = n[residents.known_by(n, self.known_day)]
        leave = residents.leave(n)
        left = leave.told <= self.known_day
        kind = residents.leave_kind(n)
        self.died_on[n] = np.where(left & (kind == DEAD), leave.effective, NEVER)
        self.birth_dirt[n] = dirt.of_birth("resident", n)
        self.name[n] = world.people.name(n)
        doubtful = n[(dirt.of_name("resident", n) >= 0) | residents.was_misspelt(n)]
        self._fill_doubtful(world, doubtful)
        self.name[n[left & (kind == ERRONEOUS)]] = -1

    def _fill_doubtful(self, world: Registers, n: Ints) -> None:
        """Names that are not simply written depend on which version is the newest."""
        last = newest(world.residents.updates(n), end_of_day(self.known_day))
        row = world.residents.row(n, last.at, last.slot.astype(np.int8))
        dirt = world.blemishes("police").of_name("resident", n)
        self.name[n] = row.name
        self.name_dirt[n] = np.where(row.is_corrected, -1, dirt)
