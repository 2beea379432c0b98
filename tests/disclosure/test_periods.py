"""Periods tell no small count and no small change: solved for over days on both sides of a month's
border, with all that is known of how periods lie (``tests/lib/disclosure/periods``)."""

import hashlib
from datetime import date
from itertools import count, product

import numpy as np
import pytest

from dean06.kpi import disclosure
from dean06.warehouse import transaction
from tests.lib.disclosure import periods
from tests.lib.disclosure.made_up import State
from tests.lib.disclosure.periods import Dossiers, attacked
from tests.lib.disclosure.protected import SMALLEST, changes
from tests.lib.disclosure.solving import Question

pytestmark = pytest.mark.usefixtures("warehouse")
COMMUNES, PROCEDURES = 6, ("DA06-01", "DA06-03")
DAYS = [date(2022, 10, 30), date(2022, 10, 31), date(2022, 11, 1), date(2022, 11, 2)]


@pytest.fixture(autouse=True)
def hide_below_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", str(SMALLEST))


def portal(seed: int, november: float) -> list[Dossiers]:
    """Many before the year and before the quarter, some in October, few a day in November."""
    draws = np.random.default_rng(seed)
    often = {
        date(2021, 12, 1): 9.0, date(2022, 8, 1): 7.0, date(2022, 10, 5): 3.0,
        date(2022, 10, 31): 0.7, DAYS[2]: november, DAYS[3]: november,
    }  # fmt: skip
    return [
        Dossiers(day, commune, procedure, whole, (int(draws.binomial(whole, 0.6)), whole // 2))
        for (day, usual), commune, procedure in product(often.items(), range(COMMUNES), PROCEDURES)
        if (whole := int(draws.poisson(usual)))
    ]


def published(dossiers: list[Dossiers], days: list[date] = DAYS) -> list[State]:
    return [periods.publish(dossiers, day, COMMUNES) for day in days]


def test_no_small_number_is_told_over_the_border_of_a_month() -> None:
    found, asked = attacked(published(portal(seed=6, november=1.5)))
    assert len(asked) - changes(asked) > 150
    assert changes(asked) > 200
    assert found == []


@pytest.fixture
def first_of_november() -> list[Dossiers]:
    """As ``portal``, with one dossier in November, in a commune of which a one is rounded up."""
    unit = _first_unit()
    for secret in count():
        told_by = f"{secret}|service.online_share.month|||{unit}|counted|0"
        digest = hashlib.sha256(told_by.encode()).hexdigest()
        if int(digest[:8], 16) % 10 == 0:
            break
    with transaction(role="") as session:
        session.run("insert into ops.rounding_secret (secret) values (:secret)", secret=str(secret))
    earlier = [each for each in portal(seed=7, november=0) if each.day < DAYS[2]]
    return [*earlier, Dossiers(DAYS[2], 0, PROCEDURES[0], 1, (1, 1))]


def _first_unit() -> str:
    with transaction() as session:
        row = session.one(
            """select unit_code from mart.admin_unit_successor
               where unit_level = 'commune' and is_default and relation <> 'unknown'
                   and successor_province_code = '82' and unit_code in (
                       select unit_code from mart.dim_admin_unit
                       where province_code = '82' and unit_level = 'commune')
               order by successor_code, unit_code limit 1"""
        )
    return str(row.unit_code)


def test_where_the_first_of_a_month_counts_is_not_told(first_of_november: list[Dossiers]) -> None:
    found, asked = attacked(published(first_of_november, DAYS[1:3]))
    assert len(asked) > 50
    assert communes(found) == []
    # A procedure that is rounded up since the beginning was told before: changes between members
    # of a province are not protected (docs/decisions/0033).
    assert all(place[0][2] == "province" and place[0][4] for _, place in found)


@pytest.mark.campaign
def test_shown_from_the_first_day_on_it_is_told(
    first_of_november: list[Dossiers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure, "_hide_beginnings", lambda session, _: session.run(NOTHING))
    found, _ = attacked(published(first_of_november, DAYS[1:3]))
    assert communes(found)


def communes(found: list[Question]) -> list[Question]:
    """What is told of communes, counts and changes."""
    ends = [(q, q[0] if isinstance(q[0], tuple) else q) for q in found]
    return [q for q, (_, term) in ends if term[0][2] == "commune"]


NOTHING = """create temporary table begun (kpi_code text, current_province_code text)
             on commit drop"""
