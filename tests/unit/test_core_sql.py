"""A mistake in core SQL is named by file, line and character before any record is loaded."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import CoreSqlError
from dean06.load import core_sql, staging
from dean06.schema import core_sql as checked

TASK = contract.load("programme").dataset("task")
FILE = "include/sql/core/programme/task.sql"
Edit = Callable[[dict[str, str]], None]


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> Edit:
    """Has the core SQL of a task say something else."""
    real = core_sql.read

    def edited(texts: dict[str, str]) -> None:
        def changed(dataset: Dataset) -> str:
            text = real(dataset)
            for before, after in texts.items() if dataset == TASK else ():
                assert before in text
                text = text.replace(before, after, 1)
            return text

        monkeypatch.setattr(core_sql, "read", changed)

    return edited


def refused(language: str = "en") -> str:
    with pytest.raises(CoreSqlError) as caught:
        checked.require_all(contract.datasets())
    return str(caught.value) if language == "en" else caught.value.vi


def place_of(before: str) -> str:
    """Where the first such text stands in the file."""
    head = core_sql.read(TASK).partition(before)[0].split("\n")
    return f"{FILE}, line {len(head)}, character {len(head[-1]) + 1}: "


def test_the_core_sql_of_all_datasets_is_right() -> None:
    checked.require_all(contract.datasets())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("title,", "titel,", "unknown column titel. Received columns: task_id, "),
        ("title,", "cast(titel as text) as title,", "unknown column titel. Received columns: "),
        (
            "core.day_first",
            "core.day_frist",
            "unknown function day_frist: use a function of DuckDB",
        ),
        ("core.day_first", "to_date", "unknown function to_date: use a function of DuckDB"),
        ("from accepted", "from acepted", "unknown table acepted: core SQL reads only"),
        ("title,", "title::jsonb as title,", "unknown type jsonb: use a type of DuckDB"),
        ("title,", "sum(title) as title,", "no function takes these arguments: sum(VARCHAR)"),
        ("title,", "core.day_first(title, 1) as title,", "DuckDB does not accept the statement: "),
        ("title,", "title,,", "syntax error"),
    ],
)
def test_what_is_unknown_is_named_with_its_place(
    edit: Edit, before: str, after: str, said: str
) -> None:
    edit({before: after})
    found = refused()
    assert found.startswith(f"{FILE}, line "), found
    assert f": {said}" in found


def test_line_and_character_are_those_of_the_file(edit: Edit) -> None:
    edit({"title,": "'đề án' || titel as title,"})
    place = place_of("titel")
    assert refused().startswith(place)
    assert refused("vi").startswith(
        place.replace("line", "dòng").replace("character", "ký tự thứ").rstrip()
    )


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            {"    title,\n": ""},
            f"{FILE}: columns of the contract are missing from the statement: title",
        ),
        (
            {"title,": "length(title) as title,"},
            f"{FILE}: column title has the type bigint, the contract says text",
        ),
        (
            {"core.parts_of(partner_agencies)": "partner_agencies"},
            f"{FILE}: column partner_agencies has the type varchar, the contract says text[]",
        ),
        ({"from accepted": "from accepted;"}, "syntax error"),
        (
            {"title,": "received.title,", "from accepted": "from accepted as received"},
            f"{FILE}: must be one SELECT from accepted",
        ),
        (
            {
                "select\n": "with given as (from accepted)\nselect\n",
                "from accepted\n": "from given\n",
                "title,": "given.title,",
            },
            f"{FILE}: must be one SELECT from accepted",
        ),
    ],
    ids=["column", "type", "list", "end", "alias", "with"],
)  # fmt: skip
def test_what_would_fail_with_records_is_refused_without_one(
    edit: Edit, texts: dict[str, str], said: str
) -> None:
    edit(texts)
    assert said in refused()


@pytest.mark.parametrize(
    ("given", "agreed", "bound"),
    [
        ("smallint", "integer", "INTEGER"),
        ("smallint", "bigint", "BIGINT"),
        ("integer", "bigint", "BIGINT"),
        ("bigint", "numeric", "DECIMAL(38,0)"),
        ("integer", "numeric(12,2)", "DECIMAL(12,2)"),
        ("float", "double precision", "DOUBLE"),
        ("bigint", "integer", None),
        ("numeric", "integer", None),
        ("date", "timestamp", None),
    ],
)
def test_a_narrower_type_is_converted_and_no_other(
    given: str, agreed: str, bound: str | None
) -> None:
    """A contract can widen a type without another core SQL."""
    title = next(column for column in TASK.columns if column.name == "title")
    columns = [replace(title, type=agreed) if each == title else each for each in TASK.columns]
    dataset = replace(TASK, columns=tuple(columns))
    text = core_sql.read(TASK).replace("title,", f"cast(null as {given}) as title,", 1)
    with staging.engine(detail("named", name="test")) as connection:
        staging.accept_nothing(connection, dataset)
        if bound is None:
            with pytest.raises(CoreSqlError, match=f"the contract says {agreed}"):
                core_sql.bound(connection, dataset, text)
            return
        wide = core_sql.bound(connection, dataset, text)
        found = {name: kind for name, kind, *_ in connection.execute(f"describe {wide}").fetchall()}
    assert found["title"] == bound


def test_a_value_of_the_statement_is_not_quoted(edit: Edit) -> None:
    edit({"title,": "cast(title as date) + cast('082190000001' as date) as title,"})
    assert "082190000001" not in refused()


def test_all_files_that_are_wrong_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = core_sql.read
    monkeypatch.setattr(core_sql, "read", lambda each: real(each).replace("_row,", "_rwo,", 1))
    found = refused()
    assert found.count("unknown column _rwo") == len(contract.datasets())


def test_a_dataset_without_core_sql_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = core_sql.file_of
    monkeypatch.setattr(core_sql, "file_of", lambda each: real(each).with_name("none.sql"))
    assert "include/sql/core/programme/none.sql does not exist" in refused()


@pytest.mark.parametrize("page", ["how-to.md", "how-to.vi.md"])
def test_every_macro_that_core_sql_can_call_is_documented(page: str) -> None:
    text = (settings.PROJECT / "docs" / page).read_text(encoding="utf-8")
    macros = {path.stem for path in (settings.SQL / "scan").glob("*.sql")}
    assert {name for name in macros if f"`core.{name}(" not in text} == set()
