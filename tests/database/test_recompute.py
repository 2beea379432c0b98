"""Past publications are computed again from core as core was, and compared value by value.

Whatever has come since: records that are late, corrected or withdrawn, other verdicts, edited
reference data, another key of tokens. What somebody changed, or retention removed, is named.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from typer.testing import CliRunner

from dean06.cli.app import app
from dean06.errors import AuditError
from dean06.identity import tokens
from dean06.kpi import recompute, release
from dean06.kpi.build import build_kpis
from dean06.privacy import retention
from dean06.schema.migrate import migrate
from dean06.trail import chain
from dean06.warehouse import transaction
from tests.conftest import Cluster
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

DAY = date(2022, 10, 31)
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
    return [n for (n,) in rows("select publication_id from mart.kpi_publication order by 1")]


def _release_held() -> None:
    """Two persons release what was held before reference data were edited."""
    for build in release.held():
        for name in ("db:lan", "db:minh"):
            with suppress(AuditError):
                release.sign(build.build_id, name, "đã kiểm tra số liệu")


def _live(rounds: list[Round]) -> None:
    """Deliver, edit, release and build, round by round."""
    # Hypothesis begins with the simplest example: of histories in which nothing happens.
    assume(all(any(each.histories) for each in rounds))
    for each in rounds:
        deliver(DAYS[each.day], each.sources, each.histories)
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
@given(batches(3, 10, SOURCES))
def test_all_past_publications_of_histories_are_equal(
    cluster: Cluster, small_country: str, monkeypatch: pytest.MonkeyPatch, rounds: list[Round]
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    with cluster.copy(small_country):
        _live(rounds)
        tokens.give()
        tokens.rotate()
        assert _all_equal(publications()) > 0


@pytest.fixture(scope="module")
def template(cluster: Cluster, migrated: str) -> Iterator[str]:
    """Name of a warehouse with two publications of a day: one record is overwritten, and one comes
    late."""

    def build() -> None:
        load_police("one", str(DAY), [resident(), resident(soDinhDanh="082190000077")])
        build_kpis()
        load_police("two", str(DAY), [resident(maXa="28252"), resident(soDinhDanh="082190000078")])
        build_kpis()

    with cluster.prepared(migrated, build) as (name, _):
        yield name


@pytest.fixture
def published(cluster: Cluster, template: str) -> Iterator[list[int]]:
    """The numbers of its publications."""
    with cluster.copy(template):
        yield publications()


def _as_superuser(*statements: str) -> None:
    with transaction(role="") as session:
        session.run("set local session_replication_role = replica")
        for statement in statements:
            session.run(statement)


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
    assert _ended("--sample", "9")[1].splitlines()[-1] == "2 of 2 publications are equal"
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


def test_a_version_that_somebody_altered_is_found(published: list[int]) -> None:
    _as_superuser("update core.police__resident set residence_type = 'tam_tru' "
                  "where personal_id = '082190000077'")  # fmt: skip
    for number in published:
        code, said = _ended("--publication", str(number))
        assert code == 1
        assert f"{RESIDENTS} in province 82 (as_reported) on {DAY}: another published value" in said
        assert "082190000077" not in said


def test_a_value_that_somebody_edited_is_found(published: list[int]) -> None:
    first, second = published
    _as_superuser(f"update mart.kpi_value set numerator = 9, value = 9 where kpi_code = "
                  f"'{RESIDENTS}' and unit_level = 'province' and publication_id = {second}")  # fmt: skip
    assert recompute.recompute(first, "db:lan").outcome == "equal"
    found = recompute.recompute(second, "db:lan")
    assert {line.partition(" in ")[0] for line in found.differences} == {RESIDENTS}


def test_a_mark_and_a_row_that_somebody_edited_are_found(published: list[int]) -> None:
    number = published[0]
    _as_superuser(
        f"update mart.kpi_value set is_suppressed = true, numerator = null, value = null "
        f"where kpi_code = '{RESIDENTS}' and unit_level = 'province' and publication_id = {number}",
        f"delete from mart.kpi_value where publication_id = {number} and kpi_code = "
        f"'population.households' and unit_level = 'province'",
    )
    said = "\n".join(recompute.recompute(number, "db:lan").differences)
    assert f"{RESIDENTS} in province 82 (as_reported) on {DAY}: hidden then or now" in said
    assert f"population.households in province 82 (as_reported) on {DAY}: it was not published" in said


def test_a_text_that_somebody_changed_is_found(published: list[int]) -> None:
    """The text of a definition alone, and with all digests made to fit it: the signed file has the
    fingerprint of the one that was used."""
    import zlib

    from dean06.kpi import basis

    with transaction(role="") as session:
        one = session.one("select digest, body from ops.kpi_input where name = 'population'")
    text = zlib.decompress(one.body).decode()
    other = text.replace("thuong_tru", "tam_tru")
    assert other != text
    with transaction(role="") as session:
        session.run("set local session_replication_role = replica")
        session.run("update ops.kpi_input set body = :body where name = 'population'",
                    body=zlib.compress(other.encode()))  # fmt: skip
    said = recompute.recompute(published[0], "db:lan").differences
    assert said[0] == "population: its recorded text was changed"
    digest = basis.digest_of("family", "population", other)
    with transaction(role="") as session:
        session.run("set local session_replication_role = replica")
        session.run("update ops.kpi_input set digest = :digest where name = 'population'",
                    digest=digest)  # fmt: skip
        for row in session.rows("select digest, body from ops.kpi_input where kind = 'list'"):
            listed = zlib.decompress(row.body).decode().replace(one.digest, digest)
            fitted = basis.digest_of("list", "", listed)
            session.run("update ops.kpi_input set digest = :new, body = :body where digest = :old",
                        new=fitted, body=zlib.compress(listed.encode()), old=row.digest)  # fmt: skip
            for table in ("kpi_build_basis", "kpi_publication_basis"):
                session.run(f"update ops.{table} set list_digest = :new where list_digest = :old",
                            new=fitted, old=row.digest)  # fmt: skip
    said = recompute.recompute(published[0], "db:lan").differences
    assert said[0].startswith("population.")
    assert "is not the one of version" in said[0]


def test_what_retention_removed_is_named_with_its_day(published: list[int]) -> None:
    first, second = published
    _as_superuser("update ops.load set published_at = published_at - interval '800 days'",
                  "update ops.verification set finished_at = finished_at - interval '800 days'")  # fmt: skip
    due = [each for each in retention.old() if each.what == "replaced"]
    assert [each.dataset for each in due] == ["police.resident"]
    retention.keep_house()
    assert rows("select count(*) from core.replaced_version") == [(0,)]
    code, said = _ended("--publication", str(first))
    assert code == 1
    today = rows("select now()::date")[0][0]
    assert said.splitlines() == [
        f"publication {first} of {DAY}: cannot be computed again",
        f"  1 earlier versions of records of police.resident were removed on {today}, when their "
        "retention period was over",
    ]
    assert _ended("--publication", str(second))[0] == 0
    code, said = _ended("--sample", "5", "--seed", "1")
    assert code == 0
    assert "not among them: 1 that need data past their retention period" in said
    assert said.splitlines()[-1] == "1 of 1 publications are equal"


def test_what_was_never_recorded_is_said(published: list[int]) -> None:
    _as_superuser("delete from ops.kpi_publication_basis", "delete from ops.kpi_build_basis")
    code, said = _ended("--publication", str(published[0]))
    assert code == 1
    assert "published before dean06 recorded what publications are computed from" in said
    assert _ended("--sample", "5")[0] == 1


def test_another_secret_of_rounding_is_said(
    published: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _as_superuser("delete from ops.rounding_secret",
                  "insert into ops.rounding_secret (secret) values ('x')")  # fmt: skip
    assert "the secret by which counts are rounded" in _ended("--publication", str(published[0]))[1]
