"""What ``python -m dean06 build-kpis`` says at its end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dean06.figures.words import Words
from dean06.warehouse import transaction

if TYPE_CHECKING:
    from dean06.kpi.build import Built


def outcome(built: Sequence["Built"], w: Words) -> str:
    """In one sentence: what was built, or which publication holds already."""
    with transaction() as session:
        last = session.one(
            """select publication_id, as_of_date from mart.kpi_publication
               order by as_of_date desc, publication_id desc limit 1"""
        )
    if built:
        days = len({each.day for each in built})
        held = sum(each.state == "held" for each in built)
        return w.say(
            f"Đã tính chỉ tiêu của {days} ngày; {held} ngày bị giữ lại, chờ duyệt.",
            f"Days whose KPIs were built: {days}; held for a decision: {held}.",
        )
    if last is None:
        return w.say(
            "Chưa có dữ liệu để tính chỉ tiêu: đồng bộ một ngày trước.",
            "There is nothing to build KPIs from: sync a day first.",
        )
    number, day = last.publication_id, w.day(last.as_of_date)
    return w.say(
        f"Không có gì thay đổi: chỉ tiêu đã được công bố; lần công bố số {number} là của ngày "
        f"mới nhất, {day}.",
        f"Nothing has changed: the KPIs are already published; publication {number} is that of "
        f"the newest day, {day}.",
    )
