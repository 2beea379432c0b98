"""Periods of reports: a week, a month, a quarter or a year, as people write them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dean06.contract import Bilingual
from dean06.details.detail import detail
from dean06.errors import Dean06Error

Kind = Literal["week", "month", "quarter", "year"]
_FORM = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|W(\d{2})))?", re.ASCII)


@dataclass(frozen=True)
class ReportSpan:
    """The days of a report."""

    key: str
    kind: Kind
    first_day: date
    last_day: date

    @property
    def day_before(self) -> date:
        """The last day of the previous period."""
        return self.first_day - timedelta(days=1)

    @property
    def words(self) -> Bilingual:
        """``tháng 10 năm 2022``."""
        number, year = self._number, self.first_day.year
        if self.kind == "week":
            days = f"{self.first_day:%d/%m/%Y} – {self.last_day:%d/%m/%Y}"
            week = self.first_day.isocalendar()
            return Bilingual(
                f"week {week.week} of {week.year} ({days})",
                f"tuần {week.week} năm {week.year} ({days})",
            )
        if self.kind == "month":
            return Bilingual(f"{self.first_day:%m/%Y}", f"tháng {number} năm {year}")
        if self.kind == "quarter":
            return Bilingual(f"quarter {number} of {year}", f"quý {_ROMAN[number]} năm {year}")
        return Bilingual(f"the year {year}", f"năm {year}")

    @property
    def _number(self) -> int:
        month = self.first_day.month
        return (month + 2) // 3 if self.kind == "quarter" else month


_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


def parse(text: str) -> ReportSpan:
    """The period written as 2022-10, 2022-Q4, 2022-W44 or 2022. Raises Dean06Error for another."""
    form = _FORM.fullmatch(text)
    try:
        if form is None:
            raise ValueError
        year, month, quarter, week = (int(part) if part else 0 for part in form.groups())
        if week:
            first = date.fromisocalendar(year, week, 1)
            return ReportSpan(text, "week", first, first + timedelta(days=6))
        if month:
            return _months(text, "month", year, month, 1)
        if quarter:
            return _months(text, "quarter", year, 3 * quarter - 2, 3)
        return _months(text, "year", year, 1, 12)
    except ValueError:
        raise Dean06Error(detail("no_report_period", period=text)) from None


def _months(text: str, kind: Kind, year: int, month: int, count: int) -> ReportSpan:
    first = date(year, month, 1)
    end = year * 12 + month - 1 + count
    return ReportSpan(text, kind, first, date(end // 12, end % 12 + 1, 1) - timedelta(days=1))


def ended_before(day: date, kind: Literal["week", "month"]) -> ReportSpan:
    """The last whole week or month that ended before a day."""
    if kind == "month":
        last = day.replace(day=1) - timedelta(days=1)
        return parse(f"{last:%Y-%m}")
    last = day - timedelta(days=day.isoweekday())
    return parse(f"{last.isocalendar().year}-W{last.isocalendar().week:02d}")
