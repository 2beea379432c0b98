"""The row rules and wire names of the agreement, written again from its text.

Nothing here is taken from the code under test: that is the point.
"""

import re
import time
from collections.abc import Callable
from datetime import date, datetime

from ministries.reference import birth_codes, communes

Record = dict[str, str | None]
Check = Callable[[Record], bool]

FIELDS = {
    "police.resident": (
        "personal_id=soDinhDanh full_name=hoTen birth_date=ngaySinh sex_code=gioiTinh "
        "household_id=maHo residence_type=loaiCuTru commune_code=maXa residence_status=trangThai "
        "effective_on=ngayHieuLuc is_deleted=daXoa updated_at=capNhatLuc"
    ),
    "police.household": (
        "household_id=maHo head_personal_id=soDinhDanhChuHo residence_type=loaiCuTru "
        "commune_code=maXa household_status=trangThai effective_on=ngayHieuLuc is_deleted=daXoa "
        "updated_at=capNhatLuc"
    ),
    "police.id_card_dossier": (
        "dossier_id=maHoSo personal_id=soDinhDanh procedure_type=loaiCap "
        "station_code=maDiemThuNhan commune_code=maXa received_at=tiepNhanLuc issued_at=capLuc "
        "dossier_status=trangThai is_deleted=daXoa updated_at=capNhatLuc"
    ),
    "police.id_card": (
        "card_no=soThe personal_id=soDinhDanh dossier_id=maHoSo commune_code=maXa "
        "issued_on=ngayCap expires_on=ngayHetHan revoked_on=ngayThuHoi is_deleted=daXoa "
        "updated_at=capNhatLuc"
    ),
    "police.eid_account": (
        "account_id=maTaiKhoan personal_id=soDinhDanh commune_code=maXa registered_at=dangKyLuc "
        "level2_at=nangMuc2Luc activated_at=kichHoatLuc locked_at=khoaLuc is_deleted=daXoa "
        "updated_at=capNhatLuc"
    ),
    "insurance.participant": (
        "bhxh_code=ma_so_bhxh full_name=ho_ten birth_date=ngay_sinh sex_code=gioi_tinh "
        "personal_id=so_dinh_danh insurance_card_no=ma_the_bhyt subject_code=ma_doi_tuong "
        "commune_code=ma_xa participates_from=tu_ngay participates_to=den_ngay "
        "participation_status=trang_thai change_type=loai_thay_doi effective_on=ngay_hieu_luc "
        "updated_at=cap_nhat_luc"
    ),
}
KEYS = {
    "police.resident": "personal_id",
    "police.household": "household_id",
    "police.id_card_dossier": "dossier_id",
    "police.id_card": "card_no",
    "police.eid_account": "account_id",
    "insurance.participant": "bhxh_code",
    "health.encounter": "encounter_id",
    "health.immunization": "immunization_id",
    "education.exam_registration": "registration_no",
}
_COMMUNES = {commune.code for province in ("34", "82") for commune in communes(province)}
_SUBJECTS = {
    "DN",
    "HX",
    "CH",
    "NN",
    "TK",
    "HC",
    "XK",
    "HT",
    "TB",
    "NO",
    "CT",
    "XB",
    "TN",
    "CS",
    "QN",
    "CA",
    "CY",
    "XN",
    "MS",
    "CC",
    "CK",
    "CB",
    "KC",
    "HD",
    "TE",
    "BT",
    "HN",
    "DT",
    "DK",
    "XD",
    "TS",
    "TC",
    "TQ",
    "TA",
    "TY",
    "HG",
    "LS",
    "PV",
    "CN",
    "HS",
    "SV",
    "GB",
    "GD",
}


def wire_names(dataset: str) -> dict[str, str]:
    """Column of each wire name."""
    pairs = (pair.split("=") for pair in FIELDS[dataset].split())
    return {wire: column for column, wire in pairs}


