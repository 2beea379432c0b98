"""What a day came to, for people: loads with their row counts, quarantine with reasons, KPIs.

Counts only: nothing printed here comes from a record.
"""

import math
import re
from datetime import date
from pathlib import Path
from typing import Any

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dean06.failures.causes import explain, particulars
from dean06.load import stops
from dean06.trail import chain
from dean06.warehouse import sql_file, transaction


def latest_day() -> date | None:
    """The last day that any source has published."""
    with transaction() as session:
        return session.one("select max(day) as day from ops.load where status = 'published'").day  # type: ignore[no-any-return]


def show(day: date, console: Console, *, unavailable: bool = False) -> None:
    """Print a day's loads, what was quarantined and why in short, and its KPIs.

    KPIs without a value are counted by reason; ``unavailable``: and named.
    """
    _show_loads(day, console)
    _show_broken_rules(day, console)
    _show_kpis(day, console, unavailable)
    if head := chain.last_head():
        console.print(f"Audit · Nhật ký: {head.entry_no} · {head.hash}")


def show_quarantine(day: date, console: Console) -> None:
    """Print every broken rule of a day's loads with its reason in both languages."""
    table = _table("Quarantined · Bị từ chối", ["dataset", "rule"], ["records"], ["reason · lý do"])
    for row in _broken_rules(day):
        table.add_row(
            f"{row.source_code}.{row.dataset_code}", row.rule_code, _number(row.records),
            f"{row.reason_en}\n{row.reason_vi}",
        )  # fmt: skip
    console.print(table if table.row_count else f"Nothing was quarantined on {day}.")


def save_picture(console: Console, path: Path) -> None:
    """Save what a recording console has shown as SVG that loads nothing from elsewhere."""
    self_contained = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    path.write_text(console.export_svg(title="make run", code_format=self_contained), "utf-8")


def _show_loads(day: date, console: Console) -> None:
    table = _table(
        f"dean06 · {day:%d/%m/%Y}", ["source", "dataset"],
        ["received", "inserted", "updated", "unchanged", "deleted", "superseded", "quarantined"],
        ["status"],
    )  # fmt: skip
    remarks = []
    with transaction() as session:
        rows = session.rows(sql_file("reports/loads.sql"), day=day)
        stop_of = stops.of_loads(session, (row.load_id for row in rows if row.cause))
        for row in rows:
            published = row.status == "published"
            counts = [_number(count) for count in row[4:11]]
            table.add_row(
                row.source_code, row.dataset_code, *counts,
                row.status if published else f"[red]{row.status}[/red]",
            )  # fmt: skip
            name = f"{row.source_code}.{row.dataset_code}"
            if published and row.received_count == 0:
                remarks.append(f"{name}: the source delivered no records (empty feed)")
            if row.drift:
                fields = escape(", ".join(row.drift))
                remarks.append(f"{name}: fields that are not in the contract: {fields}")
            if row.cause:
                why = explain(row.cause_code).text
                place = stop_of[row.load_id].place
                remarks.append(
                    f"[red]{name}: {escape(f'{why.en} {place.en} | {why.vi} {place.vi}')}[/red]"
                )
                found = particulars(row.cause, row.detail_code, row.detail_parameters)
                remarks += [
                    f"[red]  {escape(said)}[/red]"
                    for said in ((found.text.en, found.text.vi) if found else ())
                ]
    console.print(table)
    for remark in remarks:
        console.print(f"  {remark}", highlight=False)


def _show_broken_rules(day: date, console: Console) -> None:
    table = _table(
        "Quarantined · Bị từ chối", ["dataset"], ["records"], ["rules broken · quy tắc vi phạm"]
    )
    by_dataset: dict[str, list[Any]] = {}
    for row in _broken_rules(day):
        by_dataset.setdefault(f"{row.source_code}.{row.dataset_code}", []).append(row)
    for dataset, rows in by_dataset.items():
        told = ", ".join(f"{row.rule_code} {row.records}" for row in rows)
        table.add_row(dataset, _number(rows[0].quarantined_count), told)
    console.print(table if table.row_count else "Nothing was quarantined.")
    if table.row_count:
        console.print(
            f"  Reasons in full: python -m dean06 quarantine --day {day}", highlight=False
        )


