"""How the report writes one figure: a value, a target, a change, a reason. Never blank, and a zero
only where zero was published."""

import re
from collections.abc import Callable
from typing import Any

from dean06 import settings
from dean06.contract import Bilingual
from dean06.figures.changes import Restated
from dean06.figures.ranking import Place, Ranking
from dean06.figures.standing import Line, Standing
from dean06.figures.words import Words
from dean06.pack.content import Content

_STATUSES = {
    "met": Bilingual("Met", "Đạt"),
    "on_track": Bilingual("On track", "Đúng tiến độ"),
    "behind": Bilingual("Behind", "Chậm tiến độ"),
    "missed": Bilingual("Missed", "Không đạt"),
    "open": Bilingual("Not assessed", "Chưa đánh giá được"),
    "not_applicable": Bilingual("Not applicable", "Không áp dụng"),
}
_READING = re.compile(r"\(((?:cách hiểu|reading) [A-Z])\)")


def status(w: Words, code: str) -> str:
    """A status of ``mart.kpi_status``."""
    return w.of(_STATUSES[code])


def hidden(w: Words, unit: str) -> str:
    """What stands where a small count of this unit is not shown: only persons are called so."""
    if unit != "person":
        return w.say("không hiển thị (số lượng quá nhỏ)", "not shown (small count)")
    least = settings.smallest_shown_count()
    return w.say(f"không hiển thị (dưới {least} người)", f"not shown (fewer than {least} persons)")


def missing(w: Words) -> str:
    """What stands where nothing was published."""
    return w.say("chưa có số liệu: chưa công bố", "not available: not published")


def value(w: Words, row: Any) -> str:
    """A published value, or why there is none."""
    if row is None:
        return missing(w)
    if row.value is None and row.is_suppressed:
        return hidden(w, row.unit)
    return w.published(row, row.unit)


def bare_value(w: Words, amount: Any, unit: str) -> str:
    """A value of a restatement; one that is no longer shown in words."""
    if amount is None:
        return w.say("chưa có số liệu hoặc không hiển thị", "not available or not shown")
    return w.amount(amount, unit)


def place(w: Words, of: Place) -> str:
    """Why a commune has no rank."""
    if of.row is not None and of.row.is_suppressed:
        return hidden(w, of.row.unit)
    return w.of(of.no_amount) if of.no_amount is not None else missing(w)


def district(w: Words, of: Place) -> str:
    """The district of a commune."""
    return w.of(of.district) if of.district else w.say("không còn cấp huyện", "no district")


def publication(w: Words, row: Any) -> str:
    """The number of a value's publication."""
    return w.say("chưa công bố", "none") if row is None else str(row.publication_id)


def ranked_by(w: Words, ranking: Ranking) -> str:
    """What communes are ranked by."""
    if ranking.unit == "share":
        return w.say("tỷ lệ", "share")
    return w.say("trên 100 nhân khẩu thường trú", "per 100 permanent residents")


def target(w: Words, row: Any) -> str:
    """≥ 50,0% đến 31/12/2022."""
    if row.target is None:
        due = w.say("mục tiêu chưa xác định, thời hạn", "target unknown, due")
    else:
        due = f"{w.target(row.operator, row.target, row.unit)} {w.say('đến ngày', 'by')}"
    return f"{due} {w.day(row.ends_on)}"


def standing(w: Words, row: Any) -> str:
    """The status of a target, with the remark that explains it."""
    remark, word = w.pick(row, "remark"), status(w, str(row.status))
    if remark.startswith(word.lower()):
        return remark
    return f"{word}: {remark}" if remark else word


def readings(of: Standing) -> list[Any]:
    """The targets of the one value that a standing is about: the one that decides first."""
    own = of.line.value.kpi_code
    return [each.row for each in (of.target, *of.others) if each.row.kpi_code == own]


def reading(w: Words, row: Any) -> str:
    """``cách hiểu A``, where a target is one of two readings of a sentence; else its name."""
    found = _READING.search(w.pick(row, "name"))
    return found[1] if found else w.pick(row, "name")


def targets(w: Words, of: Standing | None) -> str:
    """The target of a KPI; of several, each with its reading or name."""
    return _each_reading(w, of, target) if of else w.say("chưa có mục tiêu", "no target")


def standings(w: Words, of: Standing | None) -> str:
    """The status of a KPI; of several targets, each with its reading or name."""
    return _each_reading(w, of, standing) if of else w.say("chưa đánh giá", "not assessed")


def _each_reading(w: Words, of: Standing, say: Callable[[Words, Any], str]) -> str:
    rows = readings(of)
    if len(rows) == 1:
        return say(w, rows[0])
    return "; ".join(f"{say(w, row)} ({reading(w, row)})" for row in rows)


def compared(w: Words, content: Content) -> str:
    """The heading over the changes of values."""
    if content.compared.is_previous:
        return w.say("So với kỳ trước", "Change")
    day = w.day(content.compared.day)
    return w.say(f"So với ngày {day}", f"Change since {day}")


def compared_with(w: Words, content: Content) -> str:
    """Which day values are compared with, and why that one."""
    day, before = w.day(content.compared.day), w.day(content.span.day_before)
    if content.compared.is_previous:
        return w.say(
            f"Cột “So với kỳ trước” so sánh với số liệu của ngày cuối kỳ trước ({before}).",
            f"The column “Change” compares with the last day of the previous period, {before}.",
        )
    if content.compared.day is not None:
        return w.say(
            f"Chưa công bố số liệu của ngày cuối kỳ trước ({before}) nên báo cáo so sánh với ngày "
            f"{day}. Đây là ngày gần nhất trong kỳ có số liệu, cách ngày {w.day(content.day)} "
            "từ một tuần trở lên.",
            f"Nothing is published for the last day of the previous period, {before}, so changes "
            f"are since {day}, the latest published day of this period that is at least a week "
            f"before {w.day(content.day)}.",
        )
    return w.say(
        "Báo cáo không so sánh với kỳ trước vì chưa công bố số liệu của ngày cuối kỳ trước "
        f"({before}); trong kỳ này cũng chưa công bố số liệu của ngày nào cách ngày "
        f"{w.day(content.day)} từ 7 đến 90 ngày.",
        f"Not compared: nothing is published for the last day of the previous period, {before}, "
        f"nor for any day of this period that is 7 to 90 days before {w.day(content.day)}.",
    )


def change(w: Words, content: Content, line: Line) -> str:
    """By what a value changed since the day compared with, or why that cannot be said."""
    found = content.changes[line.value.kpi_code]
    if isinstance(found, Bilingual):
        return w.of(found)
    return missing(w) if found is None else w.difference(found, line.value.unit)


def causes(w: Words, restated: Restated, most: int | None = None) -> str:
    """Why a value was restated; of more than so many causes the first, and how many others."""
    few = w.say("số lượng nhỏ", "small count")
    reasons = []
    for cause in restated.causes[:most]:
        count = few if cause.row_count is None else w.number(cause.row_count)
        of = f" ({w.of(cause.dataset)}: {count})" if cause.dataset else ""
        reasons.append(f"{w.of(cause.words)}{of}")
    if others := len(restated.causes) - len(reasons):
        reasons.append(w.say(f"{others} lý do khác", f"{others} more"))
    return "; ".join(reasons) or w.say("chưa xác định được lý do", "no cause is recorded")
