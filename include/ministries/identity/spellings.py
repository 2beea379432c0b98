"""Whether two spellings are of one name, decided by what was done to each, not by their letters.

A name keeps its words in most classes of dirt: decomposed, with the tone moved, in capitals, badly
spaced or in a legacy encoding it is the same name to whoever reads it rightly. Without accents,
without the middle name or with the given name first it is another word sequence, looked up in
tables over all names there are.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..dirt.blemishes import NAME_CLASSES
from ..kernel.draws import Bools, Ints
from ..world import names

EXACT, NORMALISED, UNACCENTED, DIFFERENT = range(4)
"""How two spellings agree; ``UNACCENTED`` is no proof by itself."""

_WHOLE, _WITHOUT_MIDDLE, _GIVEN_FIRST = range(3)
_CLASS = {name: index for index, name in enumerate(NAME_CLASSES)}
_FORM_OF_CLASS = np.full(len(NAME_CLASSES) + 1, _WHOLE)
_FORM_OF_CLASS[_CLASS["E09"]] = _WITHOUT_MIDDLE
_FORM_OF_CLASS[_CLASS["E08"]] = _GIVEN_FIRST
_LEGACY = (_CLASS["E03"], _CLASS["E04"])
_BARE, _CAPITALS = _CLASS["E06"], _CLASS["E05"]


@dataclass(frozen=True)
class Spellings:
    """Names (numbers) and the class of dirt each is written with, -1 for none."""

    name: Ints
    dirt: Ints


@dataclass(frozen=True)
class _Tables:
    """By form and name number."""

    key: Ints
    """Which word sequence it is; equal numbers for equal words."""
    bare: Ints
    """The same without accents, in the same numbering."""
    is_altered: Bools
    """By class and name number: whether the class changes this name at all."""


@cache
def _tables() -> _Tables:
    texts = names.texts(np.arange(names.count(), dtype=np.int64))
    forms = [texts, *([names.RESPELL[c](t) for t in texts] for c in ("E09", "E08"))]
    numbering: dict[str, int] = {}

    def numbers(change: Callable[[str], str]) -> Ints:
        found = [[numbering.setdefault(change(t), len(numbering)) for t in f] for f in forms]
        return np.array(found, dtype=np.int64)

    altered = [
        [names.RESPELL[c](text) != text for text in texts] if c in names.RESPELL else [False]
        for c in NAME_CLASSES
    ]
    rows = [np.resize(np.array(row, dtype=np.bool_), len(texts)) for row in altered]
    bare = numbers(lambda text: names.unaccented(text).lower())
    key = numbers(lambda text: unicodedata.normalize("NFC", text.lower()))
    return _Tables(key, bare, np.stack([*rows, np.zeros(len(texts), dtype=np.bool_)]))


def altered(some: Spellings) -> Ints:
    """The class that really changes each name, -1 if none: many names carry no accent to lose."""
    changes = _tables().is_altered[some.dirt, some.name]
    return np.where(changes, some.dirt, -1)


def compare(one: Spellings, registered: Spellings) -> Ints:
    """How records and the register spell names. Only a record's legacy text is decoded."""
    mine, theirs = _Read.of(one), _Read.of(registered)
    same = mine.key == theirs.key
    legacy = np.isin(theirs.dirt, _LEGACY) | np.isin(mine.dirt, _LEGACY)
    identical = same & (mine.dirt == theirs.dirt)
    either_bare = (mine.bare == mine.key) | (theirs.bare == theirs.key)
    unaccented = (mine.bare == theirs.bare) & either_bare & ~legacy
    found = np.where(unaccented, UNACCENTED, DIFFERENT)
    found = np.where(same & ~np.isin(theirs.dirt, _LEGACY), NORMALISED, found)
    return np.where(identical, EXACT, found)


def reading(some: Spellings) -> Ints:
    """A number for what each spelling says to a reader who decodes nothing: equal for equal words,
    whatever their case, spaces and combining marks; another for each legacy encoding."""
    read = _Read.of(some)
    encoding = np.zeros_like(read.key)
    for index, legacy in enumerate(_LEGACY):
        encoding[read.dirt == legacy] = index + 1
    return np.asarray(read.key * (len(_LEGACY) + 1) + encoding, dtype=np.int64)


@dataclass(frozen=True)
class _Read:
    """Spellings as whoever knows the classes reads them."""

    dirt: Ints
    key: Ints
    bare: Ints

    @classmethod
    def of(cls, some: Spellings) -> "_Read":
        tables, dirt = _tables(), altered(some)
        form = _FORM_OF_CLASS[dirt]
        bare = tables.bare[form, some.name]
        key = np.where(dirt == _BARE, bare, tables.key[form, some.name])
        return cls(np.where(dirt == _BARE, _CAPITALS, dirt), key, bare)
