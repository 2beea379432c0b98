"""Whoever reads mart sees whole publications only, and is kept waiting by nobody.

A reader polls as a BI tool does, all the time, with a bound set in its own session: it never waits
longer than 0.1 seconds for a lock, whatever the pipeline is doing; PostgreSQL raises otherwise. At
the worst moments (all values of a publication inserted, none committed; dimensions half rewritten)
the pipeline is stopped by a lock of the test's, and the reader looks then.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest

from dean06.identity.verify import verify_identities
from dean06.kpi.build import build_kpis
from dean06.load.publish import publish
from dean06.schema import migrate
from dean06.warehouse import Session, transaction
from tests.faults.interleaving import Meanwhile, lock, wait_for_blocked
from tests.lib.loading import lines_of, prepare_source, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")

LONGEST_WAIT = "100ms"
DAY, NEXT_DAY = "2022-10-30", "2022-10-31"
INSERTED = "lock table mart.kpi_revision_cause in share mode"
"""Stops a publication whose values are inserted and not committed."""
REWRITTEN = "lock table mart.dim_member in share mode"
"""Stops ``migrate`` when units and crosswalk are rewritten and not committed."""
PUBLISHING = "lock table ops.watermark in share mode"

_LATEST = """
    select as_of_date, publication_id, count(*) as value_count,
           sum(hashtext(concat_ws('|', kpi_code, unit_level, unit_code, boundary_version, breakdown,
                                  member_code, numerator, denominator))) as fingerprint
    from mart.kpi_latest group by as_of_date, publication_id
"""
_TORN = """
    select kpi_code from mart.kpi_latest
    where kpi_code in ('population.permanent_residents', 'insurance.verdicts')
        and breakdown = '' and boundary_version = 'as_reported'
    group by as_of_date, kpi_code
    having sum(numerator) filter (where unit_level = 'province')
        is distinct from sum(numerator) filter (where unit_level = 'commune')
"""


class Reader:
    """Polls mart until told to stop, and checks what it sees at each look."""

    def __init__(self) -> None:
        self.looks = 0
        self.seen: dict[int, tuple[int, int]] = {}
        """Publication → number of values and their fingerprint."""
        self._newest: dict[Any, int] = {}
        self._sizes: dict[str, int] = {}
        self._stop = threading.Event()
        self._looking = threading.Lock()

    def poll(self) -> None:
        while not self._stop.wait(0.05):  # leaves the processor to the pipeline
            self.look()

    def stop(self) -> None:
        self._stop.set()

    def look(self) -> dict[Any, int]:
        """One look, when the one before is over; returns the publication it saw of each day."""
        with self._looking:
            return self._look()

    def _look(self) -> dict[Any, int]:
        # As BI tools do: a transaction a look, each statement with a snapshot of its own.
        with transaction(role="dean06_bi") as session:
            session.run(f"set lock_timeout = '{LONGEST_WAIT}'")
            found = session.rows(_LATEST)
            assert session.rows(_TORN) == []
            self._dimensions(session)
        days = [row.as_of_date for row in found]
        assert len(days) == len(set(days)), "a day shows values of two publications"
        for row in found:
            said = (row.value_count, row.fingerprint)
            assert self.seen.setdefault(row.publication_id, said) == said, "a publication grew"
            assert self._newest.get(row.as_of_date, 0) <= row.publication_id, "time went backwards"
            self._newest[row.as_of_date] = row.publication_id
        assert self._newest.keys() == set(days), "a published day is gone"
        self.looks += 1
        return dict(self._newest)

    def _dimensions(self, session: Session) -> None:
        """Every relation can be read, and those that hold reference data never shrink."""
        for row in session.rows(
            """select relname from pg_class
               where relnamespace = 'mart'::regnamespace and relkind in ('r', 'p', 'v', 'm')
                   and has_table_privilege(oid, 'select')"""
        ):
            name = row.relname
            size = session.one(f"select count(*) as size from mart.{name}").size
            if name.startswith(("dim_", "admin_unit", "kpi_target", "kpi_definition")):
                assert size >= self._sizes.get(name, 0), f"mart.{name} was seen half written"
                self._sizes[name] = size


@contextmanager
def reading() -> Iterator[Reader]:
    """A reader at work while the block lasts; what it found wrong is raised at the end."""
    reader = Reader()
    with Meanwhile() as meanwhile:
        polling: Future[None] = meanwhile.start(reader.poll)
        try:
            yield reader
        finally:
            reader.stop()
        polling.result()


def _prepare(run: str, day: str, *people: int) -> None:
    at = f"{day}T08:30:00+07:00"
    records = [resident(soDinhDanh=f"0821900000{who:02}", capNhatLuc=at) for who in people]
    prepare_source("police", run, day, {"resident": (lines_of(records), len(records))})


@pytest.mark.campaign
def test_a_reader_sees_whole_publications_through_syncs_builds_and_migrations() -> None:
    with reading() as reader:
        _prepare("one", DAY, 1, 2, 3)
        publish("police", "one")
        build_kpis()
        for run, day, people in (("two", NEXT_DAY, (4, 5)), ("late", DAY, (6,))):
            _prepare(run, day, *people)
            publish("police", run)
            verify_identities()
            build_kpis()
        migrate.migrate()
        last = reader.look()
    assert reader.looks > 3
    published = rows("select max(publication_id) from mart.kpi_publication group by as_of_date")
    assert sorted(last.values()) == sorted(number for (number,) in published)
    counts = dict(rows("select publication_id, count(*) from mart.kpi_value group by 1"))
    assert {number: count for number, (count, _) in reader.seen.items()}.items() <= counts.items()


def test_values_that_are_not_committed_are_not_seen_and_hold_nobody_up() -> None:
    _prepare("one", DAY, 1, 2, 3)
    publish("police", "one")
    reader = Reader()
    with Meanwhile() as meanwhile:
        with lock(INSERTED):
            building = meanwhile.start(build_kpis)
            wait_for_blocked(1, "relation")
            assert reader.look() == {}
        building.result()
    assert len(reader.look()) == 1


def test_a_source_that_publishes_holds_no_reader_up() -> None:
    _prepare("one", DAY, 1, 2, 3)
    reader = Reader()
    with Meanwhile() as meanwhile:
        with lock(PUBLISHING):
            publishing = meanwhile.start(publish, "police", "one")
            wait_for_blocked(1, "relation")
            assert reader.look() == {}
        publishing.result()


@pytest.mark.campaign
def test_dimensions_are_seen_whole_while_they_are_rewritten() -> None:
    reader = Reader()
    reader.look()
    with Meanwhile() as meanwhile:
        with lock(REWRITTEN):
            rewriting = meanwhile.start(migrate.migrate)
            wait_for_blocked(1, "relation")
            reader.look()
        rewriting.result()
    reader.look()


@pytest.mark.campaign
def test_a_reader_that_never_ends_holds_up_no_sync_build_or_migration() -> None:
    """A dashboard left open in a transaction keeps nobody from publishing."""
    with transaction(role="dean06_bi", isolation="REPEATABLE READ") as session:
        before = session.rows(_LATEST)
        _prepare("one", DAY, 1, 2)
        publish("police", "one")
        assert [built.state for built in build_kpis()] == ["published"]
        migrate.migrate()
        assert session.rows(_LATEST) == before
