"""Periods of KPIs: the days that a value covers.

Every KPI says its period. One that counts events may be published by further periods too
(``also_by``): each is a KPI of its own, ``<base code>.<period>``, with its own words. Its facts are
read once, in the base KPI's query, and counted in every period that their day (``falls_on``)
lies in (``docs/decisions/0042-periods.md``).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Literal, NamedTuple

Period = Literal["day", "last_30_days", "month", "quarter", "year", "since_start"]
"""``day``: the state on it; ``month``, ``quarter``, ``year``: from its first day to the day."""
Span = Literal["month", "quarter", "year"]

BOUNDED: tuple[Span, ...] = ("month", "quarter", "year")
"""Periods that begin again; each lies within the next."""


Language = Literal["en", "vi"]


class Words(NamedTuple):
    """How a period is written: behind a KPI's name, its first day, and the period as such."""

    name: str
    start: str
    noun: str


WORDS: dict[tuple[str, Language], Words] = {
    ("month", "en"): Words("in the month", "the first of the month", "month"),
    ("quarter", "en"): Words("in the quarter", "the first day of the quarter", "quarter"),
    ("year", "en"): Words("year to date", "1 January", "year"),
    ("month", "vi"): Words("trong tháng", "đầu tháng", "tháng"),
    ("quarter", "vi"): Words("trong quý", "đầu quý", "quý"),
    ("year", "vi"): Words("lũy kế từ đầu năm", "đầu năm", "năm"),
}


def named(name: str, declared: str, period: str, language: Language) -> str:
    """The name of a KPI for a period, from the name that it has for the ``declared`` one."""
    if words := WORDS.get((declared, language)):
        name = name.removesuffix(f", {words.name}")
    return f"{name}, {WORDS[period, language].name}"


def formula(
    of: str, base: str, event: str, period: str, counts_from: date | None, language: Language
) -> str:
    """The formula of a KPI for a period, from the one ``of`` the KPI named ``base``."""
    words = WORDS[period, language]
    since = ""
    if language == "en":
        if counts_from is not None:
            since = f"; in the {words.noun} that contains {counts_from:%d/%m/%Y}, from that day on"
        return f"{event} from {words.start} to the day{since}. Otherwise defined as {base}: {of}"
    if counts_from is not None:
        first = _first_vi(period, counts_from)
        since = f"; riêng {first} tính từ ngày {counts_from:%d/%m/%Y}"
    of = of.replace("lũy kế đến ngày", "đến ngày")  # it counts from the beginning of the period
    return (
        f"{event} từ {words.start} đến ngày báo cáo{since}. Các nội dung khác tính như {base}: {of}"
    )


def _first_vi(period: str, day: date) -> str:
    """The period of a day in Vietnamese: ``tháng 6/2022``, ``quý II/2022``, ``năm 2022``."""
    noun = WORDS[period, "vi"].noun
    if period == "year":
        return f"{noun} {day.year}"
    number = day.month if period == "month" else ("I", "II", "III", "IV")[(day.month - 1) // 3]
    return f"{noun} {number}/{day.year}"


def starts_on(period: str, counts_from: date | None, day: date) -> date | None:
    """First day of the period that a day belongs to; None for ``day`` and ``since_start``, which
    have no day at which they begin to count. The same as ``mart.period_start``."""
    if period not in BOUNDED:
        return None
    first_month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}
    start = date(day.year, first_month[period], 1)
    if counts_from is not None and start < counts_from <= day:
        return counts_from
    return start


def coinciding(
    starts: Iterable[tuple[str, str, date | None]],
) -> Iterator[tuple[str, str]]:
    """KPIs of one base whose periods begin on the same day: until the month ends, the quarter's
    value is the month's.

    ``starts``: base code, code and first day of each KPI.
    """
    by_start: dict[tuple[str, date], list[str]] = {}
    for base, code, start in starts:
        if start is not None:
            by_start.setdefault((base, start), []).append(code)
    for codes in by_start.values():
        yield from combinations(codes, 2)
