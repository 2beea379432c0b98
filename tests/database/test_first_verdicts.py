"""How the first verdicts of a warehouse are found and stored: in bulk, by all workers there are."""

from typing import Any

import pytest
from psycopg2 import sql

from dean06 import contract
from dean06.identity import comparison
from dean06.identity.parts import EVERYONE, parts_of, parts_of_registry
from dean06.identity.verify import verify_identities
from dean06.warehouse import Session, sql_file, transaction
from tests.lib.loading import rows
from tests.lib.persons import dataset_of, load, record

pytestmark = pytest.mark.usefixtures("warehouse")
PARTICIPANT = "insurance.participant"
INDEX = "select indexdef from pg_indexes where indexname = 'identity_verdict__claimed_id'"


def test_the_index_of_claimed_ids_is_away_while_first_verdicts_are_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_migrated = rows(INDEX)
    seen: list[list[Any]] = []
    real = comparison.compare_dataset

    def look(session: Session, *arguments: Any, **keywords: Any) -> comparison.Examined:
        seen.append([tuple(row) for row in session.rows(INDEX)])
        return real(session, *arguments, **keywords)

    monkeypatch.setattr(comparison, "compare_dataset", look)
    load("police.resident", record("police.resident"))
    load(PARTICIPANT, record(PARTICIPANT))
    verify_identities()
    assert len(as_migrated) == 1
    assert rows(INDEX) == as_migrated
    assert set(map(tuple, seen)) == {()}
    seen.clear()
    load(PARTICIPANT, record(PARTICIPANT, bhxh_code="another"))
    verify_identities()
    assert [set(each) for each in seen] == [set(as_migrated)]
    # Whoever may call it cannot take the index from verdicts that are there.
    with transaction() as session:
        session.run("select core.index_claims(is_wanted => false)")
    assert rows(INDEX) == as_migrated


def test_the_index_of_birth_dates_is_made_when_the_registry_has_records() -> None:
    found = "select indexdef from pg_indexes where indexname = 'police__resident__born_on'"
    load(PARTICIPANT, record(PARTICIPANT))
    verify_identities()
    assert rows(found) == []
    load("police.resident", record("police.resident"))
    assert rows(found) == []
    verify_identities()
    [(made,)] = rows(found)
    assert made.endswith("ON core.police__resident USING btree (born_on) WHERE _is_current")


def test_the_index_of_birth_dates_that_is_there_is_left_without_a_lock() -> None:
    load("police.resident", record("police.resident"))
    verify_identities()
    with transaction() as publishing, transaction() as verifying:
        publishing.run("lock table core.police__resident in row exclusive mode")
        verifying.run("set local lock_timeout = '1s'")
        verifying.run("select core.index_births('police__resident', 'born_on')")


def test_parallel_workers_may_do_all_of_a_first_comparison() -> None:
    dataset = dataset_of(PARTICIPANT)
    parts = parts_of(dataset) | parts_of_registry(contract.registry())
    subject = sql.SQL(sql_file("identity/subject.sql")).format(chosen=EVERYONE, **parts)
    text = sql_file("identity/compare.sql")
    query = text[text.index("with found as") :]
    with transaction() as session:
        for name in ("setup_cost", "tuple_cost"):
            session.run(f"set local parallel_{name} = 0")
        session.run("set local min_parallel_table_scan_size = 0")
        plan = session.compose_rows(
            f"explain (costs off) {query}", **parts | {"subject": sql.SQL("({})").format(subject)}
        )
    assert plan[0] == ("Gather",)
    assert sum("Gather" in line for (line,) in plan) == 1
