"""Lists in workbooks formatted by hand, read as a person reads them."""

import io
import unicodedata

import pytest

from dean06.errors import ContractError
from dean06.wire import sheet_table, titles, workbook
from dean06.wire.sheet_table import Layout, letters
from tests.lib.workbooks import row, xlsx

LAYOUT = Layout(
    "Số báo danh", ["Số báo danh", "Họ và tên", "Mã trường"], ["STT", "Ghi chú"], ("Tổng", "Cộng")
)
HEADER = row(6, "STT", "Số báo danh", "Họ và tên", "Mã trường", "Ghi chú")
LAN = row(7, "1", "01", "Lan", "530001")


def found(*sheets: str, **parts: object) -> sheet_table.Table:
    read = workbook.read(io.BytesIO(xlsx(*sheets, **parts)))  # type: ignore[arg-type]
    return sheet_table.find(read, LAYOUT)


def records(*sheets: str, **parts: object) -> dict[int, tuple[str | None, ...]]:
    """The records by row: number, name and school."""
    return {
        record.number: tuple(map(record.cells.get, LAYOUT.known))
        for record in found(*sheets, **parts).records()
    }


def test_a_plain_list_is_read() -> None:
    assert records(HEADER + LAN) == {7: ("01", "Lan", "530001")}


@pytest.mark.parametrize(
    "title",
    [
        unicodedata.normalize("NFD", "Số báo danh"), "Số báo\ndanh", "Số\u00a0báo danh",
        " Số  báo danh ", "SỐ BÁO DANH", "Số báo danh (*)", "Số báo danh:", "Số báo\u200b danh",
    ],
)  # fmt: skip
def test_a_title_is_what_it_looks_like(title: str) -> None:
    assert records(HEADER.replace("Số báo danh", title) + LAN) == {7: ("01", "Lan", "530001")}


def test_another_title_is_another_title() -> None:
    with pytest.raises(ContractError, match="no header row with 'Số báo danh'"):
        found(HEADER.replace("Số báo danh", "Sổ báo danh") + LAN)


def test_a_header_may_have_several_rows() -> None:
    two = row(5, "STT", "Số báo danh", "Thông tin") + row(6, None, None, "Họ và tên", "Mã trường")
    merged = '<mergeCells><mergeCell ref="B5:B6"/><mergeCell ref="C5:D5"/></mergeCells>'
    assert records(two + LAN, after=merged) == {7: ("01", "Lan", "530001")}
    assert records(two + LAN) == {7: ("01", "Lan", "530001")}


def test_a_header_may_be_repeated_and_numbered() -> None:
    groups = row(5, "STT", "Thông tin thí sinh", None, "Trường")
    numbers = row(8, "(1)", "(2)", "(3)", "(4)", "(5)")
    again = row(10, "STT", "Thông tin thí sinh", None, "Trường") + HEADER.replace("6", "11")
    body = groups + HEADER + numbers + row(9, "1", "01", "Lan", "530001") + again
    assert records(body + row(12, "2", "02", "Cúc", "530001")) == {
        9: ("01", "Lan", "530001"),
        12: ("02", "Cúc", "530001"),
    }


def test_another_header_below_is_refused() -> None:
    other = row(8, "STT", "Họ và tên", "Số báo danh", "Mã trường")
    with pytest.raises(ContractError, match="row 8 is a second header row with different columns"):
        records(HEADER + LAN + other)


def test_rows_below_the_total_are_records_or_signatures() -> None:
    below = (
        row(8, "Tổng cộng: 1 thí sinh")
        + row(9, "2", "02", "Cúc", "530001")
        + row(10, None, None, "Mai", "530001")
        + row(11, None, "NGƯỜI LẬP BẢNG", None, None, "CHỦ TỊCH")
        + row(12, None, None, None, None, "Tiền Giang, ngày 5 tháng 5 năm 2022")
        + row(13, None, "Trần Văn A")
    )
    assert records(HEADER + LAN + below) == {
        7: ("01", "Lan", "530001"), 9: ("02", "Cúc", "530001"), 10: (None, "Mai", "530001"),
    }  # fmt: skip


