"""Whether a file of text is UTF-8, and what it is instead: asked once, of its beginning.

One bad byte is a problem of its record. A file in another encoding is a problem of the delivery:
record by record it would only look like a thousand bad ones.
"""

import unicodedata
from itertools import pairwise
from typing import IO

from dean06.details.detail import Detail, detail
from dean06.errors import ContractError

_BEGINNING = 1 << 16
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""Archives and containers, which are no text."""
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"),
)  # fmt: skip
_MANY_NULS, _FEW_NULS = 0.4, 0.05
"""Of every other byte: Latin text in UTF-16 has a NUL in most places of one kind."""
_SEVERAL_LINES, _SEVERAL_LETTERS = 3, 3
"""So many lines may be bad one by one; if no line with an accent is UTF-8, the file is not."""
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONES_SHARE = 0.2
_OF_ONE_BYTE = "a single-byte encoding (perhaps TCVN3 or VNI)"
_LETTERS_SHARE = 0.9


def require_utf8(stream: IO[bytes], name: str) -> None:
    """Raise ContractError naming file and encoding when the text is not UTF-8. The stream, which
    must be seekable, stands at its beginning afterwards."""
    beginning = stream.read(_BEGINNING)
    stream.seek(0)
    if found := other_encoding(beginning):
        raise ContractError(detail("file_not_utf8", file=name, encoding=_named(found)))


def _named(encoding: str) -> Detail:
    if encoding == _OF_ONE_BYTE:
        return detail("encoding_of_one_byte")
    return detail("encoding", name=encoding)


def other_encoding(beginning: bytes) -> str | None:
    """The encoding of a text that begins so; None for UTF-8 with or without a few bad records, and
    for what is no text."""
    if beginning.startswith(_BINARY):
        return None
    for mark, name in _MARKS:
        if beginning.startswith(mark):
            return name
    if _has_a_nul_in_every_letter(beginning):
        return "UTF-16"
    lines = beginning.split(b"\n")
    if len(beginning) == _BEGINNING:
        lines.pop()  # It may end inside a letter.
    accented = [line for line in lines if not line.isascii()]
    bad = [line for line in accented if not _is_utf8(line)]
    if not bad or len(bad) < len(accented):
        return None
    is_header = bad[0] == lines[0] and not bad[0].lstrip().startswith((b"{", b"["))
    # One odd byte is a damaged title; a title in another code has several.
    has_bad_header = is_header and sum(byte >= 0x80 for byte in bad[0]) >= _SEVERAL_LETTERS
    # A few damaged records of many are theirs alone: names with accents stand in most lines.
    is_most = len(bad) >= _SEVERAL_LINES and 2 * len(bad) >= len(lines)
    if not (is_most or has_bad_header):
        return None
    return _one_byte_code(b"\n".join(bad))


def _has_a_nul_in_every_letter(text: bytes) -> bool:
    shares = [text[start::2].count(0) / max(len(text) // 2, 1) for start in (0, 1)]
    return max(shares) > _MANY_NULS and min(shares) < _FEW_NULS


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _one_byte_code(text: bytes) -> str:
    """Which single-byte encoding: Windows-1258 writes tones after their vowels; text of
    Windows-1252 has only the accented letters that Vietnamese shares with French."""
    high = sum(byte >= 0x80 for byte in text)
    decoded = text.decode("cp1258", "replace")
    tones = sum(
        mark in _TONES and len(unicodedata.normalize("NFC", letter + mark)) == 1
        for letter, mark in pairwise(decoded)
    )
    if tones >= _TONES_SHARE * high:
        return "Windows-1258"
    letters = sum(c in "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý" for c in text.decode("latin-1"))
    if letters >= _LETTERS_SHARE * high:
        return "Windows-1252"
    return _OF_ONE_BYTE
