"""Random histories: builds that count from kept steps publish what counting all spans says.

A history is what happens to the records of two persons: they are delivered late, out of order,
corrected, withdrawn; persons move, die, and are confused with others; boundaries are reformed
between two of the days, and reference data are edited. Many histories happen in one warehouse at
the same time: what one of them touches must leave the others as they are.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from dean06.errors import AuditError
from dean06.identity.verify import verified_snapshot
from dean06.kpi import any_day, build, counting, news, steps, touched
from dean06.kpi.family import families
from dean06.kpi.front_matter import Family
from dean06.kpi.publication import VALUE_COLUMNS, Built
from dean06.kpi.side_by_side import Beside, Part
from dean06.kpi.touched import Touched
from dean06.warehouse import Session, transaction
from tests.conftest import Cluster
from tests.lib.histories import (
    EDITS,
    SOURCES,
    Round,
    batches,
    deliver,
)
from tests.lib.history_records import DAYS
from tests.lib.loading import rows

TOGETHER = 50
"""Histories in one warehouse."""
CALENDAR = [date(2025, 6, 27) + timedelta(n) for n in range(8)] + [
    date(2022, 1, 1), date(2025, 3, 31), date(2025, 4, 1), date(2025, 5, 31)
]  # fmt: skip
Values = dict[date, list[Any]]


def _from_spans(session: Session, day: date, wanted: Sequence[Family], *_: object) -> None:
    """As ``steps.count``, from nothing that is kept."""
    for family in wanted:
        counting.count(session, day, family, from_spans=True)


OF_BUILD = "publication_id = (select publication_id from ops.kpi_build where build_id = :build)"
SAID = (
    """select state, reason, cause, source_codes, publication_id is null from ops.kpi_build
       where build_id = :build""",
    """select kpi_code, cause, dataset_code, row_count from ops.kpi_build_cause
       where build_id = :build order by 1, 2, 3""",
    f"""select {VALUE_COLUMNS} from ops.kpi_build_value
        where build_id = :build and (numerator > 0 or denominator > 0) order by {VALUE_COLUMNS}""",
    f"""select kpi_code, cause, dataset_code, row_count from mart.kpi_revision_cause
        where {OF_BUILD} order by 1, 2, 3, 4""",
    f"""select {VALUE_COLUMNS} from ops.kpi_exact
        where {OF_BUILD} and (numerator > 0 or denominator > 0) order by {VALUE_COLUMNS}""",
    f"""select {VALUE_COLUMNS}, value, is_suppressed, is_rounded, unknown_because
        from mart.kpi_value
        where
            {OF_BUILD}
            and (numerator > 0 or denominator > 0 or is_suppressed or unknown_because is not null)
        order by {VALUE_COLUMNS}""",
)
"""What a build has said, in any state; numbers of nothing belong to the grid."""


def _outcome(
    built: Callable[[], Built | None], session: Session
) -> tuple[Built | AuditError | None, object]:
    """What a build returned or raised, and what it said."""
    try:
        done = built()
    except AuditError as refused:
        return refused, str(refused)
    if done is None:
        return None, None
    of_build = [session.rows(said, build=done.build_id) for said in SAID]
    return done, [[tuple(row) for row in each] for each in of_build]


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Touched]]:
    """Has steps of what changed replaced, however much of so few records it is; yields what was."""
    real, found = touched.prepare, list[Touched]()

    def noted(session: Session, each: Touched) -> None:
        found.append(each)
        real(session, each)

    monkeypatch.setattr(news, "_MANY", 1e9)
    monkeypatch.setattr(touched, "prepare", noted)
    yield found
    assert found, "all steps were always counted again"


@pytest.fixture
def both_ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Has each day built twice: from spans, which is undone, and as it is built. They must say the
    same; returns what became of each."""
    real, states = build._build_day, list[str]()

    def twice(session: Session, day: date, days_left: int) -> Built | None:
        undone = session.connection.begin_nested()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(steps, "count", _from_spans)
            _, expected = _outcome(lambda: real(session, day, days_left), session)
        undone.rollback()
        built, found = _outcome(lambda: real(session, day, days_left), session)
        assert found == expected, day
        if isinstance(built, AuditError):
            raise built
        states.append(built.state if built else "nothing new")
        return built

    monkeypatch.setattr(build, "_build_day", twice)
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    return states


