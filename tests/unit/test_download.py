"""Files that pages give: their names; what people and programs find in them."""

from datetime import date, datetime
from io import BytesIO
from typing import Literal

import openpyxl
import pytest

from dean06.contract import Bilingual
from dean06.ui import download
from dean06.ui.language import Words

A = Bilingual("Day", "Ngày")
COLUMNS = [
    ("as_of_date", A), ("name_vi", Bilingual("Name (Vietnamese)", "Tên")),
    ("name_en", Bilingual("Name", "Tên (tiếng Anh)")), ("published_at", Bilingual("At", "Lúc")),
]  # fmt: skip
ROW = (date(2022, 10, 31), "Dân số", "Population", datetime(2022, 11, 1, 1, 12, 3))  # noqa: DTZ001


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_name_from_an_address_stays_a_name(kind: Literal["csv", "xlsx"]) -> None:
    answer = download.as_file(
        kind, 'kpis_x"; a=\r\nX-Evil: Đ_2022-11-01', [("a", A)], [(1,)], Words("vi")
    )
    expected = f'attachment; filename="kpis_x___a___X-Evil____2022-11-01.{kind}"'
    assert answer.headers["content-disposition"] == expected


@pytest.mark.parametrize(
    ("language", "headings", "name"),
    [("vi", ["Ngày", "Tên", "Lúc"], "Dân số"), ("en", ["Day", "Name", "At"], "Population")],
)
def test_a_workbook_speaks_the_reader_s_language_and_has_real_dates(
    language: Literal["vi", "en"], headings: list[str], name: str
) -> None:
    body = download.as_file("xlsx", "kpis", COLUMNS, [ROW], Words(language)).body
    first, second = openpyxl.load_workbook(BytesIO(bytes(body))).worksheets[0].rows
    assert [cell.value for cell in first] == headings
    day, named, at = second
    assert (day.value, day.number_format) == (datetime(2022, 10, 31), "dd/mm/yyyy")  # noqa: DTZ001
    assert named.value == name
    assert (at.value, at.number_format) == (ROW[3], "dd/mm/yyyy hh:mm:ss")


def test_a_csv_file_keeps_the_names_of_its_columns_and_iso_dates() -> None:
    body = bytes(download.as_file("csv", "kpis", COLUMNS, [ROW], Words("vi")).body)
    assert body.decode("utf-8-sig").splitlines() == [
        "as_of_date;name_vi;name_en;published_at",
        "2022-10-31;Dân số;Population;2022-11-01 01:12:03",
    ]
