"""Records as Hypothesis draws them: a valid one each, with some changes, or in another form."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import strategies as st

from tests.faults.meaning import changes, csv_text, fhir_changes, tables
from tests.faults.meaning.agreement import Dataset
from tests.faults.meaning.drawn import Draw
from tests.faults.meaning.trees import Members, parsed, written

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_PAPER = "https://dvc.example/ket-qua/1.pdf"
_FILLED: dict[str, dict[str, Any]] = {
    "police.eid_account": {"kichHoatLuc": "2022-09-01T09:00:00+07:00"},
    "police.household": {"soDinhDanhChuHo": "082190000001"},
    "portal.dossier": {
        "KenhThucHien": "2", "NgayKetThucXuLy": "30/10/2022 09:50:00",
        "NgayTra": "30/10/2022 09:55:00", "HinhThucTra": "3", "TrangThaiHoSo": "5",
        "MucDoHaiLong": "1",
        "GiayToKetQua": [Members([["MaGiayToKetQua", "KQ1"], ["DuongDanTepTinKetQua", _PAPER]])],
    },
    "health.immunization": {"occurrenceDateTime": "2022-10-30T09:15:00+07:00"},
}  # fmt: skip
"""Columns that the fixtures leave empty."""
_INSURED = {2: "03/02/1950", 4: "082190000001", 5: "HT2828200000001", 9: "2022-12-31"}
_MOST_CHANGES = 3
_SOUND = 3
"""One record in so many changes its form alone."""
HURT = "quotation marks or number of fields"
CANDIDATE = 6
"""Which row of the workbook's fixture is a candidate; the rows above are its titles."""


@dataclass(frozen=True)
class Sent:
    """One record as it is sent."""

    body: bytes
    """Of workbooks nothing."""
    cells: Sequence[tuple[Any, str]]
    """Of workbooks: value and number format of each cell."""
    is_sound: bool
    """Whether it says what a valid record says, so that it has to load."""
    changed: str
    """What was changed."""


def gathered(dataset: Dataset, seed: int, first: int, number: int) -> list[Sent]:
    """So many records, the same for the same seed; their keys are numbered from ``first``."""
    found: list[Sent] = []
    numbers = itertools.count(first)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(st.data())
    def gather(data: st.DataObject) -> None:
        found.append(_record(data.draw, dataset, next(numbers)))

    gather()
    return found[:number]


def titles(dataset: Dataset) -> list[str]:
    """The titles of a CSV file."""
    fields = csv_text.read(_lines(dataset)[0].encode(), delimiter_of(dataset))
    return [str(field).lstrip("\ufeff") for field in fields]


def sheet_rows(dataset: Dataset) -> list[list[Any]]:
    """The rows of the workbook's fixture."""
    rows = json.loads(_fixture(dataset))["given"]["rows"]
    return [list(row) for row in rows]


def _record(draw: Draw, dataset: Dataset, number: int) -> Sent:
    is_sound = draw(st.integers(1, _SOUND)) == 1
    count = draw(st.integers(1, _MOST_CHANGES))
    if dataset.source in ("insurance", "programme"):
        fields = _fields(dataset, number)
        changed = 0 if is_sound else count
        body, is_hurt = tables.record(draw, fields, delimiter_of(dataset), changed)
        return Sent(body, (), is_sound, HURT if is_hurt else "fields")
    if dataset.source == "education":
        return _row(draw, dataset, number, is_sound=is_sound, count=count)
    return _object(draw, dataset, number, is_sound=is_sound, count=count)


def _object(draw: Draw, dataset: Dataset, number: int, *, is_sound: bool, count: int) -> Sent:
    tree = _tree(dataset, number)
    chosen = draw(st.lists(st.sampled_from(_ways(dataset, is_sound=is_sound)), min_size=count,
                           max_size=count))  # fmt: skip
    # What says a thing twice comes last: a later change would make two things of it.
    for change in sorted(chosen, key=lambda way: way is changes.same_value_twice):
        change(draw, dataset, tree)
    text = written(
        tree, escaped=draw(st.booleans()), gap=draw(st.sampled_from(("", "", " ", "\t ")))
    )
    body = text.encode("utf-8", "surrogatepass")
    if not is_sound and draw(st.integers(0, 14)) == 0:
        body = changes.bytes_changed(draw, body, is_alone=dataset.source != "portal")
    return Sent(body, (), is_sound, " ".join(change.__name__ for change in chosen))


