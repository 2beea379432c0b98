"""All datasets that are sent as rows, and the names their fields have on the wire."""

from ..identity.world import World
from .feed import Feed
from .health import EncounterFeed, ImmunizationFeed
from .insurance import ParticipantFeed
from .police import AccountFeed, CardFeed, DossierFeed, HouseholdFeed, ResidentFeed
from .portal import PortalDossierFeed
from .portal_national import NationalCountFeed, NationalDossierFeed

WIRE: dict[str, dict[str, str]] = {
    "police.resident": {
        "personal_id": "soDinhDanh",
        "full_name": "hoTen",
        "birth_date": "ngaySinh",
        "sex_code": "gioiTinh",
        "household_id": "maHo",
        "residence_type": "loaiCuTru",
        "commune_code": "maXa",
        "residence_status": "trangThai",
        "effective_on": "ngayHieuLuc",
        "is_deleted": "daXoa",
        "updated_at": "capNhatLuc",
    },
    "police.household": {
        "household_id": "maHo",
        "head_personal_id": "soDinhDanhChuHo",
        "residence_type": "loaiCuTru",
        "commune_code": "maXa",
        "household_status": "trangThai",
        "effective_on": "ngayHieuLuc",
        "is_deleted": "daXoa",
        "updated_at": "capNhatLuc",
    },
    "police.id_card_dossier": {
        "dossier_id": "maHoSo",
        "personal_id": "soDinhDanh",
        "procedure_type": "loaiCap",
        "station_code": "maDiemThuNhan",
        "commune_code": "maXa",
        "received_at": "tiepNhanLuc",
        "issued_at": "capLuc",
        "dossier_status": "trangThai",
        "is_deleted": "daXoa",
        "updated_at": "capNhatLuc",
    },
    "police.id_card": {
        "card_no": "soThe",
        "personal_id": "soDinhDanh",
        "dossier_id": "maHoSo",
        "commune_code": "maXa",
        "issued_on": "ngayCap",
        "expires_on": "ngayHetHan",
        "revoked_on": "ngayThuHoi",
        "is_deleted": "daXoa",
        "updated_at": "capNhatLuc",
    },
    "police.eid_account": {
        "account_id": "maTaiKhoan",
        "personal_id": "soDinhDanh",
        "commune_code": "maXa",
        "registered_at": "dangKyLuc",
        "level2_at": "nangMuc2Luc",
        "activated_at": "kichHoatLuc",
        "locked_at": "khoaLuc",
        "is_deleted": "daXoa",
        "updated_at": "capNhatLuc",
    },
    "insurance.participant": {
        "bhxh_code": "ma_so_bhxh",
        "full_name": "ho_ten",
        "birth_date": "ngay_sinh",
        "sex_code": "gioi_tinh",
        "personal_id": "so_dinh_danh",
        "insurance_card_no": "ma_the_bhyt",
        "subject_code": "ma_doi_tuong",
        "commune_code": "ma_xa",
        "participates_from": "tu_ngay",
        "participates_to": "den_ngay",
        "participation_status": "trang_thai",
        "change_type": "loai_thay_doi",
        "effective_on": "ngay_hieu_luc",
        "updated_at": "cap_nhat_luc",
    },
    "portal.dossier": {
        "dossier_code": "MaHoSo",
        "procedure_code": "MaTTHC",
        "field_code": "MaLinhVuc",
        "channel_code": "KenhThucHien",
        "applicant_type": "LoaiDoiTuong",
        "applicant_name": "ChuHoSo",
        "id_type": "LoaiDinhDanh",
        "personal_id": "SoDinhDanh",
        "submitted_at": "NgayNopHoSo",
        "received_at": "NgayTiepNhan",
        "due_at": "NgayHenTra",
        "finished_at": "NgayKetThucXuLy",
        "returned_at": "NgayTra",
        "return_method": "HinhThucTra",
        "dossier_status": "TrangThaiHoSo",
        "commune_code": "NoiNopHoSo",
        "has_digitised_components": "HoSoCoThanhPhanSoHoa",
        "is_vneid_verified": "TaiKhoanDuocXacThucVoiVNeID",
        "online_payment": "DuocThanhToanTrucTuyen",
        "database_consulted": "MaCSDL",
        "components": "TaiLieuNop",
        "results": "GiayToKetQua",
        "fees": "DanhSachLePhi",
        "supplement_count": "SoLanBoSung",
        "supplement_days": "SoNgayBoSung",
        "rating": "MucDoHaiLong",
        "updated_at": "NgayCapNhat",
    },
    "portal.national_dossier": {
        "entry_code": "MaDong",
        "period_code": "KyDoiSoat",
        "dossier_code": "MaHoSo",
        "procedure_code": "MaTTHC",
        "dossier_status": "TrangThaiHoSo",
        "received_at": "NgayTiepNhan",
        "recorded_at": "NgayGhiNhan",
        "updated_at": "NgayCapNhat",
    },
    "portal.national_count": {
        "period_code": "KyDoiSoat",
        "procedure_code": "MaTTHC",
        "dossier_count": "SoHoSo",
        "closed_at": "NgayChotKy",
        "updated_at": "NgayCapNhat",
    },
    "programme.task": {
        "task_id": "Mã nhiệm vụ",
        "province_code": "Mã tỉnh",
        "group_code": "Nhóm",
        "title": "Tên nhiệm vụ",
        "owner_agency": "Đơn vị chủ trì",
        "partner_agencies": "Đơn vị phối hợp",
        "phase": "Giai đoạn",
        "deadline": "Thời hạn",
        "completed_on": "Ngày hoàn thành",
        "task_status": "Trạng thái",
        "is_synthetic": "Tổng hợp",
        "updated_at": "Cập nhật lúc",
    },
}

NULLABLE = frozenset(
    (
        "head_personal_id",
        "issued_at",
        "expires_on",
        "revoked_on",
        "level2_at",
        "activated_at",
        "locked_at",
    )
)
"""Columns of the police that may be null."""

_FEEDS: tuple[type[Feed], ...] = (
    ResidentFeed,
    HouseholdFeed,
    DossierFeed,
    CardFeed,
    AccountFeed,
    ParticipantFeed,
    EncounterFeed,
    ImmunizationFeed,
    PortalDossierFeed,
    NationalDossierFeed,
    NationalCountFeed,
)


def feeds(world: World) -> dict[str, Feed]:
    """The row feeds of a world by dataset."""
    return {feed.dataset: feed(world) for feed in _FEEDS}
