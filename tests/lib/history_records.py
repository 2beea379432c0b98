"""What sources send of the events of a history: a version of one of its records each."""

import io
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl

from tests.lib import national
from tests.lib.loading import lines_of, resident

DAYS = ("2025-06-30", "2025-07-01", "2025-07-02")
"""Days that are built: boundaries are reformed on the second one."""
MOMENTS = (*DAYS, "2025-06-29", "2025-06-15", "2025-04-30", "2025-03-31", "2022-01-01")
COMMUNES = ("28249", "28252", "28261", "12454")
"""Two that became one, one that stayed, and one of another province; before the reform."""
PROCEDURES = ("2.001159", "2.001195")
NAMES = ("Nguyễn Thị Thử", "Nguyễn Thị Thứ", "Trần Văn Thử")
BIRTHS = ("1990-02-03", "2011-07-01", "1990-03-02")
PERSONS = 2
"""Of each history."""


@dataclass(frozen=True)
class Event:
    """A version of a record. What its numbers mean is a matter of the kind: see the makers."""

    kind: str
    who: int
    happened: int
    ended: int
    written: int
    commune: int
    choice: int
    is_gone: bool


@dataclass(frozen=True)
class Written:
    """An event of a history, as it is delivered on a day."""

    history: int
    event: Event
    day: str

    @property
    def person(self) -> str:
        """The personal ID."""
        return f"0821900{self.history:03d}{self.event.who:02d}"

    @property
    def number(self) -> int:
        """Of the record: each person has one of each kind."""
        return self.history * PERSONS + self.event.who + 1

    @property
    def happened(self) -> str:
        """Not after the day of the delivery."""
        return min(MOMENTS[self.event.happened], self.day)

    @property
    def ended(self) -> str | None:
        """Not before it happened, nor after the day; or not yet."""
        ended = MOMENTS[self.event.ended]
        return ended if self.happened <= ended <= self.day else None

    @property
    def written(self) -> str:
        """The moment in which it was written, not before it happened or ended."""
        written = min(DAYS[self.event.written], self.day)
        return f"{max(written, self.ended or self.happened)}T12:30:00"

    @property
    def commune(self) -> str:
        """The place."""
        return COMMUNES[self.event.commune]

    @property
    def name(self) -> str:
        """One of a few names: two of them are alike."""
        return self.one_of(*NAMES, *NAMES[:1] * 3)

    def one_of(self, *values: Any) -> Any:
        """The value that was drawn."""
        return values[self.event.choice % len(values)]


def _resident(it: Written) -> dict[str, Any]:
    return resident(
        soDinhDanh=it.person, hoTen=it.name, ngaySinh=it.one_of(*BIRTHS[:1] * 3, *BIRTHS),
        maXa=it.commune, loaiCuTru=it.one_of("thuong_tru", "thuong_tru", "tam_tru"),
        trangThai=it.one_of("dang_cu_tru", "da_chuyen_di", "dang_cu_tru", "da_chet"),
        ngayHieuLuc=it.happened, capNhatLuc=f"{it.written}+07:00", daXoa=it.event.is_gone,
    )  # fmt: skip


def _id_card_dossier(it: Written) -> dict[str, Any]:
    return {
        "maHoSo": f"CC{it.number:012d}", "soDinhDanh": it.person, "loaiCap": "cap_moi",
        "maDiemThuNhan": "D336", "maXa": it.commune,
        "tiepNhanLuc": f"{it.happened}T08:00:00+07:00",
        "capLuc": it.ended and f"{it.ended}T10:00:00+07:00",
        "trangThai": "da_cap" if it.ended else it.one_of("da_tiep_nhan", "tu_choi"),
        "daXoa": it.event.is_gone, "capNhatLuc": f"{it.written}+07:00",
    }  # fmt: skip


def _id_card(it: Written) -> dict[str, Any]:
    return {
        "soThe": f"TC{it.number:010d}", "soDinhDanh": it.person, "maHoSo": f"CC{it.number:012d}",
        "maXa": it.commune, "ngayCap": it.happened, "ngayHetHan": None, "ngayThuHoi": it.ended,
        "daXoa": it.event.is_gone, "capNhatLuc": f"{it.written}+07:00",
    }  # fmt: skip


