"""Patterns: regular expressions of PostgreSQL, as the columnar engine (RE2) writes them.

Both look for a pattern anywhere in a text, and both take ``$`` for the end of the text alone. They
differ in white space, in ``.`` and in how a character is written by its code. What RE2 lacks
(lookaround, back references) and what is not known to mean the same is refused, so that no rule
changes its meaning in silence.
"""

import re

from dean06.errors import ContractError

_SPACES = (
    r"\x{9}-\x{d} \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
)
"""White space of Unicode, as PostgreSQL has it in the warehouse's locale; RE2 knows ASCII's."""
_PIECE = re.compile(
    r"\\u[0-9A-Fa-f]{4}|\\.|\[:[a-z]+:\]|\[\^?\]|\[[.=]|\(\?:?|^\*\*\*|.|\\", re.DOTALL
)
_OUTSIDE = {
    "[:space:]": None, r"\s": f"[{_SPACES}]", r"\S": f"[^{_SPACES}]", r"\d": "[0-9]",
    ".": "(?s:.)", "(?:": "(?:",
}  # fmt: skip
_INSIDE = {"[:space:]": _SPACES, r"\s": _SPACES, r"\d": "0-9", "[": r"\[", "(?": "(?", "(?:": "(?:"}
"""How a piece is written outside and inside of a set of characters."""


def re2(pattern: str) -> str:
    """A pattern of PostgreSQL in RE2's syntax.

    Raises ContractError naming the construct that has no known counterpart.
    """
    parts: list[str] = []
    is_inside = False
    for piece in _PIECE.findall(pattern):
        written = _written(piece, is_inside=is_inside)
        if written is None:
            raise ContractError(f"regular expression: the columnar engine does not support {piece}")
        parts.append(written)
        is_inside = piece != "]" if is_inside else piece == "["
    return "".join(parts)


def _written(piece: str, *, is_inside: bool) -> str | None:
    known = _INSIDE if is_inside else _OUTSIDE
    if piece in known:
        return known[piece]
    if piece.startswith("\\u"):
        return f"\\x{{{piece[2:]}}}" if len(piece) == 6 else None
    is_plain = len(piece) == 1 and piece != "\\"
    is_escaped = len(piece) == 2 and piece[0] == "\\" and not piece[1].isalnum()
    return piece if is_plain or is_escaped else None
