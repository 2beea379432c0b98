"""Portal: listings, petitions, copies and the national list come out as KPIs worked out by hand."""

from typing import Any

import pytest

from dean06.kpi.build import build_kpis
from tests.database.test_services import dossier
from tests.lib.loading import load_source, rows
from tests.lib.national import page

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
LISTING: dict[str, Any] = {
    "NoiNopHoSo": "28249", "MaTTHC": "2.001159", "NgayKyQuyetDinh": "03/10/2022",
    "NgayHieuLuc": "17/10/2022", "NgayCongKhai": "05/10/2022", "NgayBaiBo": None,
    "DuNoiDung": "1", "DuDieuKienTrucTuyen": "1", "CungCapTrucTuyen": "1", "CoPhiLePhi": "1",
    "TichHopThanhToan": "1", "TrangThaiNiemYet": "1", "NgayCapNhat": "31/10/2022 10:00:00",
}  # fmt: skip
PETITION: dict[str, Any] = {
    "NoiXuLy": "28249", "NgayTiepNhan": "03/10/2022 09:00:00", "HanXuLy": "24/10/2022 09:00:00",
    "NgayTraLoi": "24/10/2022 09:00:00", "TrangThaiPhanAnh": "2", "MucDoHaiLong": None,
    "NgayDanhGia": None, "NgayCapNhat": "31/10/2022 10:00:00",
}  # fmt: skip


def listing(number: int, **changes: Any) -> dict[str, Any]:
    """A listing without faults, with some fields changed."""
    return {"MaNiemYet": f"NY82-{number:09}", **LISTING, **changes}


def petition(number: int, **changes: Any) -> dict[str, Any]:
    """A petition answered at the last moment, with some fields changed."""
    return {"MaPhanAnh": f"PA82-{number:09}", **PETITION, **changes}


def copy(number: int, commune: str, at: str, status: str = "1") -> dict[str, Any]:
    """A certified copy."""
    return {
        "MaBanSao": f"CT82-{number:09}", "NoiChungThuc": commune, "NgayChungThuc": at,
        "TrangThaiBanSao": status, "NgayCapNhat": "31/10/2022 10:00:00",
    }  # fmt: skip


def build(**datasets: list[dict[str, Any]]) -> None:
    """One run of the portal with these records, and the KPIs of its day."""
    load_source("portal", "one", DAY, {name: page(sent) for name, sent in datasets.items()})
    build_kpis()


def exact(code: str) -> dict[str, tuple[int, int | None]]:
    """Exact values of a KPI by unit, without those that are nothing."""
    found = rows(
        """select unit_code, numerator, denominator from ops.kpi_exact
           where kpi_code = :code and as_of_date = :day and breakdown = ''
               and boundary_version = 'as_reported'""",
        code=f"service.{code}",
        day=DAY,
    )
    return {unit: (above, below) for unit, above, below in found if above or below}


def test_listings_are_judged_by_working_days() -> None:
    """Signed on Monday 3 October; 5 working days later is Monday the 10th."""
    build(
        listed_procedure=[
            listing(1, NgayHieuLuc="10/10/2022", NgayCongKhai="10/10/2022"),  # both just in time
            listing(2, NgayHieuLuc="09/10/2022", NgayCongKhai="11/10/2022"),  # both a day off
            listing(3, MaTTHC="1.004222", NgayCongKhai=None, DuNoiDung="0"),  # late since the 11th
            listing(4, NgayKyQuyetDinh="24/10/2022", NgayCongKhai=None),  # has until the 31st
            listing(5, NgayKyQuyetDinh="31/12/2021", DuNoiDung="0"),  # before the calendar
            listing(6, NoiNopHoSo="28252", NgayBaiBo="01/11/2022"),  # on its last day
            listing(7, NgayBaiBo="31/10/2022"),
            listing(8, NgayKyQuyetDinh="01/11/2022"),
            listing(9, TrangThaiNiemYet="9"),
            listing(10, MaTTHC="1.002755"),  # of neither list
        ]
    )
    assert exact("announced_in_time_share") == {"82": (3, 5), "28249": (2, 4), "28252": (1, 1)}
    assert exact("published_in_time_share") == {"82": (3, 5), "28249": (2, 4), "28252": (1, 1)}
    assert exact("published_in_full_share") == {"82": (3, 4), "28249": (2, 3), "28252": (1, 1)}
    assert exact("offices") == {"82": (2, None), "28249": (1, None), "28252": (1, None)}


def test_only_what_can_be_offered_or_costs_something_is_considered() -> None:
    build(
        listed_procedure=[
            listing(1),
            listing(2, MaTTHC="1.004222", CungCapTrucTuyen="0", TichHopThanhToan="0"),
            listing(3, MaTTHC="1.004194", DuDieuKienTrucTuyen="0", CoPhiLePhi="0"),
        ]
    )
    assert exact("offered_online_share") == {"82": (1, 2), "28249": (1, 2)}
    assert exact("payment_set_up_share") == {"82": (1, 2), "28249": (1, 2)}