def is_well_formed_id(value: str | None) -> bool:
    return (
        value is not None
        and re.fullmatch(r"\d{12}", value) is not None
        and int(value[:3]) in birth_codes()
        and value[3] in "0123"
    )


def _is_plausible_id(value: str | None) -> bool:
    if value is None or is_well_formed_id(value):
        return True
    return re.fullmatch(r"\d{8,11}", value) is not None


def _is_date(value: str | None, form: str = "%Y-%m-%d") -> bool:
    try:
        time.strptime(value or "", form)
    except ValueError:
        return False
    return True


def _is_moment(value: str | None) -> bool:
    try:
        return datetime.fromisoformat(value or "").utcoffset() is not None and "T" in str(value)
    except ValueError:
        return False


def _is_birth(value: str | None) -> bool:
    return value is not None and (bool(re.fullmatch(r"(19|20)\d\d", value)) or _is_date(value))


def _is_slash_birth(value: str | None) -> bool:
    year = re.fullmatch(r"(00/00/)?(19|20)\d\d", value or "")
    return bool(year) or _is_date(value, "%d/%m/%Y")


def _one_of(column: str, *values: str) -> Check:
    return lambda record: record[column] in values


def _like(column: str, pattern: str, null: bool = False) -> Check:
    def check(record: Record) -> bool:
        value = record[column]
        return null if value is None else re.fullmatch(pattern, value) is not None

    return check


def _when(check: Callable[[str | None], bool], column: str, null: bool = False) -> Check:
    return lambda record: (null and record[column] is None) or check(record[column])


_ID = {"personal_id_well_formed": _when(is_well_formed_id, "personal_id")}
_PLAUSIBLE = {"personal_id_plausible": _when(_is_plausible_id, "personal_id")}
_NAME: dict[str, Check] = {"full_name_present": lambda r: bool((r["full_name"] or "").strip())}
_PLACE = {"commune_code_known": _one_of("commune_code", *_COMMUNES)}
_HOUSEHOLD = {"household_id_well_formed": _like("household_id", r"H\d{11}")}
_TYPE = {"residence_type_known": _one_of("residence_type", "thuong_tru", "tam_tru")}
_EFFECTIVE = {"effective_on_valid": _when(_is_date, "effective_on")}
_UPDATED = {"updated_at_valid": _when(_is_moment, "updated_at")}
_FACILITY = {"facility_code_well_formed": _like("facility_code", r"(34|82)\d{3}")}
_GENDER = {"sex_code_known": _one_of("sex_code", "male", "female", "unknown")}


def _nullable_moments(*columns: str) -> dict[str, Check]:
    return {f"{column}_valid": _when(_is_moment, column, null=True) for column in columns}


