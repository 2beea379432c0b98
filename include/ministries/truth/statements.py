"""What each source says of the persons who live in the province on a day, as numbers.

A record is of the person whose id it carries. Whether it counts on the day, and whether its id can
be used, is decided as for the KPIs of record quality; what a register of states says is what its
version of the day says.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..dirt.blemishes import CONFLICTING
from ..identity.records import DATASETS, shown_by
from ..identity.registry import newest
from ..identity.shown_values import births, id_owners, shown_sex
from ..identity.spellings import UNACCENTED, Spellings, compare, reading
from ..identity.verdicts import (
    AGREEING,
    MISMATCH_BIRTH_DATE,
    MISMATCH_NAME,
    MISMATCH_SEX,
    SWAPPED,
    YEAR_ONLY,
    Shown,
    has_whole_id,
)
from ..identity.world import World
from ..kernel.clock import DAY, NEVER, end_of_day, years
from ..kernel.draws import Bools, Ints
from ..world.residents import DRAFT, FIX, LEAVE, MOVE
from .identity import IdentityFigures

SOURCES = ("education", "health", "insurance", "police", "portal")
PERSON, NAME, YEAR, BORN, SEX, COMMUNE = range(6)
"""Columns of what is said. NAME is 0 where it is the register's, a number of the reading elsewhere.
"""
NOTHING = -NEVER
"""Where nothing is said; BORN where of a birth date only the year is given."""
_INSURED = "insurance.participant"
_USED = AGREEING
_LINKED = (*_USED, MISMATCH_NAME, YEAR_ONLY, SWAPPED, MISMATCH_BIRTH_DATE, MISMATCH_SEX)
"""Verdicts on records with an id that the register knows and no other record may share."""


@dataclass(frozen=True)
class Statements:
    """Everything that is said on a day."""

    by_source: dict[str, Ints]
    """Rows of the columns above, each once, ordered by person."""
    is_used: Bools
    """By person, whether a record of another source agrees with the register."""


def said_on(identity: IdentityFigures, commune: Ints) -> Statements:
    """What every source says of who lives in a commune (by person, -1: in none)."""
    world, registered = identity.world, _registered(identity, commune)
    said: dict[str, list[Ints]] = {source: [] for source in SOURCES}
    is_used = np.zeros(len(commune), dtype=np.bool_)
    for dataset, chosen in DATASETS.items():
        codes = identity.judgement.on(dataset, identity.as_of)
        for number, shown in _shown_on(identity, dataset):
            owner = id_owners(shown.person, shown.id_dirt)
            linked = np.isin(codes[number], _LINKED) & has_whole_id(shown.id_dirt)
            linked &= (shown.id_dirt != CONFLICTING) & (commune[owner] >= 0)
            n, owner, some = number[linked], owner[linked], _taken(shown, linked)
            rows = _rows(world, owner, some, registered)
            if dataset == _INSURED:
                known = identity.judgement.known_by
                rows[:, COMMUNE] = world.participants.commune_on(n, identity.as_of, known)
            said[chosen.source].append(rows)
            is_used[owner[np.isin(codes[n], _USED)]] = True
    said["police"].append(_said_by_the_register(identity, commune))
    return Statements(
        {source: np.unique(np.concatenate(rows), axis=0) for source, rows in said.items()},
        is_used,
    )


def _shown_on(identity: IdentityFigures, dataset: str) -> Iterator[tuple[Ints, Shown]]:
    """Records that count on the day, and what they show."""
    world, known = identity.world, identity.judgement.known_by
    place = identity.communes()[dataset]
    for some in DATASETS[dataset].current(world, known):
        counts = place(some.number) >= 0
        n = some.number[counts]
        if dataset == _INSURED:
            person, clean = world.participants.person(n), _corrected_on(identity, n)
            yield n, shown_by(world, dataset, n, person, clean)
        else:
            yield n, _taken(some.shown, counts)


def _corrected_on(identity: IdentityFigures, q: Ints) -> Bools:
    """Whether the participant's version of the day has its personal data put right: one that was
    written after a change that the day has not seen is a version of a later day."""
    participants, known = identity.world.participants, identity.judgement.known_by
    enter = participants.enter(q)
    leave = participants.leave(q, enter)
    change, fix = participants.change(q, enter, leave), participants.fix(q, enter, leave)
    has_changed = change.holds(identity.as_of, known)
    return (fix <= end_of_day(known)) & (has_changed | (fix < change.at))


def _registered(identity: IdentityFigures, commune: Ints) -> Spellings:
    """By person, how the register's version of the day writes the name of who lives here."""
    world, n = identity.world, np.flatnonzero(commune >= 0).astype(np.int64)
    residents = world.residents
    move, updates = residents.move(n), residents.updates(n)
    has_moved, never = move.effective <= identity.as_of, NEVER * DAY
    del updates[LEAVE]
    for slot in (DRAFT, MOVE):
        updates[slot] = np.where(has_moved, updates[slot], never)
    updates[FIX] = np.where(has_moved | (updates[FIX] < move.at), updates[FIX], never)
    last = newest(updates, end_of_day(identity.judgement.known_by))
    row = residents.row(n, last.at, last.slot.astype(np.int8))
    found = Spellings(np.zeros_like(commune), np.full_like(commune, -1))
    dirt = world.blemishes("police").of_name("resident", n)
    found.name[n], found.dirt[n] = row.name, np.where(row.is_corrected, -1, dirt)
    return found


def _rows(world: World, owner: Ints, shown: Shown, registered: Spellings) -> Ints:
    """What records say, without communes."""
    people, person = world.people, shown.person
    rows = np.full((len(owner), 6), NOTHING, dtype=np.int64)
    mine = Spellings(people.name(person), shown.name_dirt)
    theirs = Spellings(registered.name[owner], registered.dirt[owner])
    rows[:, PERSON] = owner
    rows[:, NAME] = np.where(compare(mine, theirs) <= UNACCENTED, 0, 1 + reading(mine))
    if shown.birth_dirt is not None:
        _write_birth(rows, people.birth_day(person), shown.birth_dirt)
        rows[:, SEX] = shown_sex(people.sex(person), shown.id_dirt)
    return rows


def _said_by_the_register(identity: IdentityFigures, commune: Ints) -> Ints:
    people, n = identity.world.people, np.flatnonzero(commune >= 0).astype(np.int64)
    rows = np.zeros((len(n), 6), dtype=np.int64)
    rows[:, PERSON], rows[:, SEX], rows[:, COMMUNE] = n, people.sex(n), commune[n]
    dirt = identity.judgement.registry.birth_dirt[n].astype(np.int64)
    _write_birth(rows, people.birth_day(n), dirt)
    return rows


def _write_birth(rows: Ints, born: Ints, dirt: Ints) -> None:
    shown = births(born, dirt)
    rows[:, YEAR] = years(shown.day)
    rows[:, BORN] = np.where(shown.is_year_only, NOTHING, shown.day)


def _taken(shown: Shown, chosen: Bools) -> Shown:
    birth = None if shown.birth_dirt is None else shown.birth_dirt[chosen]
    return Shown(shown.person[chosen], shown.id_dirt[chosen], shown.name_dirt[chosen], birth)
