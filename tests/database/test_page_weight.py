"""Pages stay light after two years of daily publications of a province and all its communes: what
travels is at most 27 kB, compressed as Airflow and ``python -m dean06 serve`` compress it."""

import gzip
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from dean06.kpi import family
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib.pages import MOST_READ, MOST_SENT, Person, pages_for

LAST = "2022-10-31"
LONG = "id_card.dossiers_received"
"""Has values of two years; all others of the 90 days that the list draws."""


def publish_two_years() -> None:
    versions = family.versions()
    with transaction() as session:
        session.run(
            """insert into mart.kpi_publication (as_of_date, source_codes, reason)
               select day, '{police}', 'first publication of the day'
               from generate_series(cast(:last as date) - 729, :last, interval '1 day') as day""",
            last=LAST,
        )
        session.run(
            """insert into mart.kpi_value
                   (publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code,
                    boundary_version, breakdown, member_code, numerator, denominator, value,
                    is_suppressed, province_code)
               select published.publication_id, published.as_of_date, known.kpi_code,
                   known.kpi_version, unit.unit_level, unit.unit_code, 'as_reported', '', '',
                   counted.n, counted.d, round(counted.n / coalesce(counted.d, 1.0), 6), false, '82'
               from mart.kpi_publication as published
               join mart.kpi_definition as known
                   on (known.kpi_code, known.kpi_version) in (
                       select * from unnest(cast(:codes as text[]), cast(:versions as int[])))
               join mart.dim_admin_unit as unit
                   on unit.province_code = '82' and unit.unit_level in ('province', 'commune')
                   and published.as_of_date >= unit.valid_from
                   and published.as_of_date < coalesce(unit.valid_to, 'infinity')
                   and (unit.unit_level = 'province' or known.grain = 'commune')
               cross join lateral (
                   select 1000 + (hashint8(published.publication_id * 7919
                           + hashtext(known.kpi_code || unit.unit_code)) & 65535) as n,
                       case when known.unit = 'share' then 70000 end as d) as counted
               where unit.unit_level = 'province'
                   and (known.kpi_code = :long or published.as_of_date > cast(:last as date) - 91)
                   or published.as_of_date = :last""",
            last=LAST, long=LONG, codes=list(versions), versions=list(versions.values()),
        )  # fmt: skip


@pytest.fixture(scope="module")
def two_years(cluster: Cluster, migrated: str) -> Iterator[None]:
    with cluster.copy(migrated):
        publish_two_years()
        yield


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/kpis", f"/kpis/{LONG}", "/quality", "/service-index", "/today"])
def test_no_page_is_heavy(monkeypatch: pytest.MonkeyPatch, path: str, language: str) -> None:
    client = TestClient(pages_for(monkeypatch, Person("lan"), ("lan",)))
    page = client.get(f"{path}?lang={language}").content
    sent = len(gzip.compress(page, 5))
    assert 2_000 < sent <= MOST_SENT, (sent, len(page))
    assert len(page) <= MOST_READ, (sent, len(page))
