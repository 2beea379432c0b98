"""Workbooks as people make them, from the wire to what core and quarantine hold."""

import io
from typing import Any

import openpyxl
import pytest

from dean06.errors import ContractError
from dean06.identity.verify import verify_identities
from tests.lib import persons
from tests.lib.loading import rows
from tests.lib.strangers import education, programme
from tests.lib.strangers_http import STRANGERS

pytestmark = pytest.mark.usefixtures("warehouse")
CANDIDATES = "select registration_no, personal_id from core.education__exam_registration order by 1"


def case(name: str, file: str = "in.xlsx") -> bytes:
    (folder,) = STRANGERS.glob(f"{name}-*")
    return (folder / file).read_bytes()


def birth_dates() -> list[Any]:
    return rows(
        "select registration_no, birth_date from core.education__exam_registration order by 1"
    )


def set_aside() -> list[Any]:
    return rows(
        "select row_no, rule_codes, payload ->> '_problem' from ops.quarantine order by row_no"
    )


def test_a_cell_that_shows_an_error_is_no_empty_cell() -> None:
    education(case("01"), 2)
    assert rows(CANDIDATES) == [("53000002", "082304000002")]
    assert set_aside() == [(7, ["readable"], "cell_error")]


def test_the_sheet_that_people_see_is_read() -> None:
    education(case("03"), 2)
    assert [number for number, _ in rows(CANDIDATES)] == ["53000071", "53000072"]


def test_days_since_1904_are_days() -> None:
    education(case("04"), 1)
    assert birth_dates() == [("53000001", "03/02/2004")]


def test_a_wrong_dimension_hides_no_row() -> None:
    education(case("05"), 2)
    assert len(rows(CANDIDATES)) == 2


def test_dates_are_what_their_format_shows() -> None:
    education(case("06"), 3)
    assert birth_dates() == [("53000001", "03/02/2004"), ("53000002", "03/02/2004")]
    assert set_aside() == [(9, ["birth_date_valid"], None)]


def test_zeros_that_a_number_format_shows_are_kept() -> None:
    education(case("07"), 4)
    assert rows(CANDIDATES) == [
        ("01000123", "082304000004"), ("53000001", "082304000002"),
        ("53000002", "001304000003"), ("53000003", "012345678"),
    ]  # fmt: skip
    assert set_aside() == []


@pytest.mark.parametrize(
    ("written", "registered", "verdict"),
    [
        (82304000002, "082304000002", "verified_after_normalisation"),
        (1304000002, "001304000002", "verified_after_normalisation"),
        (1304000002, "082304000002", "not_found"),
        (12345678, "082304000002", "id_is_cmnd"),
    ],
)
@pytest.mark.one_in(4)
def test_numbers_without_a_format_lost_their_zeros_alike(
    written: int, registered: str, verdict: str
) -> None:
    registry = {
        "personal_id": registered,
        "full_name": "Nguyễn Thị Thử",
        "birth_date": "2004-02-03",
    }
    persons.load("police.resident", persons.record("police.resident", **registry))
    book = openpyxl.load_workbook(io.BytesIO(case("05")))
    book.worksheets[0]["F7"] = written
    book.worksheets[0].delete_rows(8)
    education(_saved(book), 1)
    assert set_aside() == []
    assert rows(CANDIDATES) == [("53000001", str(written))]
    verify_identities()
    assert [found for found, _ in persons.verdicts().values()] == [verdict]


def test_a_candidate_below_the_total_is_a_candidate() -> None:
    education(case("08"), 3)
    assert rows(CANDIDATES)[-1] == ("53000083", "082304000083")


def test_a_candidate_below_the_total_that_the_index_does_not_count_stops_the_delivery() -> None:
    with pytest.raises(ContractError, match="declared 2 records, the file holds 3"):
        education(case("08"), 2)
    assert rows(CANDIDATES) == []


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("encrypted.xlsx", "protected by a password, or an old Excel workbook"),
        ("html.xlsx", "an HTML page with a workbook's file extension"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(file: str, reason: str) -> None:
    with pytest.raises(ContractError, match=rf"exam_registration.*HD5301-lan-1.xlsx: {reason}"):
        education(case("09", file), 1)
    (cause,) = rows("select cause from ops.load where dataset_code = 'exam_registration'")[0]
    assert reason in cause


@pytest.mark.parametrize("file", ["nfd.xlsx", "wrapped.xlsx"])
def test_a_title_that_looks_the_same_is_the_same(file: str) -> None:
    education(case("10", file), 1)
    assert rows(CANDIDATES) == [("53000001", "082304000001")]


def test_a_csv_title_that_looks_the_same_is_the_same() -> None:
    programme(case("10", "nfd.csv"), 1)
    assert rows("select task_id, title from core.programme__task") == [("NV21", "Nhiệm vụ thử")]


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("file", ["classes.xlsx", "titles.xlsx"])
def test_lists_by_class_and_wrapped_titles_are_read_whole(file: str) -> None:
    education(case("42", file), 3)
    assert rows(
        "select registration_no, personal_id from core.education__exam_registration order by 1"
    ) == [
        ("53000011", "086204626101"), ("53015849", "082203016701"), ("53015850", "082304016701"),
    ]  # fmt: skip
    assert set_aside() == []
