"""The plan of a backfill, and what a day of it came to, as people read it before and after."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from io import StringIO

from rich.console import Console
from rich.table import Table

from dean06.figures.words import Words
from dean06.kpi import reach
from dean06.load.backfill import Plan, earliest_day, loaded_days
from dean06.reports.counts import COUNTS


def show(planned: Plan, console: Console, w: Words) -> None:
    """Print windows, KPIs and days. They are read from ledger and core; the source is not asked."""
    if planned.done:
        done, total = len(planned.done), planned.number_of_days
        skipped, left = ranges(planned.done, w), ranges(planned.days, w)
        console.print(
            w.say(
                f"Đợt nạp này đã bắt đầu trước đó: đã nạp {done}/{total} ngày, không nạp lại: "
                f"{skipped}. Còn phải nạp: {left}.",
                f"Resumed: {done} of {total} days are already loaded and are skipped: {skipped}. "
                f"Left to load: {left}.",
            ),
            highlight=False,
        )
    console.print(_windows(planned, w))
    kpis = Table(w.say("tệp chỉ tiêu", "family"), w.say("mã chỉ tiêu", "KPIs"))
    kpis.title = w.say("Chỉ tiêu sử dụng nguồn này", "KPIs that read this source")
    read = reach.families_reading(planned.source)
    for family in read:
        kpis.add_row(family.name, ", ".join(family.codes))
    unread = w.say(
        f"Không có chỉ tiêu nào sử dụng nguồn {planned.source}.", f"No KPI reads {planned.source}."
    )
    console.print(kpis if read else unread)
    expected = days_expected(planned)
    days, earliest = ranges(expected, w), w.day(earliest_day(planned))
    console.print(
        w.say(
            f"Theo dữ liệu đang có, các ngày có thể thay đổi số liệu là: {days}. Ngày nào thực sự "
            "thay đổi còn tùy dữ liệu mà nguồn gửi; số liệu không thay đổi thì không "
            "công bố lại. Nếu nguồn gửi thêm bản ghi có ngày trước "
            f"{earliest}, số liệu từ ngày của bản ghi đó trở đi cũng được tính lại.",
            f"Days whose KPIs could change, judging by the data loaded so far: {days}. Which of "
            "them change depends on what the source sends; unchanged values are not "
            "published again. A new record dated "
            f"before {earliest} also affects the days from its own date on.",
        ),
        highlight=False,
    )
    if first := reach.unpublished(expected):
        console.print(
            w.say(
                f"Trong số đó, các ngày được công bố lần đầu: {ranges(first, w)}.",
                f"Of these days, published for the first time: {ranges(first, w)}.",
            ),
            highlight=False,
        )


def _windows(planned: Plan, w: Words) -> Table | str:
    """What is requested from the source, day by day."""
    if not planned.requests:
        return w.say("Đã nạp tất cả các kỳ đồng bộ.", "All windows are already loaded.")
    table = Table(
        w.say("ngày", "day"), w.say("bộ dữ liệu", "dataset"),
        w.say("sau thời điểm", "from (exclusive)"), w.say("đến hết thời điểm", "to (inclusive)"),
        title=w.say("Kỳ đồng bộ", "Windows"),
    )  # fmt: skip
    for request in planned.requests:
        since, until = request.window.since, request.window.until
        table.add_row(
            w.day(request.day), f"{planned.source}.{request.dataset.name}",
            w.moment(since) if since else w.say("từ đầu", "no limit"), w.moment(until),
        )  # fmt: skip
    return table


def days_expected(planned: Plan) -> set[date]:
    """The days whose KPIs a backfill may change, by what core holds before it runs.

    A new record of an earlier day adds days.
    """
    return {*reach.days_from(earliest_day(planned)), *planned.days, *planned.done}


def show_outcome(
    planned: Plan, expected: Iterable[date], reached: Iterable[date], published: Iterable[date],
    console: Console, w: Words,
) -> None:  # fmt: skip
    """Print plan and actual side by side: days loaded, reached by their records, and published.

    ``expected``: ``days_expected`` from before the run, which changes what core can tell.
    """
    wanted = {*planned.done, *planned.days}
    expected_days = f"{w.say('dự kiến', 'expected')} {ranges(expected, w)}"
    table = Table(w.say("ngày", "days"), w.say("kế hoạch", "plan"), w.say("kết quả", "result"))
    table.title = w.say("Kế hoạch và kết quả", "Plan and result")
    table.add_row(w.say("đã nạp", "loaded"), ranges(wanted, w), ranges(loaded_days(planned), w))
    table.add_row(w.say("tính lại chỉ tiêu", "KPIs computed"), expected_days, ranges(reached, w))
    table.add_row(w.say("chỉ tiêu thay đổi", "KPIs changed"), expected_days, ranges(published, w))
    console.print(table)


def text_of(planned: Plan) -> str:
    """The same as plain text, for a log: in English, as logs are."""
    page = StringIO()
    show(planned, Console(file=page, width=132), Words("en"))
    return page.getvalue()


def place_of(planned: Plan, day: date, w: Words) -> str:
    """Which of the days of the backfill a day is: ``day 3 of 4``."""
    number = (day - planned.first).days + 1
    return w.say(
        f"ngày {number}/{planned.number_of_days}", f"day {number} of {planned.number_of_days}"
    )


def line_of(day: date, loaded: Mapping[str, Mapping[str, int]], w: Words) -> str:
    """The row counts of a loaded day on one line."""
    return f"{w.day(day)} " + "; ".join(
        f"{dataset}: {_counts(counts, w) or w.say('không có bản ghi', 'nothing')}"
        for dataset, counts in loaded.items()
    )


def _counts(counts: Mapping[str, int], w: Words) -> str:
    return ", ".join(f"{w.of(COUNTS[name])} {w.number(count)}" for name, count in counts.items())


def ranges(days: Iterable[date], w: Words) -> str:
    """Days in words: their number, and the first and the last of each unbroken row of them."""
    ordered = sorted(days)
    if len(ordered) < 2:
        return "".join(map(w.day, ordered)) or w.say("không có ngày nào", "none")
    starts = [day for day in ordered if day - timedelta(days=1) not in ordered]
    ends = [day for day in ordered if day + timedelta(days=1) not in ordered]
    spans = ", ".join(_span(*each, w) for each in zip(starts, ends, strict=True))
    number = w.number(len(ordered))
    return w.say(f"{number} ngày, {spans}", f"{number} days, {spans}")


def _span(first: date, last: date, w: Words) -> str:
    if first == last:
        return w.day(first)
    return w.say(f"từ {w.day(first)} đến {w.day(last)}", f"{w.day(first)} to {w.day(last)}")
