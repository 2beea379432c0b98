"""Workbooks that dean06 writes: the same bytes every time, and text that stays text."""

import io
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dean06.agencies.workbooks import Cell, new_workbook, put
from dean06.errors import Dean06Error

TEXTS = [
    "0000000011",
    "1e5",
    "=1+1",
    "{=A1}",
    "https://example.vn",
    " Nguyễn Thị Ánh ",
    "<b>&",
    "TRUE",
]
VALUES: list[Cell] = [7, 2.5, Decimal("0.894"), True, date(2022, 10, 31), None]


def _written(target: Path | io.BytesIO) -> bytes:
    with new_workbook(target) as book:
        sheet = book.add_worksheet("Danh sách")
        for row, cells in enumerate((TEXTS, VALUES)):
            for column, value in enumerate(cells):
                put(sheet, row, column, value)
    return target.getvalue() if isinstance(target, io.BytesIO) else target.read_bytes()


def test_the_same_cells_give_the_same_bytes_a_second_later(tmp_path: Path) -> None:
    once = _written(tmp_path / "once.xlsx"), _written(io.BytesIO())
    time.sleep(1.1)
    assert (_written(tmp_path / "again.xlsx"), _written(io.BytesIO())) == once


@pytest.mark.parametrize("in_memory", [True, False])
def test_text_stays_text_and_values_stay_values(tmp_path: Path, in_memory: bool) -> None:
    body = io.BytesIO(_written(io.BytesIO() if in_memory else tmp_path / "a.xlsx"))
    first, second = openpyxl.load_workbook(body).worksheets[0].iter_rows()
    assert [(cell.value, cell.data_type) for cell in first] == [(text, "s") for text in TEXTS]
    assert [cell.hyperlink for cell in first] == [None] * len(TEXTS)
    assert [cell.value for cell in second][:4] == [7, 2.5, 0.894, True]
    assert (second[4].is_date, second[4].number_format) == (True, "yyyy-mm-dd")
    assert second[5].value is None
    read = pd.read_excel(body, header=None, dtype=object, engine="calamine", na_filter=False)
    assert list(read.iloc[0]) == TEXTS


def test_what_does_not_fit_is_an_error_that_quotes_nothing(tmp_path: Path) -> None:
    with new_workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Danh sách")
        with pytest.raises(Dean06Error, match=r"Danh sách: row 3, column 2 does not fit") as caught:
            put(sheet, 2, 1, "x" * 32_768)
        assert "xx" not in str(caught.value)
        with pytest.raises(Dean06Error, match="row 1048577"):
            put(sheet, 1_048_576, 0, 1)


def test_temporary_files_lie_beside_the_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert _written(tmp_path / "a.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
