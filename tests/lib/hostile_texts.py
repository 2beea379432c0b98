"""Hostile texts for rules, drawn from a seed: true values, and what may become of them.

A draw gives two texts, for rules that compare two columns. No text holds a NUL or half a surrogate:
none can be staged.
"""

import json
import random
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Draw = random.Random
Pair = tuple[str | None, str | None]

_SPACES = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2003\u2007\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_CONTROLS = "".join(map(chr, (*range(1, 9), *range(14, 32), 127, 0x80, 0x9F)))
_UNSEEN = "\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202e\u2060\u2062\u2064\u206f\ufe0f\ufeff"
_MARKS = "\u0300\u0301\u0303\u0309\u0323\u031b\u0302\u0306\u036f\u0591\u093c\u1dc0\u20d0\ufe20"
_DIGITS = "٠۹०২๔０９𝟎𝟡²①Ⅷ"
_LETTERS = (
    "ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
    "µ¶·¸¹¨»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖרÜÝÞßäåæçëîïðñöøüþ§®ùøûõïúóíìäÅÄËÜ"
    "ÐðƉɖНнАаΑοᎪⲞＡｚ𝐀𝔷İıſKﬁ\ue000\uf8ff\U0010ffff😀🇻🇳º€‚„"
)
_SIGNS = "?\ufffd%_\\'\"$.,;:-+/*()[]{}|^&#~`<>=@!0T Zz"
_ANY = _SPACES + _CONTROLS + _UNSEEN + _MARKS + _DIGITS + _LETTERS + _SIGNS
_WORDS = (
    "", " ", "  ", "\n", "\u00a0", "\u200b", "null", "NULL", " Null ", "\u00a0null", "null\n",
    "(null)", "NONE", "nan", "NaN", "N/A", "#N/A", "undefined", "Unknown", "KHÔNG CÓ", "Không rõ",
    "khÔng cÓ", "chưa có", "CHƯA RÕ", "chu\u031ba ro\u0303", "infinity", "-infinity", "now",
    "today", "tomorrow", "yesterday", "epoch", "allballs", "true", "false", "TRUE", "t", "yes", "0",
    "1", "-1", "1e3", "0x1F", "[]", "{}", "[null]", "x", "X", "*", "%", "_", "\\", "'", "''", '"',
    "$1", "{0}", ":a", "%s", "2022-10-31", "31/10/2022", "2022", "00/00/1950", "J2459884",
    "2022-W44-1", "20221031", "2022.10.31", "Oct 31, 2022", "31 Oct 2022", "2022-Oct-31", "9/9/99",
    "2022-10-31 BC", "4714-11-24 BC", "294277-01-01", "-0001-01-01", "+2022-10-31",
)  # fmt: skip


