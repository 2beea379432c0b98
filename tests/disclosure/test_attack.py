"""Nobody computes a small count from what is published: solved for by linear programming."""

from collections import Counter
from typing import Any

import pytest

from dean06.kpi import disclosure
from dean06.warehouse import transaction
from tests.lib.disclosure import attack, identities, made_up
from tests.lib.disclosure.attack import Interval, Term

pytestmark = pytest.mark.usefixtures("warehouse")
SMALLEST = 5


def small_numbers(values: Any, term: Term) -> bool:
    """Whether a hidden number is one that had to be hidden."""
    number = values.get(term[0], (0, 0))[term[1] == "uncounted"]
    return number is not None and 1 <= number < SMALLEST


def attacked(values: Any) -> dict[Term, Interval]:
    """What an attacker learns of every small number of the made-up day."""
    pairs = identities.equal(identities.series(values))
    known = attack.knowledge(attack.read(str(made_up.DAY)), pairs)
    return attack.intervals(known, lambda term: small_numbers(values, term))


@pytest.fixture(autouse=True)
def hide_below_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", str(SMALLEST))


@pytest.fixture(params=[6, 7])
def values(request: pytest.FixtureRequest) -> Any:
    return made_up.publish(seed=request.param)


def test_no_small_number_is_told(values: Any) -> None:
    found = attacked(values)
    assert len(found) > 300
    told = {term: values[term[0]] for term, interval in found.items() if interval.width < 1}
    assert told == {}


def test_ones_that_fill_their_total_are_not_told() -> None:
    code = "id_card.dossiers_received"
    ones = Counter({(code, "", "", str(commune), "counted"): 1 for commune in range(6)})
    values = made_up.publish(communes=6, found=ones)
    assert values[code, "as_reported", "province", "82", "", ""] == (6, None)
    found = attacked(values)
    assert len(found) >= 6
    assert min(interval.width for interval in found.values()) >= 1


def test_without_complements_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "_complement", lambda *_: None)
    found = attacked(made_up.publish())
    assert sum(interval.width == 0 for interval in found.values()) > 20


def test_what_is_shown_is_exact_and_what_is_small_is_not_shown(values: Any) -> None:
    published = attack.read(str(made_up.DAY))
    seen = {c: n for c, n in published.numbers.items() if c not in published.unlisted}
    assert seen.keys() == values.keys() - published.unlisted
    for cell, shown in seen.items():
        assert shown in (None, values[cell])
        counted, uncounted = values[cell]
        is_small = 1 <= counted < SMALLEST or 1 <= (uncounted or 0) < SMALLEST
        assert shown is None or not is_small
    hidden = [cell for cell, shown in seen.items() if shown is None]
    assert ("eid.accounts", "as_reported", "province", "82", "", "") not in hidden
    assert len(hidden) < len(seen) * 0.8


def test_hidden_numbers_are_nowhere_in_mart(values: Any) -> None:
    with transaction(role="") as session:
        (row,) = session.rows(
            """select count(*) filter (where is_suppressed) as hidden,
                      count(numerator) filter (where is_suppressed) as numbers
               from mart.kpi_value"""
        )
        kept = session.one("select count(*) as kept from ops.kpi_withheld").kept
    assert kept > row.hidden > 100
    assert row.numbers == 0