def _eid_account(it: Written) -> dict[str, Any]:
    ended = it.ended and f"{it.ended}T10:00:00+07:00"
    return {
        "maTaiKhoan": f"E{it.number:011d}", "soDinhDanh": it.person, "maXa": it.commune,
        "dangKyLuc": f"{it.happened}T08:00:00+07:00", "nangMuc2Luc": it.one_of(ended, None),
        "kichHoatLuc": it.one_of(None, ended), "khoaLuc": it.one_of(None, None, ended),
        "daXoa": it.event.is_gone, "capNhatLuc": f"{it.written}+07:00",
    }  # fmt: skip


_PARTICIPANTS = (
    "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,so_dinh_danh,ma_the_bhyt,ma_doi_tuong,ma_xa,"
    "tu_ngay,den_ngay,trang_thai,loai_thay_doi,ngay_hieu_luc,cap_nhat_luc"
)


def _participant(it: Written) -> str:
    status = it.one_of("dang_tham_gia", "dang_tham_gia", "da_dung")
    return (
        f"82{it.number:08d},{it.name},03/02/1990,2,{it.person},,HT,{it.commune},{it.happened},"
        f"{it.ended or ''},{status},{'D' if it.event.is_gone else 'U'},{it.happened},"
        f"{it.written}+07:00"
    )


def _encounter(it: Written) -> dict[str, Any]:
    own = "https://dean06.example/fhir"
    patient = {
        "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1990-02-03",
        "identifier": [{"system": f"{own}/sid/so-dinh-danh", "value": it.person}],
        "name": [{"text": it.name}],
    }  # fmt: skip
    return {
        "resourceType": "Encounter", "id": f"enc-{it.number}", "contained": [patient],
        "status": "entered-in-error" if it.event.is_gone else "finished",
        "meta": {"lastUpdated": f"{it.written}+07:00"},
        "extension": [
            {"url": f"{own}/StructureDefinition/insurance-checked", "valueBoolean": True},
            {
                "url": f"{own}/StructureDefinition/check-in-document",
                "valueCode": it.one_of("cccd", "vneid", "bhyt"),
            },
            {"url": f"{own}/StructureDefinition/facility-commune", "valueCode": it.commune},
        ],
        "class": {"code": "AMB"}, "subject": {"reference": "#p"},
        "period": {"start": f"{it.happened}T07:30:00+07:00"},
        "serviceProvider": {"identifier": {"value": "82001"}},
    }  # fmt: skip


def _at(day: str | None, time: str) -> str | None:
    return day and f"{day[8:]}/{day[5:7]}/{day[:4]} {time}"


def _on(day: str | None) -> str:
    return (_at(day, "") or "").strip()


def _dossier(it: Written) -> dict[str, Any]:
    made, *_ = national.dossiers([national.Planted(it.number, 7, 0, "not_known_there")])
    return {
        **made, "MaHoSo": f"000.00.18.H58-250601-{it.number:04d}", "LoaiDoiTuong": "1",
        "MaTTHC": it.one_of(*PROCEDURES), "KenhThucHien": it.one_of("1", "2", "2"),
        "ChuHoSo": it.name, "LoaiDinhDanh": "1", "SoDinhDanh": it.person,
        "NgayNopHoSo": _at(it.happened, "08:00:00"), "NgayTiepNhan": _at(it.happened, "08:30:00"),
        "NgayHenTra": it.one_of(_at("2025-07-01", "17:00:00"), None), "NoiNopHoSo": it.commune,
        "NgayTra": _at(it.ended, "10:00:00"), "NgayKetThucXuLy": _at(it.ended, "09:00:00"),
        "TrangThaiHoSo": "9" if it.event.is_gone else "5" if it.ended else it.one_of("2", "3"),
        "MucDoHaiLong": it.one_of(None, "1", "3"),
        "NgayCapNhat": _at(it.written[:10], it.written[11:]),
    }  # fmt: skip


