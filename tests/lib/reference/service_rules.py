"""Row rules and field names of the portal and the programme office, written from the agreement.

Nothing here is taken from the code under test: that is the point.
"""

import csv
import io
import json
import re
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from . import rulebook
from .rulebook import Check, Record, is_well_formed_id

_REFERENCE = Path(__file__).parents[3] / "include" / "reference"
_ZONE = timezone(timedelta(hours=7))
_LOCAL, _DAY = "%d/%m/%Y %H:%M:%S", "%d/%m/%Y"

PORTAL = (
    "dossier_code=MaHoSo procedure_code=MaTTHC field_code=MaLinhVuc channel_code=KenhThucHien "
    "applicant_type=LoaiDoiTuong applicant_name=ChuHoSo id_type=LoaiDinhDanh "
    "personal_id=SoDinhDanh submitted_at=NgayNopHoSo received_at=NgayTiepNhan due_at=NgayHenTra "
    "finished_at=NgayKetThucXuLy returned_at=NgayTra return_method=HinhThucTra "
    "dossier_status=TrangThaiHoSo commune_code=NoiNopHoSo "
    "has_digitised_components=HoSoCoThanhPhanSoHoa "
    "is_vneid_verified=TaiKhoanDuocXacThucVoiVNeID online_payment=DuocThanhToanTrucTuyen "
    "database_consulted=MaCSDL components=TaiLieuNop results=GiayToKetQua fees=DanhSachLePhi "
    "supplement_count=SoLanBoSung supplement_days=SoNgayBoSung rating=MucDoHaiLong "
    "updated_at=NgayCapNhat"
)
TASKS = {
    "Mã nhiệm vụ": "task_id",
    "Mã tỉnh": "province_code",
    "Nhóm": "group_code",
    "Tên nhiệm vụ": "title",
    "Đơn vị chủ trì": "owner_agency",
    "Đơn vị phối hợp": "partner_agencies",
    "Giai đoạn": "phase",
    "Thời hạn": "deadline",
    "Ngày hoàn thành": "completed_on",
    "Trạng thái": "task_status",
    "Tổng hợp": "is_synthetic",
    "Cập nhật lúc": "updated_at",
}
WITHOUT_PERSONS = {
    "portal.national_dossier": (
        "entry_code=MaDong period_code=KyDoiSoat dossier_code=MaHoSo procedure_code=MaTTHC "
        "dossier_status=TrangThaiHoSo received_at=NgayTiepNhan recorded_at=NgayGhiNhan "
        "updated_at=NgayCapNhat"
    ),
    "portal.national_count": (
        "period_code=KyDoiSoat procedure_code=MaTTHC dossier_count=SoHoSo closed_at=NgayChotKy "
        "updated_at=NgayCapNhat"
    ),
    "portal.listed_procedure": (
        "listing_code=MaNiemYet commune_code=NoiNopHoSo procedure_code=MaTTHC "
        "signed_on=NgayKyQuyetDinh effective_on=NgayHieuLuc published_on=NgayCongKhai "
        "repealed_on=NgayBaiBo is_complete=DuNoiDung is_eligible_online=DuDieuKienTrucTuyen "
        "is_offered_online=CungCapTrucTuyen has_fee=CoPhiLePhi "
        "has_online_payment=TichHopThanhToan listing_status=TrangThaiNiemYet "
        "updated_at=NgayCapNhat"
    ),
    "portal.petition": (
        "petition_code=MaPhanAnh commune_code=NoiXuLy received_at=NgayTiepNhan due_at=HanXuLy "
        "answered_at=NgayTraLoi petition_status=TrangThaiPhanAnh rating=MucDoHaiLong "
        "rated_at=NgayDanhGia updated_at=NgayCapNhat"
    ),
    "portal.certified_copy": (
        "copy_code=MaBanSao commune_code=NoiChungThuc certified_at=NgayChungThuc "
        "copy_status=TrangThaiBanSao updated_at=NgayCapNhat"
    ),
}
FIELDS = {
    dataset: {wire: column for column, wire in (pair.split("=") for pair in pairs.split())}
    for dataset, pairs in {"portal.dossier": PORTAL, **WITHOUT_PERSONS}.items()
}
KEYS = rulebook.KEYS | {
    "portal.dossier": "dossier_code",
    "portal.national_dossier": "entry_code",
    "portal.listed_procedure": "listing_code",
    "portal.petition": "petition_code",
    "portal.certified_copy": "copy_code",
    "programme.task": "task_id",
}


