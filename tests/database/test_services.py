"""Portal: what is delivered comes out as KPIs worked out by hand."""

import json
from typing import Any

import pytest

from dean06 import contract
from dean06.kpi.build import build_kpis
from dean06.load import ledger
from dean06.warehouse import transaction
from tests.lib.loading import books, load_source, rows
from tests.lib.published import values

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
DOSSIER: dict[str, Any] = {
    "MaHoSo": "000.00.18.H58-221030-0001", "MaTTHC": "2.001159", "MaLinhVuc": "CT",
    "KenhThucHien": "1", "LoaiDoiTuong": "1", "ChuHoSo": "Nguyễn Thị Thử", "LoaiDinhDanh": "1",
    "SoDinhDanh": "082190000001", "NgayNopHoSo": "30/10/2022 08:55:00",
    "NgayTiepNhan": "30/10/2022 09:00:00", "NgayHenTra": "31/10/2022 17:00:00",
    "NgayKetThucXuLy": None, "NgayTra": None, "HinhThucTra": None, "TrangThaiHoSo": "2",
    "NoiNopHoSo": "28249", "HoSoCoThanhPhanSoHoa": "0", "TaiKhoanDuocXacThucVoiVNeID": "0",
    "DuocThanhToanTrucTuyen": "0", "MaCSDL": None,
    "TaiLieuNop": [{"DuocSoHoa": "0", "DuocTaiSuDung": "0", "DuocLayTuKhoDMQG": "0"}],
    "GiayToKetQua": [], "DanhSachLePhi": [], "SoLanBoSung": "0", "SoNgayBoSung": "0",
    "MucDoHaiLong": None, "NgayCapNhat": "31/10/2022 23:59:59",
}  # fmt: skip
ONLINE, DIGITISED = {"KenhThucHien": "2"}, {"HoSoCoThanhPhanSoHoa": "1"}


def dossier(number: int, **changes: Any) -> dict[str, Any]:
    """A clean dossier with some fields changed."""
    return {**DOSSIER, "MaHoSo": f"000.00.18.H58-221030-{number:04d}", **changes}


def load_portal(run: str, day: str, dossiers: list[Any]) -> ledger.Load:
    """One run of the portal with these elements in one page."""
    page = {"trang": 1, "soLuong": 1000, "tongSo": len(dossiers), "tongTrang": 1}
    body = json.dumps({**page, "duLieu": dossiers}, ensure_ascii=False).encode()
    load_source("portal", run, day, {"dossier": (body, len(dossiers))})
    return ledger.current_load(contract.load("portal").dataset("dossier"), run)


DOSSIERS = [
    dossier(1, **ONLINE, **DIGITISED),
    dossier(2, KenhThucHien=None, NoiNopHoSo="28252"),
    dossier(3, MaTTHC="2.001195", **ONLINE, **DIGITISED),  # DA06-02: digitisation is blocked
    dossier(4, MaTTHC="DVC.Q422-01", **ONLINE, **DIGITISED),
    dossier(5, MaTTHC="1.002755", **ONLINE, **DIGITISED),  # in neither list
    dossier(6, NgayTiepNhan="01/11/2022 00:00:00", NgayCapNhat="01/11/2022 00:00:00"),
    dossier(7, TrangThaiHoSo="9"),
    dossier(8, MaTTHC="9.999999"),
    dossier(9, NgayTiepNhan="31/10/2022 23:59:59", KenhThucHien="3"),
    "no object",
]


def test_dossiers_by_procedure_and_channel() -> None:
    load = load_portal("one", DAY, DOSSIERS)
    assert books(load) == {
        "received": 10, "inserted": 7, "updated": 0, "unchanged": 0, "deleted": 1,
        "superseded": 0, "quarantined": 2,
    }  # fmt: skip
    assert rows("select row_no, rule_codes from ops.quarantine order by 1") == [
        (8, ["procedure_code_known"]),
        (10, ["readable"]),
    ]
    build_kpis()
    assert values("service.dossiers_essential") == {
        "82": (4, None), "28249": (3, None), "28252": (1, None),
        "essential_procedure:DA06-02": (1, None), "essential_procedure:DA06-06": (3, None),
    }  # fmt: skip
    assert values("service.online_share") == {
        "82": (3, 5), "28249": (3, 4), "28252": (0, 1),
        "procedure:DA06-02": (1, 1), "procedure:DA06-06": (1, 3), "procedure:Q422-01": (1, 1),
    }  # fmt: skip
    assert values("service.digitised_share") == {
        "82": (2, 4), "28249": (2, 3), "28252": (0, 1),
        "procedure:DA06-06": (1, 3), "procedure:Q422-01": (1, 1),
    }  # fmt: skip


