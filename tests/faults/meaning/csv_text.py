"""One CSV record as RFC 4180 §2 says it, read sign by sign."""

from tests.faults.meaning.values import LostError


def read(written: bytes, delimiter: str) -> list[str | None]:
    """The fields of a record without its line end; an empty field is none (the contract says that
    it may be empty).

    Raises LostError for text that is no UTF-8, for NUL, for a quoted field that is not closed, and
    for text after a closing quotation mark. A quotation mark within a field that does not begin
    with one is a sign like any other (decision 29; the RFC has no such field).
    """
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError:
        raise LostError("no UTF-8") from None
    if "\x00" in text:
        raise LostError("NUL")
    fields: list[str] = []
    at = 0
    while at <= len(text):
        field, at = (
            _quoted(text, at + 1) if text[at : at + 1] == '"' else _plain(text, at, delimiter)
        )
        if text[at : at + 1] not in ("", delimiter):
            raise LostError("text after a closing quotation mark")
        fields.append(field)
        at += 1
    return [field or None for field in fields]


def _plain(text: str, at: int, delimiter: str) -> tuple[str, int]:
    end = text.find(delimiter, at)
    end = len(text) if end < 0 else end
    return text[at:end], end


def _quoted(text: str, at: int) -> tuple[str, int]:
    """A field from behind its opening quotation mark to behind the closing one."""
    said = ""
    while True:
        end = text.find('"', at)
        if end < 0:
            raise LostError("a quoted field that is not closed")
        said += text[at:end]
        if text[end + 1 : end + 2] != '"':
            return said, end + 1
        said, at = said + '"', end + 2
