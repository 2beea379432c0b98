"""What ``make run`` finds in the warehouse of an installation that was used before."""

from datetime import date

from onebox import used
from tests.lib import published
from tests.lib.loading import load_police, resident


def test_a_warehouse_is_used_once_its_kpis_are_published(warehouse: str) -> None:
    assert used.last_day(warehouse) is None
    load_police("one", "2022-10-31", [resident()])
    assert used.last_day(warehouse) is None, "a first sync that was cut off is begun again"
    published.publish("2022-10-31")
    assert used.last_day(warehouse) == date(2022, 10, 31)
    load_police("two", "2022-11-02", [resident()])
    assert used.last_day(warehouse) == date(2022, 11, 2)
