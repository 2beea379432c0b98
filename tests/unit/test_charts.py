"""Small trends: where a value stands follows from its day and from the range, nothing else."""

from datetime import date

from dean06.ui.charts import spark


def test_days_are_as_far_apart_as_they_are() -> None:
    points = [(date(2022, 10, 1), 10.0), (date(2022, 10, 2), 20.0), (date(2022, 10, 5), 15.0)]
    assert spark(points) == "3.0,23.0 26.5,3.0 97.0,13.0"


def test_a_level_course_is_a_line_and_one_day_is_none() -> None:
    day = date(2022, 10, 1)
    assert spark([(day, 5.0), (date(2022, 10, 3), 5.0)]) == "3.0,23.0 97.0,23.0"
    assert spark([(day, 5.0)]) == ""
