"""Parts of the report in words: overview, groups, communes, restated figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from dean06.figures import standing
from dean06.figures.ranking import Ranking
from dean06.figures.standing import Line, Standing
from dean06.figures.words import Words
from dean06.kpi import family
from dean06.pack import phrases
from dean06.pack.content import Content
from dean06.reference import tables

WORST = 10
"""Communes of a KPI that the report names; all of them are in the annex."""


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a table with its header."""

    kind: Literal["heading", "paragraph", "table"]
    text: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()
    """Of the columns, in parts."""


def overview(standings: Sequence[Standing], w: Words) -> Iterable[Block]:
    """How many KPIs are met, on track, behind and missed, and each of them, the worst first."""
    counts = standing.counts(standings)
    told = "; ".join(f"{phrases.status(w, status)}: {n}" for status, n in counts.items())
    yield Block(
        "paragraph",
        w.say(
            f"Số chỉ tiêu có mục tiêu: {len(standings)}. ", f"KPIs with targets: {len(standings)}. "
        )
        + f"{told}.",
    )
    yield Block(
        "table",
        header=(
            w.say("Chỉ tiêu (xếp từ chậm nhất)", "KPI, worst first"),
            w.say("Giá trị", "Value"),
            w.say("Mục tiêu", "Target"),
            w.say("Tình trạng", "Status"),
        ),
        rows=tuple(
            (
                w.pick(each.line.value, "name"), phrases.value(w, each.line.value),
                phrases.target(w, each), phrases.standing(w, each),
            )
            for each in standings
        ),
        widths=(9, 5, 6, 5),
    )  # fmt: skip


def groups(content: Content, w: Words) -> Iterable[Block]:
    """A table for each of the five groups."""
    group_of = family.groups()
    deciding = {each.line.value.kpi_code: each for each in content.standings}
    shown = [line for line in content.lines if _is_shown(line, content, deciding)]
    names = [row for row in tables.members() if row.breakdown == "group"]
    for group in names:
        own = [each for each in shown if group_of.get(each.value.kpi_code) == group.member_code]
        yield Block("paragraph", f"{group.member_code}. {w.pick(group, 'name')}")
        if own:
            yield _kpis(content, own, deciding, w)
        else:
            yield Block(
                "paragraph",
                w.say(
                    "Chưa có số liệu do chưa công bố chỉ tiêu nào của nhóm này.",
                    "Not available: no KPI of this group is published.",
                ),
            )
    others = [line for line in shown if line.value.kpi_code not in group_of]
    if others:
        yield Block(
            "paragraph", w.say("Chỉ tiêu không còn được tính", "KPIs that are no longer computed")
        )
        yield _kpis(content, others, deciding, w)


def _is_shown(line: Line, content: Content, deciding: dict[str, Standing]) -> bool:
    """Totals of the report's own period and those without one; others where a target decides."""
    period = line.value.period
    own = {content.span.kind, "day", "last_30_days", "since_start"}
    return period in own or line.value.kpi_code in deciding


def _kpis(
    content: Content, lines: Sequence[Line], deciding: dict[str, Standing], w: Words
) -> Block:
    rows = []
    for line in lines:
        row, judged = line.value, deciding.get(line.value.kpi_code)
        covered = w.pick(row, "covered")
        rows.append((
            " · ".join(part for part in (w.pick(row, "name"), covered) if part),
            phrases.value(w, row),
            phrases.target(w, judged) if judged else w.say("chưa có mục tiêu", "no target"),
            phrases.standing(w, judged) if judged else w.say("chưa đánh giá", "not assessed"),
            phrases.change(w, content, line),
            str(row.publication_id),
        ))  # fmt: skip
    return Block(
        "table",
        header=(
            w.say("Chỉ tiêu", "KPI"), w.say("Giá trị", "Value"), w.say("Mục tiêu", "Target"),
            w.say("Tình trạng", "Status"), w.say("So với kỳ trước", "Change"),
            w.say("Lần công bố", "Publ. no."),
        ),
        rows=tuple(rows),
        widths=(8, 5, 5, 4, 6, 3),
    )  # fmt: skip


def communes(content: Content, w: Words) -> Iterable[Block]:
    """The communes that are farthest behind, by every KPI that is behind or missed."""
    behind = [
        (each, ranked) for each, ranked in content.rankings if each.status in {"behind", "missed"}
    ]
    if not behind:
        yield Block(
            "paragraph",
            w.say(
                "Không có chỉ tiêu nào theo xã chậm tiến độ hoặc không đạt mục tiêu.",
                "No KPI by commune is behind or missed.",
            ),
        )
    for each, ranked in behind:
        yield Block(
            "paragraph", f"{w.pick(each.line.value, 'name')} ({phrases.ranked_by(w, ranked)})"
        )
        yield _ranking(ranked, w)


def _ranking(ranked: Ranking, w: Words) -> Block:
    without = [place for place in ranked.places if place.rank is None]
    rows = [
        (str(place.rank), place.name or place.code, place.district_name,
         w.ranked(place.amount or 0.0, ranked.unit), str(place.row.publication_id))
        for place in ranked.ranked[:WORST]
    ] + [
        (w.say("không xếp hạng", "not ranked"), place.name or place.code, place.district_name,
         phrases.place(w, place), phrases.publication(w, place.row))
        for place in without[:WORST]
    ]  # fmt: skip
    if len(without) > WORST:
        more = len(without) - WORST
        text = w.say(f"{more} xã khác không xếp hạng: xem phụ lục", f"{more} more: see the annex")
        rows.append((w.say("không xếp hạng", "not ranked"), text, "", text, ""))
    return Block(
        "table",
        header=(
            w.say("Hạng", "Rank"), w.say("Đơn vị cấp xã", "Commune"),
            w.say("Huyện", "District"), w.say("Giá trị", "Value"),
            w.say("Lần công bố", "Publ. no."),
        ),
        rows=tuple(rows),
        widths=(3, 6, 6, 6, 3),
    )  # fmt: skip


def restated(content: Content, w: Words) -> Iterable[Block]:
    """Figures of the report, and those it compares with, that were published otherwise before."""
    lines = {line.value.kpi_code: line.value for line in content.lines}
    rows = [
        (w.pick(lines[kpi], "name"), w.day(each.row.as_of_date),
         phrases.bare_value(w, each.value_before, lines[kpi].unit),
         phrases.bare_value(w, each.row.value, lines[kpi].unit), phrases.causes(w, each),
         str(each.row.publication_id))
        for kpi, all_times in content.restated.items()
        for each in all_times
    ]  # fmt: skip
    if not rows:
        yield Block(
            "paragraph",
            w.say("Không có số liệu nào được điều chỉnh.", "No figure was restated."),
        )
        return
    yield Block(
        "table",
        header=(
            w.say("Chỉ tiêu", "KPI"), w.say("Ngày", "Day"), w.say("Trước điều chỉnh", "Before"),
            w.say("Sau điều chỉnh", "After"), w.say("Lý do điều chỉnh", "Reason"),
            w.say("Lần công bố", "Publ. no."),
        ),
        rows=tuple(rows),
        widths=(7, 4, 4, 4, 8, 3),
    )  # fmt: skip
