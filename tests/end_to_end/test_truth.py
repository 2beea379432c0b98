"""KPI values, books and quarantine equal what the simulated world knows to be true."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dean06 import contract
from dean06.agencies import reconciliation
from dean06.kpi import any_day, family
from dean06.reports.digest import warehouse_digest
from dean06.schema import fact_views
from dean06.warehouse import transaction
from ministries.servers import Running, running
from tests.conftest import Cluster
from tests.end_to_end.conftest import SMALL
from tests.lib import charts, first_hour, listed_things, metabase
from tests.lib.published import seen_by_bi
from tests.lib.syncing import (
    KpiValues,
    given_verdicts,
    on_current_boundaries,
    published_kpis,
    sync,
    true_kpis,
    true_verdicts,
    truth,
)
from tests.superset.known import KNOWN

pytestmark = pytest.mark.campaign
DAYS = ("2022-10-31", "2022-11-01", "2022-11-02")
SCALE = 0.01
OTHER, OTHER_DAY = "thai_binh_2023", "2023-05-10"
NEVER_SYNCED_THERE = (
    "2023-01-31", "2023-02-14", "2023-02-28", "2023-03-01", "2023-03-31", "2023-04-01",
    "2023-04-15", "2023-04-30", "2023-05-01", "2023-05-09",
)  # fmt: skip
NEVER_SYNCED = (
    "2022-01-31", "2022-02-28", "2022-03-15", "2022-05-01", "2022-06-23", "2022-06-30",
    "2022-07-01", "2022-08-31", "2022-10-01", "2022-10-30",
)  # fmt: skip


@pytest.fixture(scope="module")
def three_days(cluster: Cluster, migrated: str) -> Iterator[dict[str, Any]]:
    """Three days synced one after another at 1/100; yields the KPI values after each."""
    values = {}
    with (
        cluster.copy(migrated),
        running("tien_giang_2022", SCALE) as ministries,
    ):
        for day in DAYS:
            sync(ministries, day)
            values[day] = published_kpis(day)
        yield values


@pytest.mark.parametrize("day", DAYS)
def test_kpis_of_the_day_equal_the_truth(three_days: dict[str, Any], day: str) -> None:
    true = truth(SCALE, day)
    assert {row["code"] for row in true["kpi"]} == family.versions().keys()
    expected = true_kpis(true)
    assert expected[("population.permanent_residents", "province", "82")][0] > 20_000
    assert three_days[day] == expected


@pytest.mark.parametrize("day", DAYS[:-1])
def test_late_records_restate_past_days(three_days: dict[str, Any], day: str) -> None:
    assert published_kpis(day) == true_kpis(truth(SCALE, day, known_by=DAYS[-1]))


@pytest.mark.parametrize("day", DAYS)
def test_current_boundaries_hold_the_truth(three_days: dict[str, Any], day: str) -> None:
    expected = on_current_boundaries(true_kpis(truth(SCALE, day, known_by=DAYS[-1])))
    found = published_kpis(day, "current")
    persons = ("health.id_card_persons", "insurance.participants")
    # Persons met in two old communes of one new commune are fewer than their sum.
    for place in [p for p in found if p[0] in persons and p[1] == "commune"]:
        assert 0 < found.pop(place)[0] <= expected.pop(place)[0]
    assert found == expected
    communes = {place[2] for place in found if place[1] == "commune"}
    assert len(communes) == 57 + 1
    assert "82:unknown" in communes


@pytest.fixture(scope="module")
def never_synced(three_days: dict[str, Any]) -> dict[date, KpiValues]:
    """KPI values of days that were never synced."""
    return _values_on(NEVER_SYNCED)


@pytest.mark.parametrize("day", NEVER_SYNCED)
def test_days_that_were_never_synced_are_true_too(
    never_synced: dict[date, KpiValues], day: str
) -> None:
    """But for the plan: what it held before its first version, no source has said."""
    expected = true_kpis(truth(SCALE, day, known_by=DAYS[-1]))
    assert len(expected) > 1000
    assert _counted(never_synced[date.fromisoformat(day)]) == _counted(expected)


def _values_on(days: Sequence[str]) -> dict[date, KpiValues]:
    """What KPIs say on any days, on the boundaries that sources report."""
    found = any_day.values_on([date.fromisoformat(day) for day in days])
    return {
        day: {
            (row.kpi_code, row.unit_level, row.unit_code)
            + ((row.breakdown, row.member_code) if row.breakdown else ()): (
                row.numerator,
                row.denominator,
            )
            for row in rows
            if row.boundary_version == "as_reported"
        }
        for day, rows in found.items()
    }


def _counted(values: KpiValues) -> KpiValues:
    """Without those in which nothing is considered, and without the programme's plan."""
    return {
        place: value
        for place, value in values.items()
        if any(value) and not place[0].startswith("programme.")
    }


