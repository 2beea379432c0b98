"""From a number to its records: what is listed is what was counted, for every number there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dean06.errors import AuditError
from dean06.kpi import boundaries, things
from dean06.kpi.build import build_kpis
from dean06.kpi.family import families
from dean06.kpi.things import Value
from dean06.privacy import breach
from dean06.trail import chain
from dean06.warehouse import Session, transaction
from tests.conftest import Cluster
from tests.lib import counted_things, listed_things
from tests.lib.loading import rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("published")
DAY = "2022-10-31"
WHY = "kiểm tra số liệu"
RESIDENTS = "population.permanent_residents"


@pytest.fixture(scope="module")
def published(cluster: Cluster, migrated: str) -> Iterator[None]:
    """A hand-made province of which all sources have reached the day, published."""
    with cluster.copy(migrated):
        counted_things.load_all()
        counted_things.reach(DAY)
        build_kpis()
        yield


def value(kpi: str = RESIDENTS, level: str = "province", unit: str = "82") -> Value:
    ((newest,),) = rows("select max(publication_id) from mart.kpi_publication")
    return Value(newest, kpi, level, unit)


@contextmanager
def units_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A steward who does not have to find out again each time what codes mean on the day."""
    names = ("reforms", "units_of_day")
    with transaction() as session:
        boundaries.prepare(session, date.fromisoformat(DAY))
        session.run("grant select on reform, unit_of_day to dean06_steward")
        monkeypatch.setattr(things, "_query_of", dict(zip(names, TABLES, strict=True)).__getitem__)
        session.run("set local role dean06_steward")
        yield session


TABLES = ("select * from pg_temp.reform", "select * from pg_temp.unit_of_day")


def test_what_is_listed_is_what_was_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every KPI, unit of both boundaries, period and member that has a number above or below."""
    numbers = rows(
        """select publication_id, kpi_code, unit_level, unit_code, boundary_version, breakdown,
                  member_code, numerator, denominator
           from ops.kpi_exact where numerator > 0 or denominator > 0"""
    )
    with units_known(monkeypatch) as session:
        for *place, numerator, denominator in numbers:
            counted, considered, listed = things.listed(
                session, Value(*place), date.fromisoformat(DAY), 1
            )
            assert (counted, denominator) in ((numerator, None), (numerator, considered)), place
            assert len(listed) == considered, place
    without = {kpi.code for each in families() for kpi in each.kpis} - {row[1] for row in numbers}
    assert len(numbers) > 300
    assert len(without) < 35, "most KPIs have a number"


def test_what_is_listed_at_once_is_what_is_listed_one_by_one() -> None:
    ((newest,),) = rows("select max(publication_id) from mart.kpi_publication")
    assert listed_things.differences(newest, date.fromisoformat(DAY)) == []


def test_the_records_are_named_by_their_keys() -> None:
    found = things.read(value("eid.accounts"), "lan", WHY)
    assert [(row.dataset_code, row.record_key) for row in found.rows] == [
        ("police.eid_account", "used")
    ]
    assert (found.pages, found.day.isoformat()) == (1, DAY)


def test_a_page_is_part_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = things.read(value(), "lan", WHY).rows
    monkeypatch.setattr(things, "PAGE", 2)
    pages = [things.read(value(), "lan", WHY, page_no) for page_no in (1, 2, 3)]
    assert [row for page in pages for row in page.rows] == list(whole)
    assert [len(page.rows) for page in pages] == [2, 2, 0]
    assert {(page.pages, page.considered) for page in pages} == {(2, 4)}


def test_who_read_what_and_why_stands_in_the_trail() -> None:
    things.read(value(unit="28249", level="commune"), "lan", WHY, page_no=3)
    assert rows(
        """select reader, reason, kpi_code, unit_level, unit_code, page_no, refused_because
           from ops.value_read order by read_id desc limit 1"""
    ) == [("lan", WHY, RESIDENTS, "commune", "28249", 3, None)]
    assert rows("select kind from ops.audit_note order by note_id desc limit 1") == [
        ("value_read",)
    ]
    assert [problem for problem in chain.verify()[1] if "value_read" in problem] == []


def test_who_listed_persons_is_in_the_breach_report() -> None:
    """And who was refused is not: nothing was shown."""
    begun = datetime.now(UTC)
    things.read(value(), "lan", WHY)
    with pytest.raises(AuditError):
        things.read(value(unit="01"), "minh", WHY)
    found = breach.report(begun, datetime.now(UTC) + timedelta(hours=1))
    assert [(e.what, e.who, e.dataset, e.records, e.reason) for e in found] == [
        ("listed", "lan", RESIDENTS, None, WHY)
    ]


@pytest.mark.parametrize(
    ("changes", "refusal", "noted"),
    [
        ({"unit_code": "01"}, "this value is not published", "not_published"),
        ({"kpi_code": "population.martians"}, "this value is not published", "not_published"),
        ({"breakdown": "sex", "member_code": "2"}, "this value is not published", "not_published"),
    ],
)
def test_what_is_not_published_is_not_listed(
    changes: dict[str, str], refusal: str, noted: str
) -> None:
    with pytest.raises(AuditError, match=refusal):
        things.read(replace(value(), **changes), "lan", WHY)
    assert rows("select refused_because from ops.value_read order by read_id desc limit 1") == [
        (noted,)
    ]


def test_a_reader_of_provinces_lists_theirs_only() -> None:
    with transaction(role="") as session:
        session.run("insert into ops.province_reader values ('hoa', '34'), ('minh', '82')")
    assert things.read(value(), "db:Minh", WHY).considered == 4
    for reader in ("hoa", "os:HOA"):
        with pytest.raises(AuditError, match="a province that you are not assigned to"):
            things.read(value(), reader, WHY)


def test_without_a_reason_nothing_is_shown() -> None:
    before = rows("select count(*) from ops.value_read")
    with pytest.raises(Exception, match="value_read"):
        things.read(value(), "lan", "   ")
    assert rows("select count(*) from ops.value_read") == before


def test_hidden_numbers_are_not_listed(
    cluster: Cluster, migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    people = [record("police.resident", personal_id=f"08219000000{n}") for n in range(6)]
    with cluster.copy(migrated):
        load("police.resident", *people)
        load("police.eid_account", counted_things.ACCOUNT)
        counted_things.reach(DAY)
        build_kpis()
        assert things.read(value(), "lan", WHY).counted == 6
        with pytest.raises(AuditError, match="the value is suppressed"):
            things.read(value("eid.accounts"), "lan", WHY)


def test_records_that_came_since_are_told_apart_from_what_was_counted() -> None:
    late = record("police.resident", personal_id="082208000009", commune_code="28252")
    load("police.resident", late)
    found = things.read(value(), "lan", WHY)
    assert (found.numerator, found.counted, found.is_as_published) == (4, 5, False)
