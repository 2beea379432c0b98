"""Small trends: where a value stands follows from its day and from the range, nothing else."""

from dataclasses import dataclass
from datetime import date, timedelta

from dean06.ui.charts import Gap, gaps, spark


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