def test_the_records_of_every_number_are_listed(three_days: dict[str, Any]) -> None:
    """Every KPI, unit of both boundaries, period and member of the last day's publication: each
    of the three days takes two minutes and more."""
    publication, day = listed_things.newest()[-1]
    assert day == date.fromisoformat(DAYS[-1])
    assert listed_things.number_count(publication) > 10_000
    assert listed_things.differences(publication, day) == []


def test_some_past_day_was_restated_with_a_reason(three_days: dict[str, Any]) -> None:
    with transaction() as session:
        reasons = session.rows("select as_of_date::text, reason from mart.kpi_publication")
    assert ("2022-10-31", "late or corrected records") in [tuple(row) for row in reasons]


def test_the_first_day_is_the_published_one(three_days: dict[str, Any]) -> None:
    province = {
        place[0]: value[0]
        for place, value in three_days[DAYS[0]].items()
        if place[1:] == ("province", "82")
    }
    # TG11–TG14, TG16 at 1/100: 484.609, 2.093.800, 8.625, 19.129, 99.056.
    assert province["population.permanent_households"] == 4846
    assert province["population.permanent_residents"] == 20938
    assert province["population.temporary_households"] == 86
    assert province["population.temporary_residents"] == 191
    assert province["eid.accounts"] == 991
    # TG05, TG06, TG15 at 1/100: 52 (a plan has no scale), 44.990, 1.471.302.
    assert province["programme.tasks"] == 52
    assert province["service.dossiers_essential"] == 450
    assert province["id_card.dossiers_issued"] == 14713


def test_every_dirty_record_and_no_clean_one_is_quarantined(three_days: dict[str, Any]) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for row in truth(SCALE, DAYS[-1])["quarantine"]:
        expected[row["dataset"], row["rule"]] += row["records"]
    with transaction() as session:
        found = session.rows(
            """select source_code || '.' || dataset_code as dataset,
                      array_to_string(rule_codes, '+') as rules,
                      count(distinct payload) as records
               from ops.quarantine group by 1, 2"""
        )
    broken: Counter[tuple[str, str]] = Counter()
    for row in found:
        # The simulator dates a bad record by its arrival, whatever its other dates say: it may
        # break a rule of order beside its own, and never that alone.
        own = [rule for rule in row.rules.split("+") if not rule.endswith("_not_in_future")]
        broken[row.dataset, "+".join(own)] += row.records
    assert dict(broken) == dict(expected)
    assert sum(expected.values()) > 500


def test_verdicts_by_dataset_and_class_equal_the_truth(three_days: dict[str, Any]) -> None:
    expected = true_verdicts(truth(SCALE, DAYS[-1]))
    assert len({verdict for _, verdict in expected}) == 14
    assert given_verdicts() == {place: count for place, count in expected.items() if count}


def test_facts_join_the_persons_that_are_verified_in_truth(three_days: dict[str, Any]) -> None:
    expected: Counter[str] = Counter()
    for (dataset, verdict), count in true_verdicts(truth(SCALE, DAYS[-1])).items():
        expected[dataset] += count if verdict.startswith("verified") else 0
    with transaction() as session:
        found = {
            dataset.code: session.one(
                f"""select count(*) as records from mart.{fact_views.relation_of(dataset)} as fact
                    inner join mart.dim_person as person
                        on fact.person_token = person.person_token"""
            ).records
            for dataset in contract.person_datasets()
        }
    assert sum(found.values()) > 30_000
    assert found == expected