def test_procedures_without_dossiers_are_shown_and_a_blocked_one_is_not_applicable() -> None:
    load_portal("one", DAY, DOSSIERS)
    build_kpis()
    assert rows(
        """select kpi_code, breakdown, count(*), count(value), count(member_name_vi)
           from mart.kpi_latest
           where breakdown <> '' and boundary_version = 'as_reported' and period = 'since_start'
               and kpi_code ~ '(online|digitised)_share|essential' and kpi_code !~ 'paid'
           group by 1, 2 order by 1"""
    ) == [
        ("service.digitised_share", "procedure", 38, 2, 38),
        ("service.dossiers_essential", "essential_procedure", 25, 25, 25),
        ("service.online_share", "procedure", 38, 3, 38),
    ]
    assert rows(
        """select numerator, denominator, value from mart.kpi_latest
           where kpi_code = 'service.digitised_share' and member_code = 'DA06-02'
               and boundary_version = 'as_reported'"""
    ) == [(0, 0, None)]


DONE = {"TrangThaiHoSo": "5", "NgayKetThucXuLy": "31/10/2022 16:59:59"}
LATE = {"TrangThaiHoSo": "5", "NgayKetThucXuLy": "31/10/2022 17:00:01"}
FILE = [{"MaGiayToKetQua": "K1", "DuongDanTepTinKetQua": "https://portal.example/tep/1"}]
PAPER = [{"MaGiayToKetQua": "K1", "DuongDanTepTinKetQua": None}]
REUSED = [{"DuocSoHoa": "0", "DuocTaiSuDung": "1", "DuocLayTuKhoDMQG": "0"}]
STORED = [{"DuocSoHoa": "0", "DuocTaiSuDung": "2", "DuocLayTuKhoDMQG": "1"}]
RETURNED = {"NgayTra": "31/10/2022 17:30:00"}
HANDLED = [
    dossier(1, **DONE, **RETURNED, MucDoHaiLong="1", GiayToKetQua=FILE, TaiLieuNop=REUSED),
    dossier(2, **LATE, **RETURNED, MucDoHaiLong="3", GiayToKetQua=PAPER, TaiLieuNop=STORED),
    dossier(3, **LATE, SoLanBoSung="1", SoNgayBoSung="1"),  # the day of waiting does not count
    dossier(4, **DONE, SoLanBoSung="2", SoNgayBoSung="9"),  # asked twice
    dossier(5, NgayHenTra="01/11/2022 00:00:00"),  # open, due when the day is over
    dossier(6, NgayHenTra="31/10/2022 23:59:59"),  # open, overdue by a second
    dossier(7, TrangThaiHoSo="3", SoLanBoSung="1", NgayHenTra="30/10/2022 17:00:00"),
    dossier(8, NgayHenTra=None),  # nothing is promised
    dossier(  # finished and rated after the day: open, overdue, unrated on it
        9, NgayCapNhat="01/11/2022 09:00:00", TrangThaiHoSo="5",
        NgayKetThucXuLy="01/11/2022 08:00:00", MucDoHaiLong="3",
        NgayTra="01/11/2022 00:00:00", GiayToKetQua=FILE,
    ),
    dossier(10, TrangThaiHoSo="6", NgayKetThucXuLy="31/10/2022 08:00:00"),  # refused in time
    dossier(11, **DONE, **RETURNED, MucDoHaiLong="2", MaTTHC="1.002755"),  # in neither list
]  # fmt: skip


def test_how_dossiers_are_handled() -> None:
    load_portal("one", DAY, [])
    load_portal("two", "2022-11-01", HANDLED)
    build_kpis()
    member = "procedure:DA06-06"
    # In time: 1, 3, 5, 7, 10 of the nine that were promised anything.
    assert values("service.on_time_share") == {"82": (5, 9), "28249": (5, 9), member: (5, 9)}
    assert values("service.electronic_result_share")[member] == (1, 4)
    assert values("service.satisfied_share")["82"] == (1, 2)
    # Neither late nor complained of: those in time. Of the eighth nobody can say.
    assert values("service.faultless_share")["82"] == (5, 9)
    assert values("service.reused_share")["82"] == (2, 10)
    assert values("service.from_store_share")["82"] == (1, 10)
    # The same a day later: 5 is overdue too, 9 is finished and rated.
    assert values("service.on_time_share", "2022-11-01")["82"] == (4, 9)
    assert values("service.electronic_result_share", "2022-11-01")["82"] == (2, 5)
    assert values("service.satisfied_share", "2022-11-01")["82"] == (1, 3)
    assert values("service.faultless_share", "2022-11-01")["82"] == (4, 9)


