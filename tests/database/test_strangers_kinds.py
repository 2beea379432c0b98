"""Records whose values come in other kinds, twice, or not as text at all: from wire to core."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dean06.agencies import lists
from dean06.errors import ContractError
from dean06.kpi.build import build_kpis
from tests.lib import strangers
from tests.lib.agency_list_files import lines
from tests.lib.loading import RESIDENT, rows
from tests.lib.strangers_http import STRANGERS

pytestmark = pytest.mark.usefixtures("warehouse")

KINDS = json.loads((STRANGERS / "22-portal-kinds" / "in.json").read_text(encoding="utf-8"))
DOSSIER: dict[str, Any] = {
    **KINDS["duLieu"][0],
    "TaiLieuNop": [{"DuocSoHoa": "1", "DuocTaiSuDung": "0", "DuocLayTuKhoDMQG": "1"}],
}


def given(case: str, name: str) -> bytes:
    return (STRANGERS / case / name).read_bytes()


def page(*dossiers: dict[str, Any]) -> bytes:
    """A page of dossiers that are DOSSIER but for some fields."""
    records = [
        {**DOSSIER, "MaHoSo": f"000.00.18.H58-221030-{number:04d}", **dossier}
        for number, dossier in enumerate(dossiers, start=1)
    ]
    document = {"trang": 1, "tongSo": len(records), "tongTrang": 1, "duLieu": records}
    return json.dumps(document, ensure_ascii=False).encode()


@pytest.mark.campaign
def test_spellings_of_a_flag_and_a_fee_mean_the_same_and_the_rest_is_rejected() -> None:
    strangers.portal(given("22-portal-kinds", "in.json"))
    assert rows(
        """select right(dossier_code, 4), has_digitised_components, is_vneid_verified,
                  digitised_component_count, reused_component_count, from_store_component_count,
                  fee_total
           from core.portal__dossier order by 1"""
    ) == [
        ("1002", True, False, 1, 1, 1, Decimal(20000)),
        ("1005", True, True, 1, 0, 0, Decimal(20000)),
        ("1007", True, False, 1, 0, 0, Decimal(20000)),
    ]
    assert strangers.rejected("portal", "dossier") == [
        (4, ["has_digitised_components_known", "is_vneid_verified_known"], None, None),
        (5, ["supplement_count_valid"], None, None),
        (6, ["fees_valid"], None, None),
        (7, ["results_readable"], None, None),
    ]
    build_kpis()
    assert dict(
        rows(
            """select kpi_code, (numerator, denominator)::text from ops.kpi_latest_exact
               where as_of_date = '2022-10-31' and unit_level = 'province' and breakdown = ''
                   and boundary_version = 'as_reported' and kpi_code in (
                       'service.digitised_share', 'service.reused_share',
                       'service.from_store_share', 'service.identity_checked_share',
                       'service.paid_online_share')"""
        )
    ) == {
        "service.digitised_share": "(3,3)",
        "service.reused_share": "(1,3)",
        "service.from_store_share": "(1,3)",
        "service.identity_checked_share": "(3,3)",
        "service.paid_online_share": "(0,3)",
    }


DIGITISED, NAME, FEES, PAPERS = "HoSoCoThanhPhanSoHoa", "ChuHoSo", "DanhSachLePhi", "TaiLieuNop"


@pytest.mark.parametrize(
    ("field", "value", "rules", "kinds"),
    [
        (DIGITISED, 2, "has_digitised_components_known kinds_agreed", f"{DIGITISED}: number"),
        (DIGITISED, "có", "has_digitised_components_known", None),
        (DIGITISED, ["1"], "has_digitised_components_known kinds_agreed", f"{DIGITISED}: list"),
        (DIGITISED, {}, "has_digitised_components_known kinds_agreed", f"{DIGITISED}: object"),
        (NAME, 5, "kinds_agreed", f"{NAME}: number"),
        (NAME, True, "kinds_agreed", f"{NAME}: flag"),
        (NAME, {"ten": "An"}, "kinds_agreed", f"{NAME}: object"),
        ("NoiNopHoSo", 28249, "kinds_agreed", "NoiNopHoSo: number"),
        ("SoDinhDanh", 82190000001, "kinds_agreed", "SoDinhDanh: number"),
        (FEES, "[]", "kinds_agreed", f"{FEES}: text"),
        (FEES, 20000, "fees_valid kinds_agreed", f"{FEES}: number"),
        (FEES, None, "fees_valid", None),
        (FEES, [{"Gia": "20.000 đ"}], "fees_valid kinds_agreed", f"{FEES}[].Gia: text"),
        (FEES, [{"Gia": "15.000"}], "fees_valid kinds_agreed", f"{FEES}[].Gia: grouped"),
        (FEES, [{"Gia": "150.000"}], "fees_valid kinds_agreed", f"{FEES}[].Gia: grouped"),
        (FEES, [{"Gia": "1.500.000"}], "fees_valid kinds_agreed", f"{FEES}[].Gia: text"),
        (FEES, [{"Gia": "0.5"}], "fees_valid", None),
        (FEES, [{"Gia": 20000.5}], "fees_valid", None),
        (FEES, [{"Gia": None}], "fees_valid", None),
        (FEES, [{}], "fees_valid", None),
        (FEES, [20000], "fees_valid kinds_agreed", f"{FEES}[]: number"),
        (FEES, [None], "fees_valid kinds_agreed", f"{FEES}[]: empty"),
        (PAPERS, [{"DuocSoHoa": "7"}], "components_known", None),
        (
            PAPERS,
            [
                {"DuocSoHoa": ["1"], "DuocTaiSuDung": {}, "DuocLayTuKhoDMQG": "1"},
                {"DuocSoHoa": 2, "DuocTaiSuDung": True, "DuocLayTuKhoDMQG": "1"},
            ],
            "components_known kinds_agreed",
            "; ".join(
                f"{PAPERS}[].{place}"
                for place in (
                    "DuocSoHoa: list",
                    "DuocTaiSuDung: object",
                    "DuocSoHoa: number",
                    "DuocTaiSuDung: flag",
                )
            ),
        ),
        ("MucDoHaiLong", "4", "rating_known", None),
        ("MaCSDL", "2", "database_consulted_known", None),
    ],
)
@pytest.mark.one_in(5)
def test_what_is_not_agreed_is_rejected_with_field_and_kind(
    field: str, value: object, rules: str, kinds: str | None
) -> None:
    strangers.portal(page({}, {field: value}))
    assert strangers.rejected("portal", "dossier") == [(2, rules.split(), None, kinds)]
    assert strangers.counts("portal", "dossier") == (2, 1, 1)


def test_the_agency_reads_which_field_came_as_what(lists_root: Path) -> None:
    strangers.portal(page({}, {NAME: 5, FEES: [{"Gia": "15.000"}]}, {NAME: None}))
    lists.write_day(date(2022, 10, 31))
    found = {line["Mã lỗi"]: line for line in lines(lists_root, "portal")}
    assert found["kinds_agreed"]["Mã bản ghi"] == "000.00.18.H58-221030-0002"
    assert found["kinds_agreed"]["Lý do"].endswith(
        "danh sách. Đã nhận: ChuHoSo: số; DanhSachLePhi[].Gia: số có dấu chấm trước ba "
        "chữ số (không rõ là hàng nghìn hay phần thập phân)."
    )
    assert found["kinds_agreed"]["Reason"].endswith(
        "list. Received: ChuHoSo: number; DanhSachLePhi[].Gia: number with a point "
        "before three digits (thousands or a fraction?)."
    )
    assert "Đã nhận" not in found["applicant_name_present"]["Lý do"]


def test_numbers_are_stored_exactly() -> None:
    body = page({}).replace(b'"Gia": 20000', b'"Gia": 12345678901.000000000')
    strangers.portal(body)
    [(total,)] = rows("select fee_total from core.portal__dossier")
    assert total == Decimal("12345678901.000000000")


@pytest.mark.parametrize("written", [b"150.000", b"-1.500"])
def test_a_number_that_may_be_thousands_is_rejected(written: bytes) -> None:
    strangers.portal(page({}).replace(b'"Gia": 20000', b'"Gia": ' + written))
    ((_, rules, _, kinds),) = strangers.rejected("portal", "dossier")
    assert "kinds_agreed" in rules
    assert kinds == f"{FEES}[].Gia: grouped"


@pytest.mark.parametrize("written", [b"0.000", b"20000.000", b"20000.00", b'"20000"'])
@pytest.mark.one_in(4)
def test_decimals_that_leave_no_doubt_are_read(written: bytes) -> None:
    strangers.portal(page({}).replace(b'"Gia": 20000', b'"Gia": ' + written))
    expected = float(written.strip(b'"'))
    assert rows("select fee_total::float from core.portal__dossier") == [(expected,)]


@pytest.mark.parametrize(
    ("name", "bad", "problem"),
    [
        ("bad-utf8.json", 2, "invalid_utf8"),
        ("control.json", 2, "malformed_json"),
        ("nan.json", 1, "malformed_json"),
    ],
)
@pytest.mark.one_in(3)
def test_one_record_that_is_no_json_leaves_the_other(name: str, bad: int, problem: str) -> None:
    strangers.portal(given("25-json-one-bad-record", name))
    assert strangers.rejected("portal", "dossier") == [(bad, ["readable"], problem, None)]
    other = {1: "1042", 2: "1041"}[bad]
    assert rows("select right(dossier_code, 4) from core.portal__dossier") == [(other,)]
    assert strangers.counts("portal", "dossier") == (2, 1, 1)


def test_a_name_with_two_values_rejects_its_record() -> None:
    bad = given("26-json-duplicate-names", "in.ndjson").splitlines()
    good = json.dumps(RESIDENT, ensure_ascii=False).encode()
    same = good.replace(b'"maXa": "28249"', b'"maXa": "28249", "maXa": "28249"').replace(
        b"082190000001", b"082190000002"
    )
    strangers.police(b"\n".join([*bad, good, same]) + b"\n", 4)
    assert strangers.rejected("police", "resident") == [
        (row, ["readable"], "duplicate_name", None) for row in (1, 2)
    ]
    assert rows("select personal_id, commune_code from core.police__resident order by 1") == [
        ("082190000001", "28249"),
        ("082190000002", "28249"),
    ]


def test_a_name_with_two_values_within_a_list_rejects_its_dossier() -> None:
    body = page({}, {}).replace(b'"DuocSoHoa": "1"', b'"DuocSoHoa": "1", "DuocSoHoa": "0"', 1)
    strangers.portal(body)
    assert strangers.rejected("portal", "dossier") == [(1, ["readable"], "duplicate_name", None)]


@pytest.mark.parametrize("bulk", [1, 5000])
def test_kinds_are_seen_where_records_are_read_in_bulk(bulk: int) -> None:
    records = [{**RESIDENT, "soDinhDanh": f"0821900{n:05}"} for n in range(bulk)]
    odd = [{**RESIDENT, "soDinhDanh": f"0821901{n:05}", "daXoa": "false"} for n in range(10)]
    odd += [{**RESIDENT, "soDinhDanh": f"0821902{n:05}", "hoTen": True} for n in range(9)]
    body = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in [*records, *odd])
    strangers.police(body.encode(), len(records) + len(odd))
    assert strangers.counts("police", "resident") == (bulk + 19, bulk, 19)
    found = [(codes, kinds) for _, codes, _, kinds in strangers.rejected("police", "resident")]
    assert (
        found == [(["kinds_agreed"], "daXoa: text")] * 10 + [(["kinds_agreed"], "hoTen: flag")] * 9
    )


@pytest.mark.parametrize(
    "path",
    [
        "12-csv-bom/one.csv", "12-csv-bom/two.csv", "14-csv-empty-lines-of-excel/in.csv",
        "14-csv-empty-lines-of-excel/ctrl-z.csv",
        "14-csv-empty-lines-of-excel/two-empty-columns.csv",
    ],
)  # fmt: skip
def test_what_spreadsheet_programs_add_to_a_list_is_no_task(path: str) -> None:
    strangers.programme((STRANGERS / path).read_bytes(), 1)
    assert strangers.counts("programme", "task") == (1, 1, 0)
    assert rows("select title, deadline::text, is_synthetic from core.programme__task") == [
        ("Nhiệm vụ thử", "2022-10-31", True)
    ]


def test_text_after_a_closing_quote_rejects_its_record() -> None:
    body = given("16-csv-text-after-quote", "in.csv")
    header, task = body.splitlines(keepends=True)
    good = task.replace('"Đề án" 06'.encode(), '"Đề án ""06"""'.encode()).replace(b"NV09", b"NV10")
    strangers.programme(header + task + good, 2)
    assert strangers.rejected("programme", "task") == [(2, ["readable"], "text_after_quote", None)]
    assert rows("select task_id, title from core.programme__task") == [("NV10", 'Đề án "06"')]


def test_a_list_whose_title_stands_twice_is_refused_with_that_reason() -> None:
    header, task = given("12-csv-bom", "one.csv").splitlines(keepends=True)
    twice = header.replace("Giai đoạn".encode(), "Thời hạn".encode())
    with pytest.raises(ContractError, match="the CSV header names a column twice"):
        strangers.programme(twice + task, 1)
