"""Views of services: the index of QĐ 766, the league of owners, the throughput of campaigns."""

from decimal import Decimal
from typing import Any

import pytest

from dean06.kpi import family
from dean06.reference import tables
from dean06.warehouse import transaction
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
Value = tuple[str, str, str, int | None, int | None]
"""KPI, breakdown, member, numerator, denominator; a value without numerator is hidden."""


def publish(day: str, *values: Value, province: str = "82") -> None:
    """A publication of a province with these values."""
    with transaction() as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               values (:day, '{portal}', 'test')""",
            day=day,
        )
        for code, breakdown, member, numerator, denominator in values:
            session.run(
                """insert into mart.kpi_value
                       (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                        breakdown, member_code, numerator, denominator, value, is_suppressed)
                   select max(publication_id), :day, :code, :version, 'province', :province,
                          :breakdown, :member, :numerator, :denominator, null,
                          cast(:numerator as bigint) is null
                   from mart.kpi_publication""",
                day=day, code=code, version=family.versions()[code], province=province,
                breakdown=breakdown, member=member, numerator=numerator, denominator=denominator,
            )  # fmt: skip


def seen_by_bi(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """What a BI tool reads."""
    with transaction(role="dean06_bi") as session:
        return [tuple(row) for row in session.rows(statement, **parameters)]


def test_the_index_has_six_groups_of_a_hundred_points_and_knows_its_kpis() -> None:
    assert rows(
        """select group_no, sum(max_points)::int, count(*) from mart.dim_service_metric
           group by 1 order by 1"""
    ) == [(1, 18, 4), (2, 20, 2), (3, 12, 3), (4, 10, 2), (5, 22, 6), (6, 18, 3)]
    answered = {metric.kpi_code for metric in tables.service_metrics()} - {None}
    assert len(answered) == 9
    assert answered <= family.versions().keys()


def test_points_are_in_proportion_up_to_the_threshold_and_the_rest_is_not_applicable() -> None:
    publish(
        DAY,
        ("service.on_time_share.year", "", "", 9, 10),
        ("service.online_share.year", "", "", 1, 4),  # half of the threshold of 50 %
        ("service.digitised_share.year", "", "", 9, 10),  # beyond the threshold of 80 %
        ("service.paid_online_share.year", "", "", 0, 3),  # nothing reached is 0
        ("service.electronic_result_share.year", "", "", 0, 0),  # nothing to count is N/A
        ("service.faultless_share.year", "", "", 45, 100),
    )
    found = seen_by_bi(
        """select metric_id, points, reason_en from mart.service_index
           where as_of_date = :day and unit_code = '82' order by position""",
        day=DAY,
    )
    assert len(found) == 20
    points = {metric: points for metric, points, _ in found}
    reasons = {metric: reason for metric, _, reason in found}
    measured = {metric: points for metric, points in points.items() if points is not None}
    assert measured == {
        "2.1": Decimal("18.00"), "3.3": Decimal("3.00"), "3.6": Decimal("0.00"),
        "4.2": Decimal("4.00"), "5.4": Decimal("3.00"),
    }  # fmt: skip
    assert reasons["4.1"] == "not available: nothing to count, 0 of 0"
    assert reasons["4.3"] == "not available: no value was published"
    assert reasons["5.2"] == "No source of petitions."
    assert reasons["2.1"] is None
    assert reasons["5.4"].startswith("Without petitions")
    assert seen_by_bi("select told_en, told_vi, measured_count from mart.service_index_total") == [
        (
            "28.00 of 44 points that can be measured (of 100)",
            "28.00 trên 44 điểm đo được (tổng 100 điểm)",
            5,
        )
    ]


def test_a_unit_with_a_hidden_metric_has_no_total() -> None:
    """It would be ranked by what happens to be shown of it."""
    hidden = ("service.digitised_share.year", "", "", None, None)
    publish(DAY, ("service.on_time_share.year", "", "", 9, 10), hidden)
    assert seen_by_bi(
        """select points, suppressed_count, told_en, told_vi from mart.service_index_total"""
    ) == [
        (None, 1, "no total: 1 metrics are hidden", "không có tổng điểm: 1 chỉ số không hiển thị")
    ]
    assert seen_by_bi("select points, reason_en from mart.service_index where is_suppressed") == [
        (None, "not shown: small count")
    ]


def commune(numerator: int | None, denominator: int | None, because: str | None = None) -> None:
    """Digitisation in a commune as it is published: rounded, or why it is not known."""
    with transaction() as session:
        session.run(
            """insert into mart.kpi_value
                   (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                    numerator, denominator, value, is_rounded, unknown_because)
               select max(publication_id), :day, 'service.digitised_share.year', :version,
                      'commune', '28249', :numerator, :denominator, null, :is_rounded, :because
               from mart.kpi_publication""",
            day=DAY, version=family.versions()["service.digitised_share"], numerator=numerator,
            denominator=denominator, is_rounded=because is None, because=because,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "because", "points", "told"),
    [
        ((10, 20), None, "2.50", "2.50 of 4 points that can be measured (of 100)"),
        ((0, 10), None, "0.00", "0.00 of 4 points that can be measured (of 100)"),
        ((0, 0), None, None, "no total: 1 metrics are hidden"),
        ((None, None), "source_missing", None,
         "no total: not available: a source has not delivered this day"),
    ],
)  # fmt: skip
def test_a_commune_is_not_ranked_by_what_rounding_leaves_of_it(
    numbers: tuple[int | None, int | None],
    because: str | None,
    points: str | None,
    told: str,
) -> None:
    """Rounded to 0 of 0, a metric may have anything up to its full points."""
    publish(DAY)
    commune(*numbers, because)
    assert seen_by_bi(
        "select points, told_en from mart.service_index_total where unit_level = 'commune'"
    ) == [(None if points is None else Decimal(points), told)]


def test_a_province_of_which_nothing_is_measured_has_no_points() -> None:
    publish(DAY, ("service.on_time_share.year", "", "", 0, 0))
    assert seen_by_bi("select points, told_en, told_vi from mart.service_index_total") == [
        (
            None,
            "no total: no metric has anything to count",
            "không có tổng điểm: các chỉ số đều không phát sinh",
        )
    ]


def test_owners_are_ranked_by_tasks_on_time_and_ties_share_a_rank() -> None:
    tasks = {"a": 5, "b": 2, "c": 9, "d": 4, "e": 3}
    due = {"a": (2, 4), "b": (1, 1), "c": (3, 3), "d": (0, 4)}
    publish(
        DAY,
        *(("programme.tasks", "owner", owner, count, None) for owner, count in tasks.items()),
        *(("programme.tasks_on_time", "owner", owner, *counts) for owner, counts in due.items()),
        ("programme.tasks", "", "", 23, None),
        ("programme.tasks", "group", "1", 23, None),
    )
    assert seen_by_bi(
        """select owner_code, league_rank, task_count::int, due_count::int, on_time_share::float
           from mart.programme_league order by league_rank, owner_code"""
    ) == [
        ("b", 1, 2, 1, 1.0),
        ("c", 1, 9, 3, 1.0),
        ("a", 3, 5, 4, 0.5),
        ("d", 4, 4, 4, 0.0),
        ("e", None, 3, 0, None),
    ]


def test_throughput_counts_the_hours_that_stations_have_been_open() -> None:
    code = "id_card.campaign_dossiers"
    publish(
        "2023-04-30",  # the second of five days, open from 7 to 22 h in three shifts
        (code, "", "", 120, None),
        (code, "station", "D336", 90, None),
        (code, "station", "D338", 30, None),
        (code, "hour", "07", 8, None),
        (code, "hour", "23", 0, None),
        (code, "shift", "2", 60, None),
        province="34",
    )
    publish("2023-05-09", (code, "", "", 75, None), (code, "station", "D336", 75, None),
            province="34")  # fmt: skip
    assert seen_by_bi(
        """select as_of_date::text, breakdown || member_code, station_hours::int,
                  dossiers_per_station_hour::float
           from mart.campaign_throughput order by 1, 2"""
    ) == [
        ("2023-04-30", "", 60, 2.0),
        ("2023-04-30", "hour07", 4, 2.0),
        ("2023-04-30", "hour23", 0, None),
        ("2023-04-30", "shift2", 20, 3.0),
        ("2023-04-30", "stationD336", 30, 3.0),
        ("2023-04-30", "stationD338", 30, 1.0),
        ("2023-05-09", "", 75, 1.0),
        ("2023-05-09", "stationD336", 75, 1.0),
    ]
