"""What ``python -m dean06 migrate`` and ``build-kpis`` say at their end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dean06 import contract
from dean06.figures.words import Words
from dean06.warehouse import transaction

if TYPE_CHECKING:
    from dean06.kpi.publication import Built


def outcome(built: Sequence["Built"], w: Words) -> str:
    """In one sentence: what was built, or which publication holds already."""
    if built:
        days = len({each.day for each in built})
        held = sum(each.state == "held" for each in built)
        return w.say(
            f"Đã tính chỉ tiêu của {days} ngày; {held} ngày bị giữ lại, chờ duyệt.",
            f"Days whose KPIs were built: {days}; held for a decision: {held}.",
        )
    with transaction() as session:
        last = session.one(
            """select publication_id, as_of_date from mart.kpi_publication
               order by as_of_date desc, publication_id desc limit 1"""
        )
    if last is None:
        return w.say(
            "Chưa công bố chỉ tiêu của ngày nào và không có ngày nào cần tính: đồng bộ một ngày, "
            "hoặc duyệt lượt tính đang bị giữ lại.",
            "No KPIs are published, and no build is due: sync a day, or release or reject the "
            "held build.",
        )
    number, day = last.publication_id, w.day(last.as_of_date)
    return w.say(
        "Không có ngày nào cần tính: tất cả chỉ tiêu đã được công bố. Ngày gần nhất đã công bố là "
        f"{day} (lần công bố số {number}).",
        f"Nothing to build: all KPIs are already published. The newest day is {day} (publication "
        f"{number}).",
    )


def upgraded(steps: int, w: Words) -> str:
    """That the warehouse is at this version, how many migrations it took, and what of the project's
    files it holds now."""
    from dean06.kpi import family
    from dean06.schema import targets

    read = (
        len(contract.known()),
        sum(len(each.kpis) for each in family.families()),
        len(targets.read()),
    )
    contracts, kpis, goals = map(w.number, read)
    return w.say(
        f"Kho dữ liệu đã ở phiên bản mới nhất; số bước nâng cấp vừa thực hiện: {w.number(steps)}. "
        f"Đã đọc từ tệp của dự án: {contracts} hợp đồng dữ liệu, {kpis} chỉ tiêu, {goals} mục "
        "tiêu.",
        f"The warehouse is at the latest version; migrations applied now: {w.number(steps)}. "
        f"Read from the project's files: {contracts} contracts, {kpis} KPIs, {goals} targets.",
    )
