"""What a spreadsheet shows for a stored number: the zeros and the date that its format adds.

Number formats are those of ECMA-376 part 1, 18.8.30 and 18.8.31: up to four sections separated by
semicolons, placeholders, literals, conditions in brackets. Only the standard library is used here:
the reader of workbooks runs in a process without anything else.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<bare>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_HOLDS = {
    "<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__,
    "=": float.__eq__, "<>": float.__ne__,
}  # fmt: skip

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm",
    45: "mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Formats that a workbook names by number alone; a number that is not here shows the value."""

_LAST_SERIAL = 2_958_466
"""The day after 31/12/9999."""


@lru_cache(maxsize=4096)
def is_date(number_format: str) -> bool:
    """Whether the format shows a day or a time of day; hours that run on (``[h]``) are neither."""
    runs_on = any(
        kind == "bracket" and set(text.lower()) <= set("hms") and text
        for kind, text in _sections(number_format)[0]
    )
    return not runs_on and bool(set(_letters(number_format)) & set("dmyhs"))


def shown_number(value: float, number_format: str) -> str:
    """A number as a person reads it off its cell.

    Zeros in front that the format shows are kept; separators that it adds are not. Everything else
    (decimals, percent signs, currencies) is the value itself: ``82304000002`` with the format
    ``000000000000`` is ``082304000002``, with ``#,##0`` it is ``82304000002``.
    """
    if not value.is_integer():
        return str(value)
    digits = str(int(value))
    if value < 0:
        return digits
    return _filled(_section(number_format, value), digits) or digits


def shown_date(serial: float, number_format: str, *, from_1904: bool) -> str | None:
    """A serial day as DD/MM/YYYY, with HH:MM:SS where the format shows a time that is not midnight.

    Of a format without day, month or year only the parts that it shows: whoever typed ``2004``
    named no day. None when no calendar has the serial; a spreadsheet then shows ``####``.
    """
    if not 0 <= serial < _LAST_SERIAL:
        return None
    if not from_1904 and 60 <= serial < 61:
        return "29/02/1900"  # A day that spreadsheets believe in.
    epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    if not from_1904 and serial < 60:
        epoch += timedelta(days=1)
    try:
        moment = epoch + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return None
    letters = _letters(number_format)
    parts = [code for code, letter in (("%d", "d"), ("%m", "m"), ("%Y", "y")) if letter in letters]
    has_time = bool(set(letters) & set("hs"))
    if has_time and parts in ([], ["%m"]):
        return f"{moment:%H:%M:%S}"
    day = "/".join(f"{moment:{part}}" for part in parts)
    is_midnight = moment.time() == datetime.min.time()
    return f"{day} {moment:%H:%M:%S}" if has_time and not is_midnight else day


def _letters(number_format: str) -> str:
    """What the first section says about dates: its letters outside of quotes and brackets."""
    return "".join(
        text.lower() for kind, text in _sections(number_format)[0] if kind == "bare"
    ).replace("am/pm", "")


@lru_cache(maxsize=4096)
def _sections(number_format: str) -> list[list[tuple[str, str]]]:
    sections: list[list[tuple[str, str]]] = [[]]
    for token in _TOKEN.finditer(number_format):
        kind = token.lastgroup
        if kind == "bare" and token["bare"] == ";":
            sections.append([])
        elif kind is not None:
            sections[-1].append((kind, token[kind]))
    return sections


def _section(number_format: str, value: float) -> list[tuple[str, str]]:
    """The section that shows this number, which is zero or more."""
    sections = _sections(number_format)
    conditions = [_condition(section) for section in sections]
    if not any(conditions):
        return sections[2] if value == 0 and len(sections) > 2 else sections[0]
    for section, condition in zip(sections, conditions, strict=True):
        if condition is None or _HOLDS[condition[1]](value, float(condition[2])):
            return section
    return sections[-1]


def _condition(section: list[tuple[str, str]]) -> re.Match[str] | None:
    found = (_CONDITION.fullmatch(text) for kind, text in section if kind == "bracket")
    return next((condition for condition in found if condition), None)


def _filled(section: list[tuple[str, str]], digits: str) -> str | None:
    """The digits in their places, with the digits and zeros that the format adds; None when the
    format does more than that."""
    tokens = [(kind, sign) for kind, text in section for sign in _signs(kind, text)]
    bare = "".join(sign for kind, sign in tokens if kind == "bare")
    if set(bare) - set("0#? -.,()") or "." in bare or bare.rstrip("() ").endswith(","):
        return None
    places = [place for place, (kind, sign) in enumerate(tokens) if _is_place(kind, sign)]
    if not places:
        return None
    shown, rest = "", digits
    for place in range(len(tokens) - 1, -1, -1):
        kind, sign = tokens[place]
        if place == places[0]:
            shown, rest = (rest or ("0" if sign == "0" else "")) + shown, ""
        elif _is_place(kind, sign):
            shown = (rest[-1:] or ("0" if sign == "0" else "")) + shown
            rest = rest[:-1]
        elif kind != "bare" and sign.isdecimal():
            shown = sign + shown
    return shown


def _signs(kind: str, text: str) -> str:
    """What a token stands for, sign by sign; ``General`` takes all digits, as one # would."""
    if kind == "bracket":
        return ""
    return "#" if kind == "general" else text


def _is_place(kind: str, sign: str) -> bool:
    return kind in {"bare", "general"} and sign in "0#?"
