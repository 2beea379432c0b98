"""Education: whose registrations count, by year and withdrawal, worked out by hand."""

import io
from typing import Any

import openpyxl
import pytest

from dean06.identity.verify import verify_identities
from tests.lib.facts import counted
from tests.lib.loading import rows
from tests.lib.persons import load, record
from tests.lib.strangers import education
from tests.lib.strangers_http import STRANGERS

pytestmark = pytest.mark.usefixtures("warehouse")
PERSON, EXAM = "police.resident", "education.exam_registration"


def candidate(number: int, **changes: Any) -> dict[str, Any]:
    return record(EXAM, registration_no=f"5300000{number}", **changes)


def test_a_candidate_who_has_withdrawn_leaves_and_may_come_back() -> None:
    load(PERSON, record(PERSON))
    load(EXAM, candidate(1), candidate(2, personal_id=None))
    verify_identities()
    share = ("education.registrations_with_personal_id",)
    checked = ("education.registrations_verified",)
    quality = ("quality.complete_share", f"dataset:{EXAM}")
    assert counted("education", "2022-10-31")[share] == (1, 2)
    assert counted("education_verified", "2022-10-31")[checked] == (1, 2)
    assert counted("quality", "2022-10-31")[quality] == (1, 2)
    load(EXAM, candidate(1, version=2, is_withdrawn=True))
    verify_identities()
    assert counted("education", "2022-10-31")[share] == (0, 1)
    assert counted("education_verified", "2022-10-31")[checked] == (0, 1)
    assert counted("quality", "2022-10-31")[quality] == (0, 1)
    assert rows("select record_key from core.identity_verdict") == [("2022|53000002",)]
    load(EXAM, candidate(1, version=3, is_withdrawn=False))
    verify_identities()
    assert counted("education", "2022-10-31")[share] == (1, 2)


def test_earlier_years_are_in_quality_and_not_in_the_shares_of_the_year() -> None:
    load(PERSON, record(PERSON))
    load(
        EXAM,
        candidate(1),
        candidate(2, exam_year=2023, registered_on="2023-05-01"),
    )
    verify_identities()
    quality = ("quality.accurate_share", f"dataset:{EXAM}")
    for day, years in (("2022-10-31", 1), ("2023-04-30", 1), ("2023-10-31", 2)):
        assert counted("quality", day)[quality] == (years, years)
    assert counted("education", "2023-04-30") == {}
    assert set(counted("education", "2023-10-31").values()) == {(1, 1)}
    assert set(counted("education_verified", "2022-10-31").values()) == {(1, 1)}


def test_the_mark_is_read_from_a_list_that_has_the_column_and_other_words_are_refused() -> None:
    (folder,) = STRANGERS.glob("05-*")
    book = openpyxl.load_workbook(folder / "in.xlsx")
    sheet = book.worksheets[0]
    (header,) = [row for row in sheet.iter_rows() if "Số báo danh" in [c.value for c in row]]
    column = max(cell.column for cell in header if cell.value) + 1
    top = header[0].row
    for row, value in enumerate(("Rút đăng ký", "x", "hôm qua")):
        sheet.cell(top + row, column, value)
    stream = io.BytesIO()
    book.save(stream)
    education(stream.getvalue(), 2)
    assert rows("""select registration_no, is_withdrawn
                   from core.education__exam_registration""") == [("53000001", True)]  # fmt: skip
    assert rows("select rule_codes from ops.quarantine") == [(["withdrawn_mark_known"],)]
    assert counted("education", "2022-10-31") == {}