def _ways(dataset: Dataset, *, is_sound: bool) -> Sequence[Callable[..., None]]:
    if dataset.source != "health":
        return changes.SAME if is_sound else changes.CHANGES
    if is_sound:
        return (*changes.SAME, *fhir_changes.SAME)
    return (*changes.CHANGES, *fhir_changes.CHANGES, *fhir_changes.SAME)


def _row(draw: Draw, dataset: Dataset, number: int, *, is_sound: bool, count: int) -> Sent:
    values = sheet_rows(dataset)[CANDIDATE]
    values[1], values[3], values[4] = f"53{number:06}", "03/02/2004", "1"
    values[5] = "082304000001"
    cells: list[tuple[Any, str]] = [(value, "General") for value in values]
    places = draw(st.lists(st.integers(1, 8), min_size=count, max_size=count))
    for place in places:
        change = tables.same_cell if is_sound else tables.cell
        cells[place] = change(draw, values[place])
    return Sent(b"", cells, is_sound, f"cells {places}")


def _fields(dataset: Dataset, number: int) -> list[str]:
    line = csv_text.read(_lines(dataset)[1].encode(), delimiter_of(dataset))
    fields = [str(field or "") for field in line]
    if dataset.source == "insurance":
        fields[0], fields[1] = f"{8200000000 + number}", "Nguyễn Thị Thử"
        for place, value in _INSURED.items():
            fields[place] = value
        return fields
    written_at = datetime(2022, 10, 16) + timedelta(seconds=number)  # noqa: DTZ001  # of Vietnam
    fields[0], fields[-1] = f"NV{number % 100:02}", f"{written_at:%d/%m/%Y %H:%M:%S}"
    return fields


_KEYS = {
    "police.resident": ("soDinhDanh", "082190{:06}"),
    "police.household": ("maHo", "H28249{:06}"),
    "police.id_card_dossier": ("maHoSo", "CC{:012}"),
    "police.id_card": ("soThe", "TC{:010}"),
    "police.eid_account": ("maTaiKhoan", "E{:011}"),
    "portal.dossier": ("MaHoSo", "000.00.18.H58-221030-{:08}"),
    "portal.national_dossier": ("MaDong", "QG82-{:09}"),
    "portal.national_count": ("KyDoiSoat", "{month:02}/{year}"),
    "portal.listed_procedure": ("MaNiemYet", "NY82-{:09}"),
    "portal.petition": ("MaPhanAnh", "PA82-{:09}"),
    "portal.certified_copy": ("MaBanSao", "CT82-{:09}"),
    "health.encounter": ("id", "enc-{:09}"),
    "health.immunization": ("id", "imm-{:09}"),
}


def _tree(dataset: Dataset, number: int) -> Members:
    tree = parsed(_object_line(dataset))
    code = f"{dataset.source}.{dataset.name}"
    for name, value in _FILLED.get(code, {}).items():
        tree.put(name, parsed(written(Members([["x", value]]))).get("x"))
    name, form = _KEYS[code]
    years, month = divmod(number, 12)
    tree.put(name, form.format(number, month=month + 1, year=1900 + years % 200))
    return tree


@cache
def _object_line(dataset: Dataset) -> str:
    lines = (line.rstrip(",") for line in _lines(dataset))
    return next(line for line in lines if line.startswith("{") and line.endswith("}"))


def _lines(dataset: Dataset) -> list[str]:
    lines: Iterator[str] = iter(json.loads(_fixture(dataset))["given"]["lines"])
    return [line.rstrip("\r") for line in lines]


@cache
def _fixture(dataset: Dataset) -> str:
    path = _FIXTURES / dataset.source / f"{dataset.name}.json"
    return path.read_text(encoding="utf-8")


def delimiter_of(dataset: Dataset) -> str:
    """What stands between fields of CSV."""
    return ";" if dataset.source == "programme" else ","
