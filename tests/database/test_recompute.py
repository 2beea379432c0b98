"""Past publications are computed again from core as core was, and compared value by value.

Whatever has come since: records that are late, corrected or withdrawn, other verdicts, edited
reference data, another key of tokens. What somebody changed, or retention removed, is named.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from dean06.errors import AuditError
from dean06.identity import tokens
from dean06.kpi import recompute, release
from dean06.kpi.build import build_kpis
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.histories import (
    EDITS,
    Round,
    batches,
    deliver,
)
from tests.lib.history_records import DAYS
from tests.lib.loading import rows

DAY = date.fromisoformat(DAYS[0])
RESIDENTS = "population.permanent_residents"
QUICKLY = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def publications() -> list[int]:
    return [int(n) for (n,) in rows("select publication_id from mart.kpi_publication order by 1")]


def _release_held() -> None:
    """Two persons release what was held before reference data were edited."""
    for build in release.held():
        for name in ("db:lan", "db:minh"):
            with suppress(AuditError):
                release.sign(build.build_id, name, "đã kiểm tra số liệu")


def _live(rounds: list[Round], days: Sequence[str] = ()) -> None:
    """Deliver, edit, release and build, round by round; each round on the next of ``days``."""
    # Hypothesis begins with the simplest example: the same event over and over.
    drawn = {event.kind for each in rounds for history in each.histories for event in history}
    assume(len(drawn) > 4)
    for number, each in enumerate(rounds):
        day = days[number] if days else DAYS[each.day]
        deliver(day, each.sources, each.histories)
        with transaction(role="") as session:
            session.run(EDITS[each.edit])
        _release_held()
        with suppress(AuditError):
            build_kpis()


def _all_equal(numbers: list[int]) -> int:
    """How many values were compared."""
    found = [recompute.recompute(number, "db:lan") for number in numbers]
    assert [each for each in found if each.outcome != "equal"] == []
    return sum(each.values for each in found)


@settings(QUICKLY, max_examples=1)
@given(batches(2, 6, ("police", "insurance", "portal"), least=3))
def test_all_past_publications_of_histories_are_equal(
    cluster: Cluster, small_country: str, monkeypatch: pytest.MonkeyPatch, rounds: list[Round]
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    with cluster.copy(small_country):
        _live(rounds)
        tokens.give()
        tokens.rotate()
        assert _all_equal(publications()) > 0
