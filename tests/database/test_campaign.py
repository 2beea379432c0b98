"""Police: dossiers of a campaign and accounts of a month as KPIs worked out by hand."""

from typing import Any

import pytest

from dean06.kpi.build import build_kpis
from tests.lib.loading import lines_of, load_source, rows
from tests.lib.published import values

pytestmark = [pytest.mark.usefixtures("warehouse"), pytest.mark.campaign]


def id_card_dossier(number: int, received: str, **changes: Any) -> dict[str, Any]:
    return {
        "maHoSo": f"CC{number:012d}", "soDinhDanh": "034190000001", "loaiCap": "cap_moi",
        "maDiemThuNhan": "D336", "maXa": "12454", "tiepNhanLuc": f"{received}+07:00",
        "capLuc": None, "trangThai": "da_tiep_nhan", "daXoa": False,
        "capNhatLuc": "2023-05-04T12:00:00+07:00", **changes,
    }  # fmt: skip


def id_card(number: int, dossier: int, **changes: Any) -> dict[str, Any]:
    return {
        "soThe": f"TC{number:010d}", "soDinhDanh": "034190000001", "maHoSo": f"CC{dossier:012d}",
        "maXa": "12454", "ngayCap": "2023-05-02", "ngayHetHan": None, "ngayThuHoi": None,
        "daXoa": False, "capNhatLuc": "2023-05-04T12:00:00+07:00", **changes,
    }  # fmt: skip


def eid_account(number: int, registered: str, **changes: Any) -> dict[str, Any]:
    return {
        "maTaiKhoan": f"E{number:011d}", "soDinhDanh": "034190000001", "maXa": "12454",
        "dangKyLuc": f"{registered}+07:00", "nangMuc2Luc": None, "kichHoatLuc": None,
        "khoaLuc": None, "daXoa": False, "capNhatLuc": "2023-05-04T12:00:00+07:00", **changes,
    }  # fmt: skip


def test_dossiers_of_a_campaign_and_accounts_of_a_month() -> None:
    issued = {"trangThai": "da_cap", "capLuc": "2023-05-03T23:59:59+07:00"}
    dossiers = [
        id_card_dossier(1, "2023-04-29T07:00:00", **issued),
        id_card_dossier(2, "2023-04-30T11:59:59", maDiemThuNhan="D338"),
        id_card_dossier(
            3, "2023-04-30T12:00:00", trangThai="da_cap", capLuc="2023-05-04T00:00:00+07:00"
        ),
        id_card_dossier(4, "2023-05-03T21:59:59"),
        id_card_dossier(5, "2023-05-03T22:00:00"),
        id_card_dossier(6, "2023-05-03T06:59:59"),
        id_card_dossier(7, "2023-04-28T12:00:00", **issued),
        id_card_dossier(8, "2023-05-04T12:00:00"),
        id_card_dossier(9, "2023-05-01T12:00:00", maXa="28249"),  # another province
        id_card_dossier(10, "2023-05-01T12:00:00", daXoa=True),
        id_card_dossier(11, "2023-04-30T12:30:00", maDiemThuNhan="Nguyễn Văn Thử: 034"),
        id_card_dossier(12, "2023-04-28T12:00:00", **{**issued, "trangThai": "tu_choi"}),
    ]
    accounts = [
        eid_account(1, "2023-04-30T23:59:59", kichHoatLuc="2023-05-03T23:59:59+07:00"),
        eid_account(2, "2023-05-01T00:00:00", kichHoatLuc="2023-05-04T00:00:00+07:00"),
        eid_account(3, "2023-05-03T23:59:59"),
        eid_account(4, "2023-05-04T00:00:00"),
        eid_account(
            5,
            "2023-05-02T08:00:00",
            kichHoatLuc="2023-05-02T08:00:00+07:00",
            khoaLuc="2023-05-03T08:00:00+07:00",
        ),
        eid_account(6, "2023-05-02T08:00:00", khoaLuc="2023-05-04T00:00:00+07:00"),
    ]
    load_source("police", "one", "2023-05-03", {})
    load_source(
        "police",
        "two",
        "2023-05-04",
        {
            "id_card_dossier": (lines_of(dossiers), len(dossiers)),
            "eid_account": (lines_of(accounts), len(accounts)),
        },
    )
    assert rows("select * from ops.quarantine") == []
    build_kpis()
    assert values("id_card.campaign_dossiers", "2023-05-03") == {
        "34": (5, None), "12454": (5, None),
        "station:D336": (3, None), "station:D338": (1, None), "station:khac": (1, None),
        "hour:07": (1, None), "hour:11": (1, None), "hour:12": (2, None), "hour:21": (1, None),
        "shift:1": (2, None), "shift:2": (2, None), "shift:3": (1, None),
    }  # fmt: skip
    assert values("id_card.dossiers_issued", "2023-05-03") == {"34": (2, None), "12454": (2, None)}
    assert values("eid.accounts_new_month", "2023-05-03") == {"34": (3, None), "12454": (3, None)}
    assert values("eid.accounts", "2023-05-03")["34"] == (4, None)
    # The second is activated a second after the day, the fifth is locked.
    assert values("eid.accounts_activated", "2023-05-03")["34"] == (1, None)
    assert values("eid.accounts_not_activated", "2023-05-03")["34"] == (3, None)
    assert values("eid.accounts_activated", "2023-05-04")["34"] == (2, None)


def test_refused_dossiers_expired_cards_and_cards_from_elsewhere() -> None:
    issued = {"trangThai": "da_cap", "capLuc": "2023-05-02T10:00:00+07:00"}
    dossiers = [
        *(id_card_dossier(number, "2023-04-20T08:00:00", **issued) for number in range(1, 6)),
        id_card_dossier(6, "2023-04-20T08:00:00", trangThai="tu_choi"),
        id_card_dossier(7, "2023-04-20T08:00:00", **issued, daXoa=True),
        id_card_dossier(8, "2023-05-04T08:00:00"),
    ]
    cards = [
        id_card(1, 1),
        id_card(2, 2, ngayCap="2022-01-02", ngayHetHan="2023-01-02"),  # expired
        id_card(3, 3, ngayThuHoi="2023-05-03"),
        id_card(4, 4, ngayThuHoi="2023-05-04"),
        id_card(5, 5, daXoa=True),
        id_card(6, 7),  # its dossier is withdrawn
        id_card(7, 99),  # brought along: its dossier is in another province
    ]
    load_source("police", "one", "2023-05-03", {})
    load_source(
        "police", "two", "2023-05-04",
        {
            "id_card_dossier": (lines_of(dossiers), len(dossiers)),
            "id_card": (lines_of(cards), len(cards)),
        },
    )  # fmt: skip
    assert rows("select * from ops.quarantine") == []
    build_kpis()
    assert values("id_card.dossiers_received", "2023-05-03")["34"] == (6, None)
    assert values("id_card.dossiers_issued", "2023-05-03")["34"] == (5, None)
    assert values("id_card.cards_issued", "2023-05-03")["34"] == (3, None)
    assert values("id_card.cards_issued", "2023-05-04")["34"] == (2, None)
