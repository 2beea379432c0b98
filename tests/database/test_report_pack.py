"""The report of a period: every number as mart published it, words where there is none, the same
bytes each time, and by e-mail."""

import time
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.errors import Dean06Error
from dean06.kpi.build import build_kpis
from dean06.pack import span, write
from dean06.warehouse import transaction
from tests.database.test_services import ONLINE, dossier, load_portal
from tests.lib.alerted import listening
from tests.lib.published import publish, seen_by_bi

pytestmark = pytest.mark.usefixtures("warehouse")
OCTOBER = span.parse("2022-10")
NOT_SHOWN = {True: "không hiển thị (dưới 5 người)", False: "không hiển thị (số lượng quá nhỏ)"}
"""Where a small count stands: whether it counts persons."""


def texts_of_word(file: Path) -> list[list[str]]:
    tables = docx.Document(str(file)).tables
    return [[cell.text for cell in row.cells] for table in tables for row in table.rows]


def text_of_pdf(file: Path) -> str:
    pages = pypdfium2.PdfDocument(file)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def annex(file: Path, sheet: str) -> list[dict[str, Any]]:
    rows = openpyxl.load_workbook(BytesIO(file.read_bytes()))[sheet].iter_rows(values_only=True)
    header = next(rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def written(folder: Path, **asked: Any) -> dict[str, Path]:
    """The files of the only province, by ending."""
    (pack,) = write.write(OCTOBER, folder, **asked)
    return {file.suffix: file for file in pack.files}


def as_people_write(value: Decimal, unit: str) -> str:
    if unit != "share":
        return f"{value:,.0f}".replace(",", ".")
    return f"{value * 100:.1f}%".replace(".", ",")


@pytest.fixture
def october(warehouse: str) -> None:
    """Data of September and October; the last day of October is published, of one province."""
    load_portal("one", "2022-09-30", [dossier(1, NgayTiepNhan="15/09/2022 09:00:00")])
    build_kpis()
    load_portal(
        "two", "2022-10-31", [dossier(n, **(ONLINE if n % 2 else {})) for n in range(2, 12)]
    )
    build_kpis()


@pytest.mark.usefixtures("october")
def test_every_number_is_that_of_its_publication_and_files_are_made_alike(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    files = written(tmp_path / "one")
    time.sleep(2.1)  # two seconds are what a zip file's clock can tell apart
    again = written(tmp_path / "two")
    assert {kind: file.read_bytes() for kind, file in files.items()} == {
        kind: file.read_bytes() for kind, file in again.items()
    }
    published = {
        code: row
        for code, *row in seen_by_bi(
            """select kpi_code, latest.name_vi, latest.unit, value, is_suppressed, reason_vi,
                      publication_id
               from mart.kpi_latest as latest
               where as_of_date = '2022-10-31' and unit_level = 'province' and unit_code = '82'
                   and boundary_version = 'as_reported' and breakdown = ''"""
        )
    }
    assert len(published) > 40
    rows = {row["Mã"]: row for row in annex(files[".xlsx"], "Chỉ tiêu")}
    assert rows.keys() == published.keys()
    in_pdf, told = text_of_pdf(files[".pdf"]), 0
    in_word = [row for row in texts_of_word(files[".docx"]) if len(row) == 5]
    for code, (name, unit, value, is_suppressed, reason, publication) in published.items():
        assert rows[code]["Lần công bố"] == publication
        words = NOT_SHOWN[unit == "person"] if is_suppressed else reason
        shown = words if value is None else as_people_write(value, unit)
        assert rows[code]["Giá trị"] == (words if value is None else pytest.approx(float(value)))
        for row in in_word:
            if row[0] == name:
                told += 1
                assert (row[1], row[4]) == (shown, str(publication)), code
    assert told > 25
    cells = [text for row in texts_of_word(files[".docx"]) for text in row if text]
    assert [text for text in cells if " ".join(text.split()) not in in_pdf] == []
    assert [row for row in in_word if "" in row] == []
    empty = [
        row
        for sheet in ("Chỉ tiêu", "Cấp xã")
        for row in annex(files[".xlsx"], sheet)
        if None in row.values() or "" in row.values()
    ]
    assert empty == []


@pytest.mark.usefixtures("october")
def test_what_is_said_of_a_small_count_and_of_communes(tmp_path: Path) -> None:
    files = written(tmp_path)
    communes = annex(files[".xlsx"], "Cấp xã")
    mart = {
        (place, code): (value, hidden, unit)
        for place, code, value, hidden, unit in seen_by_bi(
            """select unit_code, kpi_code, value, is_suppressed, unit from mart.kpi_latest
               where as_of_date = '2022-10-31' and unit_level = 'commune'
                   and boundary_version = 'as_reported' and breakdown = ''"""
        )
    }
    assert len(communes) > 170
    for row in communes:
        value, is_hidden, unit = mart.get((row["Mã xã"], row["Mã chỉ tiêu"]), (None, False, ""))
        if value is not None:
            assert row["Giá trị"] == pytest.approx(float(value))
        elif is_hidden:
            assert row["Giá trị"] == NOT_SHOWN[unit == "person"]
        else:
            assert str(row["Giá trị"]).startswith("chưa ")


def test_a_period_that_nothing_is_published_of_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(Dean06Error, match="nothing is published for 2022-10-01 to 2022-10-31"):
        written(tmp_path)
    assert list(tmp_path.iterdir()) == []
    done = CliRunner().invoke(app, ["report-pack", "--period", "2022-13", "--to", str(tmp_path)])
    assert done.exit_code == 1
    assert "'2022-13' is not a period" in done.output


@pytest.mark.usefixtures("october")
def test_the_folder_of_reports_is_made_or_the_command_says_why_not(tmp_path: Path) -> None:
    """Nobody makes ``.dean06/reports`` before the first report."""
    asked, new = ["report-pack", "--period", "2022-10", "--to"], tmp_path / "reports" / "2022"
    done = CliRunner().invoke(app, [*asked, str(new)])
    assert done.exit_code == 0, done.output
    assert {file.suffix for file in new.iterdir()} == {".docx", ".pdf", ".xlsx"}
    assert new.stat().st_mode & 0o777 == 0o700
    (file,) = new.glob("*.docx")
    refused = CliRunner().invoke(app, [*asked, str(file / "below")])
    assert refused.exit_code == 1
    assert refused.output.startswith(f"dean06: cannot create folder {file / 'below'}: ")


@pytest.mark.usefixtures("october")
def test_a_unit_that_did_not_exist_on_the_day_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(Dean06Error, match="no values of province '99' were published for 2022"):
        written(tmp_path, unit="99")
    assert list(tmp_path.iterdir()) == []


def test_a_new_formula_and_a_small_count_are_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    code = "service.dossiers_essential"
    with transaction() as session:
        session.run(
            """insert into mart.kpi_definition
               select (jsonb_populate_record(known, '{"kpi_version": 900}')).*
               from mart.kpi_definition as known where kpi_code = :kpi limit 1""",
            kpi=code,
        )
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               values ('2022-10-10', '{portal}', 'test')"""
        )
        session.run(
            """insert into mart.kpi_value
                   (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                    breakdown, member_code, numerator, value, is_suppressed)
               select max(publication_id), '2022-10-10', :kpi, 900, 'province', '82', '', '', 7, 7,
                   false
               from mart.kpi_publication""",
            kpi=code,
        )
    publish("2022-10-31", (code, "", "", None, None))
    (row,) = annex(written(tmp_path)[".xlsx"], "Chỉ tiêu")
    assert row["Giá trị"] == row["Tử số"] == NOT_SHOWN[False]
    told = "không so sánh: công thức tính thay đổi từ ngày 31/10/2022"
    assert row["So với ngày 10/10/2022"] == told


@pytest.mark.usefixtures("october")
def test_the_report_arrives_by_mail_with_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening("secret") as box:
        monkeypatch.setenv("DEAN06_REPORT_URLS", box.urls.split()[0])
        write.send(OCTOBER)
        with pytest.raises(Dean06Error, match="nothing is published for 2022-11-01"):
            write.send(span.parse("2022-11"))
    (mail,) = box.mails
    assert mail.startswith("BÁO CÁO: Kết quả thực hiện các chỉ tiêu Đề án 06 tháng 10 năm 2022")
    files = written(tmp_path)
    assert box.files == {file.name: file.read_bytes() for file in files.values()}
    assert set(files) == {".docx", ".pdf", ".xlsx"}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-10", "2022-10-01", "2022-10-31"), ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022-Q4", "2022-10-01", "2022-12-31"), ("2022-W44", "2022-10-31", "2022-11-06"),
        ("2022", "2022-01-01", "2022-12-31"), ("2022-W01", "2022-01-03", "2022-01-09"),
    ],
)  # fmt: skip
def test_the_days_of_a_period(text: str, first: str, last: str) -> None:
    days = span.parse(text)
    assert (str(days.first_day), str(days.last_day)) == (first, last)


@pytest.mark.parametrize("text", ["2022-13", "2022-Q5", "2022-W53", "22-10", "2022-1", "", "²022"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Dean06Error, match="is not a period"):
        span.parse(text)


def test_the_period_that_has_ended() -> None:
    monday = date(2022, 11, 7)
    assert span.ended_before(monday, "week").key == "2022-W44"
    assert span.ended_before(date(2022, 11, 6), "week").key == "2022-W43"
    assert span.ended_before(date(2023, 1, 2), "week").key == "2022-W52"
    assert span.ended_before(date(2023, 1, 5), "month").key == "2022-12"
