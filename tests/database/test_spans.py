"""Spans of KPI families: on which days a thing counts, at every kind of border, worked out by hand.

What the spans add up to is compared with the simulated world and with other arithmetic elsewhere.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import pytest

from dean06.kpi.family import families
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster
from tests.lib import counted_things
from tests.lib.counted_things import COMMUNE, DEAD, LEAPLING, MOVED, TEENAGER, YEAR_ALONE
from tests.lib.facts import family_of, spans_of

COUNTED, CONSIDERED = True, False
NAMES = sorted(family.name for family in families())
CUT = [family.name for family in families() if ":wanted_from" in family.query]
"""Families that compare everyone with everything: a build cuts their spans to its day."""
ALIKE = [family.name for family in families() if ":by_thing" in family.query]
"""Families that count things which count alike as one row."""
pytestmark = pytest.mark.usefixtures("world")


class Held(NamedTuple):
    """A span as it is asserted: its first day, the day after its last one, and how it counts."""

    since: str
    until: str | None
    is_counted: bool = COUNTED


@pytest.fixture(scope="module")
def world(cluster: Cluster, migrated: str) -> Iterator[None]:
    """All of it in one warehouse, verified."""
    with cluster.copy(migrated):
        counted_things.load_all()
        yield


def held(family: str, kpi: str, key: str) -> list[Held]:
    """The spans of a thing in a KPI, in order."""
    found = [
        Held(str(row.counts_from), row.counts_to and str(row.counts_to), bool(row.is_counted))
        for row in spans_of(family)
        if (row.kpi_code, row.record_key) == (kpi, key)
    ]
    return sorted(found, key=lambda span: span.since)


BY_HAND: dict[tuple[str, str, str], list[Held]] = {
    # An account: registered a second before midnight, raised and locked at midnight.
    ("eid", "eid.accounts", "raised"): [Held("2022-01-31", "2022-03-15")],
    ("eid", "eid.accounts_level_1", "raised"): [Held("2022-01-31", "2022-03-01")],
    ("eid", "eid.accounts_level_2", "raised"): [Held("2022-03-01", "2022-03-15")],
    ("eid", "eid.accounts_new_month", "raised"): [Held("2022-01-31", "2022-02-01")],
    ("eid", "eid.accounts_before_month", "raised"): [Held("2022-02-01", "2022-03-15")],
    ("eid", "eid.accounts_not_activated", "raised"): [Held("2022-01-31", "2022-03-15")],
    ("eid", "eid.accounts", "locked at once"): [],
    ("eid", "eid.accounts_level_2", "used"): [],
    ("eid", "eid.accounts_activated", "used"): [Held("2022-01-31", None)],
    ("eid", "eid.accounts_not_activated", "used"): [],
    ("id_card", "id_card.dossiers_received", "d1"): [Held("2022-03-05", None)],
    ("id_card", "id_card.dossiers_issued", "d1"): [Held("2022-03-20", None)],
    # At a station of a campaign, in its last hour.
    ("id_card_campaign", "id_card.campaign_dossiers", "by night"): [Held("2023-04-30", None)],
    # Printed before its dossier was received, by what the registry says.
    ("id_card", "id_card.cards_issued", "c1"): [Held("2022-03-05", "2022-06-01")],
    # Fourteen years: born on 1 March, on 29 February, and in a year.
    ("id_card_coverage", "id_card.eligible_with_dossier", TEENAGER): [
        Held("2024-03-01", None, CONSIDERED)
    ],
    ("id_card_coverage", "id_card.eligible_with_dossier", LEAPLING): [
        Held("2022-03-01", "2022-03-05", CONSIDERED), Held("2022-03-05", None)
    ],
    ("id_card_coverage", "id_card.eligible_with_dossier", YEAR_ALONE): [
        Held("2024-01-01", None, CONSIDERED)
    ],
    ("population", "population.permanent_residents", DEAD): [Held("2022-01-01", "2022-05-10")],
    ("population", "population.permanent_residents", MOVED): [
        Held("2022-01-01", "2022-05-01"), Held("2022-05-01", None)
    ],
    # The last day of a participation is one of its days; the day of death is none.
    ("insurance", "insurance.participants", "ended"): [Held("2022-01-01", "2022-07-01")],
    ("insurance", "insurance.participants", "dead"): [Held("2022-02-01", "2022-05-10")],
    ("insurance_verified", "insurance.verified_share", "ended"): [
        Held("2022-01-01", "2022-07-01", CONSIDERED)
    ],
    ("quality", "quality.compared_records", "dead"): [Held("2022-02-01", "2022-05-10")],
    ("quality", "quality.deceased_records", "dead"): [Held("2022-05-10", None)],
    ("quality", "quality.compared_records", "after death"): [],
    ("quality", "quality.deceased_records", "after death"): [Held("2022-05-11", None)],
    # An examination's year, though registered in the one before.
    ("education", "education.registrations_with_personal_id", "2022|53000001"): [
        Held("2022-01-01", "2023-01-01", CONSIDERED)
    ],
    ("education_verified", "education.registrations_verified", "2022|53000001"): [
        Held("2022-01-01", "2023-01-01", CONSIDERED)
    ],
    ("health_visits", "health.id_card_visits_month", "e1"): [Held("2022-02-28", "2022-03-01")],
    ("health_visits", "health.id_card_visits_month", "after death"): [],
    ("health_persons", "health.id_card_persons", "e1"): [Held("2022-02-28", None)],
    ("health_verified", "health.vaccinations_verified", "i1"): [Held("2022-04-01", None)],
    ("quality_timely", "quality.timely_share", "i1"): [
        Held("2022-04-01", "2022-05-01", CONSIDERED)
    ],
    # Moved on 1 May, insured until 30 June with another sex, vaccinated on 1 April.
    ("quality_reused", "quality.reused_share", MOVED): [
        Held("2022-01-01", "2022-04-01", CONSIDERED),
        Held("2022-04-01", "2022-05-01"), Held("2022-05-01", None),
    ],
    ("quality_reused", "quality.reused_share", DEAD): [
        Held("2022-01-01", "2022-02-01", CONSIDERED), Held("2022-02-01", "2022-05-10")
    ],
    ("quality_consistent", "quality.consistent_share", MOVED): [
        Held("2022-01-01", "2022-04-01", CONSIDERED),
        Held("2022-04-01", "2022-05-01", CONSIDERED),
        Held("2022-05-01", "2022-07-01", CONSIDERED), Held("2022-07-01", None),
    ],
    ("quality_consistent", "quality.consistent_commune_share", MOVED): [
        Held("2022-01-01", "2022-04-01"), Held("2022-04-01", "2022-05-01"),
        Held("2022-05-01", "2022-07-01", CONSIDERED),
    ],
    ("quality_consistent", "quality.not_comparable_commune", MOVED): [Held("2022-07-01", None)],
    # Signed on a Monday: in time until the Monday after it, if nobody publishes it.
    ("service_listing", "service.published_in_time_share", "open"): [
        Held("2022-10-03", "2022-10-11"), Held("2022-10-11", "2022-12-01", CONSIDERED)
    ],
    ("service_listing", "service.published_in_time_share", "late"): [
        Held("2022-10-03", "2022-10-11"), Held("2022-10-11", "2022-10-12", CONSIDERED),
        Held("2022-10-12", None, CONSIDERED),
    ],
    ("service_listing_use", "service.fee_procedures_used", "open"): [
        Held("2022-10-03", "2022-12-01")
    ],
    ("service_office", "service.offices", f"{COMMUNE}|2022-01-01"): [Held("2022-10-03", None)],
    ("service_office", "service.offices_certifying", f"{COMMUNE}|2022-01-01"): [
        Held("2022-10-03", "2022-11-15"), Held("2022-11-15", None)
    ],
    # Due at midnight: the day before was in time, at its end.
    ("service_petition", "service.petitions_in_time_share", "silence"): [
        Held("2022-10-03", "2022-10-24"), Held("2022-10-24", None, CONSIDERED)
    ],
    ("service_petition", "service.petitions_in_time_share", "answered"): [
        Held("2022-10-03", None)
    ],
    ("service_petition", "service.petitions_satisfied_share", "answered"): [
        Held("2022-10-25", None)
    ],
    ("service_quality", "service.on_time_share", "late"): [
        Held("2022-10-01", "2022-10-10"), Held("2022-10-10", None, CONSIDERED)
    ],
    # The first version, which waits, also holds before it was written; two more days afterwards.
    ("service_quality", "service.on_time_share", "waits"): [
        Held("2022-10-01", "2022-10-07"), Held("2022-10-07", "2022-10-12"),
        Held("2022-10-12", None, CONSIDERED),
    ],
    ("service_quality", "service.faultless_share", "waits"): [
        Held("2022-10-01", "2022-10-07"), Held("2022-10-07", "2022-10-08"),
        Held("2022-10-08", None, CONSIDERED),
    ],
    ("service_quality", "service.satisfied_share", "waits"): [
        Held("2022-10-08", None, CONSIDERED)
    ],
    ("service", "service.online_share", "late"): [Held("2022-10-01", None, CONSIDERED)],
    ("service_sync", "service.synced_share", "late"): [Held("2022-10-01", None, CONSIDERED)],
    # Of two versions of one day the last one holds.
    ("programme", "programme.tasks", "t1"): [
        Held("2022-10-02", "2022-10-05"), Held("2022-10-05", None)
    ],
    ("programme", "programme.tasks_on_time", "t1"): [
        Held("2022-10-04", "2022-10-05", CONSIDERED), Held("2022-10-05", None, CONSIDERED)
    ],
}  # fmt: skip


@pytest.mark.parametrize("thing", BY_HAND, ids=" ".join)
def test_a_thing_counts_on_the_days_worked_out_by_hand(thing: tuple[str, str, str]) -> None:
    assert held(*thing) == BY_HAND[thing]


def test_every_family_is_among_them() -> None:
    assert {name for name, _, _ in BY_HAND} >= set(NAMES) - {
        "id_card_campaign",
        "education_verified",
    }


def apart(spans: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Each thing with its spans, by KPI and member, in order."""

    def thing(row: Any) -> tuple[Any, ...]:
        members = tuple(row._mapping.get("members") or ())
        return row.kpi_code, row.dataset_code, row.record_key, members

    ordered = sorted(spans, key=lambda row: (thing(row), row.counts_from))
    for key, rows in groupby(ordered, key=thing):
        yield key, [(row.counts_from, row.counts_to) for row in rows]


