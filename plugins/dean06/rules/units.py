"""One expectation that no list can say: a code that means a unit on the day of its record.

Importing the module registers ``expect_column_values_to_be_units_of_their_day``. Codes of communes
are re-used with other meanings since 2025-07-01, and most of the old ones mean nothing any more:
a code is right or wrong by the day on which the record was written, never by itself.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

from dean06.rules.notations import ISO_MOMENT, LOCAL_MOMENT, day, part
from dean06.rules.quickly import once, quickly
from dean06.rules.shapes import shaped
from dean06.rules.variables import shifted


class _ColumnValuesUnitsOfTheirDay(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """A code that holds on the day another column names."""

    condition_metric_name = "column_values.units_of_their_day"
    condition_value_keys = ("written_at", "notation", "spans")

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(
        cls,  # noqa: N805
        column: Any,
        written_at: str,
        notation: str,
        spans: Sequence[Any],
        **_: Any,
    ) -> Any:
        *earlier, (_, last) = spans
        if not earlier:
            return column.in_(last)
        text = sa.column(written_at, sa.Text())
        on = sa.collate(_DAYS[notation](text, [end for end, _ in earlier]), "C")
        exact = once(on, lambda day: _holds(column, day, spans))
        if notation != ISO_MOMENT:
            return exact
        # Text that begins with its day: most are far from every end.
        (first_end, first), last_end = earlier[0], earlier[-1][0]
        before = (text < shifted(first_end, -1)) & column.in_(first)
        after = (text >= shifted(last_end, 1)) & column.in_(last)
        return quickly(before | after, exact)


def _holds(column: Any, day: Any, spans: Sequence[Any]) -> Any:
    """What names no day breaks a rule of its own; here any code that ever held will do."""
    *earlier, (_, last) = spans
    return sa.case(
        (~shaped(day, "0000-00-00"), sa.or_(*(column.in_(codes) for _, codes in spans))),
        *((day < end, column.in_(codes)) for end, codes in earlier),
        else_=column.in_(last),
    )


class ExpectColumnValuesToBeUnitsOfTheirDay(ColumnMapExpectation):  # type: ignore[misc]
    """``written_at``: the column with the record's day, in ``notation``; ``spans``: see
    ``variables.Span``."""

    written_at: str
    notation: str
    spans: Any

    map_metric: ClassVar[str] = "column_values.units_of_their_day"
    success_keys: ClassVar[tuple[str, ...]] = ("written_at", "notation", "spans", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "written_at", "notation", "spans")


def _of_moment(text: Any, ends: list[str]) -> Any:
    """The Vietnamese day of an ISO moment; only beside an end does its time zone matter."""
    prefix = part(text, 1, 10)
    beside = prefix.in_([shifted(end, days) for end in ends for days in (-1, 0)])
    return sa.func.coalesce(sa.case((beside, day(text, [ISO_MOMENT]))), prefix)


def _of_local(text: Any, _: list[str]) -> Any:
    """The day of DD/MM/YYYY HH:MM:SS, which is Vietnamese time."""
    parts = (part(text, start, length) for start, length in ((7, 4), (4, 2), (1, 2)))
    return sa.func.concat_ws("-", *parts)


_DAYS: dict[str, Callable[[Any, list[str]], Any]] = {
    ISO_MOMENT: _of_moment,
    LOCAL_MOMENT: _of_local,
}
