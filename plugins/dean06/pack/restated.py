"""The section on restated figures: what was looked at, and what was published otherwise before."""

from collections.abc import Iterable

from dean06.figures.words import Words
from dean06.pack import phrases
from dean06.pack.block import Block
from dean06.pack.content import Content

SHOWN, CAUSES = 15, 2
"""Values that the report lists, and causes of each; all of them are in the annex."""


def section(content: Content, w: Words) -> Iterable[Block]:
    """Values of the province for every published day of the period, before and after."""
    yield Block("paragraph", f"{_looked_at(content, w)} {_result(content, w)}")
    rows = tuple(
        (
            w.pick(each.kpi, "name"), w.day(each.value.row.as_of_date),
            phrases.bare_value(w, each.value.value_before, each.kpi.unit),
            phrases.bare_value(w, each.value.row.value, each.kpi.unit),
            phrases.causes(w, each.value, CAUSES), str(each.value.row.publication_id),
        )
        for each in content.restated[:SHOWN]
    )  # fmt: skip
    if rows:
        yield Block(
            "table",
            header=(
                w.say("Chỉ tiêu", "KPI"), w.say("Ngày", "Day"),
                w.say("Trước điều chỉnh", "Before"), w.say("Sau điều chỉnh", "After"),
                w.say("Lý do điều chỉnh", "Reason"), w.say("Lần công bố", "Publ. no."),
            ),
            rows=rows,
            widths=(7, 4, 4, 4, 8, 3),
        )  # fmt: skip


def _looked_at(content: Content, w: Words) -> str:
    days, made = content.published_days, len(content.publications)
    first, last = w.day(days[0]), w.day(days[-1])
    beside = content.compared.day
    further_vi = further_en = ""
    if content.compared.is_previous:
        further_vi = f" và các lần công bố của ngày {w.day(beside)} (kỳ trước)"
        further_en = f" and in those of {w.day(beside)} (the previous period)"
    of_days = w.say(
        f"của ngày {last}" if len(days) == 1 else f"của {len(days)} ngày từ {first} đến {last}",
        f"of {last}" if len(days) == 1 else f"of {len(days)} days from {first} to {last}",
    )
    return w.say(
        f"Phạm vi so sánh: số liệu toàn tỉnh trong {made} lần công bố {of_days}{further_vi}, "
        f"tính đến {w.at(content.publications[-1].published_at)}.",
        f"Compared: totals of the province in all publications {of_days} ({made} in total)"
        f"{further_en}, up to {w.moment(content.publications[-1].published_at)}.",
    )


def _result(content: Content, w: Words) -> str:
    count = len(content.restated)
    days = len({each.value.row.as_of_date for each in content.restated})
    if not count:
        return w.say(
            "Không có số liệu nào của các ngày này được điều chỉnh.",
            "No total of these days was restated.",
        )
    told = w.say(
        f"Có {w.number(count)} số liệu của {days} ngày được điều chỉnh. Các chỉ tiêu dùng chung dữ "
        "liệu được tính cùng nhau. Vì vậy, cột lý do nêu tất cả bộ dữ liệu đã thay đổi mà các chỉ "
        "tiêu này sử dụng, kể cả bộ dữ liệu không ảnh hưởng đến chỉ tiêu ở dòng đó.",
        f"Restated values: {w.number(count)}, of {days} day(s). KPIs that use the same data are "
        "computed together. The reasons therefore name every dataset that changed for these KPIs, "
        "including datasets that do not affect the KPI in that row.",
    )
    if count <= SHOWN:
        return told + w.say(
            " Lý do đầy đủ có tại phụ lục.", " The annex has all reasons of each value."
        )
    return told + w.say(
        f" Bảng dưới đây nêu {SHOWN} số liệu của những ngày gần nhất; toàn bộ số liệu và lý do có "
        "tại phụ lục.",
        f" The table lists {SHOWN} values, those of the latest days; the annex has all values and "
        "reasons.",
    )
