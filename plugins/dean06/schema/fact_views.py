"""Facts of the star schema, and the dimension of persons: views of mart made from the contracts.

One row per current record that is not withdrawn. A column is shown when its contract classifies it
public or internal: a personal or sensitive one cannot slip in, and a new source has its facts at
once. Moments are shown as days, documents (JSON) not at all. Persons are joined by token, and only
those whose record agrees with the population registry: an id that does not check out is nobody's.

Views, so that they say what core says at any moment, and a rotated key counts at once. Rows about
single persons are for ``dean06_analyst``, not for every BI login (decision 24).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg2 import sql

from dean06 import contract, roles
from dean06.contract import Column, Dataset
from dean06.identity.parts import parts_of, present
from dean06.reference.error_groups import VERIFIED
from dean06.schema.relations import Relation
from dean06.warehouse import Session

SHOWN = ("public", "internal")
"""Classifications of columns that facts show."""
_PERSONAL = (
    "PERSONAL DATA: rows about individuals, by token; role dean06_analyst only. | DỮ LIỆU CÁ "
    "NHÂN: mỗi dòng là dữ liệu về một người, số định danh đã được thay bằng mã; chỉ vai trò "
    "dean06_analyst được đọc."
)
_JOINED = {
    "person_token": "Token of the person in the registry: join mart.dim_person on it. Empty if the "
    "record matches nobody, or treats a deceased person as living. | Mã thay thế số định danh.",
    "verdict": "Result of comparing the record with the registry; deceased: the record treats a "
    "deceased person as living. | Kết quả xác thực.",
}


@dataclass(frozen=True)
class Shown:
    """One column of a fact: its expression over ``record`` and what it says of itself."""

    name: str
    expression: sql.Composable
    comment: str


def relation_of(dataset: Dataset) -> str:
    """``fact_dossier``; the population registry is ``dim_person``."""
    is_registry = dataset.person is not None and dataset.person.is_registry
    return "dim_person" if is_registry else f"fact_{dataset.name}"


def relations(session: Session, datasets: Sequence[Dataset]) -> list[Relation]:
    """The fact of every dataset, as its contract says it."""
    return [_relation(session, dataset) for dataset in datasets]


def _relation(session: Session, dataset: Dataset) -> Relation:
    shown = _columns(dataset)
    view = sql.Identifier("mart", relation_of(dataset))
    statements = [
        sql.SQL("create or replace view {view} with (security_barrier = true) as {query}").format(
            view=view, query=_query(dataset, shown)
        ),
        sql.SQL("comment on view {view} is {text}").format(
            view=view,
            text=sql.Literal(_comment(dataset)),
        ),
        *(
            sql.SQL("comment on column {column} is {text}").format(
                column=sql.Identifier("mart", relation_of(dataset), column.name),
                text=sql.Literal(column.comment),
            )
            for column in shown
        ),
        sql.SQL("grant select on {view} to dean06_analyst").format(view=view),
    ]
    return Relation(
        f"mart.{relation_of(dataset)}",
        roles.named(session.text_of(sql.SQL(";\n").join(statements))),
    )


def _comment(dataset: Dataset) -> str:
    """What the relation holds; of personal data also that it is, and who reads it."""
    text = f"{dataset.description} Current versions only. ({dataset.grain})"
    return f"{_PERSONAL} | {text}" if is_personal(dataset) else text


def is_personal(dataset: Dataset) -> bool:
    """Whether a record of the dataset is about a person: its contract classifies some column so."""
    return any(column.classification not in SHOWN for column in dataset.columns)


def _query(dataset: Dataset, shown: list[Shown]) -> sql.Composable:
    return sql.SQL("select {columns} from {core} as record {joins} where {present}").format(
        columns=sql.SQL(", ").join(
            sql.SQL("{} as {}").format(column.expression, sql.Identifier(column.name))
            for column in shown
        ),
        core=sql.Identifier("core", dataset.table),
        joins=_joins(dataset),
        present=present(dataset),
    )


def _columns(dataset: Dataset) -> list[Shown]:
    found = []
    if _person_number(dataset):
        found.append(Shown("person_token", sql.SQL("person.person_token"), _JOINED["person_token"]))
    if _is_verified(dataset):
        found.append(Shown("verdict", sql.SQL("verdict.verdict"), _JOINED["verdict"]))
    hidden = {dataset.version, dataset.deleted}
    return found + [
        _shown(column)
        for column in dataset.columns
        if column.classification in SHOWN and column.name not in hidden and column.type != "jsonb"
    ]


def _shown(column: Column) -> Shown:
    """A moment tells more about who it was than a day does."""
    name, value = column.name, sql.Identifier("record", column.name)
    comment = f"{column.label}. {column.description} [{column.classification}]"
    if column.type == "timestamptz":
        in_vietnam = sql.SQL("({} at time zone 'Asia/Ho_Chi_Minh')::date").format(value)
        return Shown(f"{name.removesuffix('_at')}_on", in_vietnam, comment)
    return Shown(name, value, comment)


def _is_verified(dataset: Dataset) -> bool:
    return dataset.person is not None and not dataset.person.is_registry


def _person_number(dataset: Dataset) -> sql.Composable | None:
    """By which number the record's person is found: the verified one, or the registry's own key
    where the police's records carry it."""
    if _is_verified(dataset):
        return sql.SQL("case when verdict.verdict in ({}) then verdict.claimed_id end").format(
            sql.SQL(", ").join(map(sql.Literal, VERIFIED))
        )
    (key,) = contract.registry().key
    carried = any(column.name == key for column in dataset.columns)
    return sql.Identifier("record", key) if carried else None


def _joins(dataset: Dataset) -> sql.Composable:
    """By unique keys and to the left: PostgreSQL leaves out those whose columns nobody asks for."""
    joins: list[sql.Composable] = []
    if _is_verified(dataset):
        joins.append(
            sql.SQL(
                "left join core.identity_verdict as verdict"
                " on verdict.dataset_code = {dataset} and verdict.record_key = {record_key}"
            ).format(**parts_of(dataset))
        )
    if number := _person_number(dataset):
        tokens = sql.SQL("left join ops.person_token as person on person.personal_id = {}")
        joins.append(tokens.format(number))
    return sql.SQL(" ").join(joins)
