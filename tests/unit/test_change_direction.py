"""Where a change of status leads, and which changes of value readers can see."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from dean06.figures.changes import Change, Direction, Week
from dean06.figures.standing import Line


def change(before: str | None, now: str, values: tuple[str, str] = ("0", "0")) -> Change:
    then, new = (SimpleNamespace(unit="share", value=Decimal(value)) for value in values)
    rows = [None if status is None else SimpleNamespace(status=status) for status in (before, now)]
    return Change(Line(new, (), (), then), None, rows[0], rows[1], ())


@pytest.mark.parametrize(
    ("before", "now", "direction"),
    [
        ("missed", "behind", "better"),
        ("behind", "on_track", "better"),
        ("on_track", "met", "better"),
        ("met", "missed", "worse"),
        ("on_track", "behind", "worse"),
        ("open", "missed", "first_assessed"),
        ("not_applicable", "behind", "first_assessed"),
        ("met", "open", "no_longer_assessed"),
        ("open", "not_applicable", None),
        ("met", "met", None),
        (None, "missed", None),
    ],
)
def test_only_statuses_that_were_assessed_become_better_or_worse(
    before: str | None, now: str, direction: Direction | None
) -> None:
    assert change(before, now).direction == direction


def test_what_became_worse_is_told_first() -> None:
    better, worse, new = change("behind", "met"), change("met", "behind"), change("open", "met")
    week = Week(None, True, (new, better, worse, change("met", "met")))
    assert list(week.by_direction.items()) == [
        ("worse", [worse]), ("better", [better]), ("first_assessed", [new]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "difference"),
    [("0.8801", "0.8804", "0"), ("0.8801", "0.8807", "0.0006"), ("0.88", "0.86", "-0.02")],
)
def test_a_change_that_is_written_as_nothing_is_none(
    before: str, now: str, difference: str
) -> None:
    assert change("met", "met", (before, now)).difference == Decimal(difference)
