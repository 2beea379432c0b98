"""Why somebody acts: what they type, and those who ask later read."""

from dean06.details.detail import detail
from dean06.errors import Dean06Error

SHORTEST_REASON = 5
"""Characters; the database refuses a shorter one where a record is read or a correction decided."""


def stated(why: str) -> str:
    """The reason on one line, whitespace between its words as single spaces.

    Raises Dean06Error when it has fewer than ``SHORTEST_REASON`` characters, or one that is not
    seen: controls, and characters that turn or hide others, make a line of the trail read as
    another.
    """
    line = " ".join(why.split())
    if len(line) < SHORTEST_REASON:
        raise Dean06Error(detail("reason_too_short", least=SHORTEST_REASON))
    if not line.isprintable():
        raise Dean06Error(detail("reason_invisible"))
    return line
