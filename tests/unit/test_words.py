"""How pages write published values."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from dean06.ui.language import Words


@dataclass
class Row:
    value: Decimal | None
    reason_vi: str | None = None
    reason_en: str | None = None


@pytest.mark.parametrize(
    ("row", "unit", "vi", "en"),
    [
        (Row(Decimal(1234)), "person", "1.234", "1,234"),
        (Row(Decimal("0.9876")), "share", "98,8%", "98.8%"),
        (Row(Decimal("0.99996")), "share", "99,9%", "99.9%"),
        (Row(Decimal("0.00001")), "share", "0,1%", "0.1%"),
        (Row(Decimal(1)), "share", "100,0%", "100.0%"),
        (Row(Decimal(0)), "person", "0", "0"),
        (Row(None, "không hiển thị", "not shown"), "person", "không hiển thị", "not shown"),
        (Row(Decimal(0), "thừa", "odd"), "share", "0,0%", "0.0%"),
        (None, "share", "chưa có số liệu: chưa công bố", "not available: not published"),
    ],
)
def test_zero_is_a_number_and_what_is_missing_says_why(
    row: Row | None, unit: str, vi: str, en: str
) -> None:
    assert Words("vi").published(row, unit) == vi
    assert Words("en").published(row, unit) == en
