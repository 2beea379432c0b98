"""How the report writes one figure: a value, a target, a change, a reason. Never blank, and a zero
only where zero was published."""

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


def status(w: Words, code: str) -> str:
    """A status of ``mart.kpi_status``."""
    return w.of(_STATUSES[code])


def suppressed(w: Words) -> str:
    """What stands where a small count is not shown."""
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
        return suppressed(w)
    return w.published(row, row.unit)


def bare_value(w: Words, amount: Any, unit: str) -> str:
    """A value of a restatement; one that is no longer shown in words."""
    if amount is None:
        return w.say("chưa có số liệu hoặc không hiển thị", "not available or not shown")
    return w.amount(amount, unit)


def place(w: Words, of: Place) -> str:
    """Why a commune has no rank."""
    if of.row is not None and of.row.is_suppressed:
        return suppressed(w)
    return w.of(of.no_amount) if of.no_amount is not None else missing(w)


def publication(w: Words, row: Any) -> str:
    """The number of a value's publication."""
    return w.say("chưa công bố", "none") if row is None else str(row.publication_id)


def ranked_by(w: Words, ranking: Ranking) -> str:
    """What communes are ranked by."""
    if ranking.unit == "share":
        return w.say("tỷ lệ", "share")
    return w.say("trên 100 nhân khẩu thường trú", "per 100 permanent residents")


def target(w: Words, of: Standing) -> str:
    """≥ 50,0% đến 31/12/2022."""
    row = of.target.row
    if row.target is None:
        amount = w.say("mục tiêu chưa xác định", "target unknown")
    else:
        amount = w.target(row.operator, row.target, row.unit)
    return f"{amount} {w.say('đến ngày', 'by')} {w.day(row.ends_on)}"


def standing(w: Words, of: Standing) -> str:
    """The status, with the remark that explains it."""
    remark, word = w.pick(of.target.row, "remark"), status(w, of.status)
    if remark.startswith(word.lower()):
        return remark
    return f"{word}: {remark}" if remark else word


def change(w: Words, content: Content, line: Line) -> str:
    """By what a value changed since the previous period, or why that cannot be said."""
    found = content.changes[line.value.kpi_code]
    if isinstance(found, Bilingual):
        return w.of(found)
    return missing(w) if found is None else w.difference(found, line.value.unit)


def causes(w: Words, restated: Restated) -> str:
    """Why a value was restated."""
    reasons = []
    for cause in restated.causes:
        count = f": {w.number(cause.row_count)}" if cause.row_count else ""
        of = f" ({w.of(cause.dataset)}{count})" if cause.dataset else count
        reasons.append(f"{w.of(cause.words)}{of}")
    return "; ".join(reasons) or w.say("chưa xác định được lý do", "no cause is recorded")
