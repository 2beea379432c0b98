"""Titles of columns, compared as a person compares them."""

import re
import unicodedata

_MARKS = re.compile(r"\s*(?:\(\s*\*+\s*\)|\*+|:)\s*$")
_BESIDE_SIGNS = re.compile(r"\s*([/,()-])\s*")
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


def plain(title: str) -> str:
    """A title as it looks: composed Unicode, one plain space between words, nothing invisible.

    A line break, a no-break space or letters with separate accents make no other title.
    """
    visible = unicodedata.normalize("NFC", title).translate(_INVISIBLE)
    return " ".join(visible.split())


def matching(title: str) -> str:
    """What two titles have in common that a person takes for the same: letter case, a mark for
    required columns (``*``, ``(*)``) or a colon at the end, and spaces beside a stroke, comma,
    bracket or hyphen do not count: lines are broken there."""
    return _BESIDE_SIGNS.sub(r"\1", _MARKS.sub("", plain(title))).casefold()
