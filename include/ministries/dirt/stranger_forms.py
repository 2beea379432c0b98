"""Records as strangers write them: other words for the same facts.

Everything here means what the plain line means, by RFC 8259, RFC 3339, RFC 4180, FHIR R4 and what
is agreed with each source; the truth of the world is the same. Which form a line takes is drawn
from its own bytes: a line that is sent twice is the same line twice.
"""

import csv
import hashlib
import io
import json
import random
import re
import unicodedata
from datetime import datetime, timedelta, timezone
from typing import Any

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
END_OF_FILE = b"\x1a"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", re.ASCII)
_NINES = (6, 7, 8, 9)
"""Digits of a second's last moment: from the seventh on a reader that rounds changes the day."""
_FLAGS = {"0": ("0", 0, False, "false"), "1": ("1", 1, True, "true")}
_NUMBERED = ("KenhThucHien", "LoaiDoiTuong", "LoaiDinhDanh", "HinhThucTra", "TrangThaiHoSo",
             "DuocThanhToanTrucTuyen", "MaCSDL", "MucDoHaiLong", "DuocTaiSuDung",
             "TrangThaiNiemYet", "TrangThaiPhanAnh", "TrangThaiBanSao")  # fmt: skip
"""Fields of the portal that may come as a text or as a number."""
_FLAGGED = ("HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID", "DuocSoHoa", "DuocLayTuKhoDMQG",
            "DuNoiDung", "DuDieuKienTrucTuyen", "CungCapTrucTuyen", "CoPhiLePhi",
            "TichHopThanhToan")  # fmt: skip
"""Fields of the portal that may come as true and false, too."""
_COUNTED = ("SoLanBoSung", "SoNgayBoSung", "Gia")
_SYSTEM = "https://dean06.example/fhir/sid/so-dinh-danh"
Json = dict[str, Any]


class _Plain(csv.excel):
    lineterminator = ""


class _Quoted(_Plain):
    quoting = csv.QUOTE_ALL


def _draw(line: bytes) -> random.Random:
    return random.Random(hashlib.sha256(line).digest())


def json_line(dataset: str, line: bytes) -> bytes:
    """An object in another form; a line that is no object as it is."""
    try:
        record = json.loads(line)
    except ValueError:
        return line
    if not isinstance(record, dict):
        return line
    draw = _draw(line)
    record = _with_moments(record, draw)
    if dataset.startswith("health."):
        _as_fhir(record, draw)
    elif dataset.startswith("portal."):
        record = _as_portal(record, draw)
    members = list(record.items())
    draw.shuffle(members)
    if draw.random() < 0.2:
        members.append(draw.choice(members))  # twice the same, which leaves nothing in doubt
    separators = draw.choice(((",", ":"), (", ", ": "), (" ,", "\t:")))
    is_escaped = draw.random() < 0.5
    parts = [
        f"{json.dumps(name, ensure_ascii=is_escaped)}{separators[1]}"
        f"{json.dumps(value, ensure_ascii=is_escaped, separators=separators)}"
        for name, value in members
    ]
    return ("{" + separators[0].join(parts) + "}").encode()


def moment(text: str, draw: random.Random) -> str:
    """A moment at another offset, at the very end of its second."""
    zone = timezone(timedelta(minutes=15 * draw.randrange(-12 * 4, 14 * 4 + 1)))
    local = datetime.fromisoformat(text).astimezone(zone).isoformat()
    return f"{local[:19]}.{'9' * draw.choice(_NINES)}{local[19:]}"


def _with_moments(value: Any, draw: random.Random) -> Any:
    if isinstance(value, dict):
        return {name: _with_moments(inner, draw) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_moments(inner, draw) for inner in value]
    return moment(value, draw) if isinstance(value, str) and _MOMENT.fullmatch(value) else value


def _as_portal(value: Any, draw: random.Random, name: str = "") -> Any:
    """1, "1" and true, as the contract has them for each field."""
    if isinstance(value, dict):
        return {inner: _as_portal(value[inner], draw, inner) for inner in value}
    if isinstance(value, list):
        return [_as_portal(inner, draw, name) for inner in value]
    if name in _FLAGGED and value in _FLAGS:
        return draw.choice(_FLAGS[value])
    is_whole = isinstance(value, str) and value.isascii() and value.isdigit()
    if name in (*_NUMBERED, *_COUNTED) and is_whole and str(int(value)) == value:
        return draw.choice((value, int(value)))
    if name in _COUNTED and isinstance(value, int) and not isinstance(value, bool):
        return draw.choice((value, str(value)))
    return value


def _as_fhir(resource: Json, draw: random.Random) -> None:
    """Two patients in any order, names and numbers of the past beside those in use."""
    patient = resource["contained"][0]
    if "name" in patient:
        past = {"use": draw.choice(("old", "maiden", "nickname")), "text": "Phạm Thị Cũ"}
        patient["name"] = _shuffled([*patient["name"], past], draw)
    past_number = {"use": "old", "system": _SYSTEM, "value": "082199000099"}
    card = {"system": "https://example.org/the-kham-benh", "value": "KB-0001"}
    patient["identifier"] = _shuffled([*patient.get("identifier", []), past_number, card], draw)
    other = {"resourceType": "Patient", "id": "q", "gender": "male", "birthDate": "1931-01-01"}
    resource["contained"] = _shuffled([patient, other], draw)
    ward = {"url": "https://example.org/khoa", "valueString": "Khoa Khám bệnh"}
    resource["extension"] = _shuffled([*resource["extension"], ward], draw)


def _shuffled(items: list[Any], draw: random.Random) -> list[Any]:
    draw.shuffle(items)
    return items


def csv_line(line: bytes, delimiter: str) -> bytes:
    """A record of CSV in another form: all fields quoted or some, moments at other offsets."""
    try:
        fields = next(csv.reader([line.decode()], delimiter=delimiter, strict=True))
    except (ValueError, csv.Error):
        return line
    if "\x00" in "".join(fields):
        return line
    draw = _draw(line)
    fields = [moment(f, draw) if _MOMENT.fullmatch(f) else f for f in fields]
    text = io.StringIO()
    dialect = draw.choice((_Quoted, _Plain))
    csv.writer(text, dialect, delimiter=delimiter).writerow(fields)
    return text.getvalue().encode()


def csv_head(header: bytes, delimiter: str) -> bytes:
    """What spreadsheet programs write first: a mark, the sign between fields, titles whose accents
    stand apart."""
    titles = unicodedata.normalize("NFD", header.decode()).encode()
    return BYTE_ORDER_MARK + f"sep={delimiter}\r\n".encode() + titles


def csv_tail(header: bytes, delimiter: str) -> bytes:
    """What they write last: rows without anything, and a Ctrl-Z."""
    empty = delimiter.encode() * header.count(delimiter.encode())
    return empty + b"\r\n\r\n" + END_OF_FILE