def key_of(dataset: str, record: Record) -> str:
    """The key of a record as one text."""
    if dataset == "portal.national_count":
        return f"{record['period_code']} {record['procedure_code']}"
    return str(record[KEYS[dataset]])


def procedure_codes() -> dict[str, str]:
    """The short id of each code a dossier may name."""
    lines = (_REFERENCE / "procedure_codes.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["code"]: row["procedure_id"] for row in rows}


def portal_record(document: object, dataset: str = "portal.dossier") -> Record | None:
    """One element of a page; None when it is no object."""
    if not isinstance(document, dict):
        return None
    fields = FIELDS[dataset]
    assert set(document) == set(fields)
    record = {column: _text(document[wire]) for wire, column in fields.items()}
    return record | {"updated_at": _iso(record["updated_at"])}


def task_records(body: bytes) -> list[Record | bytes]:
    """The rows of a list; the line itself where it cannot be read."""
    assert body.startswith(b"\xef\xbb\xbf")
    header, *lines = body[3:].split(b"\r\n")[:-1]
    assert header.decode() == ";".join(TASKS)
    found: list[Record | bytes] = []
    for line in lines:
        fields = next(csv.reader(io.StringIO(line.decode()), delimiter=";"))
        if len(fields) != len(TASKS):
            found.append(line)
            continue
        record = {c: v or None for c, v in zip(TASKS.values(), fields, strict=True)}
        found.append(record | {"updated_at": _iso(record["updated_at"])})
    return found


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def portal_moment(text: str | None) -> datetime:
    """A local time as these sources write it."""
    return datetime.strptime(str(text), _LOCAL).replace(tzinfo=_ZONE)


def _iso(text: str | None) -> str:
    return portal_moment(text).isoformat()


def _one_of(column: str, *values: str | None) -> Check:
    return lambda record: record[column] in values


def _like(column: str, pattern: str) -> Check:
    return lambda record: re.fullmatch(pattern, record[column] or "") is not None


def _written(column: str, form: str, null: bool = False) -> Check:
    def check(record: Record) -> bool:
        value = record[column]
        if value is None:
            return null
        try:
            time.strptime(value, form)
        except ValueError:
            return False
        return True

    return check


def _is_plausible(record: Record) -> bool:
    number = record["personal_id"]
    if number is None or is_well_formed_id(number):
        return True
    return re.fullmatch(r"\d{8,11}", number) is not None


_COMMUNE = rulebook.RULES["police.resident"]["commune_code_known"]
_AGENCIES = (
    "cong_an_tinh", "so_tttt", "so_y_te", "so_gddt", "so_tu_phap", "bhxh_tinh", "so_ldtbxh",
    "vp_ubnd_tinh", "so_tnmt", "so_gtvt",
)  # fmt: skip
RULES: dict[str, dict[str, Check]] = {
    "portal.dossier": {
        "dossier_code_well_formed": _like(
            "dossier_code", r"\d{3}\.\d{2}\.\d{2}\.H\d{2}-\d{6}-\d{4,8}"
        ),
        "procedure_code_known": _one_of("procedure_code", *procedure_codes()),
        "channel_code_known": _one_of("channel_code", None, "1", "2", "3"),
        "applicant_type_known": _one_of("applicant_type", "1", "2"),
        "applicant_name_present": lambda r: bool((r["applicant_name"] or "").strip()),
        "id_type_known": _one_of("id_type", None, "1", "2"),
        "personal_id_plausible": _is_plausible,
        "submitted_at_valid": _written("submitted_at", _LOCAL),
        "received_at_valid": _written("received_at", _LOCAL),
        "due_at_valid": _written("due_at", _LOCAL, null=True),
        "finished_at_valid": _written("finished_at", _LOCAL, null=True),
        "returned_at_valid": _written("returned_at", _LOCAL, null=True),
        "dossier_status_known": _one_of("dossier_status", *"12345679"),
        "commune_code_known": _COMMUNE,
        "online_payment_known": _one_of("online_payment", "0", "1", "2"),
    },
    "portal.national_dossier": {
        "entry_code_well_formed": _like("entry_code", r"QG\d{2}-\d{9}"),
        "period_code_valid": _written("period_code", "%m/%Y"),
        "dossier_code_well_formed": _like(
            "dossier_code", r"\d{3}\.\d{2}\.\d{2}\.H\d{2}-\d{6}-\d{4,8}"
        ),
        "procedure_code_known": _one_of("procedure_code", *procedure_codes()),
        "dossier_status_known": _one_of("dossier_status", *"12345679"),
        "received_at_valid": _written("received_at", _LOCAL),
        "recorded_at_valid": _written("recorded_at", _LOCAL),
    },
    "portal.national_count": {
        "period_code_valid": _written("period_code", "%m/%Y"),
        "procedure_code_known": _one_of("procedure_code", *procedure_codes()),
        "dossier_count_valid": _like("dossier_count", r"\d{1,9}"),
        "closed_at_valid": _written("closed_at", _LOCAL),
    },
    "portal.listed_procedure": {
        "listing_code_well_formed": _like("listing_code", r"NY\d{2}-\d{9}"),
        "commune_code_known": _COMMUNE,
        "procedure_code_known": _one_of("procedure_code", *procedure_codes()),
        "signed_on_valid": _written("signed_on", _DAY),
        "effective_on_valid": _written("effective_on", _DAY),
        "published_on_valid": _written("published_on", _DAY, null=True),
        "repealed_on_valid": _written("repealed_on", _DAY, null=True),
        **{
            f"{flag}_known": _one_of(flag, "0", "1")
            for flag in (
                "is_complete",
                "is_eligible_online",
                "is_offered_online",
                "has_fee",
                "has_online_payment",
            )
        },
        "listing_status_known": _one_of("listing_status", "1", "9"),
    },
    "portal.petition": {
        "petition_code_well_formed": _like("petition_code", r"PA\d{2}-\d{9}"),
        "commune_code_known": _COMMUNE,
        "received_at_valid": _written("received_at", _LOCAL),
        "due_at_valid": _written("due_at", _LOCAL),
        "answered_at_valid": _written("answered_at", _LOCAL, null=True),
        "petition_status_known": _one_of("petition_status", *"1239"),
        "rating_known": _one_of("rating", None, *"123"),
        "rated_at_valid": _written("rated_at", _LOCAL, null=True),
    },
    "portal.certified_copy": {
        "copy_code_well_formed": _like("copy_code", r"CT\d{2}-\d{9}"),
        "commune_code_known": _COMMUNE,
        "certified_at_valid": _written("certified_at", _LOCAL),
        "copy_status_known": _one_of("copy_status", "1", "9"),
    },
    "programme.task": {
        "task_id_well_formed": _like("task_id", r"NV\d{2}"),
        "province_code_known": _one_of("province_code", "34", "82"),
        "group_code_known": _one_of("group_code", *"12345"),
        "owner_agency_present": _one_of("owner_agency", *_AGENCIES),
        "phase_known": _one_of("phase", "2022", "2023-2025", "2030"),
        "deadline_valid": _written("deadline", "%d/%m/%Y"),
        "completed_on_valid": _written("completed_on", "%d/%m/%Y", null=True),
        "task_status_known": _one_of("task_status", "chua_bat_dau", "dang_thuc_hien", "hoan_thanh"),
    },
}


def broken_rules(dataset: str, record: Record) -> set[str]:
    """The critical rules a record of any dataset breaks."""
    if dataset not in RULES:
        return rulebook.broken_rules(dataset, record)
    return {name for name, check in RULES[dataset].items() if not check(record)}
