"""Small trends: where a value stands follows from its day and from the range, nothing else."""

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from dean06.ui.charts import Gap, gaps, kpi, spark


def test_days_are_as_far_apart_as_they_are() -> None:
    points = [(date(2022, 10, 1), 10.0), (date(2022, 10, 2), 20.0), (date(2022, 10, 5), 15.0)]
    assert spark(points) == "3.0,23.0 26.5,3.0 97.0,13.0"


def test_a_level_course_is_a_line_and_one_day_is_none() -> None:
    day = date(2022, 10, 1)
    assert spark([(day, 5.0), (date(2022, 10, 3), 5.0)]) == "3.0,23.0 97.0,23.0"
    assert spark([(day, 5.0)]) == ""


def test_of_many_days_some_are_drawn_the_last_always() -> None:
    first = date(2022, 8, 1)
    points = [(first + timedelta(days=n), float(n)) for n in range(90)]
    drawn = spark(points).split()
    assert len(drawn) == 30
    assert drawn[-1] == "97.0,3.0"
    assert len(spark(points[:31]).split()) == 31


@dataclass
class Row:
    as_of_date: date
    missing_reason: str | None
    reason_en: str = ""
    reason_vi: str = ""


def test_where_a_line_is_broken_the_page_says_why() -> None:
    late = ("source_missing", "late", "chậm")
    few = ("hidden", "few", "ít")
    reasons = [(None,), late, late, (None,), late, few]
    series = [Row(date(2022, 10, n), *reason) for n, reason in enumerate(reasons, start=1)]
    assert gaps(series) == [
        Gap(date(2022, 10, 2), date(2022, 10, 3), "late", "chậm"),
        Gap(date(2022, 10, 5), date(2022, 10, 5), "late", "chậm"),
        Gap(date(2022, 10, 6), date(2022, 10, 6), "few", "ít"),
    ]


def target(code: str, status: str = "behind") -> Any:
    row = SimpleNamespace(
        target_id=code, target=10, status=status, starts_on=date(2022, 1, 1),
        ends_on=date(2022, 12, 31), name_vi=f"mục tiêu {code}", name_en=f"target {code}",
    )  # fmt: skip
    ahead = SimpleNamespace(due_on=row.ends_on, value=12.0)
    return SimpleNamespace(row=row, forecast=ahead)


def legend(*targets: Any, language: str = "vi") -> list[tuple[str, str]]:
    series = [SimpleNamespace(as_of_date=date(2022, 10, 1), value=8)]
    page: Any = SimpleNamespace(
        series=series, targets=targets, definition=SimpleNamespace(unit="person")
    )
    return [(line["kind"], line["name"]) for line in kpi(page, language)["lines"]]


def test_a_chart_names_its_targets_where_there_are_several_and_shows_no_code() -> None:
    several = legend(target("A"), target("B"), target("C", "not_applicable"))
    assert several == [
        ("value", ""), ("target", "mục tiêu A"), ("forecast", "mục tiêu A"),
        ("target", "mục tiêu B"), ("forecast", "mục tiêu B"),
    ]  # fmt: skip
    assert legend(target("A"), target("B"), language="en")[1] == ("target", "target A")
    assert legend(target("A")) == [("value", ""), ("target", ""), ("forecast", "")]
