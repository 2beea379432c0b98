"""Shares of rounded counts in ``mart.kpi_now``: how far they can be off, and when there is none."""

import random
from decimal import Decimal
from typing import Any

import pytest

from dean06.kpi import family
from dean06.warehouse import transaction
from tests.lib.loading import rows
from tests.lib.published import seen_by_bi

SHARE = "insurance.verified_share"
BASE, OFF_BY = 10, 9
ENOUGH = 20 * OFF_BY
"""Records that a commune's share needs so that rounding moves it by at most five points."""
COMMUNES = ("28249", "28252")
Pair = tuple[int, int]


def _rounded(exact: int, draw: random.Random) -> int:
    """Up or down to a multiple of ten; a multiple stays."""
    below = exact // BASE * BASE
    return below if exact == below else below + draw.choice((0, BASE))


def _district(draw: random.Random) -> tuple[int, Pair, Pair]:
    """How many communes, and what counts and what does not: exactly, and as published."""
    communes = draw.randint(1, 20)
    largest = draw.choice((3, 12, 60, 400, 5000))
    exact = [(draw.randint(0, largest), draw.randint(0, largest)) for _ in range(communes)]
    if draw.random() < 0.3:
        exact = [(counted, 0) for counted, _ in exact]
    shown = [(_rounded(counted, draw), _rounded(rest, draw)) for counted, rest in exact]
    (counted, rest), (seen, unseen) = (
        (sum(one for one, _ in pairs), sum(other for _, other in pairs)) for pairs in (exact, shown)
    )
    return communes, (counted, rest), (seen, unseen)


def _bounds(cases: list[tuple[int, int]]) -> list[Any]:
    """What the warehouse says of each denominator and bound of the numerator."""
    return [
        bound
        for (bound,) in rows(
            """select mart.share_off_by_at_most(denominator, off_by)
               from unnest(cast(:denominators as bigint[]), cast(:off as bigint[]))
                   with ordinality as given (denominator, off_by, place)
               order by place""",
            denominators=[denominator for denominator, _ in cases],
            off=[off for _, off in cases],
        )
    ]


@pytest.mark.usefixtures("warehouse")
def test_the_true_share_is_never_farther_away_than_the_bound() -> None:
    draw = random.Random(53)
    districts = [
        each for each in (_district(draw) for _ in range(5000)) if sum(each[1]) and sum(each[2])
    ]
    bounds = _bounds([(sum(shown), OFF_BY * many) for many, _, shown in districts])
    useful, most = 0, 0.0
    for (_, exact, shown), bound in zip(districts, bounds, strict=True):
        off = abs(exact[0] / sum(exact) - shown[0] / sum(shown))
        assert off <= float(bound) + 1e-9, (exact, shown)
        assert bound <= 1
        useful += bound <= Decimal("0.05")
        most = max(most, off / float(bound))
    assert useful > 1000
    assert most > 0.9, "the bound is far from what happens"


@pytest.mark.usefixtures("warehouse")
def test_the_bound_is_reached_but_not_passed() -> None:
    # 991 and 1,009 may be published as 1,000 and 1,000, and 9 and 1 as 0 of 10.
    bounds = _bounds([(2000, 9), (10, 9), (9, 9), (0, 9), (180, 9)])
    assert bounds == [Decimal(n) for n in ("0.0045", "0.9", "1", "1", "0.05")]
    assert abs(991 / 2000 - 1000 / 2000) == pytest.approx(float(bounds[0]))
    assert float(bounds[1]) == 9 / 10
    assert _bounds([(2000, 0)]) == [None]


