"""A warehouse restored from its backup is the one that was saved, and goes on from there."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import make_url

from dean06.errors import Dean06Error
from dean06.kpi.build import build_kpis
from dean06.reports.digest import warehouse_digest
from dean06.schema import backup
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, pointed_at
from tests.lib.loading import load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
PEOPLE = [resident(), resident(soDinhDanh="082190000002", maXa="28252"), resident(soDinhDanh="bad")]


def _books() -> list[tuple[object, ...]]:
    with transaction(role="") as session:
        return session.rows(
            """select (select count(*) from ops.quarantine), (select count(*) from ops.load),
                      (select max(reached) from ops.watermark),
                      (select max(number) from ops.applied_migration)"""
        )


def test_a_restored_warehouse_is_the_saved_one_and_goes_on(
    cluster: Cluster, tmp_path: Path
) -> None:
    load_police("one", "2022-10-31", PEOPLE)
    build_kpis()
    load_police("two", "2022-11-01", [resident(soDinhDanh="082190000003")], upto="stage")
    before, books = warehouse_digest(), _books()
    backup.backup(tmp_path / "saved.dump")
    assert stat.S_IMODE((tmp_path / "saved.dump").stat().st_mode) == 0o600
    with pointed_at(cluster.database()):
        backup.restore(tmp_path / "saved.dump")
        assert (warehouse_digest(), _books()) == (before, books)
        with transaction(role="dean06_bi") as session:
            assert session.one("select count(*) as n from mart.kpi_latest").n > 0
        load = load_police("two again", "2022-11-01", [resident(soDinhDanh="082190000003")])
        assert str(load.window.since) == "2022-11-01 00:00:00+07:00", "the watermark was restored"
        assert rows("select count(*) from core.police__resident") == [(3,)]


def test_a_warehouse_is_not_written_over(tmp_path: Path) -> None:
    load_police("one", "2022-10-31", PEOPLE)
    backup.backup(tmp_path / "saved.dump")
    with pytest.raises(Dean06Error, match="holds a warehouse"):
        backup.restore(tmp_path / "saved.dump")
    with pytest.raises(Dean06Error, match="choose another name"):
        backup.backup(tmp_path / "saved.dump")


def test_a_damaged_backup_restores_nothing(cluster: Cluster, tmp_path: Path) -> None:
    load_police("one", "2022-10-31", PEOPLE)
    file = tmp_path / "saved.dump"
    backup.backup(file)
    file.write_bytes(file.read_bytes()[: -file.stat().st_size // 3])
    with pointed_at(cluster.database()):
        with pytest.raises(Dean06Error, match="pg_restore exited"):
            backup.restore(file)
        assert rows("select count(*) from pg_namespace where nspname in ('core', 'mart')") == [(0,)]


def test_without_a_server_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_WAREHOUSE_DSN", "postgresql+psycopg2://a:secret@127.0.0.1:1/nowhere")
    with pytest.raises(Dean06Error, match="Connection refused") as raised:
        backup.backup(tmp_path / "saved.dump")
    assert "secret" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_what_failed_leaves_no_part(tmp_path: Path, warehouse: str) -> None:
    with transaction(role="") as session:  # What a backup cannot read, it cannot save.
        session.run("create role keeper login password 'keeper' in role dean06_bi")
    reader = make_url(warehouse).set(username="keeper", password="keeper")
    with (
        pointed_at(reader.render_as_string(hide_password=False)),
        pytest.raises(Dean06Error, match="pg_dump exited"),
    ):
        backup.backup(tmp_path / "saved.dump")
    assert list(tmp_path.iterdir()) == []
    with transaction(role="") as session:
        session.run("drop role keeper")


def test_a_file_that_waits_under_a_name_that_can_be_guessed_gets_nothing(tmp_path: Path) -> None:
    """Whoever may write in the folder puts a link, or a file that they can read, there before."""
    theirs = tmp_path / "theirs"
    theirs.touch(mode=0o666)
    (tmp_path / ".saved.dump.part").symlink_to(theirs)
    backup.backup(tmp_path / "saved.dump")
    assert theirs.stat().st_size == 0
    assert not (tmp_path / "saved.dump").is_symlink()
    assert stat.S_IMODE((tmp_path / "saved.dump").stat().st_mode) == 0o600


def test_every_role_of_the_warehouse_is_made_before_a_restore() -> None:
    ours = rows("select rolname from pg_roles where rolname like 'dean06\\_%' order by 1")
    text = sql_file("roles.sql")
    named = [name for (name,) in ours if name not in ("dean06_owner", "dean06_bi_reader")]
    assert [name for name in named if f"'{name}'" not in text] == []
