"""One expectation that Great Expectations lacks in SQL: text that names a day that exists.

Importing the module registers ``expect_column_values_to_be_valid_dates``. Birth dates keep the
precision they come with (a year alone is a valid notation where the suite says so), and a day that
no calendar has (31 February) is refused before a cast in core SQL could fail on it.
"""

from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

from dean06.rules.notations import is_valid


class _ColumnValuesValidDates(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Text that names a day (or a year) that exists, in one of the agreed notations."""

    condition_metric_name = "column_values.valid_dates"
    condition_value_keys = ("formats",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: Any, formats: list[str], **_: Any) -> Any:  # noqa: N805
        *others, last = (is_valid(column, notation) for notation in formats)
        # CASE, because DuckDB would try all of them on every row for OR.
        return sa.case(*((each, sa.true()) for each in others), else_=last) if others else last


class ExpectColumnValuesToBeValidDates(ColumnMapExpectation):  # type: ignore[misc]
    """``formats``: which notations are agreed. NULLs are ignored, as in every map expectation."""

    formats: list[str]

    map_metric: ClassVar[str] = "column_values.valid_dates"
    success_keys: ClassVar[tuple[str, ...]] = ("formats", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "formats")