@pytest.mark.parametrize("name", NAMES)
def test_spans_of_a_thing_hold_a_day_and_do_not_overlap(name: str) -> None:
    found = dict(apart(spans_of(name)))
    assert found
    for key, spans in found.items():
        assert None not in key
        assert all(until is None or since < until for since, until in spans), key
        assert all(one[1] is not None and one[1] <= other[0] for one, other in pairwise(spans)), key


DAYS = [date(2022, 1, 1) + timedelta(days) for days in range(0, 300, 7)]


@pytest.mark.parametrize("name", CUT)
def test_spans_cut_to_a_day_count_as_those_of_every_day(name: str) -> None:
    every = spans_of(name)
    held_on = "counts_from <= :as_of and (counts_to is null or counts_to > :as_of)"
    with transaction() as session:
        session.run(sql_file("kpi_build/reforms.sql"))
        for day in DAYS:
            cut = session.rows(
                f"select * from ({family_of(name).spans_of_day}) as span where {held_on}",
                as_of=day,
            )
            assert Counter(map(counting, cut)) == Counter(
                counting(span)
                for span in every
                if span.counts_from <= day and (span.counts_to is None or span.counts_to > day)
            )
            assert {row.counts_from for row in cut} <= {day}


@pytest.mark.parametrize("name", ALIKE)
def test_things_counted_together_count_as_each_of_them(name: str) -> None:
    """On every day as many, in the same place, era and members."""
    alike = """
        select day.day, kpi_code, commune_code, members, is_counted,
            width_bucket(written_on, (select reform.days from reform)) as era,
            sum(thing_count) as things
        from ({spans}) as span
        inner join unnest(cast(:days as date[])) as day (day)
            on counts_from <= day.day and (counts_to is null or counts_to > day.day)
        group by 1, 2, 3, 4, 5, 6 having sum(thing_count) <> 0
    """
    family = family_of(name)
    with transaction() as session:
        session.run(sql_file("kpi_build/reforms.sql"))
        together, each = (
            Counter(map(repr, session.rows(alike.format(spans=spans), days=DAYS)))
            for spans in (family.counts_of_spans, family.spans)
        )
        keyed = session.rows(family.spans)
    assert together == each
    assert len(each) > len(DAYS)
    assert {row.thing_count for row in keyed} == {1}


def counting(span: Any) -> tuple[Any, ...]:
    """What is counted of a span."""
    columns = dict(span._mapping)
    members = tuple(columns.pop("members", None) or ())
    return (
        members,
        *(columns[name] for name in sorted(columns.keys() - {"counts_from", "counts_to"})),
    )
