"""Identifiers and conditions that the templates of ``include/sql/identity`` are composed of.

What a contract declares about persons (``person``) becomes SQL here and nowhere else, so that a
further dataset of persons needs no code.
"""

from collections.abc import Mapping

from psycopg2 import sql

from dean06.contract import Dataset
from dean06.errors import ContractError
from dean06.person_columns import Person

Parts = dict[str, sql.Composable]

EVERYONE = sql.SQL("true")


def parts_of(dataset: Dataset) -> Parts:
    """A dataset's table, key and person columns. Raises ContractError when it declares none."""
    person = dataset.person
    if person is None:
        raise ContractError(f"{dataset.code}: its contract declares no person")
    return {
        "core": sql.Identifier("core", dataset.table),
        "dated_by": sql.Identifier(dataset.dated_by),
        "dataset": sql.Literal(dataset.code),
        "record_key": record_key(dataset),
        "id": _column(person.id),
        "name": _column(person.name),
        "born_on": _column(person.born_on, "date"),
        "birth_year": _column(person.birth_year, "integer"),
        "sex": _sex(person),
        "id_scope": _id_scope(person),
        "has_scope": sql.Literal(person.unique is not None),
        "event_on": _event_on(dataset),
        "living": _all_equal(person.living),
        "dead": _all_equal(person.dead),
        "present": sql.SQL(" and ").join([present(dataset), *_equal(person.only)]),
    }


def record_key(dataset: Dataset) -> sql.Composable:
    """The key of ``record`` as one text."""
    return _joined(dataset.key)


def present(dataset: Dataset) -> sql.Composable:
    """Whether ``record`` is the current version of its record, and that is not withdrawn."""
    if dataset.deleted is None:
        return sql.SQL("record._is_current")
    return sql.SQL("record._is_current and {} is not true").format(_column(dataset.deleted))


def parts_of_registry(registry: Dataset) -> Parts:
    """The registry's table and columns, under names that do not clash with a dataset's."""
    parts = parts_of(registry)
    shown = ("id", "name", "born_on", "birth_year", "sex", "present", "dead", "dated_by")
    return {
        "registry": parts["core"],
        "registry_version": sql.Identifier(registry.version),
        **{f"registry_{name}": parts[name] for name in shown},
    }


def among(key: str | sql.Composable, *tables: str) -> sql.Composable:
    """A condition: ``key`` (``alias.column``) is in one of these temporary tables."""
    lists = sql.SQL(" union all ").join(
        sql.SQL("select record_key from {}").format(sql.Identifier("pg_temp", table))
        for table in tables
    )
    column = sql.Identifier(*key.split(".")) if isinstance(key, str) else key
    return sql.SQL("{} in ({})").format(column, lists)


def _sex(person: Person) -> sql.Composable:
    """Codes differ between sources (E20): male, female, null when unknown or not asked."""
    if person.sex is None:
        return sql.SQL("null::text")
    return sql.SQL("case {} when {} then 'male' when {} then 'female' end").format(
        _column(person.sex.column), sql.Literal(person.sex.male), sql.Literal(person.sex.female)
    )


def _id_scope(person: Person) -> sql.Composable:
    if person.unique is None:
        return sql.SQL("null::text")
    return sql.SQL("case when {} then {} end").format(
        _all_equal(person.unique.where), _joined(person.unique.per)
    )


def _event_on(dataset: Dataset) -> sql.Composable:
    """The day of an event; null of a state, which goes on from day to day."""
    if dataset.history == "state":
        return sql.SQL("null::date")
    return sql.SQL("{}::date").format(_column(dataset.dated_by))


def _joined(columns: tuple[str, ...]) -> sql.Composable:
    """Columns as one text; a single column stays itself, so that its index serves."""
    if len(columns) == 1:
        return sql.SQL("{}::text").format(_column(columns[0]))
    if not columns:
        return sql.SQL("''")
    return sql.SQL("concat_ws('|', {})").format(sql.SQL(", ").join(map(_column, columns)))


def _column(name: str | None, kind: str = "text") -> sql.Composable:
    return sql.Identifier("record", name) if name else sql.SQL(f"null::{kind}")


def _all_equal(values: Mapping[str, str]) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" and ").join([EVERYONE, *_equal(values)]))


def _equal(values: Mapping[str, str]) -> list[sql.Composable]:
    return [
        sql.SQL("{}::text = {}").format(_column(column), sql.Literal(value))
        for column, value in values.items()
    ]
