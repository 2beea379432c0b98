"""The current records of persons in each dataset, and what each shows.

Record numbers are those of the dataset's register; a record is current in its newest version and
has none when that says it is deleted or entered in error.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..kernel.clock import NEVER
from ..kernel.draws import Bools, Ints
from ..world.health import CARD, VNEID
from ..world.participants import ACTIVE, STOPPED
from ..world.registers import Registers
from .verdicts import Shown

_CHUNK = 1 << 16


@dataclass(frozen=True)
class Current:
    """Some current records."""

    number: Ints
    shown: Shown
    competes: Bools
    """Whether no other such record may carry the same personal id."""
    event_day: Ints | None
    """The day of the events that they are about; None of states, which go on."""
    lives: Bools
    """Whether a record says that its person lives."""


Reader = Callable[[Registers, Ints, int], Current]


@dataclass(frozen=True)
class PersonDataset:
    """A dataset whose records are about persons."""

    source: str
    size: Callable[[Registers], int]
    read: Reader

    def current(self, world: Registers, known_day: int) -> Iterator[Current]:
        """All current records as known by the end of a day, a chunk at a time."""
        size = self.size(world)
        for start in range(0, size, _CHUNK):
            n = np.arange(start, min(start + _CHUNK, size), dtype=np.int64)
            yield self.read(world, n, known_day)


def shown_by(
    world: Registers, dataset: str, n: Ints, person: Ints, clean: Bools, *, id_only: bool = False
) -> Shown:
    """The classes of dirt; those that are clean have been put right, ids or everything."""
    source, name = dataset.split(".")
    dirt = world.blemishes(source)
    named, born = dirt.of_name(name, n), dirt.of_birth(name, n)
    return Shown(
        person,
        np.where(clean, -1, dirt.of_id(name, n)),
        named if id_only else np.where(clean, -1, named),
        born if id_only else np.where(clean, -1, born),
    )


def _events(number: Ints, shown: Shown, day: Ints) -> Current:
    """Events of which a person may have any number; who has one lives."""
    none = np.zeros(len(number), dtype=np.bool_)
    return Current(number, shown, none, day, ~none)


def _participants(world: Registers, q: Ints, known_day: int) -> Current:
    participants = world.participants
    standing = participants.standing(q, known_day)
    chosen = np.isin(standing, (ACTIVE, STOPPED))
    q, standing = q[chosen], standing[chosen]
    clean = participants.corrected_by(q, known_day)
    shown = shown_by(world, "insurance.participant", q, participants.person(q), clean)
    return Current(q, shown, standing == ACTIVE, None, standing == ACTIVE)


def _encounters(world: Registers, e: Ints, known_day: int) -> Current:
    encounters = world.encounters
    e = e[encounters.valid_on(e, NEVER - 1, known_day)]
    # The id is read from the document itself, so it is right.
    read = np.isin(encounters.document(e), (CARD, VNEID))
    shown = shown_by(world, "health.encounter", e, encounters.person(e), read, id_only=True)
    return _events(e, shown, encounters.start(e).effective)


def _immunizations(world: Registers, i: Ints, known_day: int) -> Current:
    immunizations = world.immunizations
    i = i[immunizations.recorded_by(i, known_day)]
    clean = immunizations.corrected_by(i, known_day)
    person = immunizations.person(i)
    shown = shown_by(world, "health.immunization", i, person, clean, id_only=True)
    return _events(i, shown, immunizations.give(i).effective)


def _registrations(world: Registers, c: Ints, known_day: int) -> Current:
    """Every issue lists all candidates again: the newest of each council counts."""
    exams = world.exams
    issued = np.full(exams.councils, -1, dtype=np.int64)
    number = np.zeros(exams.councils, dtype=np.int64)
    for council in range(exams.councils):
        issue = exams.last_issue_known(council, known_day)
        if issue is not None:
            issued[council], number[council] = issue.day, issue.number
    c = c[exams.listed_from(c) <= issued[c % exams.councils]]
    mended = exams.mended_from(c) <= number[c % exams.councils]
    shown = shown_by(world, "education.exam_registration", c, exams.person(c), mended)
    everyone = np.ones(len(c), dtype=np.bool_)
    return Current(c, shown, everyone, exams.registered(c), everyone)


def _portal_dossiers(world: Registers, n: Ints, known_day: int) -> Current:
    portal = world.portal
    n = n[portal.counts_on(n, NEVER - 1, known_day)]
    n = n[~portal.is_organisation(n)]
    clean = portal.is_corrected_on(n, known_day)
    shown = replace(shown_by(world, "portal.dossier", n, portal.person(n), clean), birth_dirt=None)
    return _events(n, shown, portal.receive(n).effective)


DATASETS: dict[str, PersonDataset] = {
    "insurance.participant": PersonDataset(
        "insurance", lambda world: world.participants.size, _participants
    ),
    "health.encounter": PersonDataset("health", lambda world: world.encounters.size, _encounters),
    "health.immunization": PersonDataset(
        "health", lambda world: world.immunizations.size, _immunizations
    ),
    "education.exam_registration": PersonDataset(
        "education", lambda world: world.exams.size, _registrations
    ),
    "portal.dossier": PersonDataset("portal", lambda world: world.portal.size, _portal_dossiers),
}
