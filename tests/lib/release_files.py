"""A release of open data as a stranger reads it: from its files alone, each format by itself.

Nothing here is the code that wrote them, and no table of the warehouse is read.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.lib.disclosure.identities import Cell

VALUES = "kpi_values"
_PLACES = Decimal("1.000000")
"""Shares have six decimals."""


@dataclass(frozen=True)
class Told:
    """What a format says of one value."""

    numerator: int | None
    denominator: int | None
    value: Decimal | None
    missing_reason: str
    is_rounded: bool


Values = dict[Cell, Told]


def of_csv(folder: Path) -> Values:
    """The CSV file."""
    return dict(map(_of_row, _rows((folder / f"{VALUES}.csv").read_text(encoding="utf-8"))))


def of_signed(folder: Path) -> Values:
    """The signed file: a line that is no value, then CSV."""
    (file,) = (folder / "signed").glob("*.csv")
    return dict(map(_of_row, _rows(file.read_text(encoding="utf-8").partition("\n")[2])))


def of_workbook(folder: Path) -> Values:
    """The workbook, read by another library than the one that writes it."""
    book = CalamineWorkbook.from_path(str(folder / f"{VALUES}.xlsx"))
    found: Values = {}
    for name in (each for each in book.sheet_names if each.startswith("Số liệu")):
        header, *lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        rows = [dict(zip(map(str, header), map(_text, line), strict=True)) for line in lines]
        found |= dict(map(_of_row, rows))
    return found


def of_sdmx(folder: Path) -> Values:
    """SDMX-CSV, with codes as its structure names them."""
    found: Values = {}
    for row in _rows((folder / "sdmx/data.csv").read_text(encoding="utf-8")):
        level, unit, *_ = _plain(row["REF_AREA"])
        total = row["MEMBER"] == "_T"
        breakdown, member = ("", "") if total else _plain(row["MEMBER"], 1)
        assert level == row["UNIT_LEVEL"]
        assert (row["OBS_STATUS"] == "A") == bool(row["OBS_VALUE"])
        (kpi,) = _plain(row["KPI"], 0)
        found[kpi, row["BOUNDARIES"], level, unit, breakdown, member] = Told(
            _whole(row["NUMERATOR"]), _whole(row["DENOMINATOR"]), _number(row["OBS_VALUE"]),
            row["MISSING_REASON"], row["IS_ROUNDED"] == "true",
        )  # fmt: skip
    return found


FORMATS: Mapping[str, Callable[[Path], Values]] = {
    "csv": of_csv, "signed": of_signed, "xlsx": of_workbook, "sdmx": of_sdmx,
}  # fmt: skip
"""Every format that holds values."""


def agreed(folder: Path) -> Values:
    """What every format says. Raises AssertionError where one of them says anything else, or where
    a value says more than its numerator and denominator do."""
    told = {name: read(folder) for name, read in FORMATS.items()}
    first = told["csv"]
    for name, values in told.items():
        assert values.keys() == first.keys(), name
        differing = [cell for cell, one in values.items() if not _same(one, first[cell])]
        assert not differing, (name, differing[:3])
    revealing = [cell for cell, one in first.items() if not _says_its_numbers(one)]
    assert not revealing, revealing[:3]
    return first


def facts(folder: Path) -> tuple[int, str, int, dict[str, bool]]:
    """Number and day of the publication, the smallest count shown, and which KPIs are shares."""
    (file,) = (folder / "signed").glob("*.csv")
    header = json.loads(file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# "))
    kpis = _rows((folder / "kpis.csv").read_text(encoding="utf-8"))
    return (
        header["publication"], header["as_of_date"], header["smallest_shown"],
        {row["kpi_code"]: row["has_denominator"] == "t" for row in kpis},
    )  # fmt: skip


def _rows(text: str) -> Iterable[dict[str, str]]:
    return csv.DictReader(io.StringIO(text, newline=""))


def _of_row(row: Mapping[str, str]) -> tuple[Cell, Told]:
    cell = (
        row["kpi_code"], row["boundary_version"], row["unit_level"], row["unit_code"],
        row["breakdown"], row["member_code"],
    )  # fmt: skip
    return cell, Told(
        _whole(row["numerator"]), _whole(row["denominator"]), _number(row["value"]),
        row["missing_reason"], row["is_rounded"] == "t",
    )  # fmt: skip


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _plain(code: str, most: int = -1) -> list[str]:
    """A code of SDMX in parts, each as it was: ``@`` stands for a dot, ``$2F$`` for a slash."""
    parts = code.split("@", most) if most else [code]
    return [
        re.sub(r"\$([0-9A-F]+)\$", lambda sign: chr(int(sign[1], 16)), part).replace("@", ".")
        for part in parts
    ]


def _same(one: Told, other: Told) -> bool:
    return (one.numerator, one.denominator, one.missing_reason, one.is_rounded) == (
        other.numerator, other.denominator, other.missing_reason, other.is_rounded,
    ) and _near(one.value, other.value)  # fmt: skip


def _near(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < Decimal("1e-12")


def _says_its_numbers(told: Told) -> bool:
    """Whether value is the numerator or the quotient of what is shown, and nothing where hidden."""
    if told.missing_reason == "hidden":
        return (told.numerator, told.denominator, told.value) == (None, None, None)
    if told.value is None:
        return bool(told.missing_reason)
    if told.numerator is None:
        return False
    if told.value == told.numerator:
        return True
    quotient = Decimal(told.numerator) / told.denominator if told.denominator else None
    return quotient is not None and told.value == quotient.quantize(_PLACES, ROUND_HALF_UP)
