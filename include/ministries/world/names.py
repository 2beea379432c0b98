"""Vietnamese names and the ways in which they are misspelt.

Full names are looked up in one table (surname × middle × given, by sex), so that a page of rows
costs one array lookup.
"""

import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np

from ..dirt.legacy_text import tcvn3, vni
from ..kernel.clock import Texts
from ..kernel.draws import Draws, Ints
from ..reference import name_lists

_LISTS = name_lists()
_SURNAMES = list(_LISTS.surnames)
_PER_SURNAME = len(_LISTS.middles[1]) * len(_LISTS.givens[1])
_PER_SEX = len(_SURNAMES) * _PER_SURNAME

_TONE_PLACEMENT = (("òa", "oà"), ("úy", "uý"), ("ủy", "uỷ"), ("ùy", "uỳ"), ("óa", "oá"))
_SPACES = ("  ", "\u00a0", " \u200b", " \u00a0")


@cache
def _table() -> Texts:
    names = [
        f"{surname} {middle} {given}"
        for sex in (1, 2)
        for surname in _SURNAMES
        for middle in _LISTS.middles[sex]
        for given in _LISTS.givens[sex]
    ]
    return np.array([unicodedata.normalize("NFC", name) for name in names], dtype=object)


def choose(draws: Draws, n: Ints, sex: Ints) -> Ints:
    """The name number of each person."""
    weights = np.cumsum(list(_LISTS.surnames.values())) / sum(_LISTS.surnames.values())
    surname = np.searchsorted(weights, draws.unit("surname", n), side="right")
    rest = draws.below("name", n, _PER_SURNAME)
    return (sex - 1) * _PER_SEX + surname * _PER_SURNAME + rest


def misspelt(name: Ints) -> Ints:
    """The number of a name with another given name: what a later correction puts right."""
    block = len(_LISTS.givens[1])
    return name // block * block + (name + 7) % block


def texts(name: Ints) -> list[str]:
    """The full names in Unicode NFC."""
    found: list[str] = _table()[name].tolist()
    return found


def decomposed(name: str) -> str:
    """E01: the same name in Unicode NFD."""
    return unicodedata.normalize("NFD", name)


def tone_moved(name: str) -> str:
    """E02: the tone mark on the other vowel (Hòa, Hoà)."""
    for one, other in _TONE_PLACEMENT:
        name = name.replace(one, other)
    return name


def unaccented(name: str) -> str:
    """E06: capitals without diacritics, as typed on an old keyboard."""
    return " ".join(map(_bare_capitals, name.split(" ")))


@cache
def _bare_capitals(word: str) -> str:
    stripped = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in stripped if not unicodedata.combining(c)).upper()


def without_middle(name: str) -> str:
    """E09: Nguyễn Hòa for Nguyễn Thị Hòa."""
    parts = name.split(" ")
    return f"{parts[0]} {parts[-1]}"


def badly_spaced(name: str) -> str:
    """E10: a double space, a no-break space or a zero width space."""
    first, rest = name.split(" ", 1)
    return first + _SPACES[len(name) % len(_SPACES)] + rest


def capitals(name: str) -> str:
    """NGUYỄN THỊ HÒA: proper Unicode, which a careless conversion from TCVN3 corrupts (E05)."""
    return name.upper()


def given_first(name: str) -> str:
    """E08: Hòa Thị Nguyễn, as foreign software has it."""
    return " ".join(reversed(name.split(" ")))


RESPELL: dict[str, Callable[[str], str]] = {
    "E01": decomposed,
    "E02": tone_moved,
    "E03": tcvn3,
    "E04": vni,
    "E05": capitals,
    "E06": unaccented,
    "E08": given_first,
    "E09": without_middle,
    "E10": badly_spaced,
}
"""The classes that change a name's text; E07 only changes the field in which it stands."""


def count() -> int:
    """How many names there are."""
    return 2 * _PER_SEX
