"""Dossiers of which it is decided beforehand how the national portal's list is to differ.

A ``Planted`` is decided first; what each side delivers, and what reconciling must find, follow from
it by themselves. Nothing here reads what was delivered.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.lib.loading import load_source, prepare_source

PROCEDURES = {"DA06-06": "2.001159", "DA06-03": "1.004222", "Q422-01": "DVC.Q422-01"}
"""Code of each procedure that dossiers are of."""
_IDS = list(PROCEDURES)
AGREES = "agrees"
CANCELLED_LATER, ONE_SIDED = "cancelled_later", "one_sided"
PLANTS = {
    AGREES: None,
    "not_synced_here": "not_synced_here",
    "not_known_there": "not_known_there",
    "twice": "twice",
    "late": "late",
    CANCELLED_LATER: "late",
    "other_period": "other_period",
    "other_procedure": "other_procedure",
    "other_status": "other_status",
    ONE_SIDED: "other_status",
}
"""What can be planted, and the kind of difference that it is."""
Cell = tuple[date, str]


@dataclass(frozen=True)
class Planted:
    """One dossier: month (7 or 8 of 2022) and procedure of the province, and what is wrong."""

    number: int
    month: int
    procedure: int
    plant: str = AGREES

    @property
    def code(self) -> str:
        """Its code on both sides."""
        return f"000.00.18.H58-22{self.month:02}10-{self.number:05}"

    @property
    def here(self) -> Cell:
        """Where the province counts it."""
        return date(2022, self.month, 1), _IDS[self.procedure % len(_IDS)]

    @property
    def there(self) -> Cell:
        """Where the national portal counts it."""
        month, procedure = self.here
        if self.plant == "other_period":
            return month.replace(month=self.month + 1), procedure
        if self.plant == "other_procedure":
            return month, _IDS[(self.procedure + 1) % len(_IDS)]
        return self.here

    @property
    def is_here(self) -> bool:
        """Whether it is in the province's count."""
        return self.plant not in ("not_synced_here", CANCELLED_LATER, ONE_SIDED)

    @property
    def times_there(self) -> int:
        """How often it is in the final monthly count of the national portal."""
        return {"not_known_there": 0, "late": 0, "twice": 2}.get(self.plant, 1)


def expected_kinds(plan: Sequence[Planted]) -> dict[str, list[str]]:
    """The codes of dossiers by kind of difference."""
    found: dict[str, list[str]] = {}
    for each in plan:
        if kind := PLANTS[each.plant]:
            found.setdefault(kind, []).append(each.code)
    return {kind: sorted(codes) for kind, codes in found.items()}


def expected_counts(plan: Sequence[Planted]) -> tuple[Counter[Cell], Counter[Cell]]:
    """What the national portal and the province count, by period and procedure."""
    national: Counter[Cell] = Counter()
    province: Counter[Cell] = Counter()
    for each in plan:
        national[each.there] += each.times_there
        province[each.here] += each.is_here
    return +national, +province


def dossiers(plan: Sequence[Planted]) -> list[dict[str, Any]]:
    """What the provincial portal sends: the dossier, and that it was cancelled."""
    sent = []
    for each in plan:
        if each.plant == "not_synced_here":
            continue
        received = f"10/{each.month:02}/2022 09:00:00"
        first = {
            "MaHoSo": each.code, "MaTTHC": PROCEDURES[each.here[1]], "MaLinhVuc": None,
            "KenhThucHien": "2", "LoaiDoiTuong": "2", "ChuHoSo": "Công ty TNHH Thử",
            "LoaiDinhDanh": None, "SoDinhDanh": None, "NgayNopHoSo": received,
            "NgayTiepNhan": received, "NgayHenTra": None, "NgayKetThucXuLy": None,
            "NgayTra": None, "HinhThucTra": None, "TrangThaiHoSo": "2", "NoiNopHoSo": "28249",
            "HoSoCoThanhPhanSoHoa": "0", "TaiKhoanDuocXacThucVoiVNeID": "0",
            "DuocThanhToanTrucTuyen": "0", "MaCSDL": None,
            "TaiLieuNop": [{"DuocSoHoa": "0", "DuocTaiSuDung": "0", "DuocLayTuKhoDMQG": "0"}],
            "GiayToKetQua": [], "DanhSachLePhi": [], "SoLanBoSung": "0", "SoNgayBoSung": "0",
            "MucDoHaiLong": None, "NgayCapNhat": f"10/{each.month:02}/2022 10:00:00",
        }  # fmt: skip
        sent.append(first)
        # Handling goes on after the list is made: no difference.
        later = f"20/{each.month + 1:02}/2022 10:00:00"
        gone = each.plant in (CANCELLED_LATER, ONE_SIDED)
        sent.append({**first, "TrangThaiHoSo": "9" if gone else "5", "NgayCapNhat": later})
    return sent


