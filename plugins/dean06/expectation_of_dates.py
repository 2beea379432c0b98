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


def _day(year: Any, month: Any, day: Any) -> Any:
    iso = year + "-" + month + "-" + day
    return sa.case(
        (sa.func.pg_input_is_valid(iso, "date"), iso.between(_EARLIEST, _LATEST)), else_=sa.false()
    )


def _matching(column: Any, pattern: str, check: Any) -> Any:
    # CASE, because SQL promises no order of evaluation for AND.
    return sa.case((column.regexp_match(pattern), check), else_=sa.false())


def _year(digits: Any) -> Any:
    return digits.between(_EARLIEST[:4], _LATEST[:4])


def _sub(column: Any, start: int, length: int) -> Any:
    return sa.func.substr(column, start, length)


def _iso_day(column: Any) -> Any:
    return _day(_sub(column, 1, 4), _sub(column, 6, 2), _sub(column, 9, 2))


_NOTATIONS: dict[str, Callable[[Any], Any]] = {
    "YYYY-MM-DD": lambda c: _matching(c, r"^\d{4}-\d{2}-\d{2}$", _iso_day(c)),
    "DD/MM/YYYY": lambda c: _matching(
        c, r"^\d{2}/\d{2}/\d{4}$", _day(_sub(c, 7, 4), _sub(c, 4, 2), _sub(c, 1, 2))
    ),
    "YYYY": lambda c: _matching(c, r"^\d{4}$", _year(c)),
    "00/00/YYYY": lambda c: _matching(c, r"^00/00/\d{4}$", _year(_sub(c, 7, 4))),
    "YYYY-MM-DDTHH:MM:SS±HH:MM": lambda c: _matching(
        c,
        r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$",
        _iso_day(c),
    ),
}