RULES: dict[str, dict[str, Check]] = {
    "police.resident": {
        **_ID,
        **_NAME,
        **_PLACE,
        **_HOUSEHOLD,
        **_TYPE,
        **_EFFECTIVE,
        **_UPDATED,
        "birth_date_valid": _when(_is_birth, "birth_date"),
        "sex_code_known": _one_of("sex_code", "1", "2", "3"),
        "residence_status_known": _one_of(
            "residence_status", "dang_cu_tru", "da_chuyen_di", "da_chet"
        ),
    },
    "police.household": {
        **_HOUSEHOLD,
        **_TYPE,
        **_PLACE,
        **_EFFECTIVE,
        **_UPDATED,
        "household_status_known": _one_of("household_status", "dang_hoat_dong", "da_giai_the"),
    },
    "police.id_card_dossier": {
        **_ID,
        **_PLACE,
        **_UPDATED,
        **_nullable_moments("issued_at"),
        "dossier_id_well_formed": _like("dossier_id", r"CC\d{12}"),
        "procedure_type_known": _one_of("procedure_type", "cap_moi", "cap_doi", "cap_lai"),
        "received_at_valid": _when(_is_moment, "received_at"),
        "dossier_status_known": _one_of("dossier_status", "da_tiep_nhan", "da_cap", "tu_choi"),
    },
    "police.id_card": {
        **_ID,
        **_PLACE,
        **_UPDATED,
        "card_no_well_formed": _like("card_no", r"TC\d{10}"),
        "issued_on_valid": _when(_is_date, "issued_on"),
        "expires_on_valid": _when(_is_date, "expires_on", null=True),
        "revoked_on_valid": _when(_is_date, "revoked_on", null=True),
    },
    "police.eid_account": {
        **_ID,
        **_PLACE,
        **_UPDATED,
        **_nullable_moments("level2_at", "activated_at", "locked_at"),
        "account_id_well_formed": _like("account_id", r"E\d{11}"),
        "registered_at_valid": _when(_is_moment, "registered_at"),
    },
    "insurance.participant": {
        **_PLAUSIBLE,
        **_NAME,
        **_PLACE,
        **_EFFECTIVE,
        **_UPDATED,
        "bhxh_code_well_formed": _like("bhxh_code", r"\d{10}"),
        "birth_date_valid": _when(_is_slash_birth, "birth_date"),
        "sex_code_known": _one_of("sex_code", "1", "2"),
        "insurance_card_no_well_formed": _like(
            "insurance_card_no", r"[A-Z]{2}[1-5]\d{2}\d{10}", null=True
        ),
        "subject_code_known": _one_of("subject_code", *_SUBJECTS),
        "participates_from_valid": _when(_is_date, "participates_from"),
        "participates_to_valid": _when(_is_date, "participates_to", null=True),
        "participation_status_known": _one_of("participation_status", "dang_tham_gia", "da_dung"),
        "change_type_known": _one_of("change_type", "U", "D"),
    },
    "health.encounter": {
        **_PLAUSIBLE,
        **_PLACE,
        **_UPDATED,
        **_FACILITY,
        **_GENDER,
        "encounter_id_present": _like("encounter_id", "[A-Za-z0-9.-]{1,64}"),
        "birth_date_valid": _when(_is_birth, "birth_date"),
        "document_used_known": _one_of("document_used", "cccd", "bhyt", "vneid", "none"),
        "started_at_valid": _when(_is_moment, "started_at"),
        "encounter_status_known": _one_of(
            "encounter_status", "finished", "in-progress", "entered-in-error"
        ),
    },
    "health.immunization": {
        **_PLAUSIBLE,
        **_PLACE,
        **_UPDATED,
        **_FACILITY,
        **_GENDER,
        "immunization_id_present": _like("immunization_id", "[A-Za-z0-9.-]{1,64}"),
        "birth_date_valid": _when(_is_birth, "birth_date"),
        "occurred_on_valid": lambda r: _is_date((r["occurred_on"] or "")[:10]),
        "immunization_status_known": _one_of(
            "immunization_status", "completed", "not-done", "entered-in-error"
        ),
        "dose_number_valid": lambda r: int(r["dose_number"] or 0) > 0,
    },
    "education.exam_registration": {
        **_PLAUSIBLE,
        **_NAME,
        **_PLACE,
        **_UPDATED,
        "registration_no_well_formed": _like("registration_no", r"(26|53)\d{6}"),
        "exam_year_valid": _like("exam_year", r"20\d\d"),
        "council_code_well_formed": _like("council_code", r"(26|53)\d{2}"),
        "birth_date_valid": lambda r: _is_date(r["birth_date"], "%d/%m/%Y"),
        "sex_code_known": _one_of("sex_code", "1", "2"),
        "school_code_well_formed": _like("school_code", r"\d{6}"),
        "registered_on_valid": lambda r: _is_date(r["registered_on"], "%d/%m/%Y"),
    },
}


def broken_rules(dataset: str, record: Record) -> set[str]:
    """The critical rules a record breaks."""
    return {name for name, check in RULES[dataset].items() if not check(record)}


def day_of(text: str | None) -> date:
    """The local day of a date or timestamp."""
    return date.fromisoformat(str(text)[:10])