def _broken_rules(day: date) -> list[Any]:
    with transaction() as session:
        return session.rows(sql_file("reports/quarantine.sql"), day=day)


def _show_kpis(day: date, console: Console, unavailable: bool) -> None:
    table = _table(
        f"Chỉ tiêu · KPIs · {day:%d/%m/%Y}",
        ["chỉ tiêu", "KPI", "unit"], ["value", "denominator", "target"], ["status", "area"],
    )  # fmt: skip
    table.columns[0].min_width = 24  # a name is read before its English one
    with transaction() as session:
        rows = session.rows(sql_file("reports/kpis.sql"), day=day)
        asked = session.rows(sql_file("reports/targets.sql"), day=day)
        indexes = session.rows(sql_file("reports/service_index.sql"), day=day)
    for row in rows:
        if row.value is None:
            continue
        own = [t for t in asked if (t.kpi_code, t.unit_code) == (row.kpi_code, row.unit_code)]
        table.add_row(
            f"{row.name_vi}\n[dim]{row.period_vi}[/dim]", row.name_en, row.unit, _amount(row),
            _number(row.denominator) if row.denominator is not None else "–",
            "\n".join(_target(target) for target in own) or "–",
            "\n".join(_status(target) for target in own) or "–", row.unit_name,
        )  # fmt: skip
    console.print(table if rows else f"No KPIs are published for {day} yet.")
    _show_unavailable(day, [row for row in rows if row.value is None], console, named=unavailable)
    for target in asked:
        if target.status in ("on_track", "behind", "missed") and target.missing_count:
            console.print(f"  {_distance(target)}", highlight=False)
    for index in indexes:
        console.print(
            f"  QĐ 766 · {index.unit_name}: {index.told_vi} · {index.told_en}", highlight=False
        )


def _show_unavailable(day: date, rows: list[Any], console: Console, *, named: bool) -> None:
    """The number of KPIs without a value, and of each reason; their names where asked for."""
    if not rows:
        return
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        reason = f"{row.reason_vi} · {row.reason_en}"
        by_reason.setdefault(reason, []).append(f"{row.name_vi} ({row.unit_name})")
    console.print(
        f"  Chưa có số liệu: {len(rows)} chỉ tiêu · Not available: {len(rows)} KPIs",
        highlight=False,
    )
    for reason, names in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        told = f": {'; '.join(names)}" if named else ""
        console.print(f"  – {len(names)} · {reason}{told}", highlight=False, markup=False)
    if not named:
        console.print(
            f"  Names: python -m dean06 report --day {day} --unavailable", highlight=False
        )


def _target(target: Any) -> str:
    if target.target is None:
        return f"{target.target_id} chưa xác định · not known"
    if target.unit == "share":
        amount = f"{float(target.target):.0%}"
    else:
        amount = _number(math.ceil(target.target))
    return f"{target.target_id} {f'{target.operator} {amount}'.removeprefix('>= ')}"


def _status(target: Any) -> str:
    colour = {"met": "green", "behind": "yellow", "missed": "red"}.get(target.status)
    text = target.status_vi if colour is None else f"[{colour}]{target.status_vi}[/{colour}]"
    text = f"{target.target_id} {text}"
    if target.share_reached is None or target.unit == "share":
        return text
    return f"{text} {float(target.share_reached):.1%}"


def _distance(target: Any) -> str:
    told = f"{target.target_id} {target.name_vi}: còn thiếu {_number(target.missing_count)}"
    if target.needed_per_day is None:
        return told
    return (
        f"{told}, mỗi ngày cần thêm {_number(target.needed_per_day)} đến {target.ends_on:%d/%m/%Y}"
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


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}".replace(",", " ")


def _amount(row: Any) -> str:
    return f"{row.value:.2%}" if row.unit == "share" else _number(row.numerator)
