"""Which days a list is of."""

from datetime import date, timedelta

from dean06.api.parameters import MOST_DAYS, Days
from dean06.api.problems import Problem


def span_of(query: Days, newest_day: date | None) -> tuple[date, date] | None:
    """The first and last day of a list of values, where one bound is left open up to the most days
    that can be asked for; the newest day where both are. None where nothing is published. Raises
    Problem for more days than that."""
    check(query)
    first, last = query.span
    if newest_day is None:
        return None
    if first is None and last is None:
        return newest_day, newest_day
    last = last or newest_day
    first = first or last - timedelta(days=MOST_DAYS - 1)
    if (last - first).days >= MOST_DAYS:
        raise _too_far()
    return first, last


def check(query: Days) -> None:
    """Raises Problem for days that contradict each other, or too many of them."""
    if query.day and (query.first or query.last):
        raise Problem(
            400,
            "parameter day cannot be combined with from or to",
            "tham số day không dùng cùng với from hoặc to",
        )
    first, last = query.span
    if first and last and not 0 <= (last - first).days < MOST_DAYS:
        raise _too_far()


def _too_far() -> Problem:
    return Problem(
        400,
        f"parameter to must not be before from; the range may have at most {MOST_DAYS} days",
        f"from không được sau to; khoảng thời gian từ from đến to tối đa {MOST_DAYS} ngày",
    )