def test_waiting_supplements_and_ratings_are_those_of_the_day() -> None:
    overdue, later = {"NgayHenTra": "30/10/2022 17:00:00"}, {"NgayCapNhat": "01/11/2022 09:00:00"}
    waits = {**overdue, "TrangThaiHoSo": "3", "SoLanBoSung": "1"}
    open_still = {"NgayHenTra": "02/11/2022 17:00:00"}
    load_portal(
        "one", DAY,
        [
            dossier(1, **waits),
            dossier(2, **open_still, SoLanBoSung="1"),
            dossier(3, **DONE, **RETURNED, MucDoHaiLong="1"),
        ],
    )  # fmt: skip
    load_portal(
        "two", "2022-11-01",
        [
            dossier(1, **{**waits, **later, "TrangThaiHoSo": "2"}),
            dossier(2, **open_still, **later, SoLanBoSung="2"),
            dossier(3, **DONE, **RETURNED, **later, MucDoHaiLong="3"),
        ],
    )  # fmt: skip
    build_kpis()
    assert values("service.on_time_share")["82"] == (3, 3)
    assert values("service.satisfied_share")["82"] == (1, 1)
    assert values("service.faultless_share")["82"] == (3, 3)
    assert values("service.on_time_share", "2022-11-01")["82"] == (1, 3)
    assert values("service.satisfied_share", "2022-11-01")["82"] == (0, 1)
    assert values("service.faultless_share", "2022-11-01")["82"] == (0, 3)


def test_who_paid_online_and_who_was_checked() -> None:
    fee, free = [{"Gia": 15000}], [{"Gia": 0}]
    load_portal(
        "one",
        DAY,
        [
            dossier(1, DanhSachLePhi=fee, DuocThanhToanTrucTuyen="1", MaCSDL="1"),
            dossier(2, DanhSachLePhi=fee, DuocThanhToanTrucTuyen="2"),
            dossier(3, DanhSachLePhi=fee, TaiKhoanDuocXacThucVoiVNeID="1"),
            dossier(4, DanhSachLePhi=free, DuocThanhToanTrucTuyen="1", MaCSDL=None),
            dossier(5, DuocThanhToanTrucTuyen="1"),
            dossier(6, TaiLieuNop=[], DanhSachLePhi=[]),
            dossier(7, MaCSDL="2"),
            dossier(8, TaiLieuNop="no list", DanhSachLePhi="no list"),
        ],
    )
    rejected = dict(rows("select row_no, rule_codes from ops.quarantine"))
    assert rejected.keys() == {7, 8}
    assert rejected[7] == ["database_consulted_known"]
    build_kpis()
    assert values("service.paid_online_share")["82"] == (2, 3)
    assert values("service.identity_checked_share")["82"] == (2, 6)
    assert values("service.reused_share")["82"] == (0, 6)
    blank = rows(
        """select count(*), count(value) from mart.kpi_latest
           where kpi_code = 'service.paid_online_share' and breakdown = 'procedure'
               and boundary_version = 'as_reported'"""
    )
    assert blank == [(38, 1)], "a procedure without fees is N/A, not 0"


def test_a_code_that_changed_hands_means_what_it_meant_on_the_day() -> None:
    with transaction(role="") as session:
        session.run(
            "update mart.procedure_code set valid_to = '2022-10-31' where code = '2.001159'"
        )
        session.run(
            "insert into mart.procedure_code values ('2.001159', 'DA06-05', '2022-10-31', null)"
        )
    load_portal("one", DAY, [dossier(1), dossier(2, NgayTiepNhan="31/10/2022 00:00:00")])
    build_kpis()
    assert values("service.dossiers_essential") == {
        "82": (2, None), "28249": (2, None),
        "essential_procedure:DA06-05": (1, None), "essential_procedure:DA06-06": (1, None),
    }  # fmt: skip


