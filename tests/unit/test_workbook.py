"""Workbooks cell by cell, as a person sees them, and within bounds."""

import io
import resource
import zipfile

import pytest

from dean06.errors import ContractError
from dean06.wire import workbook
from dean06.wire.workbook import BadCell
from tests.faults.hostile import workbook_bombs
from tests.lib.workbooks import MAIN, OFFICE, row, xlsx, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(body: bytes) -> list[workbook.Sheet]:
    return workbook.read(io.BytesIO(body))


def shown(cells: str, **parts: object) -> dict[int, str]:
    """The first row of a sheet whose only row has these cells."""
    (sheet,) = read(xlsx(f"<row>{cells}</row>", **parts))  # type: ignore[arg-type]
    return sheet.rows.get(1, {})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c><v>82304000002</v></c>", "82304000002"),
        ('<c s="1"><v>82304000002</v></c>', "082304000002"),
        ('<c s="2"><v>38020</v></c>', "03/02/2004"),
        ('<c s="99"><v>5</v></c>', "5"),
        ("<c><v>8.2304000002E10</v></c>", "82304000002"),
        ('<c t="s"><v>0</v></c>', "Nguyễn Thị"),
        ('<c t="s"><v>1</v></c>', "漢"),
        ('<c t="inlineStr"><is><r><t>Nguyễn </t></r><r><t>Thị</t></r></is></c>', "Nguyễn Thị"),
        ('<c t="str"><f>A1</f><v>x</v></c>', "x"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="d"><v>2004-02-03T00:00:00Z</v></c>', "03/02/2004"),
        ('<c t="d"><v>2004-02-03T08:30:00</v></c>', "03/02/2004 08:30:00"),
        ('<c t="inlineStr"><is><t>a_x000A_b_x0000_</t></is></c>', "a\nb\0"),
        ('<c t="inlineStr"><is><t>_xD800_</t></is></c>', "_xD800_"),
    ],
)
def test_a_cell_is_what_it_shows(cell: str, text: str) -> None:
    texts = ("<si><r><t>Nguyễn </t></r><r><t>Thị</t></r></si>",
             "<si><t>漢</t><rPh sb='0' eb='1'><t>kan</t></rPh></si>")  # fmt: skip
    found = shown(cell, formats=("000000000000", "dd/mm/yyyy"), texts=texts)
    assert found == {1: text}
    assert not isinstance(found[1], BadCell)


@pytest.mark.parametrize(
    "cell",
    [
        "<c/>",
        '<c t="str"><f>A1</f><v></v></c>',
        '<c t="inlineStr"><is><t></t></is></c>',
        "<c><v/></c>",
    ],
)
def test_what_shows_nothing_is_empty(cell: str) -> None:
    assert shown(cell) == {}


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ('<c t="e"><v>#N/A</v></c>', "cell_error"),
        ('<c t="e"><v>#REF!</v></c>', "cell_error"),
        ('<c t="e"><v>Err:502</v></c>', "cell_error"),
        ('<c t="inlineStr"><is><t>#VALUE!</t></is></c>', "cell_error"),
        ('<c s="1"><v>-5</v></c>', "cell_error"),
        ("<c><f>A1&amp;B1</f></c>", "formula_without_value"),
        ("<c><f>A1&amp;B1</f><v></v></c>", "formula_without_value"),
    ],
)
def test_a_value_that_nobody_can_know_is_no_empty_cell(cell: str, problem: str) -> None:
    found = shown(cell, formats=("dd/mm/yyyy",))[1]
    assert isinstance(found, BadCell)
    assert found.problem == problem