def test_differences_from_the_national_portal_equal_the_truth(
    three_days: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_AGENCY_LISTS", (tmp_path / "lists").as_uri())
    planted = truth(SCALE, DAYS[-1])["reconciliation"]
    made = {each.day.isoformat(): each for each in reconciliation.write_due()}
    assert list(made) == list(DAYS)
    assert made[DAYS[-1]].kinds == {
        row["kind"]: row["dossiers"] for row in planted if not row["period"]
    }
    assert [each.unexplained for each in made.values()] == [0, 0, 0]
    with transaction() as session:
        found = session.rows(
            """select figure, to_char(period_month, 'YYYY-MM') as period, procedure_id, effect
               from ops.portal_reconciliation_figure
               where day = :day and figure not in ('national', 'province') and effect <> 0""",
            day=DAYS[-1],
        )
    # An effect of the truth is what the national portal counts more; here it is taken away again.
    assert {(kind, period, procedure): -effect for kind, period, procedure, effect in found} == {
        (row["kind"], row["period"], row["procedure"]): row["effect"]
        for row in planted
        if row["period"]
    }


def test_outcomes_by_unit_equal_the_truth(three_days: dict[str, Any]) -> None:
    told = true_kpis(truth(SCALE, DAYS[-1]))
    expected = {
        (unit, *place[-1].split("/")): count
        for (code, _, unit, *place), (count, _) in told.items()
        if code == "quality.compared_records" and place
    }
    with transaction() as session:
        found = session.rows(
            """select unit_code, member_code, numerator from ops.kpi_latest_exact
               where as_of_date = :day and boundary_version = 'as_reported'
                   and kpi_code = 'quality.compared_records' and breakdown = 'outcome'""",
            day=DAYS[-1],
        )
    assert {(unit, *member.split("/")): count for unit, member, count in found} == expected
    assert len({unit for unit, *_ in expected}) > 170
    assert len({(dataset, verdict) for _, dataset, verdict in expected}) > 40

    with transaction(role="dean06_bi") as session:
        rows = session.rows(
            """select unit_code, dataset_code, verdict, record_count from mart.verdict_count
               where as_of_date = :day and boundary_version = 'as_reported'
                   and record_count is not null""",
            day=DAYS[-1],
        )
    shown = {(unit, dataset, verdict): count for unit, dataset, verdict, count in rows}
    assert len(shown) > 20
    for place, count in shown.items():
        # Rounded by less than 10, and of a day since which the province changed by less than 20.
        assert count % 10 == 0, place
        assert abs(count - expected.get(place, 0)) < 10 + 20, place


@pytest.fixture(scope="module")
def first_hour_truth(three_days: dict[str, Any]) -> first_hour.Truth:
    return first_hour.Truth(
        {date.fromisoformat(day): true_kpis(truth(SCALE, day, known_by=DAYS[-1])) for day in DAYS}
    )


@pytest.mark.parametrize("number", range(1, 11))
def test_the_questions_of_the_first_hour_are_answered_with_the_truth(
    first_hour_truth: first_hour.Truth, number: int
) -> None:
    """The query as it stands in docs/first-hour.md; one number of its answer is then spoilt."""
    answer = seen_by_bi(first_hour.queries()[number])
    assert first_hour.untrue(number, answer, first_hour_truth) == []
    assert first_hour.untrue(number, first_hour.spoilt(number, answer), first_hour_truth)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_card_for_metabase_shows_what_the_chart_shows(
    three_days: dict[str, Any], name: str
) -> None:
    statement = metabase.sent(metabase.cards()[name])
    assert charts.differences(name, statement) == []
    assert charts.compared(name, statement)[1]


@pytest.mark.campaign
def test_the_other_province_equals_its_truth_too(cluster: Cluster, migrated: str) -> None:
    scenario, scale = "thai_binh_2023", 0.001
    days = ("2023-04-30", "2023-05-09", "2023-05-10")
    with (
        cluster.copy(migrated),
        running(scenario, scale) as ministries,
    ):
        for day in days:
            sync(ministries, day)
            answer = truth(scale, day, scenario=scenario)
            assert published_kpis(day) == true_kpis(answer)
            expected = {place: n for place, n in true_verdicts(answer).items() if n}
            assert given_verdicts() == expected
        for day in days[:-1]:
            known = truth(scale, day, known_by=days[-1], scenario=scenario)
            assert published_kpis(day) == true_kpis(known)


@pytest.fixture
def a_day_of_the_other_province(cluster: Cluster, migrated: str) -> Iterator[str]:
    """Thái Bình at 1/100, one day synced."""
    with cluster.copy(migrated), running(OTHER, SCALE) as ministries:
        sync(ministries, OTHER_DAY)
        yield OTHER_DAY


def test_days_of_the_other_province_that_were_never_synced_are_true_too(
    a_day_of_the_other_province: str,
) -> None:
    found = _values_on(NEVER_SYNCED_THERE)
    for day in NEVER_SYNCED_THERE:
        known = truth(SCALE, day, known_by=a_day_of_the_other_province, scenario=OTHER)
        expected = true_kpis(known)
        assert len(expected) > 1000, day
        assert _counted(found[date.fromisoformat(day)]) == _counted(expected), day


def test_every_load_balances(three_days: dict[str, Any]) -> None:
    with transaction() as session:
        loads = session.rows(
            """select status, declared_count = received_count as complete,
                      received_count = inserted_count + updated_count + unchanged_count
                        + deleted_count + superseded_count + quarantined_count as balanced
               from ops.load"""
        )
        shown = session.one(
            """select sum(inserted_count) > 0, sum(updated_count) > 0, sum(deleted_count) > 0
               from ops.load"""
        )
    assert len(loads) == 48
    assert {tuple(row) for row in loads} == {("published", True, True)}
    assert tuple(shown) == (True, True, True)


@pytest.mark.campaign
def test_three_days_in_every_order_and_one_twice_end_in_the_same_digest(
    cluster: Cluster, migrated: str, ministries: Running
) -> None:
    digests = {}
    orders = [*itertools.permutations(DAYS), (DAYS[0], DAYS[1], DAYS[1], DAYS[2], DAYS[0])]
    for order in orders:
        with cluster.copy(migrated):
            for number, day in enumerate(order):
                sync(ministries, day, run=f"{number}__{day}")
            digests[order] = warehouse_digest()
            values = {day: published_kpis(day) for day in DAYS}
    assert len({found["total"] for found in digests.values()}) == 1
    for day in DAYS:
        assert values[day] == true_kpis(truth(SMALL, day, known_by=DAYS[-1]))
