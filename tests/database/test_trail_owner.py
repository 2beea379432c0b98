"""The audit chain belongs to nobody who works with it: the service account appends, and no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dean06.errors import WarehouseError
from dean06.schema import backup, migrate
from dean06.trail import chain
from dean06.ui import records
from dean06.warehouse import sql_file, transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib.loading import load_police, resident, rows

PEOPLE = [resident(), resident(soDinhDanh="999")]
TAKEN = [
    "update ops.audit_note set noted_by = 'x'",
    "delete from ops.audit_note",
    "truncate ops.audit_note, ops.audit_link",
    """insert into ops.audit_note (kind, source_id, body, noted_by, noted_at)
       values ('load', 1, '{}', 'x', now())""",
    "update ops.audit_link set hash = ''",
    "delete from ops.audit_head",
    "alter table ops.audit_note disable trigger all",
    "alter table ops.audit_note owner to current_user",
    "drop table ops.audit_link, ops.audit_note",
    "drop schema ops cascade",
    "alter schema ops owner to current_user",
    """create or replace function ops.note_act() returns trigger language plpgsql as
       $$ begin return null; end $$""",
    "drop function ops.link_notes()",
    "drop function ops.note_act() cascade",
    "grant dean06_trail to current_user",
    "set role dean06_trail",
    "alter role dean06_trail login",
    "drop role dean06_trail",
    "reassign owned by dean06_trail to current_user",
]
"""What the service account might try, be it without its triggers."""


def as_superuser(cluster: Cluster, warehouse: str, *names: str) -> None:
    with pointed_at(cluster.server.url(name_of(warehouse))), transaction(role="") as session:
        for name in names:
            session.script(sql_file(f"audit/{name}.sql"))


@pytest.fixture
def apart(cluster: Cluster, warehouse: str, heads: Path) -> Iterator[None]:
    assert heads
    as_superuser(cluster, warehouse, "limit_readers", "own_trail")
    yield
    # The role outlives the test's warehouse.
    with pointed_at(cluster.server.url(name_of(warehouse))), transaction(role="") as session:
        session.script(sql_file("audit/return_trail.sql"))
        session.run("drop owned by dean06_trail")
        session.run("drop role dean06_trail")


@pytest.mark.usefixtures("apart")
def test_the_service_account_changes_nothing_of_the_trail() -> None:
    """One warehouse for all of them: each is refused, and so leaves it as it was."""
    load_id = load_police("one", "2022-10-31", PEOPLE).load_id
    records.read(load_id, 2, "lan", "đối chiếu hồ sơ")
    chain.seal()
    for statement in TAKEN:
        with pytest.raises(WarehouseError, match="42501"), transaction(role="") as session:
            session.script(statement)
    assert chain.verify()[1] == []


@pytest.mark.usefixtures("apart")
@pytest.mark.campaign
def test_everything_that_appends_to_it_goes_on(
    cluster: Cluster, warehouse: str, tmp_path: Path
) -> None:
    load_id = load_police("one", "2022-10-31", PEOPLE).load_id
    records.read(load_id, 2, "lan", "đối chiếu hồ sơ")
    chain.seal()
    assert chain.verify()[1] == []
    assert rows("select entry_no from ops.audit_head") == rows(
        "select count(*) from ops.audit_note"
    )
    assert rows("select distinct noted_by from ops.audit_note") == [("dean06_owner",)]
    migrate.migrate()  # nothing has changed: nothing is made again
    as_superuser(cluster, warehouse, "own_trail")  # a second time
    backup.backup(tmp_path / "saved.dump")
    with pointed_at(cluster.database()):
        backup.restore(tmp_path / "saved.dump")
        assert chain.verify()[1] == []


@pytest.mark.usefixtures("apart")
@pytest.mark.campaign
def test_a_new_version_of_its_functions_needs_a_superuser(
    cluster: Cluster, warehouse: str, sql_folder: Path
) -> None:
    path = sql_folder / "ops/link_notes.sql"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("returns how many.'", "and how many.'"))
    with pytest.raises(WarehouseError, match=r"ops\.link_notes.*42501"):
        migrate.migrate()
    as_superuser(cluster, warehouse, "return_trail")
    migrate.migrate()
    as_superuser(cluster, warehouse, "own_trail")
    assert chain.verify()[1] == []


def test_a_role_that_the_service_account_makes_is_no_wall(warehouse: str) -> None:
    """Why it takes a superuser: PostgreSQL makes whoever creates a role its administrator."""
    assert warehouse
    with transaction(role="") as session:
        session.run("create role dean06_own_trail")
        session.run("grant dean06_own_trail to current_user")
        session.run("set local role dean06_own_trail")
        assert session.one("select current_user as name").name == "dean06_own_trail"
        session.connection.rollback()
