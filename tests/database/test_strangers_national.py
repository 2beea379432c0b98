"""Lists and counts of the national portal as other servers write them, from the wire to core."""

from typing import Any

import pytest

from dean06.errors import Dean06Error, SourceError
from tests.lib import strangers
from tests.lib.errors import said_by
from tests.lib.loading import rows
from tests.lib.national import Planted, counts, entries
from tests.lib.strangers_http import Answer

pytestmark = pytest.mark.usefixtures("warehouse")
LIST, COUNTS = "/dvc/v1/doi-soat-ho-so", "/dvc/v1/doi-soat-so-luong"
SENT: dict[str, list[dict[str, Any]]] = {
    LIST: entries([Planted(1, 7, 0), Planted(2, 8, 1)]),
    COUNTS: counts([Planted(1, 7, 0), Planted(2, 8, 1)]),
}
TABLES = {LIST: "national_dossier", COUNTS: "national_count"}
SECRET = "000.00.18.H58-220710-09999"


def page(records: list[Any], **changes: Any) -> dict[str, Any]:
    head = {"trang": 1, "tongSo": len(records), "tongTrang": 1, "duLieu": records}
    return {**head, **changes}


def held(path: str) -> int:
    return int(rows(f"select count(*) from core.portal__{TABLES[path]}")[0][0])


@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize(
    "answer",
    [
        Answer({"trang": 1, "tongSo": 0, "tongTrang": 0, "duLieu": []}),
        Answer({"trang": "1", "tongSo": "0", "tongTrang": "1", "duLieu": None}),
        Answer(status=204),
    ],
)
def test_a_window_without_records_is_a_load_of_none(path: str, answer: Answer) -> None:
    strangers.load("portal", {path: answer})
    assert held(path) == 0
    assert rows("select distinct status, received_count from ops.load") == [("published", 0)]


@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tongSo": 99}, "99 declared for the window"),
        ({"tongSo": 1}, "1 declared for the window"),
        ({"trang": 2}, "returned page 2"),
        ({"tongSo": "²"}, "tongSo must be a whole number"),
        ({"duLieu": None}, "0 records in the pages so far"),
        ({"duLieu": {"MaHoSo": SECRET}}, "0 records in the pages so far"),
    ],
)
@pytest.mark.one_in(3)
def test_a_page_that_contradicts_itself_publishes_nothing(
    path: str, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(SourceError, match=told) as raised:
        strangers.load("portal", {path: Answer(page(SENT[path], **changes))})
    assert SECRET not in said_by(raised.value)
    assert held(path) == 0


@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"<html>" + SECRET.encode(), b'{"loi": "' + SECRET.encode() + b'"}',
        b'{"trang": 1, "tongSo": 1, "tongTrang": 1, "duLieu": [{"MaHoSo": "' + SECRET.encode(),
    ],
)  # fmt: skip
@pytest.mark.one_in(3)
def test_what_is_no_page_is_refused_without_its_words(path: str, body: bytes) -> None:
    with pytest.raises(Dean06Error) as raised:
        strangers.load("portal", {path: Answer(body)})
    assert SECRET not in said_by(raised.value)
    assert held(path) == 0


@pytest.mark.parametrize(
    ("path", "field", "value", "rules"),
    [
        (LIST, "MaDong", "QG82-1", "entry_code_well_formed"),
        (LIST, "MaDong", None, "entry_code_well_formed"),
        (LIST, "KyDoiSoat", "13/2022", "period_code_valid"),
        (LIST, "KyDoiSoat", "7/2022", "period_code_valid"),
        (LIST, "KyDoiSoat", "07/2022 ", "period_code_valid"),
        (LIST, "KyDoiSoat", "07/0000", "period_code_valid"),
        (LIST, "KyDoiSoat", "٠٧/٢٠٢٢", "period_code_valid"),
        (LIST, "MaHoSo", "=1+1", "dossier_code_well_formed"),
        (LIST, "MaTTHC", "9.999999", "procedure_code_known"),
        (LIST, "TrangThaiHoSo", "8", "dossier_status_known"),
        (LIST, "TrangThaiHoSo", True, "dossier_status_known kinds_agreed"),
        (LIST, "NgayTiepNhan", "31/02/2022 09:00:00", "received_at_valid"),
        (LIST, "NgayGhiNhan", "10/07/2022 24:00:00", "recorded_at_clock recorded_at_valid"),
        (LIST, "NgayGhiNhan", "10/07/2023 09:00:00", "recorded_at_not_in_future"),
        (COUNTS, "SoHoSo", "-1", "dossier_count_valid"),
        (COUNTS, "SoHoSo", 1.5, "dossier_count_valid"),
        (COUNTS, "SoHoSo", "9999999999", "dossier_count_valid"),
        (COUNTS, "SoHoSo", "1e3", "dossier_count_valid"),
        (COUNTS, "SoHoSo", [1], "dossier_count_valid kinds_agreed"),
        (COUNTS, "SoHoSo", None, "dossier_count_valid"),
        (COUNTS, "NgayChotKy", "01/01/2030 00:00:00", "closed_at_not_in_future"),
    ],
)
@pytest.mark.one_in(4)
def test_each_wrong_value_quarantines_its_record_alone(
    path: str, field: str, value: Any, rules: str
) -> None:
    good, *_ = SENT[path]
    other = {**SENT[path][1], field: value}
    strangers.load("portal", {path: Answer(page([good, other]))})
    assert held(path) == 1
    ((row, broken, _, _),) = strangers.rejected("portal", TABLES[path])
    assert (row, broken) == (2, rules.split())


@pytest.mark.parametrize("written", [12, "12", "0012"])
def test_a_count_may_be_a_number_or_a_text(written: Any) -> None:
    record = {**SENT[COUNTS][0], "SoHoSo": written}
    strangers.load("portal", {COUNTS: Answer(page([record]))})
    assert rows("select dossier_count from core.portal__national_count") == [(12,)]


def test_the_same_line_twice_in_two_pages_is_one_line() -> None:
    line = SENT[LIST][0]
    strangers.load("portal", {LIST: Answer(page([line, line]))})
    assert held(LIST) == 1
    assert strangers.counts("portal", "national_dossier") == (2, 1, 0)
