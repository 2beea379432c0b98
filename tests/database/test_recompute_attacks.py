"""What somebody changed, or retention removed, is named when a publication is computed again."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from dean06 import settings as dean06_settings
from dean06.cli.app import app
from dean06.kpi import basis, recompute
from dean06.kpi.build import build_kpis
from dean06.privacy import retention
from dean06.schema.migrate import migrate
from dean06.trail import chain
from dean06.warehouse import Session, transaction
from tests.conftest import Cluster, pointed_at
from tests.lib.histories import deliver
from tests.lib.history_records import DAYS, Event
from tests.lib.loading import load_police, resident, rows

DAY = date.fromisoformat(DAYS[0])
RESIDENTS = "population.permanent_residents"


def _person(number: int, **changes: Any) -> dict[str, Any]:
    return resident(soDinhDanh=f"08219{number:07d}", **changes)


def _event(kind: str) -> Event:
    return Event(kind, who=0, happened=0, ended=0, written=0, commune=0, choice=0, is_gone=False)


@pytest.fixture(scope="module")
def template(cluster: Cluster, small_country: str) -> Iterator[str]:
    """Name of a warehouse with two publications of a day: two records change places, one comes
    late, and with it the registry knows a participant whom it did not know."""

    def build() -> None:
        one, other = {"maXa": "28249"}, {"maXa": "28252"}
        load_police("one", str(DAY), [_person(1, **one), _person(2, **other), _person(3)])
        deliver(str(DAY), ["insurance"], [[_event("insurance.participant")]])
        build_kpis()
        # Of two contents of one version, one wins: whichever it is, it is overwritten once.
        load_police("two", str(DAY), [_person(1, **other), _person(2, **one), _person(4)])
        deliver(str(DAY), ["police"], [[_event("police.resident")]])
        build_kpis()

    with cluster.prepared(small_country, build) as (name, _):
        yield name


@pytest.fixture
def published(cluster: Cluster, template: str) -> Iterator[list[int]]:
    """The numbers of the day's publications."""
    with cluster.copy(template):
        yield [int(n) for (n,) in rows(
            "select publication_id from mart.kpi_publication where as_of_date = :day order by 1",
            day=DAY,
        )]  # fmt: skip


@contextmanager
def _superuser(cluster: Cluster) -> Iterator[Session]:
    """A transaction of somebody whom no trigger stops."""
    name = dean06_settings.warehouse_dsn().rsplit("/", 1)[1]
    with pointed_at(cluster.server.url(name)), transaction(role="") as session:
        session.run("set local session_replication_role = replica")
        yield session


@pytest.fixture
def as_superuser(cluster: Cluster) -> Callable[..., None]:
    """Runs statements whom no trigger stops."""

    def run(*statements: str) -> None:
        with _superuser(cluster) as session:
            for statement in statements:
                session.run(statement)

    return run


def _ended(*options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["recompute", *options])
    return done.exit_code, done.stdout


def test_the_command_says_what_was_counted_and_that_all_is_equal(published: list[int]) -> None:
    first, second = published
    assert rows("select count(*) > 0 from core.replaced_version") == [(True,)]
    assert rows("select count(verdict) from core.replaced_verdict") == [(1,)]
    code, said = _ended("--publication", str(first))
    assert code == 0
    assert "KPI file population: computed from the data of build " in said
    [(count,)] = rows("select count(*) from mart.kpi_value where publication_id = :n", n=first)
    assert said.splitlines()[-1] == f"publication {first} of {DAY}: {count} values, all equal"
    assert _ended("--publication", str(second))[0] == 0
    assert rows("select publication_id, outcome, value_count > 0, difference_count "
                "from ops.recomputation order by 1") == [
        (first, "equal", True, 0), (second, "equal", True, 0)
    ]  # fmt: skip
    assert rows("select count(*) from ops.audit_note where kind = 'recomputation'") == [(2,)]
    assert [each for each in chain.verify()[1] if "recomputation" in each] == []


def test_a_sample_is_the_same_for_the_same_seed(published: list[int]) -> None:
    code, said = _ended("--sample", "1", "--seed", "7")
    assert code == 0
    assert _ended("--sample", "1", "--seed", "7")[1] == said
    assert said.splitlines()[-1] == "1 of 1 publications were computed again with equal values"
    [(every,)] = rows("select count(*) from mart.kpi_publication")
    assert f"{every} of {every} publications" in _ended("--sample", "99")[1].splitlines()[-1]
    assert _ended("--sample", "1", "--publication", str(published[0]))[0] == 1
    assert _ended("--publication", "999")[0] == 1


def test_nothing_is_written_but_who_asked(published: list[int]) -> None:
    with transaction(isolation="REPEATABLE READ") as session:
        recompute._compared(session, published[1], lambda _: None)
        written = session.rows(
            """select schemaname, relname from pg_stat_xact_all_tables
               where n_tup_ins + n_tup_upd + n_tup_del > 0
                   and schemaname in ('core', 'mart', 'ops', 'public')"""
        )
    assert written == []


