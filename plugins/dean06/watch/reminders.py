"""Reminders: cases whose deadline is near or over, by agency.

They name no record and no number: the page of corrections does, to those who may see it.
"""

from collections.abc import Iterator
from datetime import date

from dean06 import contract
from dean06.contract import Bilingual
from dean06.warehouse import Session, sql_file
from dean06.watch.problem import Kind, Problem, named

NOTICE_DAYS = 2
"""Working days before the deadline on which an agency is reminded first."""


def detect(session: Session) -> Iterator[Problem]:
    """Deadlines that are near, one by one, and agencies that are past one."""
    for row in session.rows(sql_file("watch/deadlines.sql"), notice=NOTICE_DAYS):
        if row.source_code not in contract.known():
            continue  # Its agency is unknown here: problems names the source.
        make = _overdue if row.is_overdue else _due
        owner = contract.load(row.source_code).owner
        yield make(row.source_code, row.due_on, owner)


def _due(source: str, due_on: date, owner: Bilingual) -> Problem:
    day = f"{due_on:%d/%m/%Y}"
    return Problem(
        Kind.CORRECTIONS_DUE,
        Bilingual(
            f"{source} has records to correct by {day}. Remind {owner.en}; the Corrections "
            "page lists the cases. The how-to guide says when a case closes.",
            f"Nguồn {named(source)} có bản ghi phải chỉnh sửa xong chậm nhất trong ngày {day}. Đôn "
            f"đốc {owner.vi}; xem trang Chỉnh sửa.",
        ),
        source=source,
        day=due_on,
    )


def _overdue(source: str, due_on: date, owner: Bilingual) -> Problem:
    day = f"{due_on:%d/%m/%Y}"
    return Problem(
        Kind.CORRECTIONS_OVERDUE,
        Bilingual(
            f"{source} has overdue corrections; the earliest were due on {day}. Ask {owner.en} "
            "when the corrected records will be sent; the Corrections page lists the cases.",
            f"Nguồn {named(source)} có bản ghi quá hạn chỉnh sửa; hạn sớm nhất là ngày {day}. Đề "
            f"nghị {owner.vi} xử lý ngay; xem trang Chỉnh sửa.",
        ),
        source=source,
        day=due_on,
    )
