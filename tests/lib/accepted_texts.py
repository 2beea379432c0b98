"""Texts that the suites accept and that are easy to read wrongly, for every dataset.

Each staged column gets texts by its critical rules: every agreed notation at the edges of
calendars, clocks and time zones, every code, and for free text what programs stumble over.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pyarrow as pa

from dean06.contract import Column, Dataset
from dean06.rules.suite import read_suite

ISO_MOMENT, LOCAL_MOMENT = "YYYY-MM-DDTHH:MM:SS±HH:MM", "DD/MM/YYYY HH:MM:SS"
Row = dict[str, str | None]

_DAYS = [
    date(1900, 1, 1), date(1900, 2, 28), date(1911, 4, 30), date(1911, 5, 1), date(1942, 12, 31),
    date(1945, 9, 2), date(1955, 7, 1), date(1959, 12, 31), date(1975, 6, 13), date(1999, 12, 31),
    date(2000, 2, 29), date(2016, 12, 31), date(2022, 10, 31), date(2024, 2, 29),
    date(2099, 12, 31),
]  # fmt: skip
_CLOCKS = ["00:00:00", "00:06:29", "07:00:00", "12:34:56", "16:59:59", "17:00:00", "23:59:59"]
_FRACTIONS = ["", ".0", ".5", ".123456", ".1234567", ".9999999", ".999999999", ".000000001"]
_OFFSETS = ["+07:00", "Z", "+00:00", "-00:00", "+14:00", "-12:00", "+05:45", "-03:30", "+08:00"]
_TEXTS = [
    "a", "", " ", "  two  spaces ", "tab\tin", "line\nbreak", "carriage\rreturn", 'quote"d', "it's",
    "back\\slash", "\\N", "NULL", "null", "comma, semicolon; pipe|", "Nguyễn Thị Ánh", "Nguyễn",
    "𠀋 beyond the plane", "\u00a0\u200b\ufeff", "x" * 3000, "\x01\x1f\x7f", "%s {0} :name $1",
]  # fmt: skip
_PARTS = ["A", "Sở Y tế", "b c", "(d)", "1", "\u00e9"]
_SPACES = ["", " ", "  ", "\t", "\u00a0", "\u3000", "\n"]


def rows_of(dataset: Dataset, size: int, seed: int) -> list[Row]:
    """So many records that the suite of ``dataset`` accepts, column by column."""
    at = random.Random(f"{dataset.code} {seed}")
    makers = {column.name: _maker(dataset, column, at) for column in dataset.staged}
    return [{name: make() for name, make in makers.items()} for _ in range(size)]


def as_accepted(dataset: Dataset, rows: list[Row]) -> pa.Table:
    """Records as the view ``accepted`` has them; one in seven of an export is a withdrawal, which
    has a key and a version only."""
    withdrawn = [dataset.source == "health" and place % 7 == 3 for place in range(len(rows))]
    named = (*dataset.key, dataset.version)
    given = [
        {name: row[name] for name in named} if is_withdrawn else row
        for row, is_withdrawn in zip(rows, withdrawn, strict=True)
    ]
    texts = pa.schema([pa.field(column.name, pa.string()) for column in dataset.staged])
    table = pa.Table.from_pylist(given, texts)
    table = table.add_column(0, "_row", pa.array(range(1, len(rows) + 1), pa.int64()))
    return table.append_column("_withdrawn", pa.array(withdrawn))


def _maker(dataset: Dataset, column: Column, at: random.Random) -> Callable[[], str | None]:
    rules = {
        rule.type: rule.kwargs
        for rule in read_suite(dataset).expectations
        if rule.column == column.name and rule.severity == "critical"
    }
    make = _by_rule(rules, column.name, at)
    required = "expect_column_values_to_not_be_null" in rules
    return lambda: None if not required and at.random() < 0.2 else make()


def _by_rule(rules: dict[str, Any], name: str, at: random.Random) -> Callable[[], str]:
    if found := rules.get("expect_column_values_to_be_valid_dates"):
        return lambda: written(at.choice(found["formats"]), at)
    codes = rules.get("expect_column_values_to_be_in_set", {}).get("value_set")
    if isinstance(codes, list):
        return lambda: str(at.choice(codes))
    if name in _SHAPED:
        return lambda: _SHAPED[name](at)
    return lambda: at.choice(_TEXTS)


def written(notation: str, at: random.Random) -> str:
    """A text of a notation."""
    day = at.choice([*_DAYS, date(1900, 1, 1) + timedelta(at.randrange(73_000))])
    clock = at.choice([*_CLOCKS, f"{at.randrange(24):02}:{at.randrange(60):02}:59"])
    return {
        "YYYY-MM-DD": day.isoformat(),
        "DD/MM/YYYY": f"{day:%d/%m/%Y}",
        LOCAL_MOMENT: f"{day:%d/%m/%Y} {clock}",
        "YYYY": f"{day:%Y}",
        "00/00/YYYY": f"00/00/{day:%Y}",
        ISO_MOMENT: f"{day.isoformat()}T{clock}{at.choice(_FRACTIONS)}{at.choice(_OFFSETS)}",
    }[notation]


def _json(items: list[Any]) -> str:
    return msgspec.json.encode(items).decode()


def _components(at: random.Random) -> str:
    return _json(
        [
            {
                "TenThanhPhan": at.choice(_TEXTS), "DuocSoHoa": at.choice("01"),
                "DuocTaiSuDung": at.choice("012"), "DuocLayTuKhoDMQG": at.choice("01"),
                "x": at.choice([None, 1, {"DuocSoHoa": "1"}, [{"DuocSoHoa": "1"}]]),
            }
            for _ in range(at.choice([0, 1, 2, 9]))
        ]
    )  # fmt: skip


def _results(at: random.Random) -> str:
    links = [None, "", "https://a.vn/x", 'say "x"', "1", '"']
    return _json(
        [
            {"MaGiayToKetQua": at.choice(_TEXTS)}
            | ({"DuongDanTepTinKetQua": at.choice(links)} if at.random() < 0.7 else {})
            for _ in range(at.choice([0, 1, 3]))
        ]
    )


def _fees(at: random.Random) -> str:
    prices = ["0", "-0", "15000", "999999999999", "1E+3", "2e5", "120e-1", "100.0", "7.000"]
    items = [f'{{"Gia":{at.choice(prices)},"x":{{"Gia":7}}}}' for _ in range(at.choice([0, 1, 4]))]
    return f"[{','.join(items)}]"


def _agencies(at: random.Random) -> str:
    between = [at.choice(_SPACES) + "," + at.choice(_SPACES) for _ in range(3)]
    parts = [at.choice(_PARTS) for _ in range(at.choice([1, 2, 4]))]
    text = parts[0] + "".join(map("".join, zip(between, parts[1:], strict=False)))
    return at.choice(["", " ", "  "]) + text + at.choice(["", " ", "\t"])


_SHAPED: dict[str, Callable[[random.Random], str]] = {
    "exam_year": lambda at: f"20{at.randrange(100):02}",
    "dose_number": lambda at: str(at.randrange(1, 100)),
    "supplement_count": lambda at: at.choice(["0", "007", "9999", "12"]),
    "supplement_days": lambda at: at.choice(["0", "0000", "9999", "3"]),
    "dossier_count": lambda at: at.choice(["0", "000000001", "999999999", "42"]),
    "period_code": lambda at: f"{at.randrange(1, 13):02}/{at.choice(['1900', '2022', '2099'])}",
    "components": _components,
    "results": _results,
    "fees": _fees,
    "partner_agencies": _agencies,
}
"""Columns whose rule is a regular expression or a path of SQL/JSON."""
