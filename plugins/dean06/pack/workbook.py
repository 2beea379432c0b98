"""The annex: all KPIs and all communes, each number beside its publication."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dean06 import settings
from dean06.agencies.workbooks import Cell, new_workbook, put
from dean06.figures.words import Words
from dean06.kpi import family
from dean06.pack import phrases
from dean06.pack.content import Content, moment_of
from dean06.reference import tables

_NUMBER, _SHARE, _MOMENT = "[$-42A]#,##0", "[$-42A]0.0%", "dd/mm/yyyy hh:mm"
"""42A: Vietnamese, so that 1234.5 is shown as 1.234,5."""


class _Sheet:
    """A sheet that is written row by row."""

    def __init__(self, book: Workbook, name: str, header: list[tuple[str, int]]) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        top = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        self.styles: dict[str, Format] = {
            "text": text,
            **{
                kind: book.add_format({"num_format": form, "valign": "top"})
                for kind, form in (("share", _SHARE), ("count", _NUMBER), ("moment", _MOMENT))
            },
        }
        for at, (title, width) in enumerate(header):
            self.sheet.set_column(at, at, width)
            put(self.sheet, 0, at, title, top)
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)
        self.row = 0

    def add(self, *cells: tuple[Cell, str]) -> None:
        """Write the next row: values, each with its style."""
        self.row += 1
        for at, (value, style) in enumerate(cells):
            put(self.sheet, self.row, at, value, self.styles[style])

    def close(self, columns: int) -> None:
        """Let readers filter what was written."""
        self.sheet.autofilter(0, 0, self.row, columns - 1)


def write(content: Content, w: Words) -> bytes:
    """Return the workbook."""
    target = BytesIO()
    with new_workbook(target) as book:
        book.set_properties({
            "title": w.of(content.span.words), "author": "dean06",
            "created": moment_of(content).astimezone(UTC).replace(tzinfo=None, microsecond=0),
        })  # fmt: skip
        _kpis(book, content, w)
        _communes(book, content, w)
        if content.restated:
            _restated(book, content, w)
    return target.getvalue()


def _kpis(book: Workbook, content: Content, w: Words) -> None:
    is_compared = content.compared.day is not None
    header = [
        (w.say("Nhóm", "Group"), 24), (w.say("Mã", "Code"), 28), (w.say("Chỉ tiêu", "KPI"), 46),
        (w.say("Kỳ số liệu", "Period"), 22), (w.say("Giá trị", "Value"), 20),
        (w.say("Tử số", "Numerator"), 14), (w.say("Mẫu số", "Denominator"), 14),
        (w.say("Mục tiêu", "Target"), 24), (w.say("Tình trạng", "Status"), 24),
        *([(phrases.compared(w, content), 30)] if is_compared else []), *_publication(w),
    ]  # fmt: skip
    sheet = _Sheet(book, w.say("Chỉ tiêu", "KPIs"), header)
    groups = {row.member_code: row for row in tables.members() if row.breakdown == "group"}
    group_of, judged = family.groups(), {s.line.value.kpi_code: s for s in content.standings}
    for line in content.lines:
        row = line.value
        group, own = groups.get(group_of.get(row.kpi_code, "")), judged.get(row.kpi_code)
        sheet.add(
            (w.pick(group, "name") if group else w.say("không thuộc nhóm", "no group"), "text"),
            (row.kpi_code, "text"), (w.pick(row, "name"), "text"), (w.pick(row, "period"), "text"),
            _amount(row, w), _part(row, "numerator", w), _part(row, "denominator", w),
            (phrases.targets(w, own), "text"), (phrases.standings(w, own), "text"),
            *([(phrases.change(w, content, line), "text")] if is_compared else []),
            *_published(row, w),
        )  # fmt: skip
    sheet.close(len(header))


def _communes(book: Workbook, content: Content, w: Words) -> None:
    header = [
        (w.say("Mã xã", "Code"), 10), (w.say("Đơn vị cấp xã", "Commune"), 26),
        (w.say("Huyện", "District"), 24), (w.say("Mã chỉ tiêu", "KPI code"), 28),
        (w.say("Chỉ tiêu", "KPI"), 46), (w.say("Giá trị", "Value"), 30), *_publication(w),
    ]  # fmt: skip
    sheet = _Sheet(book, w.say("Cấp xã", "Communes"), header)
    for line, ranking in content.communes:
        for place in sorted(ranking.places, key=lambda place: (place.district_code, place.code)):
            shown = _amount(place.row, w) if place.row else (phrases.place(w, place), "text")
            sheet.add(
                (place.code, "text"), (w.of(place.name) or place.code, "text"),
                (phrases.district(w, place), "text"),
                (line.value.kpi_code, "text"), (w.pick(line.value, "name"), "text"),
                shown, *_published(place.row, w),
            )  # fmt: skip
    sheet.close(len(header))


def _restated(book: Workbook, content: Content, w: Words) -> None:
    header = [
        (w.say("Mã", "Code"), 28), (w.say("Chỉ tiêu", "KPI"), 46), (w.say("Ngày", "Day"), 12),
        (w.say("Trước điều chỉnh", "Before"), 20), (w.say("Sau điều chỉnh", "After"), 20),
        (w.say("Lý do điều chỉnh", "Reason"), 60), *_publication(w),
    ]  # fmt: skip
    sheet = _Sheet(book, w.say("Điều chỉnh", "Restated"), header)
    for each in content.restated:
        row, unit = each.value.row, each.kpi.unit
        sheet.add(
            (each.kpi.kpi_code, "text"), (w.pick(each.kpi, "name"), "text"),
            (w.day(row.as_of_date), "text"), _restated_amount(each.value.value_before, unit, w),
            _restated_amount(row.value, unit, w), (phrases.causes(w, each.value), "text"),
            *_published(row, w),
        )  # fmt: skip
    sheet.close(len(header))


def _restated_amount(amount: Any, unit: str, w: Words) -> tuple[Cell, str]:
    if amount is None:
        return phrases.bare_value(w, amount, unit), "text"
    return amount, "share" if unit == "share" else "count"


def _publication(w: Words) -> list[tuple[str, int]]:
    return [
        (w.say("Lần công bố", "Publication"), 12),
        (w.say("Thời điểm công bố", "Published at"), 20),
    ]


def _amount(row: Any, w: Words) -> tuple[Cell, str]:
    if row.value is None:
        return phrases.value(w, row), "text"
    return row.value, "share" if row.unit == "share" else "count"


def _part(row: Any, name: str, w: Words) -> tuple[Cell, str]:
    found = getattr(row, name)
    if found is not None:
        return found, "count"
    if name == "denominator" and row.unit != "share":
        return w.say("không áp dụng", "not applicable"), "text"
    return phrases.value(w, row), "text"


def _published(row: Any, w: Words) -> list[tuple[Cell, str]]:
    if row is None:
        return [(w.say("chưa công bố", "none"), "text")] * 2
    moment: datetime = row.published_at.astimezone(settings.TIMEZONE).replace(tzinfo=None)
    return [(row.publication_id, "count"), (moment.replace(microsecond=0), "moment")]
