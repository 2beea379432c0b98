"""Parts of the report in words: the overview and the five groups."""

from collections.abc import Iterable, Sequence

from dean06.figures import standing
from dean06.figures.standing import Line, Standing
from dean06.figures.words import Words
from dean06.kpi import family
from dean06.pack import phrases
from dean06.pack.block import Block
from dean06.pack.content import Content
from dean06.reference import tables


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
    for each in standings:
        if len(phrases.readings(each)) > 1:
            yield Block("paragraph", _counted_once(each, w))
    yield Block(
        "table",
        header=(
            w.say("Chỉ tiêu (xếp từ chậm nhất)", "KPI, worst first"),
            w.say("Giá trị", "Value"),
            w.say("Mục tiêu", "Target"),
            w.say("Tình trạng", "Status"),
        ),
        rows=tuple(row for each in standings for row in _targets(each, w)),
        widths=(9, 5, 6, 5),
    )


def _counted_once(of: Standing, w: Words) -> str:
    """Which of several targets of one KPI the counts are about."""
    first, *others = (w.pick(row, "name") for row in phrases.readings(of))
    return w.say(
        f"Chỉ tiêu “{w.pick(of.line.value, 'name')}” có {len(others) + 1} mục tiêu nhưng chỉ được "
        f"tính một lần, theo mục tiêu “{first}”; không tính theo mục tiêu "
        f"{', '.join(f'“{each}”' for each in others)}.",
        f"“{w.pick(of.line.value, 'name')}” has {len(others) + 1} targets and is counted once, "
        f"under “{first}”; not counted: {', '.join(f'“{each}”' for each in others)}.",
    )


def _targets(of: Standing, w: Words) -> Iterable[tuple[str, ...]]:
    """A row for each target of the KPI's value; the first one is counted."""
    rows = phrases.readings(of)
    for at, row in enumerate(rows):
        name, status = w.pick(of.line.value, "name"), phrases.standing(w, row)
        if len(rows) > 1:
            name = f"{name} ({phrases.reading(w, row)})"
        if at:
            status = f"{status} ({w.say('không tính', 'not counted')})"
        yield name, phrases.value(w, of.line.value), phrases.target(w, row), status


def groups(content: Content, w: Words) -> Iterable[Block]:
    """A table for each of the five groups."""
    group_of = family.groups()
    deciding = {each.line.value.kpi_code: each for each in content.standings}
    shown = [line for line in content.lines if _is_shown(line, content, deciding)]
    names = [row for row in tables.members() if row.breakdown == "group"]
    yield Block("paragraph", phrases.compared_with(w, content))
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
            "paragraph",
            w.say(
                "Chỉ tiêu không thuộc nhóm nào hoặc không còn được tính",
                "KPIs without a group, or no longer computed",
            ),
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
    """Without a day to compare with, there is no column of changes."""
    is_compared = content.compared.day is not None
    rows = []
    for line in lines:
        row, judged = line.value, deciding.get(line.value.kpi_code)
        covered = w.pick(row, "covered")
        rows.append((
            " · ".join(part for part in (w.pick(row, "name"), covered) if part),
            phrases.value(w, row),
            phrases.targets(w, judged), phrases.standings(w, judged),
            *([phrases.change(w, content, line)] if is_compared else []),
            str(row.publication_id),
        ))  # fmt: skip
    return Block(
        "table",
        header=(
            w.say("Chỉ tiêu", "KPI"), w.say("Giá trị", "Value"), w.say("Mục tiêu", "Target"),
            w.say("Tình trạng", "Status"),
            *([phrases.compared(w, content)] if is_compared else []),
            w.say("Lần công bố", "Publ. no."),
        ),
        rows=tuple(rows),
        widths=(8, 5, 5, 4, 6, 3) if is_compared else (10, 6, 6, 6, 3),
    )  # fmt: skip
