"""Which classes of dirt current records really show: a name without accents has none to lose.

Classes are those of the list of person errors (E01 …); a record may show several.
"""

from collections.abc import Iterator

import numpy as np

from ..dirt.blemishes import (
    BIRTH_CLASSES,
    CONFLICTING,
    ID_CLASSES,
    NAME_CLASSES,
    WRONG_SEX,
    YEAR_ONLY,
)
from ..kernel.clock import NEVER
from ..kernel.draws import Bools, Ints
from ..world.participants import ACTIVE, STOPPED
from ..world.registers import Registers
from .records import Current
from .registry import Registry
from .shown_values import births
from .spellings import Spellings, altered

_IN_OTHER_FIELDS = NAME_CLASSES.index("E07")
Classes = Iterator[tuple[str, Bools]]


def of_records(world: Registers, registry: Registry, dataset: str, some: Current) -> Classes:
    """(class, whether each of some current records shows it)."""
    shown = some.shown
    yield from of_names(world.people.name(shown.person), shown.name_dirt)
    yield "E17", np.isin(shown.id_dirt, (CONFLICTING, WRONG_SEX))
    for index, name in enumerate(ID_CLASSES):
        if index not in (CONFLICTING, WRONG_SEX):
            yield name, shown.id_dirt == index
    if shown.birth_dirt is not None:
        yield from of_births(world.people.birth_day(shown.person), shown.birth_dirt)
    if dataset == "insurance.participant":
        yield "E19", _is_twice(world, some.number, registry.known_day)
        yield "E24", some.competes & (registry.died_on[shown.person] < NEVER)
    if dataset == "education.exam_registration":
        everyone = np.ones(len(some.number), dtype=np.bool_)
        yield "E20", everyone
        yield "E22", everyone


def of_names(name: Ints, dirt: Ints) -> Classes:
    """The classes of names; E07 only concerns the field in which a name stands."""
    changed = altered(Spellings(name, dirt))
    for index, error_class in enumerate(NAME_CLASSES):
        yield error_class, (dirt if index == _IN_OTHER_FIELDS else changed) == index


def of_births(born: Ints, dirt: Ints) -> Classes:
    """The classes of birth dates; 1 January or 5 May are as they should be for some."""
    differs = (births(born, dirt).day != born) | (dirt == YEAR_ONLY)
    for index, error_class in enumerate(BIRTH_CLASSES):
        yield error_class, differs & (dirt == index)


def of_residents(world: Registers, registry: Registry) -> Classes:
    """(class, whether the register's record of each person shows it)."""
    person = np.flatnonzero(registry.name >= 0).astype(np.int64)
    name = registry.name[person].astype(np.int64)
    yield from of_names(name, registry.name_dirt[person].astype(np.int64))
    born = world.people.birth_day(person)
    yield from of_births(born, registry.birth_dirt[person].astype(np.int64))
    yield "misspelt_until_review", name != world.people.name(person)


def _is_twice(world: Registers, q: Ints, known_day: int) -> Bools:
    """Whether another current record is of the same person: the one after, or the one before."""
    participants = world.participants
    size = participants.size

    def twin(second: Ints) -> Bools:
        both = participants.is_twice(second) & ~participants.is_twice(second - 1) & (second < size)
        some = np.flatnonzero(both)
        for number in (second[some], second[some] - 1):
            standing = participants.standing(number, known_day)
            both[some] &= np.isin(standing, (ACTIVE, STOPPED))
        return both

    return twin(q) | twin(q + 1)
