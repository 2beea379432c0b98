"""Sessions beside a build: they read what it reads, and their failure is the build's."""

import time
from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from dean06.errors import AuditError
from dean06.identity.verify import verified_snapshot, verify_identities
from dean06.kpi import counting, side_by_side, steps, verify
from dean06.kpi.family import families
from dean06.kpi.front_matter import Family
from dean06.warehouse import Session
from tests.lib.loading import load_police, resident, rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = date(2022, 10, 31)
RESIDENT, INSURED = "police.resident", "insurance.participant"
RESIDENTS = "population.permanent_residents"


def person(number: int) -> dict[str, object]:
    return resident(soDinhDanh=f"08219{number:07d}")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Of a build of one resident's warehouse, which counts as a large one."""
    monkeypatch.setattr(steps, "WORTH_RECORDS", 0)
    load_police("one", str(DAY), [person(1)])
    with verified_snapshot() as session:
        counting.prepare(session, DAY, families())
        yield session


def residents(session: Session) -> list[int]:
    """What the build has counted in the province."""
    found = session.rows(
        """select numerator from built where kpi_code = :kpi and unit_level = 'province'
               and boundary_version = 'as_reported' and breakdown = ''""",
        kpi=RESIDENTS,
    )
    return [row.numerator for row in found]


def test_sessions_read_what_the_build_reads(session: Session) -> None:
    """Not what was published and verified since."""
    load_police("two", str(DAY), [person(2)])
    verify_identities()
    steps.count(session, DAY, families(), 1)
    assert residents(session) == [1]


def test_one_session_counts_alone_when_it_is_told_to(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_KPI_SESSIONS", "1")
    monkeypatch.setattr(side_by_side, "beside", None)
    steps.count(session, DAY, families(), 1)
    assert residents(session) == [1]


@pytest.mark.parametrize("sessions", ["2", "3"])
def test_shares_of_persons_are_everyone_once(
    monkeypatch: pytest.MonkeyPatch, sessions: str
) -> None:
    """Thirty residents, of whom twenty are insured, five by another name."""
    monkeypatch.setattr(steps, "WORTH_RECORDS", 0)
    for number in range(30):
        personal_id = f"0822{number:08d}"
        load(RESIDENT, record(RESIDENT, personal_id=personal_id))
        if number < 20:
            name = {"full_name": "Nguyễn Hòa"} if number < 5 else {}
            code = f"82{number:08d}"
            load(INSURED, record(INSURED, personal_id=personal_id, bhxh_code=code, **name))
    alone, together = kept("1", monkeypatch), kept(sessions, monkeypatch)
    assert together == alone
    of_names = [each[-2:] for each in together if each[1] == "quality.consistent_name_share"]
    assert of_names == [(15, 20)]
    # A pool would keep the connection, and with it what is temporary.
    assert rows("select relname from pg_class where relname like 'share%'") == []


def kept(sessions: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """The steps that so many sessions count."""
    monkeypatch.setenv("DEAN06_KPI_SESSIONS", sessions)
    with verified_snapshot() as session:
        counting.prepare(session, DAY, families())
        steps.count(session, DAY, families(), 1)
    found = rows("select * from ops.kpi_step as step order by step")
    verify.repair()
    return found


@pytest.mark.parametrize("counts", ["rows", "persons"])
def test_a_query_that_fails_beside_names_its_file(session: Session, counts: str) -> None:
    wanted = [_broken(each) if each.counts == counts else each for each in families()]
    with pytest.raises(AuditError, match=r"\.sql") as refused:
        steps.count(session, DAY, wanted, 1)
    assert any(f"{each.name}.sql" in str(refused.value) for each in wanted if each.counts == counts)


def test_a_failure_stops_what_others_still_count(session: Session) -> None:
    by_name = {each.name: each for each in families()}
    slow = by_name["eid"]
    query = f"select fact.* from ({slow.query}) as fact right join pg_sleep(60) on true"
    wanted = [msgspec.structs.replace(slow, query=query), _broken(by_name["population"])]
    begun = time.monotonic()
    with pytest.raises(AuditError, match=r"population\.sql"):
        steps.count(session, DAY, wanted, 1)
    assert time.monotonic() - begun < 30


def _broken(family: Family) -> Family:
    return msgspec.structs.replace(
        family, query=f"select * from ({family.query}) as fact where 1 / 0 = 1"
    )