def _counted_from_spans(days: Sequence[date]) -> Values:
    """Of families of which every source has delivered something."""
    delivered = {source for (source,) in rows("select distinct source_code from ops.load")}
    active = [family for family in families() if set(family.sources) <= delivered]
    found = {}
    with verified_snapshot() as session:
        for day in days:
            counting.prepare(session, day, active)
            _from_spans(session, day, active)
            found[day] = session.rows(f"select {VALUE_COLUMNS} from built")
            counting.forget(session)
    return found


def differences(found: Values, expected: Values) -> list[tuple[Any, ...]]:
    """Values of days that only one of them has, with how many times more ``found`` has them."""
    counts = Counter((day, *row) for day in found for row in found[day])
    counts.subtract((day, *row) for day in expected for row in expected[day])
    return sorted(((*value, times) for value, times in counts.items() if times), key=str)


def _lived_through(
    rounds: Sequence[Round], after_each: Callable[[], object], calendar: Sequence[date] = CALENDAR
) -> None:
    """Deliver and edit, round by round; then compare every day of the calendar."""
    # Hypothesis begins with the simplest example: of histories in which nothing happens.
    assume(all(any(each.histories) for each in rounds))
    for each in rounds:
        deliver(DAYS[each.day], each.sources, each.histories)
        with transaction(role="") as session:
            session.run(EDITS[each.edit])
        after_each()
    assert differences(any_day.values_on(calendar), _counted_from_spans(calendar)) == []


def _build() -> None:
    """A day that is refused, such as one with more cards than dossiers, is refused both ways."""
    with suppress(AuditError):
        build.build_kpis()


QUICKLY = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.usefixtures("replaced")
@settings(QUICKLY, max_examples=1)
@given(batches(2, 10, ("police", "insurance")))
def test_values_of_histories_are_what_a_full_count_says(
    cluster: Cluster, migrated: str, rounds: list[Round]
) -> None:
    """Ten histories: values alone, without builds."""
    days = CALENDAR[3:6]
    with cluster.copy(migrated):
        _lived_through(rounds, lambda: any_day.values_on(days), days)


@pytest.fixture
def side_by_side(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Has several sessions count, as in a large warehouse; yields the families of what they
    counted, once for each share."""
    real, found = Beside.count, list[str]()

    def noted(self: Beside, part: Part, **parameters: object) -> object:
        found.append(part.family.name)
        return real(self, part, **parameters)

    monkeypatch.setattr(steps, "WORTH_RECORDS", 0)
    monkeypatch.setattr(Beside, "count", noted)
    yield found
    assert {"population", "insurance"} <= set(found)
    assert max(Counter(found).values()) > 1, "nothing was counted in shares"


@pytest.mark.usefixtures("replaced", "side_by_side")
@settings(QUICKLY, max_examples=1)
@given(batches(2, 10, SOURCES))
def test_sessions_side_by_side_count_what_one_counts(
    cluster: Cluster, migrated: str, rounds: list[Round]
) -> None:
    """Shares of persons together are everyone, once."""
    days = CALENDAR[3:5]
    with cluster.copy(migrated):
        every = [
            each._replace(sources=SOURCES) for each in rounds
        ]  # what compares persons needs it
        _lived_through(every, lambda: any_day.values_on(days), days)


@pytest.mark.campaign
@pytest.mark.usefixtures("replaced")
@settings(QUICKLY, max_examples=500 // TOGETHER)
@given(batches(3, TOGETHER, SOURCES))
def test_builds_of_histories_say_what_a_full_count_says(
    cluster: Cluster, small_country: str, both_ways: list[str], rounds: list[Round]
) -> None:
    """500 histories, 50 at a time: values, causes and hidden cells of every build."""
    with cluster.copy(small_country):
        _lived_through(rounds, _build)
    assert "published" in both_ways