def test_what_the_arrays_of_a_dossier_say() -> None:
    part = {"DuocSoHoa": "1", "DuocTaiSuDung": "2", "DuocLayTuKhoDMQG": "1"}
    none = {"DuocSoHoa": "0", "DuocTaiSuDung": "0", "DuocLayTuKhoDMQG": "0"}
    link = "https://portal.example/tep/1"
    load_portal(
        "one",
        DAY,
        [
            dossier(
                1,
                TaiLieuNop=[part, {**none, "DuocTaiSuDung": "1"}, none],
                GiayToKetQua=[{"MaGiayToKetQua": "K1", "DuongDanTepTinKetQua": link}],
                DanhSachLePhi=[{"Gia": 20000}, {"Gia": 1500}],
            ),
            dossier(
                2,
                KenhThucHien=None,
                GiayToKetQua=[{"MaGiayToKetQua": "K1", "DuongDanTepTinKetQua": None}],
            ),
            dossier(3, TaiLieuNop="no list", DanhSachLePhi=[{"Gia": "free"}], SoLanBoSung="?"),
        ],
    )
    assert rows(
        """select component_count, digitised_component_count, reused_component_count,
                  from_store_component_count, has_electronic_result, fee_total::float,
                  supplement_count, received_at::text
           from core.portal__dossier where channel_code = '1' order by dossier_code"""
    ) == [
        (3, 1, 2, 1, True, 21500.0, 0, "2022-10-30 09:00:00+07"),
        (1, 0, 0, 0, False, 0.0, 0, "2022-10-30 09:00:00+07"),
    ]
    assert rows("select row_no from ops.quarantine") == [(3,)]


CASES: list[tuple[str, str | None, list[str]]] = [
    ("MaHoSo", "000.00.18.H58-221030", ["dossier_code_well_formed"]),
    ("MaTTHC", None, ["procedure_code_known"]),
    ("KenhThucHien", "4", ["channel_code_known"]),
    ("KenhThucHien", None, []),
    ("LoaiDoiTuong", None, ["applicant_type_known"]),
    ("ChuHoSo", " ", ["applicant_name_present"]),
    ("ChuHoSo", "Nguyễn  Thị Thử", []),  # a warning is recorded, the row loads
    ("LoaiDinhDanh", "3", ["id_type_known"]),
    ("SoDinhDanh", "082490000001", ["personal_id_plausible"]),
    ("SoDinhDanh", "82190000001", []),
    ("SoDinhDanh", "310000001", []),
    ("SoDinhDanh", None, []),
    ("NgayNopHoSo", "31/02/2022 08:00:00", ["submitted_at_valid"]),
    ("NgayTiepNhan", "30/10/2022 24:00:00", ["received_at_clock", "received_at_valid"]),
    ("NgayTiepNhan", "2022-10-30T08:00:00+07:00", ["received_at_valid"]),
    ("NgayHenTra", "30/10/2022 08:00:60", ["due_at_clock", "due_at_valid"]),
    ("NgayKetThucXuLy", "30/10/2022", ["finished_at_valid"]),
    ("NgayTra", "30/13/2022 08:00:00", ["returned_at_valid"]),
    ("TrangThaiHoSo", "8", ["dossier_status_known"]),
    ("NoiNopHoSo", "99999", ["commune_code_known"]),
    ("DuocThanhToanTrucTuyen", None, ["online_payment_known"]),
    ("NgayCapNhat", "30/10/2022 10:61:00", ["updated_at_clock", "updated_at_valid"]),
]


def test_each_rule_quarantines_its_dossier_and_no_other() -> None:
    load_portal("one", DAY, [dossier(n, **{f: v}) for n, (f, v, _) in enumerate(CASES)])
    broken = dict(rows("select row_no, rule_codes from ops.quarantine"))
    for row, (field, value, rules) in enumerate(CASES, start=1):
        assert broken.get(row, []) == rules, (field, value)


def test_the_reference_holds_what_was_published() -> None:
    assert rows("select procedure_set, count(*) from mart.dim_procedure group by 1 order by 1") == [
        ("DA06_25", 25),
        ("ID_EXTRA", 3),
        ("QD422", 13),
        ("RESIDENCE_EXTRA", 5),
    ]
    assert rows(
        "select procedure_id from mart.dim_procedure where is_digitisation_blocked order by 1"
    ) == [("DA06-02",), ("DA06-09",)]
    assert rows(
        """select breakdown, count(*) from mart.dim_member
           where is_always_shown and breakdown <> 'verdict'
           group by 1 order by 1"""
    ) == [
        ("dataset", 5),
        ("disagreement", 23),
        ("essential_procedure", 25),
        ("group", 5),
        ("phase", 3),
        ("procedure", 38),
        ("source", 4),
    ]
    unnamed = rows(
        """select procedure_id from mart.dim_procedure
           where procedure_id not in (select procedure_id from mart.procedure_code)"""
    )
    assert unnamed == []
