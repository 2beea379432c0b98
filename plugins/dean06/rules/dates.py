"""One expectation that Great Expectations lacks in SQL: text that names a day that exists.

Importing the module registers ``expect_column_values_to_be_valid_dates``. Birth dates keep the
precision they come with (a year alone is a valid notation where the suite says so), and a day that
no calendar has (31 February) is refused before a cast in core SQL could fail on it.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

from dean06.rules.shapes import shaped

_EARLIEST, _LATEST = "1900-01-01", "2100-01-01"


class _ColumnValuesValidDates(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Text that names a day (or a year) that exists, in one of the agreed notations."""

    condition_metric_name = "column_values.valid_dates"
    condition_value_keys = ("formats",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: Any, formats: list[str], **_: Any) -> Any:  # noqa: N805
        return sa.or_(*(_NOTATIONS[notation](column) for notation in formats))


class ExpectColumnValuesToBeValidDates(ColumnMapExpectation):  # type: ignore[misc]
    """``formats``: which notations are agreed. NULLs are ignored, as in every map expectation."""

    formats: list[str]

    map_metric: ClassVar[str] = "column_values.valid_dates"
    success_keys: ClassVar[tuple[str, ...]] = ("formats", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "formats")


def _valid(column: Any, kind: str) -> Any:
    return sa.func.pg_input_is_valid(column, kind)


def _iso(column: Any, kind: str, *shapes: str) -> Any:
    within = column.between(_EARLIEST, _LATEST)
    # CASE, because SQL promises no order of evaluation for AND.
    return sa.case((shaped(column, *shapes), _valid(column, kind) & within), else_=sa.false())


def _day_first(column: Any) -> Any:
    year, month, day = (_sub(column, 7, 4), _sub(column, 4, 2), _sub(column, 1, 2))
    iso = year + "-" + month + "-" + day
    exists = _valid(iso, "date") & iso.between(_EARLIEST, _LATEST)
    return sa.case((shaped(column, "00/00/0000"), exists), else_=sa.false())


def _day_first_moment(column: Any) -> Any:
    year, month, day = (_sub(column, 7, 4), _sub(column, 4, 2), _sub(column, 1, 2))
    iso = year + "-" + month + "-" + day + _sub(column, 11, 9)
    # PostgreSQL also takes 24:00:00 and a 60th second, which to_timestamp() refuses.
    within = (_sub(column, 12, 2) < "24") & (_sub(column, 18, 2) < "60")
    exists = _valid(iso, "timestamp") & within & iso.between(_EARLIEST, _LATEST)
    return sa.case((shaped(column, "00/00/0000 00:00:00"), exists), else_=sa.false())


def _year(column: Any, shape: str, start: int) -> Any:
    within = _sub(column, start, 4).between(_EARLIEST[:4], _LATEST[:4])
    return sa.case((shaped(column, shape), within), else_=sa.false())


def _sub(column: Any, start: int, length: int) -> Any:
    return sa.func.substr(column, start, length)


_MOMENTS = tuple(
    f"0000-00-00T00:00:00{fraction}{zone}"
    for fraction in ("", *("." + "0" * digits for digits in range(1, 10)))
    for zone in ("+00:00", "Z", "-00:00")
)

_NOTATIONS: dict[str, Callable[[Any], Any]] = {
    "YYYY-MM-DD": lambda c: _iso(c, "date", "0000-00-00"),
    "DD/MM/YYYY": _day_first,
    "DD/MM/YYYY HH:MM:SS": _day_first_moment,
    "YYYY": lambda c: _year(c, "0000", 1),
    "00/00/YYYY": lambda c: c.startswith("00/00/") & _year(c, "00/00/0000", 7),
    "YYYY-MM-DDTHH:MM:SS±HH:MM": lambda c: _iso(c, "timestamptz", *_MOMENTS),
}
