"""Counts of correction cases that readers get: rounded, published once, by source."""

from datetime import date
from typing import Any

import pytest

from dean06.agencies import cases
from dean06.kpi import disclosure
from dean06.warehouse import transaction
from tests.lib.corrections import WRONG, deliver, sent
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("warehouse", "lists_root")

LISTED_ON = date(2023, 1, 17)
LEAGUE = """
    select source_code, open_count::int, overdue_count::int, closed_in_time_count::int,
           closed_late_count::int, in_time_share::float, league_rank::int, is_rounded
    from mart.correction_league where as_of_date = :day and source_code in ('', 'police')
    order by source_code
"""


def _four_records() -> None:
    """One in time, one late, two overdue on 6/2."""
    day = "2023-01-17"
    deliver(day, *(sent(number, day, **WRONG) for number in range(1, 5)))
    deliver("2023-01-27", sent(1, "2023-01-27"))
    deliver("2023-02-06", sent(2, "2023-02-06"))


def _league(day: str) -> list[tuple[Any, ...]]:
    with transaction("dean06_bi") as session:
        return [tuple(row) for row in session.rows(LEAGUE, day=day)]


def test_the_league_counts_open_overdue_and_closed() -> None:
    _four_records()
    assert _league("2023-01-17")[1] == ("police", 4, 0, 0, 0, None, None, False)
    assert _league("2023-02-06") == [
        ("", 2, 2, 1, 1, 0.25, None, False),
        ("police", 2, 2, 1, 1, 0.25, 1, False),
    ]
    sources = rows("select distinct source_code from mart.correction_count")
    assert len(sources) == 7


def test_readers_get_rounded_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    _four_records()
    published = rows("select * from mart.correction_count order by 1, 2, 3, 4")
    assert {row[4] % disclosure.rounded_to() for row in published} == {0}
    assert {row[5] for row in published} == {True}
    # Told again, they are the same: repeating the question adds nothing.
    for _ in range(3):
        cases.update()
    assert rows("select * from mart.correction_count order by 1, 2, 3, 4") == published
    assert {revision for _, revision, *_ in published} == {1}


def test_a_count_of_few_may_become_ten_and_the_same_one_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    day = "2023-01-17"
    deliver(day, *(sent(number, day, **WRONG) for number in range(1, 5)))
    shown = set()
    for _ in range(40):
        with transaction("") as session:
            session.run("delete from ops.rounding_secret")
        with transaction() as session:
            disclosure.publish_corrections(session, LISTED_ON, ["police"])
            shown |= {
                row.n
                for row in session.rows(
                    """select coalesce(rounded.counted, cell.counted) as n
                       from cell inner join rounded using (cell_id)
                       where kpi_code = 'correction.open' and member_code = 'police'"""
                )
            }
    assert shown == {0, 10}
