"""Why somebody acts: what they type, and those who ask later read."""

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
        raise Dean06Error(
            f"a reason of at least {SHORTEST_REASON} characters is required",
            vi=f"phải nêu lý do, ít nhất {SHORTEST_REASON} ký tự",
        )
    if not line.isprintable():
        raise Dean06Error(
            "the reason contains an invisible character: type it again",
            vi="lý do có ký tự ẩn; đề nghị nhập lại",
        )
    return line
