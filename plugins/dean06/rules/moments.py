"""Expectations about time: a clock that exists, an order between two columns, the load's window.

Importing the module registers ``expect_column_values_to_be_clock_times``,
``expect_column_values_to_be_no_later_than`` and ``expect_column_values_to_be_within_window``. They
compare what text means, in any agreed notation. Text that means nothing breaks
``expect_column_values_to_be_valid_dates`` and is no business of these.
"""

from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

from dean06.rules.notations import (
    ISO_DAY,
    ISO_MOMENT,
    LOCAL_MOMENT,
    clock_exists,
    day,
    is_moment,
    is_ordinary,
    moment,
    written_day,
)
from dean06.rules.quickly import quickly
from dean06.rules.variables import shifted

_EARLIEST_OFFSET, _LATEST_OFFSET = "12:00", "14:00"
"""West and east of UTC; no place has kept a wider one since 1970 (IANA time zone database)."""
_QUARTERS = ("00", "15", "30", "45")
"""Minutes of an offset: every zone in use differs from UTC by whole quarters of an hour."""


class _ColumnValuesClockTimes(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """Hours below 24, minutes and seconds below 60, an offset that some place on earth has."""

    condition_metric_name = "column_values.clock_times"
    condition_value_keys = ("notation",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: Any, notation: str, **_: Any) -> Any:  # noqa: N805
        exists = clock_exists(column)
        if notation != LOCAL_MOMENT:
            exists &= sa.case(
                (sa.func.right(column, 6) == "+07:00", sa.true()),
                (column.op("~")(r"[+-]\d\d:\d\d$"), _is_offset(column)),
                else_=sa.true(),
            )
        return quickly(is_ordinary(column, notation), exists, shared=True)


class ExpectColumnValuesToBeClockTimes(ColumnMapExpectation):  # type: ignore[misc]
    """``notation``: how the column writes a moment. PostgreSQL would take 23:59:60 for the next
    day and +15:59 for an offset; a record must not change its day in silence."""

    notation: str

    map_metric: ClassVar[str] = "column_values.clock_times"
    success_keys: ClassVar[tuple[str, ...]] = ("notation", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "notation")


class _ColumnValuesNoLaterThan(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """A day or moment that another column of the record does not precede."""

    condition_metric_name = "column_values.no_later_than"
    condition_value_keys = ("notations", "other", "other_notations")

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(
        cls,  # noqa: N805
        column: Any,
        notations: list[str],
        other: str,
        other_notations: list[str],
        **_: Any,
    ) -> Any:
        later = sa.column(other, sa.Text())
        by_moment = all(is_moment(notation) for notation in (*notations, *other_notations))
        days = (written_day(column, notations), written_day(later, other_notations))
        exact = (
            moment(column, notations) <= moment(later, other_notations)
            if by_moment
            else day(column, notations) <= day(later, other_notations, last=True)
        )
        # Most records differ by days; only days that touch need time zones. A day as written is at
        # most one off the Vietnamese one, so a day is clearly before a later one; of two moments
        # that holds where they have one offset.
        clear = sa.collate(days[0], "C") < sa.collate(days[1], "C")
        if by_moment:
            clear &= sa.func.right(column, 6) == sa.func.right(later, 6)
        exact = sa.case((clear, sa.true()), else_=sa.func.coalesce(exact, sa.true()))
        if ISO_DAY not in notations or set(other_notations) - {ISO_DAY, ISO_MOMENT}:
            return exact
        # Text that begins with a day; a year alone is shorter.
        earlier = (sa.func.length(column) >= 10) & (column < sa.func.left(later, 10))
        return quickly(earlier, exact)


class ExpectColumnValuesToBeNoLaterThan(ColumnMapExpectation):  # type: ignore[misc]
    """``notations``: of the column; ``other``: the column it must not come after;
    ``other_notations``. A year alone may be any day of it. NULLs in either are ignored."""

    notations: list[str]
    other: str
    other_notations: list[str]

    map_metric: ClassVar[str] = "column_values.no_later_than"
    success_keys: ClassVar[tuple[str, ...]] = ("notations", "other", "other_notations", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "notations", "other", "other_notations")


class _ColumnValuesWithinWindow(ColumnMapMetricProvider):  # type: ignore[misc]  # untyped
    """A moment inside of the window that the load asked for."""

    condition_metric_name = "column_values.within_window"
    condition_value_keys = ("notation", "after", "until")

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(
        cls,  # noqa: N805
        column: Any,
        notation: str,
        after: str | None = None,
        until: str | None = None,
        **_: Any,
    ) -> Any:
        written = sa.collate(written_day(column, [notation]), "C")
        exact = moment(column, [notation])
        kept = []
        if after:
            clear = written > shifted(after, 1)
            kept.append(sa.case((clear, sa.true()), else_=exact > _constant(after)))
        if until:
            clear = written < shifted(until, -1)
            kept.append(sa.case((clear, sa.true()), else_=exact <= _constant(until)))
        exact = sa.func.coalesce(sa.and_(sa.true(), *kept), sa.true())
        if notation != ISO_MOMENT:
            return exact
        # Text that begins with its day: what lies clearly within needs no more.
        looks = [column >= shifted(after, 2)] if after else []
        looks += [column < shifted(until, -1)] if until else []
        return quickly(sa.and_(sa.true(), *looks), exact)


class ExpectColumnValuesToBeWithinWindow(ColumnMapExpectation):  # type: ignore[misc]
    """``notation``: of the column; ``after`` and ``until``: ISO moments, either may be absent.

    A version that claims a moment after its window would stand before later, true corrections as
    the newest; it is held back until a window reaches it.
    """

    notation: str
    after: Any = None
    until: Any = None

    map_metric: ClassVar[str] = "column_values.within_window"
    success_keys: ClassVar[tuple[str, ...]] = ("notation", "after", "until", "mostly")
    args_keys: ClassVar[tuple[str, ...]] = ("column", "notation", "after", "until")


def _is_offset(column: Any) -> Any:
    hours = sa.func.right(column, 5)
    east = sa.func.left(sa.func.right(column, 6), 1) == "+"
    limit = sa.case((east, _LATEST_OFFSET), else_=_EARLIEST_OFFSET)
    return (hours <= limit) & sa.func.right(column, 2).in_(_QUARTERS)


def _constant(moment: str) -> Any:
    return sa.cast(sa.literal(moment, sa.Text()), sa.TIMESTAMP(timezone=True))