def test_a_migration_afterwards_changes_nothing(published: list[int]) -> None:
    migrate()
    assert {recompute.recompute(n, "db:lan").outcome for n in published} == {"equal"}


def test_a_version_that_somebody_altered_is_found(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    as_superuser("update core.police__resident set residence_type = 'tam_tru' "
                  "where personal_id = '082190000003'")  # fmt: skip
    for number in published:
        code, said = _ended("--publication", str(number))
        assert code == 1
        place = f"{RESIDENTS} in province 82 (as_reported) on {DAY}"
        assert f"{place}: the published value differs" in said
        assert "082190000003" not in said


def test_a_value_that_somebody_edited_is_found(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    first, second = published
    as_superuser(
        f"update mart.kpi_value set numerator = 9, value = 9 where kpi_code = '{RESIDENTS}' "
        f"and unit_level = 'province' and publication_id = {second}"
    )
    assert recompute.recompute(first, "db:lan").outcome == "equal"
    found = recompute.recompute(second, "db:lan")
    assert {line.partition(" in ")[0] for line in found.differences} == {RESIDENTS}


def test_a_mark_and_a_row_that_somebody_edited_are_found(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    number = published[0]
    as_superuser(
        f"update mart.kpi_value set is_suppressed = true, numerator = null, value = null "
        f"where kpi_code = '{RESIDENTS}' and unit_level = 'province' and publication_id = {number}",
        f"delete from mart.kpi_value where publication_id = {number} and kpi_code = "
        f"'population.permanent_households' and unit_level = 'province'",
    )
    said = "\n".join(recompute.recompute(number, "db:lan").differences)
    assert f"{RESIDENTS} in province 82 (as_reported) on {DAY}: suppressed in only one" in said
    households = f"population.permanent_households in province 82 (as_reported) on {DAY}"
    assert f"{households}: absent from the publication" in said


def test_a_text_that_somebody_changed_is_found(cluster: Cluster, published: list[int]) -> None:
    """The text of a definition alone, and with all digests made to fit it: the signed file has the
    fingerprint of the one that was used."""
    with _superuser(cluster) as session:
        one = session.one("select digest, body from ops.kpi_input where name = 'population'")
        other = zlib.decompress(one.body).decode().replace("thuong_tru", "tam_tru")
        _put(session, one.digest, one.digest, other)
    said = recompute.recompute(published[0], "db:lan").differences
    assert said[0] == "population: its recorded text was changed"
    with _superuser(cluster) as session:
        digest = basis.digest_of("family", "population", other)
        _put(session, one.digest, digest, other)
        for row in session.rows("select digest, body from ops.kpi_input where kind = 'list'"):
            listed = zlib.decompress(row.body).decode().replace(one.digest, digest)
            fitted = basis.digest_of("list", "", listed)
            _put(session, row.digest, fitted, listed)
            for table in ("kpi_build_basis", "kpi_publication_basis"):
                session.run(
                    f"update ops.{table} set list_digest = :new where list_digest = :old",
                    new=fitted,
                    old=row.digest,
                )
    said = recompute.recompute(published[0], "db:lan").differences
    assert said[0].startswith("population.")
    assert "its recorded definition is not the one of version" in said[0]


def _put(session: Session, old: str, new: str, text: str) -> None:
    """Replace a recorded text and its digest."""
    session.run(
        "update ops.kpi_input set digest = :new, body = :body where digest = :old",
        old=old,
        new=new,
        body=zlib.compress(text.encode()),
    )


def test_what_retention_removed_is_named_with_its_day(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    first, second = published
    as_superuser(
        "update ops.load set published_at = published_at - interval '800 days'",
        "update ops.verification set finished_at = finished_at - interval '800 days'",
    )
    due = [each for each in retention.old() if each.what == "replaced"]
    assert [each.dataset for each in due] == ["insurance.participant", "police.resident"]
    retention.keep_house()
    assert rows("select count(*) from core.replaced_version") == [(0,)]
    code, said = _ended("--publication", str(first))
    assert code == 1
    today = rows("select now()::date")[0][0]
    assert said == (
        f"publication {first} of {DAY}: cannot be computed again\n"
        "  1 replaced verdicts on records of insurance.participant were removed on "
        f"{today}, because their retention period had ended\n"
        "  1 overwritten versions of records of police.resident were removed on "
        f"{today}, because their retention period had ended\n"
    )
    assert _ended("--publication", str(second))[0] == 0
    code, said = _ended("--sample", "99", "--seed", "1")
    assert code == 0
    assert f"left out: {len(DAYS)} publications whose data were removed after" in said


def test_what_was_never_recorded_is_said(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    as_superuser("delete from ops.kpi_publication_basis", "delete from ops.kpi_build_basis")
    code, said = _ended("--publication", str(published[0]))
    assert code == 1
    assert "published before dean06 recorded the inputs of publications" in said
    assert _ended("--sample", "5")[0] == 1


def test_another_secret_of_rounding_is_said(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    as_superuser("delete from ops.rounding_secret",
                  "insert into ops.rounding_secret (secret) values ('x')")  # fmt: skip
    assert (
        "the secret that determines the rounding" in _ended("--publication", str(published[0]))[1]
    )
