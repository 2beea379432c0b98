"""A reason is what it looks like."""

import pytest

from dean06.errors import Dean06Error
from dean06.trail.reason import stated


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  theo hồ sơ giấy ", "theo hồ sơ giấy"),
        ("công văn\u00a012/2026", "công văn 12/2026"),
        ("dòng một\r\n\tdòng hai", "dòng một dòng hai"),
        ("đối chiếu", "đối chiếu"),
    ],
)
def test_words_stay_on_one_line(typed: str, line: str) -> None:
    assert stated(typed) == line


@pytest.mark.parametrize("typed", ["", "    ", "abcd", " a  b ", "\u200b" * 9])
def test_too_little_is_refused(typed: str) -> None:
    with pytest.raises(Dean06Error):
        stated(typed)


@pytest.mark.parametrize(
    "sign",
    ["\x00", "\x1b[2K", "\x08", "\u200b", "\u200e", "\u202e", "\u2066", "\ufeff", "\U000e0041"],
)
def test_what_turns_or_hides_other_words_is_refused(sign: str) -> None:
    with pytest.raises(Dean06Error, match="invisible"):
        stated(f"duyệt {sign}bản sửa")
