"""How late a source is, in words: never since a moment at which nothing came."""

from datetime import datetime, timedelta

import pytest

from dean06 import settings
from dean06.figures.words import Words
from dean06.watch.freshness import Freshness

FIRST = datetime(2026, 12, 1, tzinfo=settings.TIMEZONE)


def _late(reached: datetime | None) -> Freshness:
    return Freshness("land", reached, timedelta(hours=72), timedelta(hours=26), FIRST)


def test_late_data_are_told_by_their_end() -> None:
    late = _late(datetime(2026, 12, 2, tzinfo=settings.TIMEZONE))
    assert late.told(Words("en"), "72 h") == "data up to 02/12/2026 00:00, 72 h ago"
    assert late.told(Words("vi"), "72 giờ") == (
        "dữ liệu chỉ cập nhật đến 00:00 ngày 02/12/2026, cách thời điểm hiện tại 72 giờ"
    )


@pytest.mark.parametrize("reached", [None, datetime(2022, 11, 1, tzinfo=settings.TIMEZONE)])
def test_a_source_that_sent_nothing_since_it_is_expected_is_told_by_that_day(
    reached: datetime | None,
) -> None:
    late = _late(reached)
    assert late.told(Words("en"), "72 h") == (
        "no new data since they were first expected at 01/12/2026 00:00, 72 h ago"
    )
    assert late.told(Words("vi"), "72 giờ") == (
        "từ khi bắt đầu theo dõi nguồn (00:00 ngày 01/12/2026) đến nay đã 72 giờ mà chưa có dữ "
        "liệu mới"
    )
