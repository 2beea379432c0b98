"""Who is behind: only those below the target, nobody by chance, nobody that rounding may have put
last."""

from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dean06.contract import Bilingual
from dean06.figures import agencies, bounds, ranking
from dean06.figures.bounds import Bounds
from dean06.figures.ranking import Band, Place, Ranking

COUNTS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda pair: (pair[0] * 10, pair[1] * 10)),
    min_size=1, max_size=60,
)  # fmt: skip
"""Published counts of communes: those counted, and the rest."""


def ranked(
    shares: list[tuple[int, int]], wanted: float | None = 0.5, operator: str = ">=", base: int = 10
) -> Ranking:
    """Communes by a share; of one that counts nobody nothing is published."""
    places = []
    for at, (counted, rest) in enumerate(shares):
        whole = counted + rest
        amount = counted / whole if whole else None
        met = amount is not None and wanted is not None and (
            amount <= wanted if operator == "<=" else amount >= wanted
        )  # fmt: skip
        band: Band = (
            "missing" if amount is None
            else "plain" if wanted is None
            else "reached" if met
            else "far"
        )  # fmt: skip
        found = bounds.share(counted, whole, base) if whole else None
        places.append(
            Place(
                code=str(at),
                name=Bilingual(str(at), str(at)),
                district_code="1",
                district=None,
                row=None,
                amount=amount,
                band=band,
                rank=None,
                no_amount=None,
                bounds=found,
            )
        )
    return Ranking("kpi", "share", wanted, operator, ranking._ranked(places, operator), base)


@given(COUNTS, st.sampled_from([None, 0.25, 0.5, 1.0]), st.sampled_from([">=", "<="]))
def test_nobody_at_the_target_is_listed_and_nobody_is_left_out_by_chance(
    shares: list[tuple[int, int]], wanted: float | None, operator: str
) -> None:
    found = ranked(shares, wanted, operator)
    groups = found.listed(10)
    told = [place for group in groups for place in group.places]
    assert all(place.band != "reached" for place in told)
    assert sum(group.lines for group in groups) <= 10
    amounts = [{place.amount for place in group.places} for group in groups]
    assert all(len(each) == 1 for each in amounts)
    counts = Counter(place.amount for place in found.ranked)
    assert all(len(group.places) == counts[group.first.amount] for group in groups)
    left_out = [place for place in found.behind if place not in told]
    if left_out:
        assert sum(group.lines for group in groups) == 10
        last, best = told[-1].amount, left_out[0].amount
        assert last is not None
        assert best is not None
        assert last > best if operator == "<=" else last < best


@given(COUNTS, st.sampled_from([">=", "<="]))
def test_ranks_count_those_that_are_worse(shares: list[tuple[int, int]], operator: str) -> None:
    places = ranked(shares, operator=operator).ranked
    for place in places:
        assert place.rank == 1 + sum(
            (other.amount > place.amount) if operator == "<=" else (other.amount < place.amount)
            for other in places
            if other.amount is not None and place.amount is not None
        )
        level = sum(other.amount == place.amount for other in places)
        assert place.last_rank == place.rank + level - 1
    assert all(
        one.last_rank == other.last_rank or one.last_rank + 1 == other.rank
        for one, other in pairwise(places)
        if one.last_rank is not None
    )


@given(
    st.integers(0, 500), st.integers(0, 500), st.sampled_from([0, 2, 10, 20]),
    st.integers(0, 1), st.integers(0, 1),
)  # fmt: skip
def test_the_true_share_lies_within_its_bounds(
    counted: int, rest: int, base: int, up: int, rest_up: int
) -> None:
    """Whichever way the two counts were rounded."""
    shown, rest_shown = _rounded(counted, base, up), _rounded(rest, base, rest_up)
    if counted + rest and shown + rest_shown:
        found = bounds.share(shown, shown + rest_shown, base)
        assert found.low <= counted / (counted + rest) <= found.high
        if base == 0:
            assert found.low == found.high
    if rest and rest_shown:
        part = bounds.per_100(shown, rest_shown, base, base)
        assert part.low <= 100 * counted / rest <= part.high


def _rounded(number: int, base: int, up: int) -> int:
    if base == 0 or number % base == 0:
        return number
    return base * (number // base + up)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 90)), min_size=1, max_size=30))
def test_the_true_worst_is_among_those_that_may_be_it(pairs: list[tuple[int, int]]) -> None:
    """Rounded down here; the lowest true share must be reachable by as many as are counted."""
    found = ranked([(a - a % 10, b - b % 10) for a, b in pairs])
    true = {str(at): a / (a + b) for at, (a, b) in enumerate(pairs)}
    bound = [place.bounds for place in found.ranked if place.bounds is not None]
    if not bound:
        assert found.may_be_worst == 0
        return
    truly_lowest = min(true[place.code] for place in found.ranked)
    least_high = min(each.high for each in bound)
    (worst, *_) = [p for p in found.ranked if true[p.code] == truly_lowest and p.bounds]
    assert worst.bounds is not None
    assert worst.bounds.low <= least_high
    assert 1 <= found.may_be_worst <= len(bound)


def test_many_on_one_amount_are_counted_and_the_others_ranked() -> None:
    found = ranked([(0, 30)] * 160 + [(10, 90), (20, 80), (60, 40)])
    tie, first, second = found.listed(10)
    assert (tie.is_named, len(tie.places), tie.first.rank, tie.first.last_rank) == (
        False, 160, 1, 160,
    )  # fmt: skip
    assert [(each.is_named, each.first.rank) for each in (first, second)] == [
        (True, 161), (True, 162),
    ]  # fmt: skip


def test_nobody_is_behind_where_all_reach_the_target() -> None:
    assert ranked([(80, 20)] * 20).listed(10) == []
    assert len(ranked([(80, 20)] * 3, wanted=None).listed(10)[0].places) == 3


@pytest.mark.parametrize(("operator", "far"), [(">=", (0, 9000)), ("<=", (9000, 0))])
def test_the_worst_is_named_only_where_rounding_tells_who_it_is(
    operator: str, far: tuple[int, int]
) -> None:
    """20 of 30 may be 11 of 30 or 29 of 30: seven such communes are level, six still named."""
    wanted = 0.0 if operator == "<=" else 1.0
    assert ranked([(20, 10)] * 6, wanted, operator).names_worst
    assert not ranked([(20, 10)] * 7, wanted, operator).names_worst
    assert ranked([(20, 10)] * 7, wanted, operator).may_be_worst == 7
    assert ranked([(20, 10)] * 7 + [far], wanted, operator).names_worst
    assert ranked([(n, 100 - n) for n in range(20)], wanted, operator, base=0).names_worst


def test_what_an_agency_did_not_complete_on_time_is_counted() -> None:
    rows = [
        SimpleNamespace(numerator=n, denominator=d, value=None if n is None else n / d)
        for n, d in ((1, 3), (2, 2), (None, None), (0, 2), (5, 8))
    ]
    assert [(row.numerator, late) for row, late in agencies.late(rows)] == [
        (5, 3), (0, 2), (1, 2),
    ]  # fmt: skip


def test_bounds_of_nobody_and_of_everybody() -> None:
    assert bounds.share(0, 30, 10) == Bounds(0.0, 9 / 30)
    assert bounds.share(30, 30, 10) == Bounds(21 / 30, 1.0)
    assert bounds.per_100(20, 30, 10, 10) == Bounds(100 * 11 / 39, 100 * 29 / 21)
