"""The cards for Metabase, run as role dean06_bi: the same numbers as mart and as Superset's charts.

What charts must show is said by ``tests/superset/known.py``, in other words than the cards'.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.conftest import Cluster
from tests.lib import metabase, newest_day
from tests.lib.charts import compared, differences
from tests.lib.disclosure.made_up import Values
from tests.lib.published import seen_by_bi
from tests.superset.known import KNOWN

CARDS = metabase.cards()
UNKNOWN_TO_SUPERSET = {"changes"}
NOT_MADE_UP = {"cards", "on_time", "tasks"}
"""The made-up province has none: tests/end_to_end/test_truth.py compares all cards."""


@pytest.fixture(scope="module", autouse=True)
def days(cluster: Cluster, migrated: str) -> Iterator[dict[date, Values]]:
    with newest_day.published(cluster, migrated) as found:
        yield found


def test_metabase_has_the_charts_of_superset() -> None:
    assert CARDS.keys() - UNKNOWN_TO_SUPERSET == KNOWN.keys()


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_card_shows_what_the_chart_shows(name: str) -> None:
    statement = metabase.sent(CARDS[name])
    assert differences(name, statement) == []
    _, known, _ = compared(name, statement)
    assert bool(known) == (name not in NOT_MADE_UP)


def test_a_card_that_shows_something_else_is_seen() -> None:
    other = metabase.sent(CARDS["accounts"]).replace("eid.accounts", "eid.accounts_level_1")
    assert differences("accounts", other) != []


@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_card_can_be_asked_for_one_province(name: str) -> None:
    everything = seen_by_bi(metabase.sent(CARDS[name]))
    if "tinh" in metabase.tags(CARDS[name]):
        assert seen_by_bi(metabase.sent(CARDS[name], tinh="82")) == everything
        assert seen_by_bi(metabase.sent(CARDS[name], tinh="34'")) == []


def test_changes_are_those_of_the_view() -> None:
    shown = seen_by_bi(metabase.sent(CARDS["changes"]))
    told: dict[Any, Any] = {
        row[:2]: row[2:]
        for row in seen_by_bi(
            """select name_vi, compared_on, value_before, value, change from mart.kpi_now
               where unit_level = 'province' and change <> 0"""
        )
    }
    assert len(shown) == min(15, len(told)) > 5
    assert all(told[row[:2]] == row[2:] for row in shown)
