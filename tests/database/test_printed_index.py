"""What the press printed of one commune's index of QĐ 766 comes out of records, after rounding.

The records are synthetic and their ratios are chosen: 25 procedures, 20 of them offered online and
used, 1,000 dossiers of which 170 came online, all in time; no petitions.
"""

import csv
from decimal import Decimal
from typing import Any

import pytest

from dean06 import settings
from dean06.kpi.build import build_kpis
from tests.database.test_services import DOSSIER
from tests.lib.loading import load_source
from tests.lib.national import page
from tests.lib.published import seen_by_bi

pytestmark = pytest.mark.usefixtures("warehouse")
COMMUNE, DAY, AFTER = "00994", "2025-11-30", "2025-12-03"
GROUPS = {"qd766_group_1": 1, "qd766_group_2": 2, "qd766_group_3": 3, "qd766_group_6": 6}
RECEIVED, WRITTEN = "10/11/2025 09:00:00", "30/11/2025 10:00:00"


def procedures() -> list[str]:
    """A code of each of 25 procedures that are reported, one that holds in November 2025."""
    lines = (settings.REFERENCE / "procedure_codes.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    found = {
        row["procedure_id"]: row["code"]
        for row in rows
        if row["procedure_id"].startswith(("DA06", "Q422"))
        and (not row["valid_to"] or row["valid_to"] > DAY)
    }
    return list(found.values())[:25]


def printed() -> dict[str, tuple[str, Decimal]]:
    """Operator and value of each statement on the commune."""
    lines = (settings.REFERENCE / "published_facts.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {
        row["metric_code"]: (row["operator"], Decimal(row["value"]))
        for row in rows
        if row["fact_id"].startswith("TQ")
    }


def listings(codes: list[str]) -> list[dict[str, Any]]:
    """Announced, published and complete; every fifth is not offered online."""
    return [
        {
            "MaNiemYet": f"NY08-{number:09}", "NoiNopHoSo": COMMUNE, "MaTTHC": code,
            "NgayKyQuyetDinh": "01/10/2025", "NgayHieuLuc": "15/10/2025",
            "NgayCongKhai": "03/10/2025", "NgayBaiBo": None, "DuNoiDung": "1",
            "DuDieuKienTrucTuyen": "1", "CungCapTrucTuyen": str(int(number % 5 > 0)),
            "CoPhiLePhi": "1", "TichHopThanhToan": "1", "TrangThaiNiemYet": "1",
            "NgayCapNhat": WRITTEN,
        }
        for number, code in enumerate(codes)
    ]  # fmt: skip


def dossiers(codes: list[str]) -> list[dict[str, Any]]:
    """1,000 returned dossiers, 40 of each procedure; the first 170 of those offered came online."""
    papers = [{"DuocSoHoa": "1", "DuocTaiSuDung": "2", "DuocLayTuKhoDMQG": "1"}]
    result = [{"MaGiayToKetQua": "KQ.1", "DuongDanTepTinKetQua": "https://kho.example.invalid/1"}]
    sent, online = [], 0
    for number in range(1000):
        is_online = number % 25 % 5 > 0 and online < 170
        online += is_online
        sent.append(
            DOSSIER | {
                "MaHoSo": f"000.00.18.H60-251110-{number:06}", "MaTTHC": codes[number % 25],
                "KenhThucHien": "2" if is_online else "1", "NoiNopHoSo": COMMUNE,
                "NgayNopHoSo": RECEIVED, "NgayTiepNhan": RECEIVED,
                "NgayHenTra": "20/11/2025 09:00:00", "NgayKetThucXuLy": "20/11/2025 09:00:00",
                "NgayTra": "20/11/2025 10:00:00", "TrangThaiHoSo": "5",
                "HoSoCoThanhPhanSoHoa": "1", "TaiKhoanDuocXacThucVoiVNeID": "1",
                "DuocThanhToanTrucTuyen": "1", "MaCSDL": "1", "TaiLieuNop": papers,
                "GiayToKetQua": result, "DanhSachLePhi": [{"Gia": 15000}],
                "NgayCapNhat": WRITTEN,
            }
        )  # fmt: skip
    return sent


def national(codes: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The national portal's list of November, in which nothing is missing, and its count."""
    made = "03/12/2025 06:00:00"
    lines = [
        {
            "MaDong": f"QG08-{number:09}", "KyDoiSoat": "11/2025", "MaHoSo": each["MaHoSo"],
            "MaTTHC": each["MaTTHC"], "TrangThaiHoSo": "5", "NgayTiepNhan": RECEIVED,
            "NgayGhiNhan": RECEIVED, "NgayCapNhat": made,
        }
        for number, each in enumerate(dossiers(codes))
    ]  # fmt: skip
    count = {
        "KyDoiSoat": "11/2025", "MaTTHC": codes[0], "SoHoSo": 40,
        "NgayChotKy": "03/12/2025 00:00:00", "NgayCapNhat": made,
    }  # fmt: skip
    return {"national_dossier": lines, "national_count": [count]}


def groups() -> dict[int, Decimal]:
    """Points of the commune's groups of November, as BI reads them."""
    found = seen_by_bi(
        """select group_no, sum(points) from mart.service_index
           where unit_level = 'commune' and unit_code = :commune and as_of_date = :day
               and period = 'month'
           group by group_no""",
        commune=COMMUNE,
        day=DAY,
    )
    return dict(found)


@pytest.mark.campaign
def test_the_printed_points_of_a_commune_come_out_of_records(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    codes = procedures()
    certified = {
        "MaBanSao": "CT08-000000001", "NoiChungThuc": COMMUNE, "NgayChungThuc": RECEIVED,
        "TrangThaiBanSao": "1", "NgayCapNhat": WRITTEN,
    }  # fmt: skip
    sent = {
        "listed_procedure": listings(codes), "dossier": dossiers(codes),
        "certified_copy": [certified],
    }  # fmt: skip
    load_source("portal", "one", DAY, {name: page(records) for name, records in sent.items()})
    build_kpis()
    before = groups()
    assert before[1] == 12, "the national portal has not closed November"
    lists = {name: page(records) for name, records in national(codes).items()}
    load_source("portal", "two", AFTER, lists)
    build_kpis()
    said = printed()
    found = groups()
    assert {code: found[group] for code, group in GROUPS.items()} == {
        code: said[code][1] for code in GROUPS
    }
    (total,) = seen_by_bi(
        """select points, sure_points, measurable_points from mart.service_index_total
           where unit_code = :commune and as_of_date = :day and period = 'month'""",
        commune=COMMUNE,
        day=DAY,
    )
    assert said["qd766_total"] == (">", 90)
    assert total == (Decimal("96.04"), Decimal(88), 100)