def test_headings_and_totals_of_classes_are_no_records() -> None:
    lists = (
        row(7, None, "LỚP 12A1"), row(8, "1", "01", "Lan", "530001"),
        row(9, None, "Cộng lớp 12A1:", "1"), row(10, "PHÒNG THI 2"),
        row(11, "1", "02", "Hoa", "530001"), row(12, None, "Tổng cộng 12A2", "1"),
        row(13, "2", None, "Mai", "530001"), row(14, None, "03"),
    )  # fmt: skip
    assert records(HEADER + "".join(lists)) == {
        8: ("01", "Lan", "530001"), 11: ("02", "Hoa", "530001"), 13: (None, "Mai", "530001"),
        14: ("03", None, None),
    }  # fmt: skip


def test_a_line_may_be_broken_beside_a_stroke() -> None:
    for written in ("Mã trường/ lớp", "Mã trường /lớp", "Mã trường/\nlớp (*)", "MÃ TRƯỜNG / LỚP"):
        assert titles.matching(written) == titles.matching("Mã trường/lớp")
    assert titles.matching("Mã trường lớp") != titles.matching("Mã trường/lớp")


def test_a_running_number_alone_is_no_record() -> None:
    rows = row(8, "2") + row(9, None, None, None, None, "nghỉ") + row(10, "4", None, "Mai")
    assert records(HEADER + LAN + rows) == {7: ("01", "Lan", "530001"), 10: (None, "Mai", None)}


def test_merged_cells_hold_for_all_of_their_rows_but_a_key_does_not() -> None:
    rows = row(8, "2", "02", "Cúc") + row(9, "3", None, "Mai")
    merged = '<mergeCells><mergeCell ref="D7:D9"/><mergeCell ref="B8:B9"/></mergeCells>'
    assert records(HEADER + LAN + rows, after=merged) == {
        7: ("01", "Lan", "530001"), 8: ("02", "Cúc", "530001"), 9: (None, "Mai", "530001"),
    }  # fmt: skip


def test_a_column_without_a_title_is_reported_by_its_letter() -> None:
    (record,) = found(HEADER + row(7, "1", "01", "Lan", "530001", None, "x")).records()
    assert record.cells["cột F"] == "x"


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        ({}, "sheets 1 and 2 each hold a list"),
        ({1: "hidden", 2: "hidden"}, "only a hidden sheet has a header row"),
    ],
)
def test_a_list_that_could_be_another_is_refused(states: dict[int, str], reason: str) -> None:
    with pytest.raises(ContractError, match=reason):
        found(HEADER + LAN, HEADER + LAN, states=states)


def test_the_one_list_is_found_among_other_sheets() -> None:
    cover, empty, hidden = row(1, "Hướng dẫn"), HEADER, HEADER + row(7, "9", "09", "Cũ", "530009")
    body = (cover, empty, HEADER + LAN, hidden)
    assert records(*body, states={4: "hidden"}) == {7: ("01", "Lan", "530001")}


def test_a_title_that_stands_twice_is_named_with_its_columns() -> None:
    twice = row(6, "STT", "Số báo danh", "Họ và tên", "Họ\nvà tên", "Ghi chú", "Ghi chú")
    with pytest.raises(ContractError, match="a column twice: 'Họ và tên' in C, D"):
        found(twice + LAN)
    with pytest.raises(ContractError, match="a column twice: in C, D"):
        found(twice.replace("Họ và tên", "082190000001").replace("Họ\nvà tên", "082190000001"))


@pytest.mark.parametrize(("column", "named"), [(1, "A"), (26, "Z"), (27, "AA"), (16384, "XFD")])
def test_columns_are_named_by_letters(column: int, named: str) -> None:
    assert letters(column) == named
