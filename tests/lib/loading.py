"""Deliver hand-written records to the real load protocol, step by step, without a source."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dean06 import contract
from dean06.contract import Dataset
from dean06.load import approval, landing, ledger
from dean06.load.ledger import Load
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.load.validate import validate
from dean06.sources import Piece
from dean06.warehouse import transaction

RESIDENT: dict[str, Any] = {
    "soDinhDanh": "082190000001", "hoTen": "Nguyễn Thị Thử", "ngaySinh": "1990-02-03",
    "gioiTinh": "2", "maHo": "H28249000001", "loaiCuTru": "thuong_tru", "maXa": "28249",
    "trangThai": "dang_cu_tru", "ngayHieuLuc": "2022-10-01", "daXoa": False,
    "capNhatLuc": "2022-10-31T08:30:00+07:00",
}  # fmt: skip


def resident(**changes: Any) -> dict[str, Any]:
    """A clean record of police.resident with some fields changed."""
    return {**RESIDENT, **changes}


def lines_of(records: Iterable[Mapping[str, Any] | str]) -> bytes:
    """NDJSON; a string stands for a line as it is."""
    return "".join(
        (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False)) + "\n" for r in records
    ).encode()


def land(
    dataset: Dataset, run: str, day: str, body: bytes, declared: int, name: str = "page-00001"
) -> Load:
    """Land one piece as extraction would; ``declared`` is what the source says it holds."""
    load = ledger.open_load(contract.load(dataset.source), dataset, run, date.fromisoformat(day))
    piece = Piece(name=name, suffix="ndjson", body=io.BytesIO(body), declared=declared)
    ledger.add_landing_file(load, landing.land(dataset, piece, 1))
    ledger.mark_landed(load, declared)
    return load


def load_police(
    run: str, day: str, residents: Sequence[Mapping[str, Any] | str], *, upto: str = "publish"
) -> Load:
    """One run of police: these residents, nothing in its other datasets, up to a step."""
    agreed = contract.load("police")
    for dataset in reversed(agreed.datasets):  # resident, which may be held, comes last
        records = residents if dataset.name == "resident" else []
        land(dataset, run, day, lines_of(records), len(records))
        for step in (stage, validate, quarantine):
            if upto in ("stage", "validate") and step.__name__ == "quarantine":
                break
            if upto == "stage" and step.__name__ == "validate":
                break
            step(dataset, run)
    if upto == "publish":
        publish("police", run)
    return ledger.current_load(agreed.dataset("resident"), run)


def prepare_source(
    source: str, run: str, day: str, deliveries: Mapping[str, tuple[bytes, int]]
) -> None:
    """One run of a source up to publishing: for some datasets a body and the records declared,
    nothing in others."""
    agreed = contract.load(source)
    for dataset in agreed.datasets:
        if dataset.name in deliveries:
            body, declared = deliveries[dataset.name]
            land(dataset, run, day, body, declared)
        else:
            load = ledger.open_load(agreed, dataset, run, date.fromisoformat(day))
            ledger.mark_landed(load, 0)
        for step in (stage, validate, quarantine):
            step(dataset, run)


def load_source(
    source: str, run: str, day: str, deliveries: Mapping[str, tuple[bytes, int]]
) -> None:
    """One run of a source, published; ``deliveries`` as in ``prepare_source``."""
    prepare_source(source, run, day, deliveries)
    publish(source, run)


def books(load: Load) -> dict[str, Any]:
    """The counts of a load."""
    with transaction() as session:
        row = session.one("select * from ops.load where load_id = :id", id=load.load_id)
    return {
        name: getattr(row, f"{name}_count")
        for name in (
            "received", "inserted", "updated", "unchanged", "deleted", "superseded", "quarantined",
        )
    }  # fmt: skip


def rows(statement: str, **parameters: Any) -> list[Any]:
    """Rows of a query, as the loader."""
    with transaction() as session:
        return [tuple(row) for row in session.rows(statement, **parameters)]


def approved(replay_id: int, by: str = "minh") -> int:
    """A correction that waits for a second person, read and approved by one."""
    with transaction() as session:
        approval.read(session, replay_id, by, "duyệt bản sửa")
        approval.decide(session, replay_id, approval.Decision.APPROVED, by, "đã đối chiếu")
    return replay_id
