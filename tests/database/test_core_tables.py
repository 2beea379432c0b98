"""Core tables: what stored records do not fit is refused by ``migrate`` before anything changes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dean06 import contract
from dean06.contract import Column, Dataset
from dean06.errors import ContractError
from dean06.schema import migrate, suites
from dean06.warehouse import transaction
from tests.lib.loading import rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
EXAM = "education.exam_registration"
TABLE = "core.education__exam_registration"
_WHAT_TO_DO = r"undo this change of the contract.*remove-source education --with-data --keep-files"


@pytest.fixture(autouse=True)
def _no_suites(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are not what these tests are about, and a changed contract compiles its suite again."""
    monkeypatch.setattr(suites, "compile_all", lambda: None)


@pytest.fixture
def agree(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Dataset], Dataset]], None]:
    """Change the contract of exam registrations."""
    known = contract.datasets()

    def change(changed: Callable[[Dataset], Dataset]) -> None:
        new = [changed(each) if each.code == EXAM else each for each in known]
        monkeypatch.setattr(contract, "datasets", lambda: new)

    return change


def with_columns(
    dataset: Dataset, changes: dict[str, dict[str, Any]], *more: Column, **of_dataset: Any
) -> Dataset:
    """The dataset with some columns changed, and others after them."""
    columns = [replace(each, **changes.get(each.name, {})) for each in dataset.columns]
    return replace(dataset, columns=(*columns, *more), **of_dataset)


def new_column(dataset: Dataset, name: str, **changes: Any) -> Column:
    """A column of text that the contract did not have."""
    known = next(each for each in dataset.columns if each.name == "school_code")
    return replace(known, name=name, wire_name=name, required=False, **changes)


def with_room(dataset: Dataset, **changes: Any) -> Dataset:
    column = replace(new_column(dataset, "room_no"), **changes)
    return with_columns(dataset, {}, column)


UNFIT: dict[str, tuple[Callable[[Dataset], Dataset], str]] = {
    "another key": (
        lambda d: replace(d, key=("registration_no",)),
        r"by exam_year, registration_no, updated_at, but the contract says registration_no, upd",
    ),
    "a key that is a new column": (
        lambda d: replace(with_room(d), key=("room_no",)),
        r"identified by .*, but the contract says room_no, updated_at",
    ),
    "another version": (
        lambda d: replace(d, version="registered_on"),
        r"identified by .*, but the contract says exam_year, registration_no, registered_on",
    ),
    "a narrower type": (
        lambda d: with_columns(d, {"council_code": {"type": "integer"}}),
        r"council_code: the column in core has type text, but the contract has integer",
    ),
    "another day": (
        lambda d: replace(d, dated_by="born_on"),
        r"dated by registered_on \(history: event\), but the contract says born_on",
    ),
    "another history": (
        lambda d: replace(d, history="state"),
        r"\(history: event\), but the contract says registered_on \(history: state\)",
    ),
    "a new required column": (
        lambda d: with_room(d, required=True),
        r"now requires room_no, but stored records have no value there",
    ),
    "a column that became required": (
        lambda d: with_columns(d, {"withdrawn_mark": {"required": True}}),
        r"now requires withdrawn_mark, but stored records have no value there",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_stored_records_do_not_fit_is_refused_and_nothing_changes(
    name: str, agree: Callable[[Callable[[Dataset], Dataset]], None]
) -> None:
    load(EXAM, record(EXAM))
    changed, said = UNFIT[name]
    agree(lambda d: with_columns(changed(d), {}, new_column(d, "added")))
    before = structure()
    with pytest.raises(ContractError, match=rf"^{EXAM}.*{said}.*{_WHAT_TO_DO}") as refused:
        migrate.migrate()
    assert EXAM in refused.value.detail.text("vi")
    assert ". " not in str(refused.value)
    assert structure() == before


def test_every_dataset_that_cannot_be_changed_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    codes = (EXAM, "health.encounter")
    for code in codes:
        load(code, record(code))
    known = contract.datasets()
    new = [replace(d, version=d.dated_by) if d.code in codes else d for d in known]
    monkeypatch.setattr(contract, "datasets", lambda: new)
    with pytest.raises(ContractError, match=rf"{EXAM}: .*; health\.encounter: "):
        migrate.migrate()


@pytest.mark.parametrize("name", UNFIT)
def test_an_empty_table_is_made_again_by_the_contract(
    name: str, agree: Callable[[Callable[[Dataset], Dataset]], None]
) -> None:
    """As when somebody edits the columns of a new source before its first sync."""
    changed, _ = UNFIT[name]
    agree(changed)
    migrate.migrate()
    wanted = next(each for each in contract.datasets() if each.code == EXAM)
    assert set(identity()) == {*wanted.key, wanted.version}
    assert {name for name, _ in structure()} >= {each.name for each in wanted.columns}
    assert rows("select count(*) from mart.fact_exam_registration") == [(0,)]


def test_a_withdrawn_record_needs_no_value(
    agree: Callable[[Callable[[Dataset], Dataset]], None],
) -> None:
    load(EXAM, record(EXAM, council_code=None, is_withdrawn=True))
    agree(lambda d: with_columns(d, {"council_code": {"required": False}}))
    migrate.migrate()
    agree(lambda d: d)
    migrate.migrate()


def test_a_column_can_be_required_once_every_record_has_it(
    agree: Callable[[Callable[[Dataset], Dataset]], None],
) -> None:
    load(EXAM, record(EXAM))
    agree(with_room)
    migrate.migrate()
    with transaction(role="") as session:
        session.run(f"update {TABLE} set room_no = '1'")
    agree(lambda d: with_room(d, required=True))
    migrate.migrate()


def structure() -> list[tuple[Any, ...]]:
    return rows(
        """select attname, format_type(atttypid, atttypmod) from pg_attribute
           where attrelid = to_regclass(:name) and attnum > 0 and not attisdropped
           order by attnum""".replace(":name", f"'{TABLE}'")
    )


def identity() -> list[str]:
    found = rows(
        f"""select attname from pg_index inner join pg_attribute
            on attrelid = indrelid and attnum = any(indkey)
            where indrelid = '{TABLE}'::regclass and indisprimary"""
    )
    return [name for (name,) in found]
