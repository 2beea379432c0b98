"""Facts: what they show, of whom, and to whom."""

from dataclasses import replace
from pathlib import Path

import pytest

from dean06 import contract
from dean06.contract import Dataset
from dean06.errors import WarehouseError
from dean06.identity import tokens
from dean06.identity.verify import verify_identities
from dean06.privacy import readers
from dean06.schema import fact_views, relations
from dean06.warehouse import transaction
from tests.lib.loading import rows
from tests.lib.persons import dataset_of, load, record

pytestmark = pytest.mark.usefixtures("warehouse")
DOSSIER = "portal.dossier"


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_TOKEN_KEYS", str(tmp_path / "token_keys.json"))


def dossier(number: int, **changes: object) -> dict[str, object]:
    return record(DOSSIER, dossier_code=f"000.00.00.H58-221001-000{number}", **changes)


def bring(*changed: Dataset) -> list[str]:
    """Make the views and functions of the warehouse, some datasets being other ones."""
    datasets = {dataset.code: dataset for dataset in (*contract.datasets(), *changed)}
    with transaction(role="") as session:
        wanted = [*relations.files(), *fact_views.relations(session, list(datasets.values()))]
        return relations.bring(session, wanted)


def columns_of(relation: str) -> list[str]:
    found = rows(
        """select attname::text from pg_attribute
           where attrelid = to_regclass(:name) and attnum > 0 order by attnum""",
        name=f"mart.{relation}",
    )
    return [name for (name,) in found]


def test_every_dataset_has_its_fact_and_the_registry_is_the_dimension_of_persons() -> None:
    names = {fact_views.relation_of(dataset) for dataset in contract.datasets()}
    assert len(names) == len(contract.datasets())
    assert {"dim_person", "fact_dossier", "fact_task", "fact_id_card_dossier"} <= names
    for name in names:
        assert columns_of(name), name


@pytest.mark.parametrize("dataset", contract.datasets(), ids=lambda dataset: dataset.code)
def test_a_fact_shows_nothing_that_is_personal_or_sensitive(dataset: Dataset) -> None:
    hidden = {c.name for c in dataset.columns if c.classification in ("personal", "sensitive")}
    kinds = dict(
        rows(
            """select attname::text, format_type(atttypid, atttypmod) from pg_attribute
               where attrelid = to_regclass(:name) and attnum > 0""",
            name=f"mart.{fact_views.relation_of(dataset)}",
        )
    )
    assert not hidden & set(kinds)
    assert not {"jsonb", "timestamp with time zone"} & set(kinds.values())


def test_a_column_that_becomes_personal_is_gone() -> None:
    dataset = dataset_of(DOSSIER)
    assert "rating" in columns_of("fact_dossier")
    columns = tuple(
        replace(column, classification="personal") if column.name == "rating" else column
        for column in dataset.columns
    )
    bring(replace(dataset, columns=columns))
    assert "rating" not in columns_of("fact_dossier")


def test_a_row_is_a_current_record_and_its_person_one_that_was_verified() -> None:
    load("police.resident", record("police.resident"))
    load(
        DOSSIER,
        dossier(1),
        dossier(1, version=2, rating="5"),  # the version before is history
        dossier(2, applicant_name="Trần Văn Khác"),  # the number is somebody else's
        dossier(3, personal_id="082190000999"),  # nobody's
        dossier(4, is_deleted=True),
        dossier(5, applicant_type="2", personal_id=None),  # an organisation
    )
    verify_identities()
    tokens.give()
    told = rows(
        """select fact.verdict, fact.rating, fact.received_on::text,
                  person.commune_code
           from mart.fact_dossier as fact
           left join mart.dim_person as person on fact.person_token = person.person_token
           order by fact.verdict nulls last"""
    )
    assert told == [
        ("mismatch_name", None, "2022-10-01", None),
        ("not_found", None, "2022-10-01", None),
        ("verified_by_name", "5", "2022-10-01", "28249"),
        (None, None, "2022-10-01", None),
    ]


def test_a_day_is_the_day_in_vietnam_wherever_the_reader_is() -> None:
    load(DOSSIER, dossier(1, received_at="2022-10-01 17:30:00+00"))
    with transaction() as session:
        session.run("set local timezone to 'UTC'")
        told = session.one("select received_on::text from mart.fact_dossier")
    assert told == ("2022-10-02",)


def test_police_records_carry_their_person() -> None:
    load("police.resident", record("police.resident"))
    tokens.give()
    with transaction(role="") as session:
        session.run(
            """insert into core.police__id_card
                   (card_no, personal_id, dossier_id, commune_code, issued_on, is_deleted,
                    updated_at, _load_id, _is_current)
               select 'c', personal_id, 'd', '28249', '2022-10-01', false, now(), 1, true
               from core.police__resident"""
        )
    assert rows(
        """select person.residence_type from mart.fact_id_card as card
           inner join mart.dim_person as person on card.person_token = person.person_token"""
    ) == [("thuong_tru",)]


def test_joins_that_nobody_asks_for_are_left_out() -> None:
    plan = str(rows("explain select procedure_code, count(*) from mart.fact_dossier group by 1"))
    assert "identity_verdict" not in plan
    assert "person_token" not in plan
    plan = str(rows("explain select person_token from mart.fact_dossier"))
    assert "identity_verdict" in plan
    assert "person_token" in plan


def test_facts_are_for_analysts_and_not_for_every_reader() -> None:
    of_analysts = {f"mart.{fact_views.relation_of(dataset)}" for dataset in contract.datasets()}
    analyst, bi = (
        {g.name for g in readers.reachable(role) if g.kind == "relation"}
        for role in (readers.ANALYST, readers.BI)
    )
    assert analyst - bi == of_analysts
    assert bi - analyst == set()
    with transaction(role=readers.ANALYST) as session:
        assert session.rows("select * from mart.fact_dossier") == []
    for refused in ("mart.fact_dossier", "mart.dim_person"):
        with pytest.raises(WarehouseError, match="42501"), transaction(role=readers.BI) as session:
            session.rows(f"select * from {refused}")


def test_somebodys_view_stops_a_fact_that_changes_with_a_name_and_no_other() -> None:
    with transaction(role="") as session:
        session.run("create view mart.mine as select count(*) from mart.fact_task")
    bring()
    task = dataset_of("programme.task")
    with pytest.raises(WarehouseError, match=r"mart\.fact_task .*view mart\.mine"):
        bring(replace(task, columns=task.columns[:-3]))


def test_facts_that_did_not_change_are_not_made_again() -> None:
    asked = """select ev_class::regclass::text, pg_rewrite.xmin::text from pg_rewrite
               where ev_class::regclass::text like 'mart.fact~_%' escape '~' order by 1"""
    before = rows(asked)
    assert bring() == []
    assert rows(asked) == before
    assert len(before) == len(contract.datasets()) - 1
