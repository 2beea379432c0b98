"""Names as they look when text of a pre-Unicode font is read as Latin-1 (E03, E04).

TCVN3 is the one-byte code of TCVN 5712:1993, table VN3 (fonts .VnTime); it has no capitals with a
tone, so they are typed with the code of the small letter. VNI (VNI Software, southern offices)
writes a base letter and then a mark of its own. This module only writes such text.
"""

_VOWELS = (
    "aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị",
    "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ",
)  # fmt: skip
"""Each vowel without tone and with grave, acute, hook, tilde and dot below."""

_TCVN3_VOWELS = (
    "aµ¸¶·¹", "¨»¾¼½Æ", "©ÇÊÈÉË", "eÌÐÎÏÑ", "ªÒÕÓÔÖ", "i×ÝØÜÞ",
    "oßãáâä", "«åèæçé", "¬êíëìî", "uïóñòô", "\xadõøö÷ù", "yúýûüþ",
)  # fmt: skip
_TCVN3_CAPITALS = dict(zip("ĂÂĐÊÔƠƯ", "¡¢§£¤¥¦", strict=True))

_VNI_BASES = {"a": "a", "ă": "a", "â": "a", "e": "e", "ê": "e", "i": "i", "o": "o", "ô": "o",
              "ơ": "ô", "u": "u", "ư": "ö", "y": "y"}  # fmt: skip
_VNI_TONES = " øùûõï"
_VNI_CIRCUMFLEX = "âàáåãä"
_VNI_BREVE = "êèéúüë"
_VNI_WHOLE = {"í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ", "Đ": "Ñ"}
"""Letters of one code. Í is among them; Ì is written as base and mark, as in the samples."""


def _tcvn3() -> dict[str, str]:
    table = {"đ": "®"}
    for letters, codes in zip(_VOWELS, _TCVN3_VOWELS, strict=True):
        for letter, code in zip(letters, codes, strict=True):
            table[letter] = code
            if not letter.isascii():
                table[letter.upper()] = code
    return table | _TCVN3_CAPITALS


def _vni() -> dict[str, str]:
    table: dict[str, str] = {}
    for letters in _VOWELS:
        base = _VNI_BASES[letters[0]]
        marks = {"â": _VNI_CIRCUMFLEX, "ê": _VNI_CIRCUMFLEX, "ô": _VNI_CIRCUMFLEX, "ă": _VNI_BREVE}
        for letter, mark in zip(letters, marks.get(letters[0], _VNI_TONES), strict=True):
            table[letter] = base + mark.strip()
    table |= _VNI_WHOLE
    return table | {letter.upper(): code.upper() for letter, code in table.items()}


_TO_TCVN3 = str.maketrans(_tcvn3())
_TO_VNI = str.maketrans(_vni())


def tcvn3(text: str) -> str:
    """E03: composed Vietnamese text as TCVN3 bytes shown in Latin-1."""
    return text.translate(_TO_TCVN3)


def vni(text: str) -> str:
    """E04: composed Vietnamese text as VNI bytes shown in Latin-1."""
    return text.translate(_TO_VNI)