def test_a_procedure_is_used_in_the_periods_of_its_newest_dossier() -> None:
    online = {"KenhThucHien": "2"}
    build(
        listed_procedure=[
            listing(1),
            listing(2, MaTTHC="1.004222"),
            listing(3, MaTTHC="1.004194", CungCapTrucTuyen="0"),
            listing(4, NoiNopHoSo="28252"),
        ],
        dossier=[
            dossier(1, **online),
            dossier(2, **online, NgayTiepNhan="01/07/2022 00:00:00"),
            dossier(3, MaTTHC="1.004222", **online, NgayTiepNhan="30/09/2022 23:59:59"),
            dossier(4, MaTTHC="1.004194", **online, NgayTiepNhan="22/06/2022 08:00:00"),
            dossier(5, NoiNopHoSo="28252", NgayTiepNhan="01/10/2022 00:00:00"),  # at the counter
        ],
    )
    everywhere = exact("procedures_used_online"), exact("fee_procedures_used")
    assert everywhere == ({"82": (2, None), "28249": (2, None)},
                          {"82": (4, None), "28249": (3, None), "28252": (1, None)})  # fmt: skip
    used = {p: exact(f"procedures_used_online.{p}")["82"][0] for p in ("month", "quarter", "year")}
    assert used == {"month": 1, "quarter": 1, "year": 2}
    used = {p: exact(f"fee_procedures_used.{p}")["82"][0] for p in ("month", "quarter", "year")}
    assert used == {"month": 2, "quarter": 2, "year": 3}, "22 June is before QĐ 766"


def test_petitions_are_in_time_until_their_deadline() -> None:
    rated = {"MucDoHaiLong": "1", "NgayDanhGia": "31/10/2022 09:00:00"}
    build(
        petition=[
            petition(1, **rated),
            petition(2, NgayTraLoi="24/10/2022 09:00:01", **rated | {"MucDoHaiLong": "3"}),
            petition(3, NgayTraLoi=None, TrangThaiPhanAnh="1"),  # open after its deadline
            petition(4, NgayTraLoi=None, TrangThaiPhanAnh="1", HanXuLy="01/11/2022 00:00:00"),
            petition(5, TrangThaiPhanAnh="3", NoiXuLy="28252"),
            petition(6, TrangThaiPhanAnh="9"),
            petition(7, NgayTiepNhan="30/09/2022 09:00:00"),
        ]
    )
    assert exact("petitions_in_time_share") == {"82": (4, 6), "28249": (3, 5), "28252": (1, 1)}
    assert exact("petitions_in_time_share.month")["82"] == (3, 5)
    assert exact("petitions_satisfied_share") == {"82": (1, 2), "28249": (1, 2)}


def test_offices_certify_in_the_periods_of_their_newest_copy() -> None:
    build(
        listed_procedure=[
            listing(1),
            listing(2, NoiNopHoSo="28252"),
            listing(3, NoiNopHoSo="28255"),
        ],
        certified_copy=[
            copy(1, "28249", "03/10/2022 09:00:00"),
            copy(2, "28249", "04/10/2022 09:00:00"),
            copy(3, "28252", "30/09/2022 09:00:00"),
            copy(4, "28255", "05/10/2022 09:00:00", status="9"),
            copy(5, "28258", "05/10/2022 09:00:00"),  # an office without listings
        ],
    )
    assert exact("offices_certifying") == {"82": (2, None), "28249": (1, None), "28252": (1, None)}
    assert exact("offices_certifying.month")["82"] == (1, None)


def test_dossiers_of_closed_months_are_synced_or_not() -> None:
    september = "30/09/2022 09:00:00"
    line = {
        "MaDong": "QG82-000000001", "KyDoiSoat": "09/2022",
        "MaHoSo": "000.00.18.H58-221030-0001", "MaTTHC": "2.001159", "TrangThaiHoSo": "2",
        "NgayTiepNhan": september, "NgayGhiNhan": september, "NgayCapNhat": "03/10/2022 06:00:00",
    }  # fmt: skip
    closed = {
        "KyDoiSoat": "09/2022", "MaTTHC": "2.001159", "SoHoSo": 3,
        "NgayChotKy": "03/10/2022 00:00:00", "NgayCapNhat": "03/10/2022 06:00:00",
    }  # fmt: skip
    build(
        dossier=[
            dossier(1, NgayTiepNhan=september),
            dossier(2, NgayTiepNhan=september),
            dossier(3, NgayTiepNhan=september),
            dossier(4),  # October is open
        ],
        national_dossier=[
            line,
            line | {"MaDong": "QG82-000000002"},  # the same dossier twice
            line | {"MaDong": "QG82-000000003", "MaHoSo": "000.00.18.H58-221030-0002",
                    "TrangThaiHoSo": "9"},
            line | {"MaDong": "QG82-000000004", "MaHoSo": "000.00.18.H58-221030-9999"},
        ],
        national_count=[closed],
    )  # fmt: skip
    assert exact("synced_share") == {"82": (1, 3), "28249": (1, 3)}
    assert exact("synced_share.quarter") == {}
    assert exact("synced_share.year")["82"] == (1, 3)
