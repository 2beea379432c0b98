"""Texts that have been through a wrong encoding: what a reader of Unicode can say for certain."""

import unicodedata
from collections.abc import Callable

_VIETNAMESE = {
    unicodedata.normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in "\u0300\u0301\u0303\u0309\u0323"
} | set("ăâđêôơưĂÂĐÊÔƠƯ")  # fmt: skip


def _is_decomposed(text: str) -> bool:
    """Letters and accents apart that Unicode has as one (UAX 15)."""
    has_marks = any("\u0300" <= sign <= "\u036f" for sign in text)
    return has_marks and unicodedata.normalize("NFC", text) != text


def _is_decoded_twice(text: str) -> bool:
    """Text whose signs are the bytes of Vietnamese in UTF-8, by Windows-1252 or Latin-1."""
    for code in ("cp1252", "latin-1"):
        try:
            before = text.encode(code).decode("utf-8")
        except UnicodeError:
            continue
        if before != text and set(before) & _VIETNAMESE:
            return True
    return False


CERTAIN: dict[str, Callable[[str], bool]] = {
    "composed": _is_decomposed,
    "decoded_once": _is_decoded_twice,
    "complete": lambda text: "?" in text or "\ufffd" in text,
    "without_digits": lambda text: any(sign in "0123456789" for sign in text),
}
"""End of a rule's name: ``full_name_composed`` → what breaks it for certain."""
