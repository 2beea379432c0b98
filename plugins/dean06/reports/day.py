"""What a day came to, for people: loads with their row counts, quarantine with reasons, KPIs.

In the reader's language. Counts only: nothing printed here comes from a record.
"""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dean06 import settings
from dean06.details.detail import detail
from dean06.failures.causes import explain
from dean06.failures.particulars import particulars
from dean06.figures.published import View, newest_day_with_values
from dean06.figures.words import Words
from dean06.load import stops
from dean06.load.steps import State
from dean06.load.stops import Stop
from dean06.reports.counts import COUNTS
from dean06.trail import chain
from dean06.warehouse import sql_file, transaction


def latest_day() -> date | None:
    """The last day that any source has published."""
    with transaction() as session:
        return session.one("select max(day) as day from ops.load where status = 'published'").day  # type: ignore[no-any-return]


def show(day: date, console: Console, w: Words, *, unavailable: bool = False) -> None:
    """Print a day's loads, what was quarantined and why in short, and its KPIs.

    KPIs without a value are counted by reason; ``unavailable``: and named.
    """
    _show_loads(day, console, w)
    _show_broken_rules(day, console, w)
    _show_kpis(day, console, w, unavailable)
    if head := chain.last_head():
        label = w.say(
            "Mã băm đã ký số mới nhất của nhật ký truy vết", "Newest signed head of the audit trail"
        )
        console.print(f"{label}: {head.entry_no} · {head.hash}")


def show_quarantine(day: date, console: Console, w: Words) -> None:
    """Print every broken rule of a day's loads with its reason."""
    table = _table(
        w.say("Bản ghi bị từ chối", "Quarantined records"),
        [w.say("bộ dữ liệu", "dataset"), w.say("quy tắc", "rule")],
        [w.say("số bản ghi", "records")], [w.say("lý do", "reason")],
    )  # fmt: skip
    for row in _broken_rules(day):
        table.add_row(
            f"{row.source_code}.{row.dataset_code}", row.rule_code, w.number(row.records),
            w.pick(row, "reason"),
        )  # fmt: skip
    console.print(table if table.row_count else _nothing_rejected(day, w))


def save_picture(console: Console, path: Path) -> None:
    """Save what a recording console has shown as SVG that loads nothing from elsewhere."""
    self_contained = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    path.write_text(console.export_svg(title="make run", code_format=self_contained), "utf-8")


def _show_loads(day: date, console: Console, w: Words) -> None:
    table = _table(
        f"dean06 · {w.day(day)}",
        [w.say("nguồn", "source"), w.say("bộ dữ liệu", "dataset")],
        [w.of(name) for name in COUNTS.values()],
        [w.say("trạng thái", "status")],
    )  # fmt: skip
    remarks = []
    with transaction() as session:
        rows = session.rows(sql_file("reports/loads.sql"), day=day)
        stop_of = stops.of_loads(session, (row.load_id for row in rows if row.cause))
        for row in rows:
            counts = [w.number(count) for count in row[4:11]]
            table.add_row(row.source_code, row.dataset_code, *counts, _state(row.status, w))
            remarks += _remarks(row, stop_of.get(row.load_id), w)
    console.print(table)
    for remark in remarks:
        console.print(f"  {remark}", highlight=False)


def _state(status: str, w: Words) -> str:
    """How far a load has come, as console markup."""
    state = detail(f"state_{status}").text(w.language)
    return state if status == State.PUBLISHED else f"[red]{state}[/red]"


def _remarks(row: Any, stop: Stop | None, w: Words) -> list[str]:
    """What is to be known of a load beside its counts, as console markup."""
    name = f"{row.source_code}.{row.dataset_code}"
    said = []
    if row.status == "published" and row.received_count == 0:
        empty = w.say("nguồn không gửi bản ghi nào", "the source delivered no records (empty feed)")
        said.append(f"{name}: {empty}")
    if row.drift:
        unknown = w.say(
            "trường chưa khai báo trong hợp đồng dữ liệu", "fields that are not in the contract"
        )
        said.append(f"{name}: {unknown}: {escape(', '.join(row.drift))}")
    if stop is not None:
        why = f"{w.of(explain(row.cause_code).text)} {w.of(stop.place)}"
        said.append(f"[red]{name}: {escape(why)}[/red]")
        if found := particulars(row.cause, row.detail_code, row.detail_parameters):
            said.append(f"[red]  {escape(w.of(found.text))}[/red]")
    return said


def _show_broken_rules(day: date, console: Console, w: Words) -> None:
    table = _table(
        w.say("Bản ghi bị từ chối", "Quarantined records"), [w.say("bộ dữ liệu", "dataset")],
        [w.say("số bản ghi", "records")], [w.say("quy tắc bị vi phạm", "rules broken")],
    )  # fmt: skip
    by_dataset: dict[str, list[Any]] = {}
    for row in _broken_rules(day):
        by_dataset.setdefault(f"{row.source_code}.{row.dataset_code}", []).append(row)
    for dataset, rows in by_dataset.items():
        rules = "; ".join(f"{row.rule_code} {w.number(row.records)}" for row in rows)
        table.add_row(dataset, w.number(rows[0].quarantined_count), rules)
    console.print(table if table.row_count else _nothing_rejected(day, w))
    if table.row_count:
        full = w.say("Lý do đầy đủ", "Reasons in full")
        console.print(f"  {full}: python -m dean06 quarantine --day {day}", highlight=False)


