"""The plan of a backfill, and what a day of it came to, as people read it before and after."""

from collections.abc import Iterable, Mapping
from datetime import date
from io import StringIO

from rich.console import Console
from rich.table import Table

from dean06.kpi import reach
from dean06.load.backfill import Plan, earliest_day


def show(planned: Plan, console: Console) -> None:
    """Print windows, KPIs and days. They are read from ledger and core; the source is not asked."""
    if planned.done:
        total = len(planned.done) + len(planned.days)
        console.print(f"Started earlier: {len(planned.done)} of {total} days are loaded.")
    windows = Table("day", "dataset", "versions after", "up to", title="Windows")
    for request in planned.requests:
        since, until = request.window.since, request.window.until
        windows.add_row(
            str(request.day), f"{planned.source}.{request.dataset.name}",
            f"{since:%Y-%m-%d %H:%M}" if since else "the beginning", f"{until:%Y-%m-%d %H:%M}",
        )  # fmt: skip
    console.print(windows if planned.requests else "Every window is loaded.")
    kpis = Table("family", "KPIs", title="KPIs")
    read = reach.families_reading(planned.source)
    for family in read:
        kpis.add_row(family.name, ", ".join(family.codes))
    console.print(kpis if read else f"No KPI reads {planned.source}.")
    earliest = earliest_day(planned)
    days = {*reach.days_from(earliest), *planned.days, *planned.done}
    console.print(
        f"Days whose KPIs may change: {ranges(days)}. A new record dated before {earliest} adds "
        "the days from its date on. Values that do not change are not published again.",
        highlight=False,
    )


def text_of(planned: Plan) -> str:
    """The same as plain text, for a log."""
    page = StringIO()
    show(planned, Console(file=page, width=132))
    return page.getvalue()


def line_of(day: date, loaded: Mapping[str, Mapping[str, int]]) -> str:
    """The row counts of a loaded day on one line."""
    told = (
        f"{dataset}: {', '.join(f'{name} {count}' for name, count in counts.items()) or 'nothing'}"
        for dataset, counts in loaded.items()
    )
    return f"{day} {'; '.join(told)}"


def ranges(days: Iterable[date]) -> str:
    """Days in words: their number, the first and the last."""
    ordered = sorted(days)
    if len(ordered) < 2:
        return "".join(map(str, ordered)) or "no day"
    return f"{len(ordered)} days, {ordered[0]} to {ordered[-1]}"