def _entry(it: Written) -> dict[str, Any]:
    received = _at(it.happened, "08:30:00")
    return {
        "MaDong": f"QG82-{it.number:09d}", "KyDoiSoat": f"{it.happened[5:7]}/{it.happened[:4]}",
        "MaHoSo": f"000.00.18.H58-250601-{it.number:04d}", "MaTTHC": it.one_of(*PROCEDURES),
        "TrangThaiHoSo": "9" if it.event.is_gone else "2", "NgayTiepNhan": received,
        "NgayGhiNhan": received, "NgayCapNhat": _at(it.written[:10], it.written[11:]),
    }  # fmt: skip


_TASKS = (
    "Mã nhiệm vụ;Mã tỉnh;Nhóm;Tên nhiệm vụ;Đơn vị chủ trì;Đơn vị phối hợp;Giai đoạn;Thời hạn;"
    "Ngày hoàn thành;Trạng thái;Tổng hợp;Cập nhật lúc"
)


def _task(it: Written) -> str:
    done = _on(it.ended)
    return (
        f"NV{it.number - 1:02d};{it.one_of('82', '82', '34')};{it.one_of('1', '2')};Thử;so_y_te;;"
        f"2022;01/07/2025;{done};{'hoan_thanh' if done else 'dang_thuc_hien'};x;"
        f"{_at(it.written[:10], it.written[11:])}"
    )


def _candidate(it: Written) -> list[str | None]:
    return [
        "1", f"53{it.number:06d}", it.name, "03/02/1990", "1", it.person, "530001", it.commune,
        _on(it.happened), "rút" if it.event.is_gone else None,
    ]  # fmt: skip


def _csv(made: Sequence[Any]) -> bytes:
    return "\n".join([_PARTICIPANTS, *made, ""]).encode()


def _plan(made: Sequence[Any]) -> bytes:
    return ("\ufeff" + "".join(f"{line}\r\n" for line in (_TASKS, *made))).encode()


def _page(made: Sequence[Any]) -> bytes:
    head = {"trang": 1, "soLuong": 2000, "tongSo": len(made), "tongTrang": 1}
    return json.dumps({**head, "duLieu": made}, ensure_ascii=False).encode()


def _workbook(made: Sequence[Any]) -> bytes:
    """The candidates of a council; the workbook says when, at the end of the last day."""
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (
        ["SỞ GIÁO DỤC VÀ ĐÀO TẠO TIỀN GIANG"],
        ["DANH SÁCH THÍ SINH ĐĂNG KÝ DỰ THI TỐT NGHIỆP THPT NĂM 2025"],
        [f"Hội đồng thi: 5301 - Trường THPT Thử    Lập lúc: {next(_minutes)}"],
        ["STT", "Số báo danh", "Họ và tên", "Ngày sinh", "Giới tính",
         "Số CCCD/Định danh cá nhân", "Mã trường", "Mã xã", "Ngày đăng ký", "Ghi chú"],
        *made,
    ):  # fmt: skip
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_minutes = (
    f"{hour:02d}:{minute:02d}:00 30/06/2025"
    for hour, minute in itertools.cycle(itertools.product(range(8, 22), range(60)))
)
_Maker = Callable[[Written], Any]
MAKERS: Mapping[str, tuple[_Maker, Callable[[Sequence[Any]], bytes]]] = {
    "police.resident": (_resident, lines_of),
    "police.id_card_dossier": (_id_card_dossier, lines_of),
    "police.id_card": (_id_card, lines_of),
    "police.eid_account": (_eid_account, lines_of),
    "insurance.participant": (_participant, _csv),
    "health.encounter": (_encounter, lines_of),
    "education.exam_registration": (_candidate, _workbook),
    "portal.dossier": (_dossier, _page),
    "portal.national_dossier": (_entry, _page),
    "programme.task": (_task, _plan),
}
"""By dataset: a record, and the body of a delivery of such records."""
