"""Names, birth dates and personal ids as each source writes them, blemishes included."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..dirt.blemishes import CONFLICTING, LOST_ZERO, MISSING, NAME_CLASSES, OLD_ID, Blemishes
from ..identity.shown_values import births, id_owners, shown_sex
from ..identity.world import World
from ..kernel.clock import NEVER, years
from ..kernel.draws import Bools, Ints
from ..world import names
from .feed import Column

_IN_OTHER_FIELDS = NAME_CLASSES.index("E07")


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
        return self.world.blemishes(self.source)

    def full_names(
        self, n: Ints, name: Ints, clean: Ints | Bools | None = None
    ) -> list[str | None]:
        """The names of records ``n``; those that are ``clean`` have been put right."""
        found: list[str | None] = list(names.texts(name))
        blemish = self._unless(clean, self.blemishes.of_name(self.dataset, n))
        for index in np.flatnonzero(blemish >= 0).tolist():
            respell = names.RESPELL.get(NAME_CLASSES[int(blemish[index])], str)
            found[index] = respell(str(found[index]))
        return found

    def name_forms(self, n: Ints) -> Column:
        """The fields in which a name stands, where the source has several (E07): ``text``,
        ``parts`` (family name, middle and given names) or ``given`` (all in that one)."""
        blemish = self.blemishes.of_name(self.dataset, n)
        form = np.where(blemish == _IN_OTHER_FIELDS, 1 + n % 2, 0)
        return list(np.array(("text", "parts", "given"), dtype=object)[form].tolist())

    def birth_dates(
        self,
        n: Ints,
        born: Ints,
        form: Callable[[Ints], list[str]],
        year_form: tuple[str, ...] = ("%d",),
        clean: Ints | Bools | None = None,
    ) -> list[str | None]:
        """Birth dates, of some only the year; ``year_form`` says how years are written."""
        shown = births(born, self._unless(clean, self.blemishes.of_birth(self.dataset, n)))
        found: list[str | None] = list(form(shown.day))
        only = np.flatnonzero(shown.is_year_only)
        for index, year in zip(only.tolist(), years(born[only]).tolist(), strict=True):
            found[index] = year_form[year % len(year_form)] % year
        return found

    def id_classes(self, n: Ints, clean: Ints | Bools | None = None) -> Ints:
        """The blemish of each record's personal id, -1 if none."""
        return self._unless(clean, self.blemishes.of_id(self.dataset, n))

    def personal_ids(self, person: Ints, id_class: Ints) -> list[str | None]:
        """Personal ids; some lost a zero, some are old ids, someone else's, or missing."""
        people = self.world.people
        found = twelve_digits(people.personal_id(id_owners(person, id_class)))
        for index in np.flatnonzero(id_class >= 0).tolist():
            one, kind = person[index : index + 1], int(id_class[index])
            text = str(found[index])
            if kind == LOST_ZERO:
                found[index] = text[1:]
            elif kind == OLD_ID:
                found[index] = str(int(people.old_id(one)[0]))
            elif kind == CONFLICTING:
                found[index] = text[:3] + str(int(text[3]) ^ 1) + text[4:]
            elif kind == MISSING:
                found[index] = None
        return found

    def sexes(self, person: Ints, id_class: Ints) -> Ints:
        """1 male, 2 female; some are at odds with the personal id."""
        return shown_sex(self.world.people.sex(person), id_class)

    @staticmethod
    def _unless(clean: Ints | Bools | None, blemish: Ints) -> Ints:
        return blemish if clean is None else np.where(clean, -1, blemish)
