"""One expectation about text that says a number: how it is written, and between which bounds.

Importing the module registers ``expect_column_values_to_be_numbers``. Text is a number as JSON
writes it, without exponent: no sign but a minus, no separator of thousands, a point before
decimals. What fits here, core SQL can cast.
"""

from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)


class _ColumnValuesNumbers(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Text that says a number of so many digits, within bounds."""

    condition_metric_name = "column_values.numbers"
    condition_value_keys = ("digits", "decimals", "least", "most")

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(
        cls,  # noqa: N805
        column: Any,
        digits: int,
        decimals: int,
        least: str | None = None,
        most: str | None = None,
        **_: Any,
    ) -> Any:
        fraction = rf"(?:\.[0-9]{{1,{decimals}}})?" if decimals else ""
        sign = "" if least and Decimal(least) >= 0 else "-?"
        written = column.regexp_match(f"^{sign}[0-9]{{1,{digits}}}{fraction}$")
        kind = sa.Numeric(digits + decimals, decimals)
        number = sa.cast(column, kind)
        bounds = [number >= sa.cast(sa.literal(least, sa.Text()), kind)] if least else []
        bounds += [number <= sa.cast(sa.literal(most, sa.Text()), kind)] if most else []
        # CASE, because SQL promises no order of evaluation for AND.
        return sa.case((written, sa.and_(sa.true(), *bounds)), else_=sa.false())


class ExpectColumnValuesToBeNumbers(ColumnMapExpectation):  # type: ignore[misc]
    """``digits`` before the point and ``decimals`` after it, at most; ``least``, ``most``: bounds
    as text, either may be absent. NULLs are ignored."""

    digits: int
    decimals: int
    least: str | None = None
    most: str | None = None

    map_metric: ClassVar[str] = "column_values.numbers"
    success_keys: ClassVar[tuple[str, ...]] = ("digits", "decimals", "least", "most", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "digits", "decimals", "least", "most")
