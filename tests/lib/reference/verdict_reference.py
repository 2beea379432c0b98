"""The verdict on a record of a person, written again from the agreement's text, over wire texts.

Nothing here is taken from the code under test: names are compared letter by letter, birth dates
and ids as they were received.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ministries.reference import birth_codes

from .rulebook import Record

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_PAIRS = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "i": dict(zip("ùø", "íì", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
}
_VNI_SINGLE = {
    "ô": "ơ",
    "ö": "ư",
    "ñ": "đ",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
}
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_SEXES = {
    "health": {"male": "1", "female": "2"},
    "education": {"1": "2", "2": "1"},
}


def decode_tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(c, c) for c in text)


def decode_vni(text: str) -> str:
    found, position = "", 0
    while position < len(text):
        base, mark = text[position].lower(), text[position + 1 : position + 2].lower()
        letter = _VNI_PAIRS.get(base, {}).get(mark) if mark else None
        position += 2 if letter else 1
        letter = letter or _VNI_SINGLE.get(base, base)
        found += letter
    return found


def match_key(text: str) -> str:
    words = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).lower().split()
    return " ".join(map(_tone_last, words))


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(c for c in letters if c not in _TONES) + "".join(
        c for c in letters if c in _TONES
    )


def bare_key(text: str) -> str:
    letters = unicodedata.normalize("NFD", match_key(text))
    return "".join(c for c in letters if not unicodedata.combining(c)).replace("đ", "d")


def is_bare(text: str) -> bool:
    letters = unicodedata.normalize("NFD", text)
    return not any(unicodedata.combining(c) or c in "đĐ" for c in letters)


@dataclass(frozen=True)
class Birth:
    year: int
    month: int | None = None
    day: int | None = None


def birth(text: str) -> Birth:
    parts = [int(p) for p in re.split("[-/]", text)]
    if len(parts) == 3 and len(text.split("/")) == 3:
        parts.reverse()
    if len(parts) == 1 or parts[1] == 0:
        return Birth(parts[0])
    return Birth(*parts)


@dataclass(frozen=True)
class Person:
    name: str
    birth: Birth | None
    sex: str | None


def person(dataset: str, record: Record) -> Person:
    source = dataset.split(".")[0]
    if source == "portal":
        return Person(str(record["applicant_name"]), None, None)
    sex = str(record["sex_code"])
    sex = _SEXES.get(source, {}).get(sex, sex)
    known = sex if sex in ("1", "2") else None
    return Person(str(record["full_name"]), birth(str(record["birth_date"])), known)


def _at_odds(number: str, who: Person) -> bool:
    year = 1900 + int(number[3]) // 2 * 100 + int(number[4:6])
    sex = "12"[int(number[3]) % 2]
    return (who.birth is not None and who.birth.year != year) or who.sex not in (None, sex)


def _well_formed(number: str) -> bool:
    return bool(re.fullmatch(r"\d{12}", number)) and (
        int(number[:3]) in birth_codes() and number[3] in "0123"
    )


def effective_id(dataset: str, record: Record) -> str:
    """The twelve digits, or the verdict that there are none."""
    number = record["personal_id"]
    if not number:
        return "missing_id"
    if len(number) in {8, 9}:
        return "id_is_cmnd"
    if len(number) in {10, 11}:
        padded = number.zfill(12)
        if not _well_formed(padded) or _at_odds(padded, person(dataset, record)):
            return "invalid_id"
        return padded
    return number


def duplicates(dataset: str, records: Iterable[Record]) -> set[tuple[str, str]]:
    """(scope, id) of ids that two or more records carry."""
    seen: Counter[tuple[str, str]] = Counter()
    for record in records:
        number = effective_id(dataset, record)
        if number.isdigit() and (scope := _scope(dataset, record)):
            seen[scope, number] += 1
    return {found for found, count in seen.items() if count > 1}


def _scope(dataset: str, record: Record) -> str:
    if dataset == "insurance.participant":
        return "active" if record["participation_status"] == "dang_tham_gia" else ""
    return str(record["exam_year"]) if dataset == "education.exam_registration" else ""


def verdict(
    dataset: str, record: Record, registry: dict[str, Record], repeated: set[tuple[str, str]]
) -> str:
    number = effective_id(dataset, record)
    if not number.isdigit():
        return number
    if (_scope(dataset, record), number) in repeated:
        return "duplicate_id"
    mine = person(dataset, record)
    if number not in registry:
        return "invalid_id" if _at_odds(number, mine) else "not_found"
    theirs = person("police.resident", registry[number])
    birth_verdict = _compare_births(mine.birth, theirs.birth)
    sexes_differ = None not in (mine.sex, theirs.sex) and mine.sex != theirs.sex
    same, changed = compare_names(mine.name, theirs.name, not birth_verdict and not sexes_differ)
    if not same:
        return "mismatch_name"
    if birth_verdict:
        return birth_verdict
    if sexes_differ:
        return "mismatch_sex"
    if mine.birth is None and mine.sex is None:
        return "verified_by_name"
    normalised = changed or number != record["personal_id"]
    return "verified_after_normalisation" if normalised else "verified"


def compare_names(mine: str, theirs: str, rest_agrees: bool) -> tuple[bool, bool]:
    """(whether it is the same name, whether only after normalisation)."""
    if mine == theirs:
        return True, False
    keys = {match_key(text) for text in (mine, decode_tcvn3(mine), decode_vni(mine))}
    if match_key(theirs) in keys:
        return True, True
    bare = (is_bare(mine) or is_bare(theirs)) and bare_key(mine) == bare_key(theirs)
    return bare and rest_agrees, True


def _compare_births(mine: Birth | None, theirs: Birth | None) -> str:
    if mine is None or theirs is None or mine == theirs:
        return ""
    year_only = mine.day is None or theirs.day is None
    if mine.year == theirs.year and year_only:
        return "mismatch_birth_date_year_only"
    if mine == Birth(theirs.year, theirs.day, theirs.month) and not year_only:
        return "mismatch_birth_date_swapped"
    return "mismatch_birth_date"