def entries(plan: Sequence[Planted]) -> list[dict[str, Any]]:
    """What the national portal lists."""
    sent = []
    for each in plan:
        lines = {"not_known_there": 0, "twice": 2}.get(each.plant, 1)
        period, procedure = each.there
        for occurrence in range(lines):
            is_late = each.plant == "late"
            following = period.month + 1
            on_time = f"10/{each.month:02}/2022 10:30:00"
            recorded = f"05/{following:02}/2022 09:00:00" if is_late else on_time
            line = {
                "MaDong": f"QG82-{each.number * 10 + occurrence:09}",
                "KyDoiSoat": f"{period:%m/%Y}", "MaHoSo": each.code,
                "MaTTHC": PROCEDURES[procedure],
                "TrangThaiHoSo": "3" if each.plant == "other_status" else "2",
                "NgayTiepNhan": f"10/{each.month:02}/2022 09:00:00", "NgayGhiNhan": recorded,
                "NgayCapNhat": recorded if is_late else f"03/{following:02}/2022 06:00:00",
            }  # fmt: skip
            sent.append(line)
            if each.plant == CANCELLED_LATER:
                gone = f"20/{following:02}/2022 10:00:00"
                sent.append({**line, "TrangThaiHoSo": "9", "NgayCapNhat": gone})
    return sent


def counts(plan: Sequence[Planted], **changes: int) -> list[dict[str, Any]]:
    """The final counts of July to September; ``changes``: by procedure, added to July's."""
    national, _ = expected_counts(plan)
    sent = []
    for month in (7, 8, 9):
        for procedure, code in PROCEDURES.items():
            wrong = changes.get(procedure.replace("-", "_"), 0) if month == 7 else 0
            sent.append(
                {
                    "KyDoiSoat": f"{month:02}/2022", "MaTTHC": code,
                    "SoHoSo": national[date(2022, month, 1), procedure] + wrong,
                    "NgayChotKy": f"03/{month + 1:02}/2022 00:00:00",
                    "NgayCapNhat": f"03/{month + 1:02}/2022 05:00:00",
                }
            )  # fmt: skip
    return sent


def page(records: Sequence[Any]) -> tuple[bytes, int]:
    """The body of a delivery and how many records it declares."""
    head = {"trang": 1, "soLuong": 2000, "tongSo": len(records), "tongTrang": 1}
    body = json.dumps({**head, "duLieu": records}, ensure_ascii=False)
    return body.encode(), len(records)


def deliveries(plan: Sequence[Planted], **changes: int) -> dict[str, tuple[bytes, int]]:
    """Everything both sides say, by dataset."""
    return {
        "dossier": page(dossiers(plan)),
        "national_dossier": page(entries(plan)),
        "national_count": page(counts(plan, **changes)),
    }


def load_plan(plan: Sequence[Planted], run: str = "one", day: str = "2022-10-31") -> None:
    """Everything through the whole load protocol, in one run of the portal."""
    load_source("portal", run, day, deliveries(plan))


def prepare_plan(plan: Sequence[Planted], run: str = "one", day: str = "2022-10-31") -> None:
    """The same up to publishing."""
    prepare_source("portal", run, day, deliveries(plan))
