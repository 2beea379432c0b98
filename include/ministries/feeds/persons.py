"""Names, birth dates and personal ids as each source writes them, blemishes included."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..dirt import (
    BIRTH_CLASSES,
    CONFLICTING,
    LOST_ZERO,
    MISSING,
    NAME_CLASSES,
    OLD_ID,
    SOMEONE_ELSES,
    Blemishes,
    blemishes,
)
from ..kernel.clock import NEVER, years
from ..kernel.draws import Ints
from ..world import names
from ..world.world import World

_RESPELL: dict[str, Callable[[str], str]] = {
    "E01": names.decomposed,
    "E02": names.tone_moved,
    "E06": names.unaccented,
    "E09": names.without_middle,
    "E10": names.badly_spaced,
}


def nullable(
    texts: Callable[[Ints], list[str]], values: Ints, never: int = NEVER
) -> list[str | None]:
    """Texts of the values that are, None for those that never come."""
    absent = values >= never
    found: list[str | None] = list(texts(np.where(absent, 0, values)))
    for index in np.flatnonzero(absent).tolist():
        found[index] = None
    return found


def twelve_digits(personal_id: Ints) -> list[str | None]:
    """Personal ids as text."""
    return list(map("%012d".__mod__, personal_id.tolist()))


@dataclass(frozen=True)
class Persons:
    """How one dataset of one source writes persons."""

    world: World
    source: str
    dataset: str

    @cached_property
    def blemishes(self) -> Blemishes:
        """The source's flagged dirt."""
        return blemishes(self.source, self.world.scenario, self.world.draws)

    def full_names(self, n: Ints, name: Ints, clean: Ints | None = None) -> list[str | None]:
        """The names of records ``n``; those that are ``clean`` have been put right."""
        found: list[str | None] = list(names.texts(name))
        blemish = self._unless(clean, self.blemishes.of_name(self.dataset, n))
        for index in np.flatnonzero(blemish >= 0).tolist():
            respell = _RESPELL[NAME_CLASSES[int(blemish[index])]]
            found[index] = respell(str(found[index]))
        return found

    def birth_dates(
        self,
        n: Ints,
        born: Ints,
        form: Callable[[Ints], list[str]],
        year_form: tuple[str, ...] = ("%d",),
        clean: Ints | None = None,
    ) -> list[str | None]:
        """Birth dates; year only (E11), or day and month swapped where that is a date (E13)."""
        found: list[str | None] = list(form(born))
        blemish = self._unless(clean, self.blemishes.of_birth(self.dataset, n))
        for index in np.flatnonzero(blemish >= 0).tolist():
            if BIRTH_CLASSES[int(blemish[index])] == "E11":
                year = int(years(born[index : index + 1])[0])
                found[index] = year_form[year % len(year_form)] % year
            else:
                found[index] = _swapped(str(found[index]))
        return found

    def id_classes(self, n: Ints, clean: Ints | None = None) -> Ints:
        """The blemish of each record's personal id, -1 if none."""
        return self._unless(clean, self.blemishes.of_id(self.dataset, n))

    def personal_ids(self, person: Ints, id_class: Ints) -> list[str | None]:
        """Personal ids; some lost a zero, some are old ids, someone else's, or missing."""
        people = self.world.people
        found = twelve_digits(people.personal_id(person))
        for index in np.flatnonzero(id_class >= 0).tolist():
            one, kind = person[index : index + 1], int(id_class[index])
            text = str(found[index])
            if kind == LOST_ZERO:
                found[index] = text[1:]
            elif kind == OLD_ID:
                found[index] = str(int(people.old_id(one)[0]))
            elif kind == CONFLICTING:
                found[index] = text[:3] + str(int(text[3]) ^ 1) + text[4:]
            elif kind == SOMEONE_ELSES:
                found[index] = twelve_digits(people.personal_id(np.abs(one - 1)))[0]
            elif kind == MISSING:
                found[index] = None
        return found

    @staticmethod
    def _unless(clean: Ints | None, blemish: Ints) -> Ints:
        return blemish if clean is None else np.where(clean, -1, blemish)


def _swapped(text: str) -> str:
    """dd/mm/yyyy with day and month exchanged, if that is a date too."""
    day, month, year = text.split("/")
    return f"{month}/{day}/{year}" if int(day) <= 12 else text