def _nothing_rejected(day: date, w: Words) -> str:
    return w.say(
        f"Ngày {w.day(day)} không có bản ghi bị từ chối.",
        f"Nothing was quarantined on {w.day(day)}.",
    )


def _broken_rules(day: date) -> list[Any]:
    with transaction() as session:
        return session.rows(sql_file("reports/quarantine.sql"), day=day)


def _show_kpis(day: date, console: Console, w: Words, unavailable: bool) -> None:
    table = _table(
        f"{w.say('Chỉ tiêu', 'KPIs')} · {w.day(day)}", [w.say("chỉ tiêu", "KPI")],
        [w.say("giá trị", "value"), w.say("mẫu số", "denominator"), w.say("mục tiêu", "target")],
        [w.say("tình trạng", "status"), w.say("đơn vị", "area")],
    )  # fmt: skip
    table.columns[0].min_width = 24
    with transaction() as session:
        rows = session.rows(sql_file("reports/kpis.sql"), day=day)
        asked = session.rows(sql_file("reports/targets.sql"), day=day)
        indexes = session.rows(sql_file("reports/service_index.sql"), day=day)
    for row in rows:
        if row.value is None:
            continue
        own = [t for t in asked if (t.kpi_code, t.unit_code) == (row.kpi_code, row.unit_code)]
        amount = row.value if row.unit == "share" else row.numerator
        table.add_row(
            f"{w.pick(row, 'name')}\n[dim]{w.pick(row, 'period')}[/dim]",
            w.amount(amount, row.unit), w.number(row.denominator),
            "\n".join(_target(target, w) for target in own) or "–",
            "\n".join(_status(target, w) for target in own) or "–", w.unit(row),
        )  # fmt: skip
    console.print(table if table.row_count else _no_kpis(day, w, is_published=bool(rows)))
    missing = [row for row in rows if row.value is None]
    _show_unavailable(day, missing, console, w, named=unavailable)
    for target in asked:
        if target.status in ("on_track", "behind", "missed") and target.missing_count:
            console.print(f"  {_distance(target, w)}", highlight=False)
    for index in indexes:
        console.print(f"  QĐ 766 · {w.unit(index)}: {w.pick(index, 'told')}", highlight=False)


def _no_kpis(day: date, w: Words, *, is_published: bool) -> str:
    """That a day has no values, and which day has."""
    with transaction() as session:
        view = View(datetime.now(settings.TIMEZONE), "as_reported")
        newest = newest_day_with_values(session, view, "province")
    missing = (
        w.say(f"Ngày {w.day(day)} chưa có số liệu.", f"No KPI has a value for {w.day(day)}.")
        if is_published
        else w.say(
            f"Chưa công bố chỉ tiêu của ngày {w.day(day)}.",
            f"No KPIs are published for {w.day(day)} yet.",
        )
    )
    if newest is None:
        return missing
    label = w.say("Ngày gần nhất có số liệu:", "The newest day with values is")
    return f"{missing}\n{label} {w.day(newest)}: python -m dean06 report --day {newest}"


def _show_unavailable(
    day: date, rows: list[Any], console: Console, w: Words, *, named: bool
) -> None:
    """The number of KPIs without a value, and of each reason; their names where asked for."""
    if not rows:
        return
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        named_so = f"{w.pick(row, 'name')} ({w.unit(row)})"
        by_reason.setdefault(w.pick(row, "reason"), []).append(named_so)
    count = w.number(len(rows))
    console.print(
        f"  {w.say(f'Chưa có số liệu: {count} chỉ tiêu', f'Not available: {count} KPIs')}",
        highlight=False,
    )
    for reason, names in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        listed = f": {'; '.join(names)}" if named else ""
        console.print(
            f"  – {w.number(len(names))} · {reason}{listed}", highlight=False, markup=False
        )
    if not named:
        names_of = w.say("Tên các chỉ tiêu", "Names")
        console.print(
            f"  {names_of}: python -m dean06 report --day {day} --unavailable", highlight=False
        )


def _target(target: Any, w: Words) -> str:
    if target.target is None:
        return f"{target.target_id} {w.say('chưa xác định', 'unknown')}"
    return f"{target.target_id} {w.target(target.operator, target.target, target.unit)}"


def _status(target: Any, w: Words) -> str:
    colour = {"met": "green", "behind": "yellow", "missed": "red"}.get(target.status)
    status = w.pick(target, "status")
    text = f"{target.target_id} {status if colour is None else f'[{colour}]{status}[/{colour}]'}"
    if target.share_reached is None or target.unit == "share":
        return text
    share = w.share(target.share_reached)
    return f"{text} ({w.say(f'{share} mục tiêu', f'{share} of the target')})"


def _distance(target: Any, w: Words) -> str:
    missing = w.number(target.missing_count)
    left = w.say(f"còn thiếu {missing}", f"remaining: {missing}")
    distance = f"{target.target_id} {w.pick(target, 'name')}: {left}"
    if target.needed_per_day is None:
        return distance
    daily, end = w.number(target.needed_per_day), w.day(target.ends_on)
    return distance + w.say(
        f", từ nay đến {end} mỗi ngày cần thêm {daily}", f", needed per day to {end}: {daily}"
    )


def _table(title: str, left: list[str], right: list[str], last: list[str]) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for name in left:
        table.add_column(name)
    for name in right:
        table.add_column(name, justify="right")
    for name in last:
        table.add_column(name)
    return table