def _publish(day: str, counts: dict[str, Pair | None], *, smallest: int = 5) -> None:
    """Commune → numerator and denominator as published; None: hidden."""
    with transaction() as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason, smallest_shown)
               values (:day, '{insurance}', 'test', :smallest)""",
            day=day, smallest=smallest,
        )  # fmt: skip
        for unit, counted in counts.items():
            numerator, denominator = counted or (None, None)
            session.run(
                """insert into mart.kpi_value (publication_id, as_of_date, kpi_code, kpi_version,
                       unit_level, unit_code, boundary_version, province_code, numerator,
                       denominator, value, is_suppressed, is_rounded, counted_on)
                   select max(publication_id), :day, :code, :version,
                       case when cast(:unit as text) = '82' then 'province' else 'commune' end,
                       :unit, 'as_reported', '82', :n, :d,
                       round(cast(:n as numeric) / nullif(:d, 0), 6), :hidden,
                       :smallest > 1 and not :hidden and :unit <> '82', cast(:day as date)
                   from mart.kpi_publication""",
                day=day, code=SHARE, version=family.versions()[SHARE], unit=unit, n=numerator,
                d=denominator, hidden=counted is None, smallest=smallest,
            )  # fmt: skip


def _seen() -> dict[str, tuple[Any, ...]]:
    return {
        unit: tuple(rest)
        for unit, *rest in seen_by_bi(
            """select unit_code, numerator, denominator, value, share_off_by_at_most,
                      missing_reason, change, not_compared
               from mart.kpi_now where kpi_code = :code""",
            code=SHARE,
        )
    }


def _publish_twice(before: dict[str, Pair | None], now: dict[str, Pair | None]) -> None:
    _publish("2022-10-24", {"82": (300, 600), **before})
    _publish("2022-10-31", {"82": (300, 600), **now})


@pytest.mark.usefixtures("warehouse")
def test_a_district_has_a_share_where_rounding_moves_it_little() -> None:
    enough: dict[str, Pair | None] = {COMMUNES[0]: (100, ENOUGH), COMMUNES[1]: (80, ENOUGH)}
    _publish_twice(enough, enough)
    found = _seen()
    assert found["815"] == (180, 360, 0.5, Decimal("0.05"), None, 0, None)
    # Provinces are exact.
    assert found["82"] == (300, 600, 0.5, None, None, 0, None)
    assert found[COMMUNES[0]][3] == Decimal("0.05")


@pytest.mark.usefixtures("warehouse")
def test_a_district_of_communes_of_nearly_nothing_has_no_share() -> None:
    _publish_twice(
        {COMMUNES[0]: (100, ENOUGH), COMMUNES[1]: (80, ENOUGH)},
        {COMMUNES[0]: (100, ENOUGH - 10), COMMUNES[1]: (80, ENOUGH)},
    )
    found = _seen()
    assert found["815"][:3] == (180, 350, None)
    assert found["815"][4:] == ("too_rough", None, "too_rough")
    assert 0.05 < found["815"][3] < 0.06
    (words,) = seen_by_bi(
        """select reason_en, reason_vi, not_compared_en, not_compared_vi from mart.kpi_now
           where unit_level = 'district' and missing_reason = 'too_rough'"""
    )
    assert words[:2] == words[2:]
    assert "rounding" in words[0]
    assert "làm tròn" in words[1]
    # A commune keeps its share, and says how far it can be off.
    assert found[COMMUNES[1]][2:5] == (Decimal("0.444444"), Decimal("0.05"), None)


@pytest.mark.usefixtures("warehouse")
def test_a_share_is_not_compared_with_one_that_was_too_rough() -> None:
    _publish_twice(
        {COMMUNES[0]: (0, 10), COMMUNES[1]: (0, 0)},
        {COMMUNES[0]: (100, 2000), COMMUNES[1]: (80, ENOUGH)},
    )
    found = _seen()["815"]
    assert found[2] is not None
    assert found[5:] == (None, "too_rough")


@pytest.mark.usefixtures("warehouse")
def test_a_district_that_lacks_a_count_of_a_commune_has_no_share() -> None:
    _publish("2022-10-31", {"82": (300, 600), COMMUNES[0]: (100, 2000), COMMUNES[1]: None})
    assert _seen()["815"][:5] == (None, None, None, None, "hidden")


@pytest.mark.usefixtures("warehouse")
def test_exact_counts_give_every_share() -> None:
    _publish("2022-10-31", {"82": (2, 3), COMMUNES[0]: (1, 2), COMMUNES[1]: (1, 1)}, smallest=0)
    assert _seen()["815"][:5] == (2, 3, Decimal("0.666667"), None, None)


@pytest.mark.usefixtures("warehouse")
def test_records_of_an_unknown_commune_are_not_a_commune() -> None:
    _publish("2022-10-31", {
        "82": (300, 600), COMMUNES[0]: (100, 200), COMMUNES[1]: (80, 200), "82:unknown": (20, 200),
    })  # fmt: skip
    (counted,) = seen_by_bi(
        """select commune_count, hidden_commune_count, no_value_commune_count
           from mart.kpi_now where unit_level = 'province'"""
    )
    assert counted == (2, 0, 0)
    ((name, name_en),) = seen_by_bi(
        "select unit_full_name, unit_full_name_en from mart.kpi_now where is_unknown"
    )
    assert (name.count("Tiền Giang"), name_en.count("Tiền Giang")) == (1, 1)
