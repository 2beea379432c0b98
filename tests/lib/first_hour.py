"""The ten questions of docs/first-hour.md, and their answers held against the simulated truth."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from dean06 import settings
from dean06.kpi import family
from tests.lib import newest_day
from tests.lib.syncing import KpiValues

PAGE = settings.PROJECT / "docs" / "first-hour.md"
ACCOUNTS, VERIFIED = "eid.accounts", "insurance.verified_share"
OFF_BY = (9, 18)
"""A count by commune is rounded to a multiple of 10; a denominator is the sum of two of them."""
HIDDEN_BELOW = 5
Answer = Sequence[tuple[Any, ...]]
Truths = Mapping[date, KpiValues]


def queries() -> dict[int, str]:
    """The query under each numbered heading."""
    parts = re.split(r"^## (\d+)\. ", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    found = {}
    for number, text in zip(parts[::2], parts[1::2], strict=True):
        (found[int(number)],) = re.findall(
            r"^```sql\n(.*?)^```", text.split("\n## ")[0], flags=re.M | re.S
        )
    return found


def unnumbered() -> list[str]:
    """The queries under headings without a number."""
    text = PAGE.read_text(encoding="utf-8")
    numbered = queries().values()
    return [query for query in re.findall(r"^```sql\n(.*?)^```", text, flags=re.M | re.S)
            if query not in numbered]  # fmt: skip


def names() -> dict[str, str]:
    """Code of a commune or district of the province → its name, by the list of 2022."""
    with (settings.REFERENCE / "admin_units.csv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["unit_code"]: row["unit_name"] for row in rows
                if row["province_code"] == newest_day.PROVINCE and row["valid_from"] < "2025"
                and row["unit_level"] != "province"}  # fmt: skip


def full_names() -> dict[str, str]:
    """Commune → its name with district and province."""
    known = names()
    return {
        commune: f"{known[commune]}, {known[district]}, Tỉnh Tiền Giang"
        for commune, district in newest_day.districts().items()
    }


class Truth:
    """What the simulated world says of the days of a warehouse, the last one first asked."""

    def __init__(self, days: Truths) -> None:
        self.days = days
        self.first, self.last = min(days), max(days)
        self.kpis = {kpi.code: kpi for each in family.families() for kpi in each.kpis}
        self.district_of = newest_day.districts()
        self.name_of = names()
        self.commune_of = {name: code for code, name in full_names().items()}

    def counts(self, code: str, level: str, unit: str, day: date) -> tuple[int, int]:
        """Numerator and denominator; nothing counted is 0 of 0."""
        numerator, denominator = self.days[day].get((code, level, unit), (0, 0))
        return numerator, denominator or 0

    def value(self, code: str, day: date) -> Decimal | None:
        """What is published of the province."""
        numerator, denominator = self.counts(code, "province", newest_day.PROVINCE, day)
        if self.kpis[code].unit != "share":
            return Decimal(numerator)
        return round(Decimal(numerator) / denominator, 6) if denominator else None

    def is_near(self, code: str, unit: str, part: int, shown: int) -> bool:
        """Whether a rounded count is that of a commune on one of the days."""
        return any(
            abs(shown - self.counts(code, "commune", unit, day)[part]) <= OFF_BY[part]
            for day in self.days
        )

    def is_small(self, code: str) -> bool:
        """Whether the province's value may be suppressed on a day."""
        for day in self.days:
            numerator, denominator = self.counts(code, "province", newest_day.PROVINCE, day)
            parts = [numerator]
            if self.kpis[code].unit == "share":
                parts += [denominator, denominator - numerator]
            if any(0 < part < HIDDEN_BELOW for part in parts):
                return True
        return False

    def sums(self, code: str, part: int) -> dict[str, tuple[int, int]]:
        """Name of a district → true sum of its communes, and by how much a published sum may differ
        from it: rounded, suppressed, or counted on an earlier day."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for commune, district in self.district_of.items():
            of_days = [self.counts(code, "commune", commune, day)[part] for day in self.days]
            now = self.counts(code, "commune", commune, self.last)[part]
            found[self.name_of[district]][0] += now
            found[self.name_of[district]][1] += OFF_BY[part] + max(of_days) - min(of_days)
        return {name: (total, slack) for name, (total, slack) in found.items()}


def untrue(number: int, answer: Answer, truth: Truth) -> list[str]:
    """What the answer of a question says that is not true."""
    return list(_CHECKS[number](answer, truth)) if answer else ["there is no answer"]


def _accounts(answer: Answer, truth: Truth) -> Iterator[str]:
    now, then = (truth.value(ACCOUNTS, day) for day in (truth.last, truth.first))
    assert now is not None
    assert then is not None
    expected = [(truth.last, "Tỉnh Tiền Giang", now, truth.first, now - then)]
    if list(answer) != expected:
        yield f"{answer} is not {expected}"


def _most(answer: Answer, truth: Truth) -> Iterator[str]:
    if [row[1] for row in answer] != sorted((row[1] for row in answer), reverse=True):
        yield "not in order"
    for name, value, *_ in answer:
        if not truth.is_near(ACCOUNTS, truth.commune_of[name], 0, int(value)):
            yield f"{name}: {value}"
    listed = {truth.commune_of[name] for name, *_ in answer}
    for unit in truth.commune_of.values():
        true = truth.counts(ACCOUNTS, "commune", unit, truth.last)[0]
        if unit not in listed and true > answer[-1][1] + 2 * OFF_BY[0]:
            yield f"{unit} has {true} and is not listed"


def _districts(answer: Answer, truth: Truth) -> Iterator[str]:
    true = truth.sums(ACCOUNTS, 0)
    communes = [truth.name_of[district] for district in truth.district_of.values()]
    if {row[0] for row in answer} != set(true):
        yield "other districts"
    for name, numerator, _, commune_count, hidden in answer:
        if commune_count != communes.count(name):
            yield f"{name}: {commune_count} communes"
        if (numerator is None) != (hidden > 0):
            yield f"{name}: {numerator} with {hidden} suppressed communes"
        if numerator is not None and abs(numerator - true[name][0]) > true[name][1]:
            yield f"{name}: {numerator} is not {true[name]}"


def _communes_and_province(answer: Answer, truth: Truth) -> Iterator[str]:
    ((summed, _, province, hidden),) = answer
    true = truth.value(ACCOUNTS, truth.last)
    slack = sum(slack for _, slack in truth.sums(ACCOUNTS, 0).values())
    if province != true:
        yield f"the province has {province}, true is {true}"
    if abs(summed - province) > slack:
        yield f"the communes have {summed}, the province {province}"
    small = sum(
        0 < truth.counts(ACCOUNTS, "commune", unit, truth.last)[0] < HIDDEN_BELOW
        for unit in truth.district_of
    )
    if hidden > small + slack // OFF_BY[0]:
        yield f"{hidden} communes are suppressed"


def _targets(answer: Answer, truth: Truth) -> Iterator[str]:
    codes = {kpi.name_en: code for code, kpi in truth.kpis.items()}
    if codes.keys().isdisjoint(row[0] for row in answer):
        yield "no KPI is listed"
    if ACCOUNTS not in {codes[row[0]] for row in answer}:
        yield "the accounts are not behind"
    for name, _, _, value, operator, target, *_ in answer:
        true = truth.value(codes[name], truth.last)
        if value != true:
            yield f"{name}: {value}, true is {true}"
        if operator != ">=" or value >= target:
            yield f"{name}: {value} {operator} {target} is reached"


def _changes(answer: Answer, truth: Truth) -> Iterator[str]:
    moved = {}
    for code, kpi in truth.kpis.items():
        # Both days are of one quarter and year, and of two months.
        before, now = truth.value(code, truth.first), truth.value(code, truth.last)
        if kpi.period != "month" and before and now is not None and now != before:
            moved[code] = (before, now, now - before)
    order = sorted(moved, key=lambda code: (-abs(moved[code][2] / moved[code][0]), code))
    expected = [
        ((truth.kpis[code].name_en, truth.kpis[code].name_vi, *moved[code]), code) for code in order
    ]
    shown = list(answer)
    for row, code in expected:
        if shown and shown[0] == row:
            shown.pop(0)
        elif shown and not truth.is_small(code):
            yield f"{row} is not shown before {shown[0]}"
    if shown or len(answer) != 10:
        yield f"{shown} is not true, or not in order"


def _missing(answer: Answer, truth: Truth) -> Iterator[str]:
    found = Counter({row[:2]: row[-1] for row in answer})
    shares = [code for code, kpi in truth.kpis.items() if kpi.unit == "share"]
    nothing = [code for code in shares if truth.value(code, truth.last) is None]
    small = [code for code in truth.kpis if truth.is_small(code)]
    if found["province", "nothing_to_count"] != len(nothing):
        yield f"the province: {found}, true is {nothing}"
    if found["province", "hidden"] > len(small):
        yield f"the province: {found}, small are {small}"
    if {reason for level, reason in found if level == "province"} - {"nothing_to_count", "hidden"}:
        yield f"the province: {found}"
    of_days = [
        [truth.counts(code, "commune", unit, day)[1] for day in truth.days]
        for code in shares
        if truth.kpis[code].grain == "commune"
        for unit in truth.district_of
    ]
    fewest = sum(max(counts) == 0 for counts in of_days)
    most = sum(min(counts) <= OFF_BY[1] for counts in of_days)
    empty = found["commune", "rounded_to_nothing"] + found["commune", "nothing_to_count"]
    if not (fewest <= empty + found["commune", "hidden"] and empty <= most):
        yield f"communes: {found}, between {fewest} and {most} have nothing"


def _lowest(answer: Answer, truth: Truth) -> Iterator[str]:
    if [row[1] for row in answer] != sorted(row[1] for row in answer):
        yield "not in order"
    for name, value, *parts, off_by in answer:
        unit = truth.commune_of[name]
        if not abs(off_by - Decimal(OFF_BY[0]) / parts[1]) < Decimal("0.00001"):
            yield f"{name}: {off_by}"
        if not all(truth.is_near(VERIFIED, unit, n, shown) for n, shown in enumerate(parts)):
            yield f"{name}: {parts}"
        if value != round(Decimal(parts[0]) / parts[1], 6):
            yield f"{name}: {value} is not {parts}"


def _shares_of_districts(answer: Answer, truth: Truth) -> Iterator[str]:
    true = [truth.sums(VERIFIED, part) for part in (0, 1)]
    if {row[0] for row in answer} != set(true[0]):
        yield "other districts"
    for name, numerator, denominator, off_by, share in answer:
        for shown, sums in zip((numerator, denominator), true, strict=True):
            if abs(shown - sums[name][0]) > sums[name][1]:
                yield f"{name}: {shown} is not {sums[name]}"
        if (share is None) != (off_by > Decimal("0.05")):
            yield f"{name}: {share}, which may be off by {off_by}"
        if share is not None and abs(share - Decimal(numerator) / denominator) > Decimal(
            "0.000001"
        ):
            yield f"{name}: {share}"


def _trend(answer: Answer, truth: Truth) -> Iterator[str]:
    expected = [(day, truth.value(ACCOUNTS, day)) for day in sorted(truth.days)]
    if list(answer) != expected:
        yield f"{answer} is not {expected}"


_CHECKS: dict[int, Callable[[Answer, Truth], Iterator[str]]] = {
    1: _accounts, 2: _most, 3: _districts, 4: _communes_and_province, 5: _targets,
    6: _changes, 7: _missing, 8: _lowest, 9: _shares_of_districts, 10: _trend,
}  # fmt: skip
_WRONG = {1: 2, 2: 1, 3: 3, 4: 2, 5: 3, 6: 3, 7: -1, 8: 2, 9: 2, 10: 1}
"""A column of each answer in which a number that is not true must be seen."""


def spoilt(number: int, answer: Answer) -> list[tuple[Any, ...]]:
    """The answer with one number, of the last row, that is far from the true one."""
    row = list(answer[-1])
    row[_WRONG[number]] += 1000
    return [*answer[:-1], tuple(row)]
