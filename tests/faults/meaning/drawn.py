"""Values that strangers send, drawn by Hypothesis: of other kinds, times, texts in other codes."""

import re
import unicodedata
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from ministries.dirt import legacy_text

Draw = Any
"""Hypothesis' ``draw``."""

SCALARS: tuple[Any, ...] = (
    None, True, False, 0, 1, 2, 3, 9, 12, -1, 1.0, 0.5, 1e2, 10**20, 28249, 82190000001, "0", "1",
    "2", "3", "9", "01", "+1", "-1", "1.0", "1e2", "0x1", " 1", "1 ", "１", "²", "true", "false",
    "TRUE", "True", "có", "không", "x", "X", "null", "None", "NULL", "N/A", "-", "", " ", "\u00a0",
    "male", "nam", "Nữ", "082190000001", "82190000001", "190000001", "28249", "'28249", "2022",
    "1.000", "1,5", "20.000 đ", "\\N", "\\.", "\t", "a\tb", "a\nb", "a\r\nb", 'a"b', "a,b", "a;b",
    "a\\b", "=1+1", "@x", "a\u2028b", "\u200b", "\ufeff", "a\x7fb", "\U0001f600", "x" * 300,
)  # fmt: skip
"""Of every kind of JSON, and what spreadsheets and people make of them."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
_LOCAL = re.compile(r"\d\d/\d\d/\d{4}( .*)?")
_ZONES = ("+07:00", "Z", "+00:00", "-00:00", "+05:45", "+08:45", "-12:00", "+14:00", "-03:30")
_ODD_ZONES = ("+07:01", "+15:00", "-13:00", "+24:00", "+7:00", "+0700", "+07", "", " +07:00", "z",
              "+07:60", "-07:00")  # fmt: skip
_ODD_CLOCKS = (
    "23:59:60", "24:00:00", "25:00:00", "00:60:00", "{:%H:%M}", "{:%H}", "{:%I:%M:%S %p}",
    "{:%-H:%M:%S}", "23:59:59", "00:00:00",
)  # fmt: skip
_DIGITS = (0, 0, 1, 3, 6, 7, 8, 9, 10, 12)
"""Of fractions: more than nine are not agreed."""
_SECONDS_NEAR = (50_000, 10 * 86_400, 400 * 86_400)
_DAYS = (
    "2022-02-29", "2022-02-30", "2022-13-01", "2022-00-10", "0000-00-00", "1900-02-29",
    "0001-01-01", "9999-12-31",
    "2022-304", "2022-W44-1", "20221031", "2022-1-1", "2565-10-31", "-2022-10-31",
)  # fmt: skip
_LOCAL_DAYS = (
    "31/02/2022", "00/00/2022", "00/10/2022", "31/10/22", "1/1/2022", "31-10-2022", "10/31/2022",
    "31.10.2022", "2022/10/31", "31/10/0000", "00/00/0000", "2022", "0000", "31/10/2565",
)  # fmt: skip
_TONES = str.maketrans({"ễ": "e\u0302\u0303", "ị": "i\u0323", "ử": "u\u031b\u0309"})


def is_time(value: object) -> bool:
    """Whether a text names a day or a moment."""
    return isinstance(value, str) and bool(_ISO.fullmatch(value) or _LOCAL.fullmatch(value))


def is_moment(value: object) -> bool:
    """Whether a text names a moment as RFC 3339 has it."""
    return is_time(value) and "T" in str(value)


def _fraction(draw: Draw) -> str:
    number = draw(st.sampled_from(_DIGITS))
    return "." + draw(st.text("0123456789", min_size=number, max_size=number)) if number else ""


def time_like(draw: Draw, like: str) -> str:
    """A time in the notation of another, or beside it."""
    seconds = draw(st.sampled_from(_SECONDS_NEAR))
    near = datetime(2022, 10, 31, 8) - timedelta(seconds=draw(st.integers(-seconds // 10, seconds)))  # noqa: DTZ001
    is_local = bool(_LOCAL.fullmatch(like))
    odd = draw(st.sampled_from(("", "", "", "day", "clock", "zone", "other")))
    day = f"{near:%d/%m/%Y}" if is_local else f"{near:%Y-%m-%d}"
    if odd == "day":
        day = draw(st.sampled_from(_LOCAL_DAYS if is_local else _DAYS))
    is_day = len(like) <= len("2022-10-31")
    if is_day != (odd == "other"):
        return day if odd != "clock" else f"{near:%Y}"
    clock = draw(st.sampled_from(_ODD_CLOCKS)) if odd == "clock" else "{:%H:%M:%S}"
    clock = clock.format(near)
    if is_local:
        return f"{day} {clock}{_fraction(draw) if odd == 'zone' else ''}"
    zone = draw(st.sampled_from(_ODD_ZONES if odd == "zone" else _ZONES))
    between = draw(st.sampled_from("Tt ")) if odd == "clock" else "T"
    return f"{day}{between}{clock}{_fraction(draw)}{zone}"


def same_moment(draw: Draw, like: str) -> str:
    """Another way to write a moment: another offset in use, zeros behind its second."""
    moment = datetime.fromisoformat(like)
    quarters = draw(st.integers(-12 * 4, 14 * 4))
    local = moment.astimezone(timezone(timedelta(minutes=15 * quarters)))
    zeros = "0" * draw(st.integers(0, 9))
    text = f"{local:%Y-%m-%dT%H:%M:%S}{'.' if zeros else ''}{zeros}"
    if quarters == 0 and draw(st.booleans()):
        return text + draw(st.sampled_from(("Z", "-00:00")))
    return text + local.isoformat()[-len("+07:00") :]


def _twice(text: str) -> str:
    """UTF-8 read as Windows-1252, or as Latin-1 where that has no such sign."""
    signs = text.encode()
    try:
        return signs.decode("cp1252")
    except UnicodeDecodeError:
        return signs.decode("latin-1")


def other_text(draw: Draw, text: str) -> str:
    """A text as another program or person leaves it."""
    ways = (
        lambda: unicodedata.normalize("NFD", text),
        lambda: unicodedata.normalize("NFKD", text),
        lambda: text.translate(_TONES),
        lambda: legacy_text.tcvn3(text),
        lambda: legacy_text.vni(text),
        lambda: _twice(text),
        lambda: _twice(_twice(text)),
        lambda: text.encode("ascii", "replace").decode(),
        lambda: text.encode("ascii", "ignore").decode(),
        lambda: re.sub("[^ -~]", "\ufffd", text, count=1),
        lambda: text.upper(),
        lambda: text.replace(" ", "  "),
        lambda: text.replace(" ", "\u00a0"),
        lambda: f" {text}",
        lambda: f"{text}\u200b",
        lambda: f"{text} 2",
        lambda: text.replace("n", "\u043d"),
        lambda: text[: draw(st.integers(0, len(text)))],
        lambda: text + draw(st.text(max_size=3)),
    )
    return str(draw(st.sampled_from(ways))())
