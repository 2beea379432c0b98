"""Views of services: the league of owners, the throughput of campaigns."""

import pytest

from tests.lib.published import publish, seen_by_bi

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"


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
