"""A build of several days, killed before every statement of its first day and before every seventh
of the others: the retry ends as if nothing had been."""

from collections.abc import Iterator
from typing import Any

import pytest

from dean06.identity.verify import verify_identities
from dean06.kpi import news
from dean06.kpi.build import build_kpis
from dean06.kpi.publication import VALUE_COLUMNS
from tests.conftest import Cluster
from tests.faults.statements import killed_before
from tests.lib.histories import KINDS, deliver, prepare_small_country
from tests.lib.history_records import DAYS, Event
from tests.lib.loading import rows

pytestmark = pytest.mark.campaign
SOURCES = ("police", "insurance")
_EVERY = 7
"""Statements of the second and third day, between two kills: the days run the same statements."""
BUILT = """
    select count(*), count(*) filter (where state = 'published'),
        (select count(*) from mart.kpi_publication)
    from ops.kpi_build
"""


def _record(kind: str, happened: int = 5, written: int = 0, **changes: Any) -> Event:
    clean = {"who": 0, "ended": 0, "commune": 0, "choice": 0, "is_gone": False}
    return Event(kind=kind, happened=happened, written=written, **{**clean, **changes})


@pytest.fixture(scope="module")
def published(cluster: Cluster, migrated: str) -> Iterator[str]:
    """Name of a warehouse with three days built, whose steps are kept, and late records of all of
    them: a correction, a move, a death, a withdrawal, and persons who are confused with others."""

    def prepare() -> None:
        prepare_small_country(SOURCES)
        people = [[_record(kind, who=who) for kind in KINDS for who in (0, 1)] for _ in range(2)]
        deliver(DAYS[0], SOURCES, people)
        build_kpis()
        late = [
            [
                _record("police.resident", happened=3, written=1, commune=2, choice=4),
                _record("police.resident", who=1, happened=0, written=1, choice=3),
                _record("police.eid_account", written=1, is_gone=True),
                _record("insurance.participant", written=1, choice=2),
                _record("insurance.participant", who=1, happened=4, written=1, commune=1),
            ]
        ]
        deliver(DAYS[1], SOURCES, late)
        verify_identities()

    with cluster.prepared(migrated, prepare) as (name, _):
        yield name


def _said() -> dict[str, Any]:
    """Publications of each day in their order, what they say and why, and the kept steps."""
    place = "publication.as_of_date, publication.publication_id"
    of = "inner join mart.kpi_publication as publication using (publication_id)"
    said = {
        "publications": f"select as_of_date, reason from mart.kpi_publication as publication "
        f"order by {place}",
        "values": f"""select publication.as_of_date, {VALUE_COLUMNS}, is_suppressed
            from ops.kpi_exact {of} order by {place}, {VALUE_COLUMNS}""",
        "shown": f"""select publication.as_of_date, {VALUE_COLUMNS}, unknown_because
            from mart.kpi_value as value {of} order by {place}, {VALUE_COLUMNS}""",
        "causes": f"""select publication.as_of_date, kpi_code, cause, dataset_code, row_count
            from mart.kpi_revision_cause {of} order by {place}, 2, 3, 4, 5""",
        "steps": """select step::text from ops.kpi_step as step order by 1""",
        "kept": "select family from ops.kpi_step_family order by 1",
        "covered": "select as_of_date, load_id from ops.kpi_coverage order by 1, 2",
    }
    return {name: rows(query) for name, query in said.items()}


def test_killed_before_any_statement_it_ends_the_same(
    cluster: Cluster, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Steps of what changed are replaced, however much of so few records it is.
    monkeypatch.setattr(news, "_MANY", 1e9)
    with cluster.copy(published):
        before = _said()
        build_kpis()
        undisturbed = _said()
    new = len(undisturbed["publications"]) - len(before["publications"])
    assert new == len(DAYS)
    assert undisturbed["steps"] != before["steps"]
    with cluster.copy(published):
        [built] = first = rows(BUILT)
        moment, killed, stride = 1, 0, 1
        while killed_before(moment, build_kpis):
            killed += 1
            [now] = rows(BUILT)
            assert len(set(now)) == 1, "a build is published whole or not at all"
            if now == built:
                moment += stride
            else:  # that day is done: the next attempt begins with the one after it
                moment, stride = now[0] - first[0][0], _EVERY
            built = now
        assert built[0] == first[0][0] + new
        ended = _said()
    assert [name for name, said in undisturbed.items() if ended[name] != said] == []
    assert killed > 100
