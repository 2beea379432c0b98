"""How pages write published values."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from dean06.ui.language import Words


@dataclass
class Row:
    value: Decimal | None
    is_suppressed: bool = False


@pytest.mark.parametrize(
    ("row", "unit", "vi", "en"),
    [
        (Row(Decimal(1234)), "person", "1.234", "1,234"),
        (Row(Decimal("0.9876")), "share", "98,76%", "98.76%"),
        (Row(Decimal(0)), "person", "0", "0"),
        (Row(None, is_suppressed=True), "person", "ẩn (ít người)", "hidden (few people)"),
        (Row(None), "share", "N/A", "N/A"),
        (None, "share", "N/A", "N/A"),
    ],
)
def test_hidden_not_applicable_and_zero_are_told_apart(
    row: Row | None, unit: str, vi: str, en: str
) -> None:
    assert Words("vi").published(row, unit) == vi
    assert Words("en").published(row, unit) == en
