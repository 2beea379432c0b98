"""The patterns behind the rules on names, against every syllable of Vietnamese and other names."""

import re
import unicodedata
from pathlib import Path

import pytest

from dean06.rules import legacy_syllables as legacy
from dean06.rules import texts

RIMES = Path(__file__).parents[1] / "data" / "vietnamese_rimes.txt"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
INITIALS = (
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh",
    "p", "ph", "q", "qu", "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip
PATTERNS = {
    "tcvn3": legacy.TCVN3_WORD, "vni": legacy.VNI_WORD, "double_utf8": texts._DOUBLE_UTF8,
    "lookalike": texts._LOOKALIKE,
}  # fmt: skip
OTHERS = (
    "H'Hen Niê", "K'Brêu", "H’Blŏ Êban", "Y Ñơn Niê Kđăm", "Ñuê", "Siu H'Ƀlin", "Rơ Châm Č",
    "Thạch Sa Ry", "Giàng A Phử", "Lò Văn Ọt", "Đạo Thị Chăm", "Kim Sô Phia", "Michaël Noël",
    "Raphaël", "Zoë Chloé", "José Peña Muñoz", "François Lefèvre", "Jürgen Müller",
    "Björn Åkesson", "João Leão", "Anaïs", "Søren Kjær", "O'Brien", "O’Neill-Smith",
    "Łukasz Żak", "Çelik Özil", "Guðrún Jónsdóttir", "Jean-Luc Wójcik", "Nguyễn Văn A.",
    "LÃ VĂN Ã", "HÀ  ", "ÂU Á", "Ê", "Ừ", "Võ Thị Ú", "Đ", "đ",
)  # fmt: skip


def problems(name: str) -> set[str]:
    return {problem for problem, pattern in PATTERNS.items() if re.search(pattern, name)}


def syllables() -> list[str]:
    lines = RIMES.read_text("utf-8").splitlines()
    rimes = [rime for line in lines if not line.startswith("#") for rime in line.split()]
    return [
        unicodedata.normalize("NFC", initial + rime[: place + 1] + tone + rime[place + 1 :])
        for initial in INITIALS
        for rime in rimes
        for place in toned(rime)
        for tone in TONES
        if not (rime.startswith("oo") and tone == "\u0303")  # loan words; none has a tilde
        and not (initial == "qu" and rime[0] in "ou")
    ]


def toned(rime: str) -> list[int]:
    """Where the tone may stand: on the marked vowel, else as school teaches, old and new style."""
    if marked := [n for n, letter in enumerate(rime) if letter in "ăâêôơư"]:
        return marked[-1:]
    vowels = [n for n, letter in enumerate(rime) if letter in "aeiouy"]
    if rime[-1] not in "aeiouy":
        return vowels[-1:]
    if rime in {"oa", "oe", "uy"}:
        return vowels
    return vowels[len(vowels) // 2 - (len(vowels) == 2) :][:1]


def test_no_syllable_of_vietnamese_looks_like_a_wrong_encoding() -> None:
    words = syllables()
    assert len(words) > 25_000
    for written in (str, str.title, str.upper):
        wrong = [written(word) for word in words if problems(written(word))]
        assert wrong == []


@pytest.mark.parametrize("name", OTHERS)
def test_names_of_minorities_and_foreigners_are_no_wrong_encoding(name: str) -> None:
    assert problems(name) == set()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("NguyÔn V¨n Hïng", "tcvn3"), ("Lª ThÞ Hoa", "tcvn3"), ("TrÇn §øc Th¾ng", "tcvn3"),
        ("Bïi", "tcvn3"), ("NGUYÔN V¡N HïNG", "tcvn3"), ("Phan Quúnh Nh\u00ad", "tcvn3"),
        ("Nguyeãn Vaên Huøng", "vni"), ("NGUYEÃN VAÊN HUØNG", "vni"), ("Phaïm Ñöùc Anh", "vni"),
        ("Leâ Höõu", "vni"), ("Nguyễn Thò Tuyeát", "vni"),
        ("Lê ThÃ¹y", "double_utf8"), ("VÄƒn", "double_utf8"), ("Ä\u0090á»©c", "double_utf8"),
        ("HĂ¹ng", "double_utf8"), ("PhÆ°Æ¡ng", "double_utf8"), ("Há»“", "double_utf8"),
        ("Hà\u00a0", None), ("HÃ\u00a0", "double_utf8"), ("NguyÃ¡Â»â€¦n", "double_utf8"),
        ("Нguyễn Văn", "lookalike"), ("Nguyễn Văn Α", "lookalike"), ("Ðặng Văn An", "lookalike"),
        ("Lê ðức", "lookalike"), ("Ɖỗ Văn", "lookalike"), ("Ｎguyễn", "lookalike"),
    ],
)  # fmt: skip
def test_each_wrong_encoding_has_its_pattern(name: str, problem: str | None) -> None:
    assert problems(name) == ({problem} if problem else set())


def test_text_decoded_twice_is_found_letter_by_letter() -> None:
    """Every accented letter of Vietnamese, by each code page that people have."""
    for letter in sorted(legacy.LETTERS):
        if letter.isascii():
            continue
        seen = {
            letter.encode().decode(page, "surrogateescape")
            for page in ("latin-1", "cp1252", "cp1258")
        }
        for text in seen:
            readable = text.encode("utf-8", "ignore").decode()
            assert len(readable) < 2 or "double_utf8" in problems(readable), ascii(text)