def texts(kind: str, seeds: list[str], size: int, seed: int) -> list[Pair]:
    """So many draws of a kind (``date``, ``name``, ``json``, ``code``, ``unit``).

    ``seeds``: texts that keep some rule of that kind.
    """
    draw = random.Random(f"{kind} {seed}")
    makers: dict[str, Callable[[Draw], Pair]] = {
        "date": _dates,
        "name": lambda d: (_name(d, seeds), d.choice(("1", "1", "2", "1 ", _code(d, seeds)))),
        "json": lambda d: (_json(d, seeds), None),
        "code": lambda d: (_code(d, seeds), d.choice(_dates(d))),
        "unit": lambda d: (d.choice((d.choice(seeds), _code(d, seeds))), d.choice(_dates(d))),
    }
    own, others = makers.pop(kind), list(makers.values())
    pairs = [(own if draw.random() < 0.9 else draw.choice(others))(draw) for _ in range(size)]
    long = [(_long(draw, seeds), draw.choice(seeds)) for _ in range(min(20, size // 50))]
    return [(_storable(one), _storable(other)) for one, other in pairs[len(long) :] + long]


def _storable(text: str | None) -> str | None:
    if text is None:
        return None
    return "".join(c for c in text if c != "\0" and not 0xD800 <= ord(c) <= 0xDFFF)


def _long(draw: Draw, seeds: list[str]) -> str:
    return draw.choice((draw.choice(seeds), draw.choice(_ANY))) * draw.choice((100, 1000))


def _code(draw: Draw, seeds: list[str]) -> str | None:
    if draw.random() < 0.03:
        return None
    if draw.random() < 0.1:
        return draw.choice(_WORDS)
    text = draw.choice(seeds)
    if draw.random() < 0.5:
        text = "".join(draw.choice("0123456789") if c.isdecimal() else c for c in text)
    return mutated(draw, text)


def mutated(draw: Draw, text: str) -> str:
    """The text after up to three accidents."""
    for _ in range(draw.choice((0, 0, 1, 1, 1, 2, 3))):
        text = draw.choice(_ACCIDENTS)(draw, text)
    return text


def _at(draw: Draw, text: str) -> int:
    return draw.randrange(len(text) + 1)


def _inserted(draw: Draw, text: str) -> str:
    place = draw.choice((0, len(text), _at(draw, text)))
    return text[:place] + draw.choice(_ANY) + text[place:]


def _replaced(draw: Draw, text: str) -> str:
    place = _at(draw, text)
    return text[:place] + draw.choice(_ANY) + text[place + 1 :]


def _removed(draw: Draw, text: str) -> str:
    place = _at(draw, text)
    return text[:place] + text[place + 1 :]


def _other_digit(draw: Draw, text: str) -> str:
    places = [n for n, c in enumerate(text) if c.isdecimal()]
    if not places:
        return text
    place = draw.choice(places)
    digit = draw.choice((str(draw.randrange(10)), draw.choice(_DIGITS)))
    return text[:place] + digit + text[place + 1 :]


def _wide(draw: Draw, text: str) -> str:
    return "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and draw.random() < 0.5 else c for c in text
    )


_ACCIDENTS: tuple[Callable[[Draw, str], str], ...] = (
    _inserted, _inserted, _replaced, _replaced, _removed, _other_digit, _other_digit, _wide,
    lambda d, t: t + d.choice(_SPACES),
    lambda d, t: d.choice(_SPACES) + t,
    lambda d, t: t.replace(" ", d.choice(_SPACES + _UNSEEN), 1),
    lambda d, t: t[: _at(d, t)],
    lambda _, t: t + t,
    lambda d, t: t + d.choice(_WORDS),
    lambda d, t: d.choice((t.upper(), t.lower(), t.title(), t.swapcase())),
    lambda d, t: unicodedata.normalize(d.choice(("NFC", "NFD", "NFKC", "NFKD")), t),
    lambda _, t: t[::-1],
)  # fmt: skip


def _name(draw: Draw, seeds: list[str]) -> str | None:
    if draw.random() < 0.03:
        return None
    if draw.random() < 0.1:
        return mutated(draw, draw.choice(_WORDS))
    words = [word for _ in range(draw.randrange(1, 4)) for word in draw.choice(seeds).split(" ")]
    text = " ".join(draw.sample(words, min(len(words), draw.randrange(1, 6))))
    if draw.random() < 0.4:
        text = draw.choice(_ENCODINGS)(text)
    return mutated(draw, text)


def _decoded(page: str) -> Callable[[str], str]:
    return lambda text: text.encode("utf-8", "ignore").decode(page, "replace")


_ENCODINGS: tuple[Callable[[str], str], ...] = (
    _decoded("latin-1"), _decoded("cp1252"), _decoded("cp1258"), _decoded("cp1251"),
    lambda text: text.encode("ascii", "replace").decode(),
    lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    lambda text: text.encode("ascii", "backslashreplace").decode(),
    lambda text: "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "ignore")),
    lambda text: "".join(c if c.isascii() else f"_x{ord(c):04X}_" for c in text),
    lambda text: unicodedata.normalize("NFD", text),
)  # fmt: skip


_BESIDE = (
    ("2022", "2022-01-01T00:30:00+09:00"), ("2022-01-01", "2022-01-01T00:30:00+09:00"),
    ("01/01/2022", "2022-01-01T00:30:00+09:00"), ("00/00/2022", "2022-01-01T00:30:00+09:00"),
    ("2022-01-02", "2022-01-01T23:30:00-05:00"), ("0000-12-31", "0000-01-01T08:00:00+07:00"),
    ("0000-12-31", "0000-01-01"), ("31/12/0000", "01/01/0000 08:00:00"),
    ("2025-07-01T00:30:00+09:00", "2025-06-30T23:30:00-05:00"),
)  # fmt: skip
"""Texts whose days are in another order as written than in Vietnam; days of no year."""


def _dates(draw: Draw) -> Pair:
    """Two days or moments, near each other or not, each in some notation."""
    if draw.random() < 0.02:
        return draw.choice(((None, _moment(draw)), (_moment(draw), None), (None, None)))
    if draw.random() < 0.05:
        return mutated(draw, draw.choice(_WORDS)), _moment(draw)
    if draw.random() < 0.03:
        return draw.choice(_BESIDE)
    if draw.random() < 0.5:
        other = _odd_moment(draw)
        one = draw.choice((_odd_moment(draw), _beside(draw, other)))
    else:
        moment = datetime(
            draw.choice((1900, 1945, 1975, 2000, 2022, 2022, 2025, 2099)),
            draw.choice((1, 2, 7, 12)), draw.randrange(1, 29), tzinfo=UTC,
        ) + timedelta(seconds=draw.randrange(-86400, 86400))  # fmt: skip
        apart = draw.choice((0, 0, 1, -1, 10**-6, 59, -3600, 25200, -86400, 86400, 10**7, -(10**8)))
        one, other = _written(draw, moment), _written(draw, moment + timedelta(seconds=apart))
    if draw.random() < 0.3:
        one = mutated(draw, one)
    if draw.random() < 0.3:
        other = mutated(draw, other)
    return one, other


def _moment(draw: Draw) -> str:
    return _written(draw, datetime(2022, 10, 31, 8, 30, tzinfo=UTC))


def _written(draw: Draw, moment: datetime) -> str:
    """A moment in one of the notations that suites know; of a real offset."""
    local = moment.astimezone(timezone(timedelta(hours=7)))
    minutes = draw.choice((420, 420, 420, 0, 60, 330, 345, 840, -720, -300, 480, -60))
    there = moment.astimezone(timezone(timedelta(minutes=minutes)))
    zone = there.strftime("%z")
    zone = (
        draw.choice((zone[:3] + ":" + zone[3:], "Z")) if minutes == 0 else zone[:3] + ":" + zone[3:]
    )
    fraction = draw.choice(("", "", "." + f"{there.microsecond:06d}", _fraction(draw)))
    iso = there.replace(microsecond=0, tzinfo=None).isoformat() + fraction + zone
    day = f"{local.day:02d}/{local.month:02d}/{local.year:04d}"
    return draw.choice(
        (iso, iso, local.date().isoformat(), day, f"{day} {local:%H:%M:%S}", f"{local.year:04d}",
         f"00/00/{local.year:04d}")
    )  # fmt: skip


def _fraction(draw: Draw) -> str:
    if draw.random() < 0.2:
        return draw.choice((".0000001", ".0000005", ".000000501", ".00000049", ".0000015"))
    digits = draw.choice((1, 2, 3, 6, 7, 8, 9, 10, 12))
    some = str(draw.randrange(10**digits)).zfill(digits)
    return "." + draw.choice(("9" * digits, "0" * digits, some))


_YEARS = ("0000", "0001", "0999", "1899", "1900", "2000", "2022", "2024", "2025", "2099", "2100",
          "2101", "9999", "10000", "999", "-001")  # fmt: skip
_EDGES = (
    ("2022", "10", "30"), ("2022", "10", "31"), ("2022", "11", "01"), ("2025", "06", "30"),
    ("2025", "07", "01"), ("2025", "07", "02"), ("2100", "01", "01"), ("1900", "01", "01"),
    ("2024", "02", "29"), ("1900", "02", "29"), ("2022", "04", "31"), ("2022", "01", "01"),
    ("2022", "12", "31"), ("2023", "01", "01"),
)  # fmt: skip
_CLOCKS = ("00:00:00", "00:30:00", "08:00:00", "15:00:00", "15:15:00", "16:59:59", "17:00:00",
           "23:59:59")  # fmt: skip
_ODD_CLOCKS = ("24:00:00", "24:00:01", "23:59:60", "12:30:60", "12:60:00", "25:00:00", "12:30",
               "12", "7:00:00", "12:30:61", "00:00:60")  # fmt: skip
_ZONES = ("Z", "+07:00", "+07:00", "+00:00", "+14:00", "-12:00", "+09:00", "-05:00", "+05:45")
_ODD_ZONES = (
    "-00:00", "+14:15", "-12:30", "+15:59", "+16:00", "-15:59", "+99:99", "+07:60", "+07:10", "",
    "z", "+07", "+0700", "+07:00:30", " +07:00", " Asia/Ho_Chi_Minh", " ICT", " BC", " PM",
    "−07:00",
)  # fmt: skip


def _odd_moment(draw: Draw) -> str:
    """Text that is built as a day or moment, some of it of figures that do not exist."""
    year, month, day = draw.choice(_EDGES)
    if draw.random() < 0.03:
        end = draw.choice(("24:00:00", "23:59:60"))
        return f"{year}-{month}-{day}T{end}{_fraction(draw)}{draw.choice(_ZONES)}"
    if draw.random() < 0.4:
        year = draw.choice(_YEARS)
    if draw.random() < 0.2:
        month = f"{draw.choice((0, 1, 2, 4, 6, 9, 11, 12, 13)):02d}"
    if draw.random() < 0.2:
        day = f"{draw.choice((0, 1, 28, 29, 30, 31, 31, 32)):02d}"
    clock = draw.choice(_ODD_CLOCKS if draw.random() < 0.3 else _CLOCKS)
    zone = draw.choice(_ODD_ZONES if draw.random() < 0.3 else _ZONES)
    fraction = draw.choice(("", "", "", _fraction(draw), draw.choice((".", ",5"))))
    return draw.choice(
        (f"{year}-{month}-{day}", f"{day}/{month}/{year}", f"{day}/{month}/{year} {clock}", year,
         f"00/00/{year}", f"00/{month}/{year}",
         *[f"{year}-{month}-{day}T{clock}{fraction}{zone}"] * 6,
         f"{year}-{month}-{day} {clock}{fraction}{zone}", f"{year}-{month}-{day}t{clock}{zone}")
    )  # fmt: skip


def _beside(draw: Draw, one: str) -> str:
    """Another text for the same time, or nearly: a part of it, another digit, another offset."""
    return draw.choice(
        (one[:10], one[:4], one, _other_digit(draw, one), one[:-6] + draw.choice(_ZONES),
         one[:10] + "T" + draw.choice(_CLOCKS) + draw.choice(_ZONES))
    )  # fmt: skip


_NUMBERS = (
    "0", "-0", "1", "20000", "20000.0", "20000.5", "2.0E+7", "2E7", "1e3", "15.000", "1.5e1",
    "10e-1", "1e-3", "-1", "-0.0", "999999999999", "1000000000000", "999999999999.9", "1e12",
    "9.99e11", "999999999999.00000000000001", "12345678901.000000000", "100000000000.0000000001",
    "1000000000000000000", "123456789012345", "1234567890123456", "0.1234567890123456",
    "123456789012345678901234567890", "1e100", "1E+400", "1e-400", "1e99999", "0e0", "01", "1.",
    ".5", "+1", "NaN", "Infinity", "-Infinity", "inf", "nan", "0x10", "1_000", "१२",
)  # fmt: skip
_NAMES = (
    "DuocSoHoa", "DuocTaiSuDung", "DuocLayTuKhoDMQG", "DuongDanTepTinKetQua", "Gia", "Gia",
    "MaKetQua", "", "a.b", 'Gia"', "gia", "Gia ",
)  # fmt: skip


def _json(draw: Draw, seeds: list[str]) -> str | None:
    if draw.random() < 0.02:
        return None
    if draw.random() < 0.1:
        return mutated(draw, draw.choice(_WORDS))
    if draw.random() < 0.3:
        return mutated(draw, draw.choice(seeds))
    space = draw.choice(("", "", " ", "\n", "\t \r\n", "\x0b", "\u00a0"))
    elements = [_element(draw, space) for _ in range(draw.randrange(4))]
    end = "," if draw.random() < 0.05 else ""
    text = space + "[" + f",{space}".join(elements) + end + space + "]" + space
    if draw.random() < 0.05:
        depth = draw.choice((1, 50, 500))
        text = "[" * depth + text + "]" * (depth - draw.choice((0, 0, 1)))
    return mutated(draw, text) if draw.random() < 0.2 else text


def _element(draw: Draw, space: str) -> str:
    if draw.random() < 0.1:
        return _value(draw)
    names = draw.choice((_NAMES[:3], ("Gia",), ("DuongDanTepTinKetQua", "MaKetQua"),
                         draw.choices(_NAMES, k=draw.randrange(5))))  # fmt: skip
    members = [
        f"{_name_written(draw, name)}{space}:{space}{_value_of(draw, name)}" for name in names
    ]
    if members and draw.random() < 0.1:
        members.append(draw.choice(members))
    if members and draw.random() < 0.1:
        name = draw.choice(names)
        members.append(f"{json.dumps(name)}:{_value_of(draw, name)}")
    end = "," if draw.random() < 0.02 else ""
    return "{" + f"{space},".join(members) + end + "}"


def _name_written(draw: Draw, name: str) -> str:
    if name and draw.random() < 0.03:
        return f'"\\u{ord(name[0]):04x}{name[1:]}"'
    return json.dumps(name)


def _value_of(draw: Draw, name: str) -> str:
    if draw.random() < 0.25:
        return _value(draw)
    if name == "Gia":
        return draw.choice(_NUMBERS)
    if name.startswith("DuocL") or name == "DuocSoHoa":
        return draw.choice(('"0"', '"1"', '"1"', '"2"', '"\\u0031"', '"1\\n"'))
    return draw.choice(
        ('"0"', '"1"', '"2"', '"3"', '""', '" "', '"\\u00a0"', '"\\t"', '"http://a/b"')
    )


def _value(draw: Draw) -> str:
    text = mutated(draw, draw.choice(_WORDS))
    return draw.choice(
        (draw.choice(_NUMBERS), "null", "true", "false", "[]", "{}", '["1"]', '[{"Gia": 1}]',
         '{"Gia": 1}', json.dumps(text), json.dumps(text, ensure_ascii=False), '"\\u0000"',
         '"\\\\u0000"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\x41"', "'1'", '"a,]"', '"nan"',
         '"\\",]"', '"inf', "nul", '"\t"')
    )  # fmt: skip
