"""Past publications are computed again from core as core was, and compared value by value.

Whatever has come since: records that are late, corrected or withdrawn, other verdicts, edited
reference data, another key of tokens. What somebody changed, or retention removed, is named.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dean06 import settings as dean06_settings
from dean06.cli.app import app
from dean06.errors import AuditError
from dean06.identity import tokens
from dean06.kpi import basis, recompute, release
from dean06.kpi.build import build_kpis
from dean06.privacy import retention
from dean06.schema.migrate import migrate
from dean06.trail import chain
from dean06.warehouse import Session, transaction
from tests.conftest import Cluster, pointed_at
from tests.lib.histories import (
    EDITS,
    SOURCES,
    Round,
    batches,
    deliver,
    prepare_small_country,
)
from tests.lib.history_records import DAYS
from tests.lib.loading import load_police, resident, rows

DAY = date.fromisoformat(DAYS[0])
RESIDENTS = "population.permanent_residents"
QUICKLY = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def small_country(cluster: Cluster, migrated: str) -> Iterator[str]:
    """Name of a warehouse in which a build of a day takes a third of a second."""
    with cluster.prepared(migrated, prepare_small_country) as (name, _):
        yield name


def publications() -> list[int]:
    return [int(n) for (n,) in rows("select publication_id from mart.kpi_publication order by 1")]


def _release_held() -> None:
    """Two persons release what was held before reference data were edited."""
    for build in release.held():
        for name in ("db:lan", "db:minh"):
            with suppress(AuditError):
                release.sign(build.build_id, name, "đã kiểm tra số liệu")


def _live(rounds: list[Round], days: Sequence[str] = ()) -> None:
    """Deliver, edit, release and build, round by round; each round on the next of ``days``."""
    # Hypothesis begins with the simplest example: of histories in which nothing happens.
    assume(all(any(each.histories) for each in rounds))
    for number, each in enumerate(rounds):
        day = days[number] if days else DAYS[each.day]
        deliver(day, each.sources, each.histories)
        with transaction(role="") as session:
            session.run(EDITS[each.edit])
        _release_held()
        with suppress(AuditError):
            build_kpis()


def _all_equal(numbers: list[int]) -> int:
    """How many values were compared."""
    found = [recompute.recompute(number, "db:lan") for number in numbers]
    assert [each for each in found if each.outcome != "equal"] == []
    return sum(each.values for each in found)


@settings(QUICKLY, max_examples=1)
@given(batches(2, 6, ("police", "insurance", "portal")))
def test_all_past_publications_of_histories_are_equal(
    cluster: Cluster, small_country: str, monkeypatch: pytest.MonkeyPatch, rounds: list[Round]
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    with cluster.copy(small_country):
        _live(rounds)
        tokens.give()
        tokens.rotate()
        assert _all_equal(publications()) > 0


@pytest.mark.campaign
@settings(QUICKLY, max_examples=1)
@given(batches(31, 8, SOURCES), st.integers(0, 1000))
def test_a_hundred_publications_of_a_month_are_equal(
    cluster: Cluster,
    small_country: str,
    monkeypatch: pytest.MonkeyPatch,
    rounds: list[Round],
    seed: int,
) -> None:
    """Thirty-one days, each delivered with corrections of the days before it."""
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    month = [str(date(2025, 6, 15) + timedelta(n)) for n in range(31)]
    with cluster.copy(small_country):
        _live(rounds, month)
        drawn = recompute.draw(100, seed)
        assert (len(drawn.publications), drawn.unrecorded, drawn.removed) == (100, 0, 0)
        assert _all_equal(list(drawn.publications)) > 0


def _person(number: int, **changes: Any) -> dict[str, Any]:
    return resident(soDinhDanh=f"08219{number:07d}", **changes)


@pytest.fixture(scope="module")
def template(cluster: Cluster, small_country: str) -> Iterator[str]:
    """Name of a warehouse with two publications of a day: one record is overwritten, and one comes
    late."""

    def build() -> None:
        one, other = {"maXa": "28249"}, {"maXa": "28252"}
        load_police("one", str(DAY), [_person(1, **one), _person(2, **other), _person(3)])
        build_kpis()
        # Of two contents of one version, one wins: whichever it is, it is overwritten once.
        load_police("two", str(DAY), [_person(1, **other), _person(2, **one), _person(4)])
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
    code, said = _ended("--publication", str(first))
    assert code == 0
    assert "population: counted as build " in said
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
    assert said.splitlines()[-1] == "1 of 1 publications are equal"
    every = len(publications())
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
    assert _all_equal(published) > 0


def test_a_version_that_somebody_altered_is_found(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    as_superuser("update core.police__resident set residence_type = 'tam_tru' "
                  "where personal_id = '082190000003'")  # fmt: skip
    for number in published:
        code, said = _ended("--publication", str(number))
        assert code == 1
        assert f"{RESIDENTS} in province 82 (as_reported) on {DAY}: another published value" in said
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
        f"'population.households' and unit_level = 'province'",
    )
    said = "\n".join(recompute.recompute(number, "db:lan").differences)
    assert f"{RESIDENTS} in province 82 (as_reported) on {DAY}: hidden then or now" in said
    assert (
        f"population.households in province 82 (as_reported) on {DAY}: it was not published" in said
    )


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
    assert [each.dataset for each in due] == ["police.resident"]
    retention.keep_house()
    assert rows("select count(*) from core.replaced_version") == [(0,)]
    code, said = _ended("--publication", str(first))
    assert code == 1
    today = rows("select now()::date")[0][0]
    assert said == (
        f"publication {first} of {DAY}: cannot be computed again\n"
        "  1 earlier versions of records of police.resident were removed on "
        f"{today:%d/%m/%Y}, when their retention period was over\n"
    )
    assert _ended("--publication", str(second))[0] == 0
    code, said = _ended("--sample", "99", "--seed", "1")
    assert code == 0
    assert f"not among them: {len(DAYS)} that need data past their retention period" in said


def test_what_was_never_recorded_is_said(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    as_superuser("delete from ops.kpi_publication_basis", "delete from ops.kpi_build_basis")
    code, said = _ended("--publication", str(published[0]))
    assert code == 1
    assert "published before dean06 recorded what publications are computed from" in said
    assert _ended("--sample", "5")[0] == 1


def test_another_secret_of_rounding_is_said(
    published: list[int], as_superuser: Callable[..., None]
) -> None:
    as_superuser("delete from ops.rounding_secret",
                  "insert into ops.rounding_secret (secret) values ('x')")  # fmt: skip
    assert "the secret by which counts are rounded" in _ended("--publication", str(published[0]))[1]
