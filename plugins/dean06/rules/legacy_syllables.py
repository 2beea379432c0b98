"""Vietnamese syllables as they look when text of a font from before Unicode is read as Latin-1.

TCVN3 (TCVN 5712:1993, table VN3) gives each accented vowel a code of its own; VNI writes a vowel
and then a mark. Either way a word stays one syllable of Vietnamese: an initial, a glide, a vowel,
an ending. Whoever is called Michaël, Peña or Björn is no such syllable, so the pattern of a whole
word tells legacy text from names of other languages better than a list of letters could.
"""

import unicodedata
from collections.abc import Mapping

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = frozenset(
    unicodedata.normalize("NFC", letter + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in _TONES
    for letter in (vowel, vowel.upper())
) | frozenset("đĐ")
"""Vowels of Vietnamese with and without tones, and đ."""

_INITIALS = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu?|r|s|t|th|tr|v|x"
_ENDINGS = "c|ch|m|n|ng|nh|p|t"
_OFFGLIDES = {
    "a": "iouy", "ă": "", "â": "uy", "e": "o", "ê": "u", "i": "au", "o": "i", "ô": "i", "ơ": "i",
    "u": "ai", "ư": "aiu", "y": "au",
}  # fmt: skip
"""Vowels that may follow each vowel in its syllable."""
_GLIDES = {"o": "aăe", "u": "aăâeêơy", "uy": "aê", "i": "ê", "y": "ê"}
"""Vowels that may follow each glide."""


def _codes(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


_TCVN3 = {
    "a": _codes((0xB5, 0xB9)), "ă": _codes((0xA1, 0xA1), (0xA8, 0xA8), (0xBB, 0xBE), (0xC6, 0xC6)),
    "â": _codes((0xA2, 0xA2), (0xA9, 0xA9), (0xC7, 0xCB)), "e": _codes((0xCC, 0xCC), (0xCE, 0xD1)),
    "ê": _codes((0xA3, 0xA3), (0xAA, 0xAA), (0xD2, 0xD6)), "i": _codes((0xD7, 0xD8), (0xDC, 0xDE)),
    "o": _codes((0xDF, 0xDF), (0xE1, 0xE4)), "ô": _codes((0xA4, 0xA4), (0xAB, 0xAB), (0xE5, 0xE9)),
    "ơ": _codes((0xA5, 0xA5), (0xAC, 0xAC), (0xEA, 0xEE)),
    "u": _codes((0xEF, 0xEF), (0xF1, 0xF4)), "ư": _codes((0xA6, 0xA6), (0xAD, 0xAD), (0xF5, 0xF9)),
    "y": _codes((0xFA, 0xFE)),
}  # fmt: skip
"""Codes of each vowel with its tones; one without a tone and a sign is plain ASCII."""
_TCVN3_D = "\u00a7\u00ae"

_VNI_TONES, _VNI_CIRCUMFLEX, _VNI_BREVE = "ùøûõï", "âáàåãä", "êéèúüë"
_VNI = {
    "a": f"a[{_VNI_TONES}]", "ă": f"a[{_VNI_BREVE}]", "â": f"a[{_VNI_CIRCUMFLEX}]",
    "e": f"e[{_VNI_TONES}]", "ê": f"e[{_VNI_CIRCUMFLEX}]", "i": "íìæóò", "o": f"o[{_VNI_TONES}]",
    "ô": f"o[{_VNI_CIRCUMFLEX}]", "ơ": f"ô[{_VNI_TONES}]?", "u": f"u[{_VNI_TONES}]",
    "ư": f"ö[{_VNI_TONES}]?", "y": f"y[{_VNI_TONES}]",
}  # fmt: skip
"""Each vowel as a letter and a mark; i has codes of its own."""

_STRANGE_TCVN3 = "".join(sorted(set("".join(_TCVN3.values()) + _TCVN3_D) - LETTERS))
_CAPITALS_TCVN3 = "".join(
    sorted(c for c in set("".join(_TCVN3.values())) if c in LETTERS and c.isupper())
)
_STRANGE_VNI = "äåæëïöøûü"
"""Of no Vietnamese word; ñ is left out, which Ê Đê names have."""

LETTER_SIGNS = f"[a-z][{_CAPITALS_TCVN3}]"
"""What TCVN3 makes of letters alone: a capital after a small letter (``NguyÔn``)."""
TCVN3_SIGNS = f"[{_STRANGE_TCVN3}]|{LETTER_SIGNS}"
"""What a word in TCVN3 has and one in Unicode has not: that, or a sign that is no letter of
Vietnamese."""
VNI_SIGNS = (
    f"[{_STRANGE_VNI}{_STRANGE_VNI.upper()}]|[aeAE][âáàãùõêéèúÂÁÀÃÙÕÊÉÈÚ]|[oO][âùõÂÙÕ]"
    "|[uyôUYÔ][ùõÙÕ]"
)
"""Likewise in VNI: no Vietnamese word has an accented vowel after a or e."""


def syllable(vowels: Mapping[str, str], d: str) -> str:
    """A regular expression (PostgreSQL's, RE2's and Python's) of one syllable in a legacy code.

    ``vowels``: an alternative for each vowel; ``d``: the codes of đ. A bare glide before the vowel
    is one of ASCII, or ư before ơ.
    """
    nuclei = [_then(vowel, code) for vowel, code in vowels.items()]
    nuclei += [
        f"(?:{_either(glide)})(?:{'|'.join(_then(vowel, vowels[vowel]) for vowel in after)})"
        for glide, after in _GLIDES.items()
    ]
    nuclei.append(f"(?:{vowels['ư']}){_then('ơ', vowels['ơ'])}")
    initial = f"(?:{'|'.join(map(_either, _INITIALS.split('|')))}|[{d}])?"
    return f"{initial}(?:{'|'.join(nuclei)})"


def word(signs: str, syllable: str) -> str:
    """A regular expression (PostgreSQL's and Python's) of a word that is such a syllable and has
    one of the signs."""
    return f"(?:^| )(?=[^ ]*(?:{signs})){syllable}(?= |$)"


def _then(vowel: str, code: str) -> str:
    """A vowel and how its syllable may end."""
    ends = [_either(ending) for ending in _ENDINGS.split("|")]
    ends += [_either(letter) for letter in _OFFGLIDES[vowel]]
    return f"(?:{code})(?:{'|'.join(ends)})?"


def _either(letters: str) -> str:
    """Letters in either case; a question mark stays what it is."""
    return "".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in letters)


TCVN3_SYLLABLE = syllable({vowel: f"[{codes}]" for vowel, codes in _TCVN3.items()}, _TCVN3_D)
VNI_SYLLABLE = syllable(
    {vowel: f"[{code}{code.upper()}]" if vowel == "i" else f"{code}|{code.upper()}"
     for vowel, code in _VNI.items()},
    "ñÑ",
)  # fmt: skip
TCVN3_WORD = word(TCVN3_SIGNS, TCVN3_SYLLABLE)
VNI_WORD = word(VNI_SIGNS, VNI_SYLLABLE)
