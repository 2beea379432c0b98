"""The section on who is behind: communes below a target, agencies with tasks that are overdue."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from dean06.figures.ranking import Band, Place, Ranking
from dean06.figures.standing import Standing
from dean06.figures.words import Words
from dean06.kpi import disclosure
from dean06.pack import phrases
from dean06.pack.block import Block
from dean06.pack.content import Content

WORST = 10
"""Communes of a KPI that the report names; all of them are in the annex."""
_BELOW: tuple[Band, ...] = ("near", "below", "far")

Row = tuple[str, ...]


def communes(content: Content, w: Words) -> Iterable[Block]:
    """The communes that are farthest below the target, by every KPI that is behind or missed."""
    yield Block("paragraph", w.say("1. Đơn vị cấp xã", "1. Communes"))
    behind = [
        (each, ranked) for each, ranked in content.rankings if each.status in {"behind", "missed"}
    ]
    if not behind:
        yield Block(
            "paragraph",
            w.say(
                "Trong các chỉ tiêu có số liệu theo xã, không có chỉ tiêu nào chậm tiến độ hoặc "
                "không đạt mục tiêu.",
                "No KPI with values by commune is behind or has missed its target.",
            ),
        )
    elif base := disclosure.rounded_to():
        yield Block("paragraph", _rounded(base, w))
    for each, ranked in behind:
        yield from _of_kpi(each, ranked, w)


def _rounded(base: int, w: Words) -> str:
    to_en = "tens" if base == 10 else f"{base}s"
    return w.say(
        f"Số liệu của cấp xã được làm tròn đến bội số của {base}; tỷ lệ của cấp xã được tính từ "
        "hai số đã làm tròn, ghi trong ngoặc.",
        f"Counts by commune are rounded to {to_en}; shares are computed from the two rounded "
        "counts in brackets.",
    )


def _of_kpi(judged: Standing, ranked: Ranking, w: Words) -> Iterable[Block]:
    below = [place for place in ranked.ranked if place.band in _BELOW]
    wanted = "" if ranked.wanted is None else _wanted(ranked, ranked.wanted, w)
    title = f"{w.pick(judged.line.value, 'name')} ({phrases.ranked_by(w, ranked)}{wanted})"
    told = f"{title}: {_counted(below, ranked, w)}."
    if below and not ranked.names_worst:
        yield Block("paragraph", f"{told} {_level(ranked, w)}.")
        return
    yield Block("paragraph", told)
    if below:
        yield Block(
            "table",
            header=(
                w.say("Hạng", "Rank"), w.say("Đơn vị cấp xã", "Commune"),
                w.say("Huyện", "District"), w.say("Giá trị", "Value"),
                w.say("Lần công bố", "Publ. no."),
            ),
            rows=(*_worst(below, ranked, w),),
            widths=(3, 6, 6, 6, 3),
        )  # fmt: skip


def _level(ranked: Ranking, w: Words) -> str:
    """Why no commune is named: rounding may have put it there, and a report is signed."""
    count, is_lowest = ranked.may_be_worst, ranked.operator != "<="
    why = w.say("do số liệu được làm tròn, ", "because counts are rounded, ") if ranked.base else ""
    told = w.say(
        f"{why}{count} xã có thể cùng ở mức {'thấp' if is_lowest else 'cao'} nhất nên không nêu "
        "tên; xem phụ lục",
        f"{why}any of {count} communes may have the {'lowest' if is_lowest else 'highest'} value, "
        "so none is named; see the annex",
    )
    return told[:1].upper() + told[1:]


def _counted(below: Sequence[Place], ranked: Ranking, w: Words) -> str:
    """How many communes are below the target, and how many have no rank, by reason."""
    with_value = len(ranked.ranked)
    told = [
        w.say(
            f"{len(below)} xã chưa đạt mục tiêu trong số {with_value} xã có số liệu",
            f"{len(below)} of {with_value} communes with a value are below the target",
        )
        if with_value
        else w.say("không có xã nào xếp hạng được", "no commune can be ranked")
    ]
    reasons = Counter(phrases.place(w, place) for place in ranked.places if place.rank is None)
    told += [
        w.say(f"{count} xã không xếp hạng ({reason})", f"{count} are not ranked ({reason})")
        for reason, count in reasons.items()
    ]
    return "; ".join(told)


def _wanted(ranked: Ranking, wanted: float, w: Words) -> str:
    sign = "≤" if ranked.operator == "<=" else "≥"
    return w.say("; mục tiêu ", "; target ") + f"{sign} {w.ranked(wanted, ranked.unit)}"


def _worst(below: Sequence[Place], ranked: Ranking, w: Words) -> Iterable[Row]:
    """The worst communes by name; of equal ones that do not all fit, none."""
    covered = 0
    for rank, group in groupby(below, key=lambda place: place.rank):
        equal = list(group)
        if covered + len(equal) > WORST:
            break
        for place in equal:
            yield (
                str(rank), w.of(place.name) or place.code, phrases.district(w, place),
                _value(place, ranked, w), phrases.publication(w, place.row),
            )  # fmt: skip
        covered += len(equal)
    if more := len(below) - covered:
        yield (
            w.say("tiếp theo", "next"),
            w.say(f"{more} xã khác chưa đạt mục tiêu", f"{more} more below the target"),
            *[w.say("xem phụ lục", "see the annex")] * 3,
        )


def _value(place: Place, ranked: Ranking, w: Words) -> str:
    """66,7% (20/30); a count per 100 residents as it is."""
    shown = w.ranked(place.amount or 0.0, ranked.unit)
    if ranked.unit != "share":
        return shown
    return f"{shown} ({w.number(place.row.numerator)}/{w.number(place.row.denominator)})"


def agencies(content: Content, w: Words) -> Iterable[Block]:
    """Tasks of the plan by agency: due, done on time, overdue."""
    yield Block(
        "paragraph",
        w.say("2. Sở, ban, ngành: nhiệm vụ trong kế hoạch", "2. Agencies: tasks of the plan"),
    )
    if not content.agencies:
        yield Block(
            "paragraph",
            w.say(
                f"Chưa công bố số liệu ngày {w.day(content.day)} về nhiệm vụ của từng đơn vị.",
                f"Not available: no tasks by agency are published for {w.day(content.day)}.",
            ),
        )
        return
    number = content.publication.publication_id
    yield Block(
        "paragraph",
        w.say(
            f"Tính đến hết ngày {w.day(content.day)}, theo lần công bố số {number}; xếp từ đơn vị "
            "có tỷ lệ nhiệm vụ đúng hạn thấp nhất. Quá hạn: đã đến hạn nhưng chưa hoàn "
            "thành hoặc hoàn thành sau thời hạn.",
            f"Up to {w.day(content.day)}, as of publication {number}; the lowest share first. "
            "Overdue: completed after the deadline, or due and not completed.",
        ),
    )
    yield Block(
        "table",
        header=(
            w.say("Đơn vị", "Agency"), w.say("Nhiệm vụ được giao", "Tasks"),
            w.say("Đến hạn", "Due"), w.say("Nhiệm vụ đúng hạn", "Tasks on time"),
            w.say("Quá hạn", "Overdue"),
            w.say("Tỷ lệ nhiệm vụ đúng hạn", "Share of tasks on time"),
            w.say("Lần công bố", "Publ. no."),
        ),
        rows=tuple(
            (
                w.pick(row, "owner_name"), w.number(row.task_count), w.number(row.due_count),
                w.number(row.on_time_count), w.number(row.due_count - row.on_time_count),
                w.say("chưa có nhiệm vụ đến hạn", "none is due")
                if row.on_time_share is None else w.share(row.on_time_share),
                str(number),
            )
            for row in content.agencies
        ),
        widths=(9, 4, 3, 3, 3, 4, 3),
    )  # fmt: skip
