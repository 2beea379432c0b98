"""Expectations about time: a clock that exists, an order between two columns, the load's window.

Importing the module registers ``expect_column_values_to_be_clock_times``,
``expect_column_values_to_be_no_later_than`` and ``expect_column_values_to_be_within_window``. They
compare what text means, in any agreed notation. Text that means nothing breaks
``expect_column_values_to_be_valid_dates`` and is no business of these.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

from dean06.settings import TIMEZONE

ISO_MOMENT, LOCAL_MOMENT = "YYYY-MM-DDTHH:MM:SS±HH:MM", "DD/MM/YYYY HH:MM:SS"
_ISO_TEXT = "____-__-__T__:__:__%"
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
        exists = (
            (_sub(column, 12, 2) < "24")
            & (_sub(column, 15, 2) < "60")
            & (_sub(column, 18, 2) < "60")
        )
        if notation == LOCAL_MOMENT:
            return exists
        return exists & sa.case(
            (sa.func.right(column, 6) == "+07:00", sa.true()),
            (column.op("~")(r"[+-]\d\d:\d\d$"), _is_offset(column)),
            else_=sa.true(),
        )


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
        by_moment = all(_is_moment(notation) for notation in (*notations, *other_notations))
        days = (_written_day(column, notations), _written_day(later, other_notations))
        exact = (
            _moment(column, notations) <= _moment(later, other_notations)
            if by_moment
            else _no_later_day(_day(column, notations), _day(later, other_notations, last=True))
        )
        # Most records differ by days; only days that touch need time zones. A day as written is at
        # most one off the Vietnamese one, so a day is clearly before a later one; of two moments
        # that holds where they have one offset.
        clear = sa.collate(days[0], "C") < sa.collate(days[1], "C")
        if by_moment:
            clear &= sa.func.right(column, 6) == sa.func.right(later, 6)
        return sa.case((clear, sa.true()), else_=sa.func.coalesce(exact, sa.true()))


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
        day, moment = _written_day(column, [notation]), _moment(column, [notation])
        kept = []
        if after:
            clear = sa.collate(day, "C") > _shifted(after, 1)
            kept.append(sa.case((clear, sa.true()), else_=moment > _constant(after)))
        if until:
            clear = sa.collate(day, "C") < _shifted(until, -1)
            kept.append(sa.case((clear, sa.true()), else_=moment <= _constant(until)))
        return sa.func.coalesce(sa.and_(sa.true(), *kept), sa.true())


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


def _is_moment(notation: str) -> bool:
    return notation in (ISO_MOMENT, LOCAL_MOMENT)


def _is_offset(column: Any) -> Any:
    hours = sa.func.right(column, 5)
    east = sa.func.left(sa.func.right(column, 6), 1) == "+"
    limit = sa.case((east, _LATEST_OFFSET), else_=_EARLIEST_OFFSET)
    return (hours <= limit) & sa.func.right(column, 2).in_(_QUARTERS)


def _constant(moment: str) -> Any:
    return sa.cast(sa.literal(moment, sa.Text()), sa.TIMESTAMP(timezone=True))


def _shifted(moment: str, days: int) -> str:
    """A day that is, in every time zone, before (after) the moment's."""
    local = datetime.fromisoformat(moment).astimezone(TIMEZONE)
    return (local + timedelta(days=days)).date().isoformat()


def _sub(column: Any, start: int, length: int) -> Any:
    return sa.func.substr(column, start, length)


def _turned(column: Any) -> Any:
    """The ISO day of text that begins with DD/MM/YYYY."""
    return sa.func.concat(_sub(column, 7, 4), "-", _sub(column, 4, 2), "-", _sub(column, 1, 2))


_DAYS_WRITTEN: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "YYYY-MM-DD": ("____-__-__", lambda column: column),
    ISO_MOMENT: (_ISO_TEXT, lambda column: _sub(column, 1, 10)),
    "00/00/YYYY": ("00/00/____", lambda column: sa.func.concat(_sub(column, 7, 4), "-01-01")),
    "DD/MM/YYYY": ("__/__/____", _turned),
    LOCAL_MOMENT: ("__/__/____ __:__:__", _turned),
    "YYYY": ("____", lambda column: sa.func.concat(column, "-01-01")),
}
"""Notation → what its text looks like, and its first day as written (no time zone applied)."""


def _written_day(column: Any, notations: Sequence[str]) -> Any:
    """The first day that text can mean, as ISO text; NULL when it has no agreed notation."""
    known = [_DAYS_WRITTEN[notation] for notation in _ordered(notations)]
    return sa.case(*((column.like(like), day(column)) for like, day in known))


def _ordered(notations: Sequence[str]) -> list[str]:
    """``00/00/YYYY`` looks like ``DD/MM/YYYY`` too, so it is tried first."""
    return [notation for notation in _DAYS_WRITTEN if notation in notations]


def _day(column: Any, notations: Sequence[str], *, last: bool = False) -> Any:
    """The first (``last``) Vietnamese day that text can mean, as ISO text."""
    cases = []
    for notation in _ordered(notations):
        like, written = _DAYS_WRITTEN[notation]
        day = written(column)
        if notation == ISO_MOMENT:
            local = sa.func.timezone(str(TIMEZONE), _moment(column, [notation]))
            day = sa.func.to_char(local, "YYYY-MM-DD")
        elif last and notation in ("YYYY", "00/00/YYYY"):
            day = sa.func.concat(sa.func.left(day, 4), "-12-31")
        cases.append((column.like(like), day))
    return sa.collate(sa.case(*cases), "C")


def _no_later_day(day: Any, other: Any) -> Any:
    both = sa.func.pg_input_is_valid(day, "date") & sa.func.pg_input_is_valid(other, "date")
    return sa.case((both, day <= other))


def _moment(column: Any, notations: Sequence[str]) -> Any:
    """The moment that text means; NULL when PostgreSQL cannot read it."""
    cases = []
    for notation in _ordered(notations):
        like, day = _DAYS_WRITTEN[notation]
        text = (
            column
            if notation == ISO_MOMENT
            else sa.func.concat(day(column), _sub(column, 11, 9), " ", str(TIMEZONE))
        )
        is_valid = sa.func.pg_input_is_valid(text, "timestamptz")
        # As core reads it: a cast would round what core cuts.
        cases.append((column.like(like) & is_valid, sa.func.core.moment_of(text)))
    return sa.case(*cases)