def test_cells_without_a_position_follow_the_one_before() -> None:
    rows = (
        '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    )
    (sheet,) = read(xlsx(rows + '<row r="9"><c><v>5</v></c></row>'))
    assert sheet.rows == {1: {1: "1", 4: "2", 5: "3"}, 2: {1: "4"}, 9: {1: "5"}}


def test_merged_cells_are_read_in_all_of_their_rows() -> None:
    merged = '<mergeCells><mergeCell ref="A1:B3"/><mergeCell ref="C1:D1"/></mergeCells>'
    (sheet,) = read(xlsx(row(1, "530001", None, "x") + row(3, None, "y"), after=merged))
    assert [sheet.shown(number, 1) for number in (1, 2, 3, 4)] == ["530001"] * 3 + [None]
    assert sheet.shown(1, 4) is None


def test_sheets_say_whether_people_see_them() -> None:
    found = read(xlsx(row(1, "a"), row(1, "b"), row(1, "c"), states={1: "hidden", 3: "veryHidden"}))
    assert [(sheet.number, sheet.is_visible) for sheet in found] == [
        (1, False),
        (2, True),
        (3, False),
    ]


def test_strict_workbooks_are_read() -> None:
    body = xlsx(row(1, "a"))
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        content = {name: parts.read(name).decode() for name in parts.namelist()}
    content = {
        name: text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, text in content.items()
    }
    assert read(zipped(content))[0].rows == {1: {1: "a"}}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "not a workbook"),
        (b"\xef\xbb\xbf <html>", "an HTML page"),
        (b"<?xml version='1.0'?><Workbook/>", "an XML file"),
        (b"%PDF-1.7", "a PDF"),
        (OLE + "EncryptedPackage".encode("utf-16-le"),
         "protected by a password; send"),
        (OLE + "Workbook".encode("utf-16-le"), r"old Excel.*\.xls\)"),
        (zipped({"content.xml": "<x/>"}), r"OpenDocument file \(\.ods\)"),
        (zipped({"a": "x"}), r"not a workbook \(XLSX\)"),
        (b"PK\x03\x04 cut short", "not a readable workbook"),
        (xlsx("<row><c><v>x</v></c></row>"), r"not a readable workbook \(ValueError\)"),
        (xlsx('<row r="2"/><row r="1"/>'), r"not a readable workbook \(ValueError\)"),
        (xlsx('<row><c t="s"><v>-1</v></c></row>'), r"not a readable workbook \(IndexError\)"),
        (xlsx(), "the workbook has no sheet"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(body: bytes, reason: str) -> None:
    with pytest.raises(ContractError, match=reason):
        read(body)


BOMBS = {
    "a cell far away": {1: 1, 1_048_576: 1},
    "a far cell in a sheet stored elsewhere": {1: 1, 1_048_576: 1},
    "cells without positions in the last row": {1_048_576: 16_384},
    "billions of shared texts": {1: 1},
    "a long text shown in every cell": "characters",
    "a far dimension": {},
    "entities": "ParseError",
    "a part of zeros": "unpacks to more than",
    "no sheet": "not a workbook",
    "no workbook": "OpenDocument",
    "names that climb": "not a workbook",
}
"""What a bomb turns out to hold (cells by row), or why it is refused."""


def test_every_bomb_has_its_outcome() -> None:
    assert list(BOMBS) == list(workbook_bombs())


@pytest.mark.parametrize("kind", BOMBS)
@pytest.mark.one_in(4)
def test_a_bomb_costs_what_its_cells_cost(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MEMORY_BYTES", 128 << 20)
    expected, body = BOMBS[kind], workbook_bombs()[kind]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if isinstance(expected, str):
        with pytest.raises(ContractError, match=expected):
            read(body)
    else:
        (sheet,) = read(body)
        assert {number: len(cells) for number, cells in sheet.rows.items()} == expected
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def test_a_workbook_that_takes_too_much_memory_ends_its_reader_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = xlsx("<row>" + "<c><f/></c>" * 400_000 + "</row>")
    monkeypatch.setattr(workbook, "MEMORY_BYTES", 64 << 20)
    with pytest.raises(ContractError, match="more than 64 MiB of memory"):
        read(body)


@pytest.mark.parametrize(
    ("child", "reason"),
    [
        ("import os; os.abort()", "took more than"),
        ("import sys; sys.exit(3)", "exit code 3"),
        ('print(\'{"sheet": 1, "visible": true}\')', "exit code 0"),
    ],
)
def test_a_reader_that_dies_is_an_error_of_the_workbook(
    child: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_CHILD", child)
    with pytest.raises(ContractError, match=reason):
        read(xlsx(row(1, "a")))


def test_processor_time_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    child = (
        "import sys; sys.path.insert(0, sys.argv[1]); from dean06.wire import spreadsheet as s; "
        "s.read = lambda _: iter(lambda: sum(range(9999)), 1); s._write = id; s.main()"
    )
    monkeypatch.setattr(workbook, "CPU_SECONDS", 1)
    monkeypatch.setattr(workbook, "_CHILD", child)
    with pytest.raises(ContractError, match="or 1 seconds"):
        read(xlsx(row(1, "a")))


def test_a_workbook_of_too_many_bytes_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    body = xlsx(row(1, "a"))
    monkeypatch.setattr(workbook, "MAX_PACKED_BYTES", len(body) - 1)
    with pytest.raises(ContractError, match="larger than"):
        read(body)
