"""The verdict on a record of a person: does it agree with the residence register?

A verdict is the first that applies of: no personal id, an old one, one nobody can have, one that
several records carry, one the register does not know; another name, birth date or sex; verified,
by name alone where a source gives neither birth date nor sex.
Who is verified and has died is ``deceased`` from the day of death on (``judgement``).
It follows from what is known of the world: whose record it is, whose id it carries and what was
done to it, never from texts.
"""

from dataclasses import dataclass

import numpy as np

from ..dirt.blemishes import CONFLICTING, LOST_ZERO, MISSING, OLD_ID, WRONG_SEX
from ..kernel.clock import years
from ..kernel.draws import Bools, Ints
from ..world.registers import Registers
from .registry import Registry
from .shown_values import Births, births, id_owners, shown_sex, with_day_and_month_swapped
from .spellings import EXACT, NORMALISED, UNACCENTED, Spellings, compare

VERDICTS = (
    "missing_id",
    "id_is_cmnd",
    "invalid_id",
    "duplicate_id",
    "not_found",
    "mismatch_name",
    "mismatch_birth_date_year_only",
    "mismatch_birth_date_swapped",
    "mismatch_birth_date",
    "mismatch_sex",
    "verified",
    "verified_after_normalisation",
    "verified_by_name",
    "deceased",
)
(
    MISSING_ID,
    ID_IS_CMND,
    INVALID_ID,
    DUPLICATE_ID,
    NOT_FOUND,
    MISMATCH_NAME,
    YEAR_ONLY,
    SWAPPED,
    MISMATCH_BIRTH_DATE,
    MISMATCH_SEX,
    VERIFIED,
    AFTER_NORMALISATION,
    BY_NAME,
    DECEASED,
) = range(len(VERDICTS))
AGREEING = (VERIFIED, AFTER_NORMALISATION, BY_NAME)
"""The verdicts of records that are those of the person."""
NO_VERDICT = -1
_FINE = -2


@dataclass(frozen=True)
class Shown:
    """What some records show of their persons: classes of dirt, -1 for none."""

    person: Ints
    """Whose records they are."""
    id_dirt: Ints
    name_dirt: Ints
    birth_dirt: Ints | None
    """None where the source tells neither birth date nor sex."""


def has_whole_id(id_dirt: Ints) -> Bools:
    """Whether a personal id of twelve digits is shown, or one that only lost its zero."""
    return ~np.isin(id_dirt, (MISSING, OLD_ID))


def verdicts(world: Registers, registry: Registry, shown: Shown, is_duplicate: Bools) -> Ints:
    """The verdict on each record; ``is_duplicate`` says whose id other records carry too."""
    found = np.full(len(shown.person), _FINE, dtype=np.int64)
    _decide(found, shown.id_dirt == MISSING, MISSING_ID)
    _decide(found, shown.id_dirt == OLD_ID, ID_IS_CMND)
    _decide(found, is_duplicate, DUPLICATE_ID)
    owner = id_owners(shown.person, shown.id_dirt)
    known = registry.knows(owner) & (shown.id_dirt != CONFLICTING)
    unknown = np.flatnonzero((found == _FINE) & ~known)
    found[unknown] = _of_unknown(world, shown, owner, unknown)
    compared = np.flatnonzero(found == _FINE)
    found[compared] = _of_known(world, registry, _taken(shown, compared), owner[compared])
    return found


def _decide(found: Ints, applies: Bools, verdict: int) -> None:
    found[applies & (found == _FINE)] = verdict


def _taken(shown: Shown, chosen: Ints) -> Shown:
    birth = None if shown.birth_dirt is None else shown.birth_dirt[chosen]
    return Shown(shown.person[chosen], shown.id_dirt[chosen], shown.name_dirt[chosen], birth)


def _of_unknown(world: Registers, shown: Shown, owner: Ints, chosen: Ints) -> Ints:
    """An id the register does not know: at odds with the record's own year or sex, or not."""
    if shown.birth_dirt is None:
        return np.full(len(chosen), NOT_FOUND, dtype=np.int64)
    people, person, other = world.people, shown.person[chosen], owner[chosen]
    at_odds = shown.id_dirt[chosen] == CONFLICTING
    differs = years(people.birth_day(person)) != years(people.birth_day(other))
    differs |= shown_sex(people.sex(person), shown.id_dirt[chosen]) != people.sex(other)
    return np.where(at_odds | differs, INVALID_ID, NOT_FOUND)


def _of_known(world: Registers, registry: Registry, shown: Shown, owner: Ints) -> Ints:
    """The comparison of name, birth date and sex with the register."""
    people = world.people
    name = people.name(shown.person)
    spelled = compare(Spellings(name, shown.name_dirt), registry.spellings(owner))
    if shown.birth_dirt is None:
        return np.where(spelled <= UNACCENTED, BY_NAME, MISMATCH_NAME)
    normalised = (spelled != EXACT) | (shown.id_dirt == LOST_ZERO)
    found = np.where(normalised, AFTER_NORMALISATION, VERIFIED)
    born = people.birth_day(shown.person)
    others = np.flatnonzero(shown.person != owner)
    registered, sex_differs = born.copy(), shown.id_dirt == WRONG_SEX
    registered[others] = people.birth_day(owner[others])
    sex_differs[others] = people.sex(shown.person[others]) != people.sex(owner[others])
    mine = births(born, shown.birth_dirt)
    theirs = births(registered, registry.birth_dirt[owner].astype(np.int64))
    date = _birth_verdicts(mine, theirs)
    found = np.where(sex_differs, MISMATCH_SEX, found)
    found = np.where(date != _FINE, date, found)
    agrees = (date == _FINE) & ~sex_differs
    is_name = (spelled <= NORMALISED) | ((spelled == UNACCENTED) & agrees)
    return np.where(is_name, found, MISMATCH_NAME)


def _birth_verdicts(mine: Births, theirs: Births) -> Ints:
    found = np.full(len(mine.day), _FINE, dtype=np.int64)
    both_only = mine.is_year_only & theirs.is_year_only
    differs = both_only | (mine.day != theirs.day) | (mine.is_year_only != theirs.is_year_only)
    doubtful = np.flatnonzero(differs)
    day, other = mine.day[doubtful], theirs.day[doubtful]
    same_year = years(day) == years(other)
    swapped = (with_day_and_month_swapped(day) == other) & (day != other)
    full = ~(mine.is_year_only | theirs.is_year_only)[doubtful]
    verdict = np.where(full & swapped, SWAPPED, MISMATCH_BIRTH_DATE)
    verdict = np.where(~full & same_year, YEAR_ONLY, verdict)
    found[doubtful] = np.where(both_only[doubtful] & same_year, _FINE, verdict)
    return found
