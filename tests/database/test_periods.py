"""Periods of KPIs: dossiers on both sides of every border, counted by hand."""

from collections.abc import Iterator

import pytest

from dean06.kpi import periods
from dean06.kpi.build import build_kpis
from tests.conftest import Cluster
from tests.database.test_services import DOSSIER, load_portal
from tests.lib.published import values

RECEIVED = (
    "2022-01-01", "2022-06-22", "2022-06-23", "2022-06-30", "2022-07-01",
    "2022-12-31", "2023-01-01", "2024-02-29", "2024-03-31", "2024-04-01",
)  # fmt: skip
"""Days on which one dossier each was received. The first two arrive on 22/06/2022."""
SHARE, COUNT = "service.online_share", "service.dossiers_essential"
BY_HAND = {
    # day: shares since the beginning, in month, quarter, year; dossiers in month, quarter, year.
    # QĐ 766/QĐ-TTg holds from 23/06/2022 on: its shares of that month, quarter and year begin then.
    "2022-06-22": (2, 1, 1, 2, 1, 1, 2),
    "2022-06-23": (3, 1, 1, 1, 2, 2, 3),
    "2022-06-30": (4, 2, 2, 2, 3, 3, 4),
    "2022-07-01": (5, 1, 1, 3, 1, 1, 5),
    "2022-12-31": (6, 1, 1, 4, 1, 1, 6),
    "2023-01-01": (7, 1, 1, 1, 1, 1, 1),
    "2024-02-29": (8, 1, 1, 1, 1, 1, 1),
    "2024-03-31": (9, 1, 2, 2, 1, 2, 2),
    "2024-04-01": (10, 1, 1, 3, 1, 1, 3),
}


def _slashed(day: str) -> str:
    return "/".join(reversed(day.split("-")))


@pytest.fixture(scope="module")
def built(cluster: Cluster, migrated: str) -> Iterator[None]:
    """Every day of the table, published."""
    with cluster.copy(migrated):
        _deliver()
        build_kpis()
        yield


def _deliver() -> None:
    for day in BY_HAND:
        late = [each for each in RECEIVED if each <= day][:2] if day == "2022-06-22" else [day]
        load_portal(
            f"run-{day}",
            day,
            [
                DOSSIER
                | {
                    "MaHoSo": f"000.00.18.H58-221030-{RECEIVED.index(each):04d}",
                    "NgayNopHoSo": f"{_slashed(each)} 00:00:00",
                    "NgayTiepNhan": f"{_slashed(each)} 23:59:59",
                    "NgayHenTra": None,
                    "NgayCapNhat": f"{_slashed(day)} 23:59:59",
                }
                for each in late
            ],
        )


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("day", BY_HAND)
@pytest.mark.campaign
def test_a_dossier_counts_in_the_periods_of_its_day(day: str) -> None:
    shares = [SHARE, *(f"{SHARE}.{period}" for period in periods.BOUNDED)]
    counts = [f"{COUNT}.{period}" for period in periods.BOUNDED]
    found = [values(code, day)["82"][1] for code in shares]
    found += [values(code, day)["82"][0] for code in counts]
    assert tuple(found) == BY_HAND[day]
