"""Core tables: made from contracts, and changed in place where the stored records allow it.

A contract that the stored records do not fit (another key, a narrower type, a column that they
lack) is refused before anything changes. A table without records is made again instead.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg2 import sql

from dean06.contract import Dataset
from dean06.details.detail import Detail, detail
from dean06.errors import ContractError
from dean06.schema import relations
from dean06.schema.contract_diff import is_wider
from dean06.warehouse import Session, names, sql_file

log = logging.getLogger(__name__)

SYSTEM_COLUMNS = {
    "_load_id": ("bigint not null", "Load that brought this version. | Lượt nạp."),
    "_is_current": ("boolean not null", "Newest version of its key. | Phiên bản mới nhất."),
    "_valid_to": (
        "date",
        "Day from which the next version counts. | Ngày phiên bản tiếp theo bắt đầu được tính.",
    ),
}


@dataclass(frozen=True)
class _Stored:
    """A core table as it is."""

    columns: dict[str, str]
    """Name → type; empty when there is no table."""
    identity: list[str]
    """Columns of its primary key."""
    has_records: bool


def bring(session: Session, datasets: Sequence[Dataset], ours: set[str]) -> None:
    """Make the core table of every dataset what its contract says.

    ``ours``: views and functions that are made again afterwards. Raises ContractError naming every
    dataset whose stored records do not fit its contract; nothing has been changed then.
    """
    stored = {dataset.code: _stored(session, dataset) for dataset in datasets}
    unfit = {each.code: [*_misfits(session, each, stored[each.code])] for each in datasets}
    refused = [
        fault for code, faults in unfit.items() if stored[code].has_records for fault in faults
    ]
    if refused:
        raise ContractError(detail("contracts_not_applied", faults=refused))
    for dataset in datasets:
        found = stored[dataset.code]
        if unfit[dataset.code]:
            relations.drop_those_on(session, f"core.{dataset.table}", ours)
            session.compose("drop table {table}", table=_table(dataset))
            log.info("%s: its empty table is made again", dataset.code)
        if unfit[dataset.code] or not found.columns:
            _create(session, dataset)
        else:
            _change(session, dataset, found, ours)
        _comment(session, dataset)
        _index_of_loads(session, dataset)
        _write_down(session, dataset)


def _stored(session: Session, dataset: Dataset) -> _Stored:
    name = f"core.{dataset.table}"
    columns = {
        row.column_name: row.data_type
        for row in session.rows(sql_file("schema/columns.sql"), name=name)
    }
    if not columns:
        return _Stored({}, [], has_records=False)
    identity = [row.column_name for row in session.rows(sql_file("schema/identity.sql"), name=name)]
    [(has_records,)] = session.compose_rows(
        "select exists (select from {table})", table=_table(dataset)
    )
    return _Stored(columns, identity, has_records)


def _misfits(session: Session, dataset: Dataset, stored: _Stored) -> Iterator[Detail]:
    """What of the contract cannot be applied to the table in place, one sentence each."""
    if not stored.columns:
        return
    way = detail("core_change_way", source=dataset.source)
    identity = [*dataset.key, dataset.version]
    if {*stored.identity} != {*identity}:
        yield detail(
            "core_key_changed",
            dataset=dataset.code, existing=stored.identity, agreed=identity, way=way,
        )  # fmt: skip
    for column in dataset.columns:
        was, is_to_be = _plain(stored.columns.get(column.name, column.type)), _plain(column.type)
        if was != is_to_be and not is_wider(was, is_to_be):
            yield detail(
                "column_type_narrower",
                column=f"{dataset.code}.{column.name}",
                existing=stored.columns[column.name], agreed=column.type, way=way,
            )  # fmt: skip
    if stored.has_records:
        yield from _misfits_of_records(session, dataset, stored, way)


def _misfits_of_records(
    session: Session, dataset: Dataset, stored: _Stored, way: Detail
) -> Iterator[Detail]:
    """What the records lack by the terms that have changed since they were loaded. A warehouse of
    before these terms were written down is taken as it is."""
    terms = session.rows(
        """select dated_by, history, required_columns from ops.agreed_table
           where source_code = :source and dataset_code = :dataset""",
        source=dataset.source,
        dataset=dataset.name,
    )
    for known in terms:
        if (known.dated_by, known.history) != (dataset.dated_by, dataset.history):
            yield detail(
                "core_dating_changed",
                dataset=dataset.code, existing=known.dated_by, was=known.history,
                agreed=dataset.dated_by, history=dataset.history, way=way,
            )  # fmt: skip
        due = [name for name in _required(dataset) if name not in known.required_columns]
        if lacking := [name for name in due if _is_lacking(session, dataset, stored, name)]:
            yield detail("columns_now_required", dataset=dataset.code, columns=lacking, way=way)


def _is_lacking(session: Session, dataset: Dataset, stored: _Stored, column: str) -> bool:
    """Whether a record that counts has no value in the column. A withdrawn one needs none."""
    if column not in stored.columns:
        return True
    withdrawn = dataset.deleted if dataset.deleted in stored.columns else None
    [(is_lacking,)] = session.compose_rows(
        "select exists (select from {table} where _is_current and {column} is null and {counts})",
        table=_table(dataset),
        column=sql.Identifier(column),
        counts=sql.SQL("{} is not true").format(sql.Identifier(withdrawn))
        if withdrawn
        else sql.SQL("true"),
    )
    return bool(is_lacking)


def _required(dataset: Dataset) -> list[str]:
    return [column.name for column in dataset.columns if column.required]


def _write_down(session: Session, dataset: Dataset) -> None:
    session.run(
        """insert into ops.agreed_table
           values (:source, :dataset, :dated_by, :history, cast(:required as text []))
           on conflict (source_code, dataset_code) do update set
           (dated_by, history, required_columns)
           = (excluded.dated_by, excluded.history, excluded.required_columns)""",
        source=dataset.source,
        dataset=dataset.name,
        dated_by=dataset.dated_by,
        history=dataset.history,
        required=_required(dataset),
    )


def _change(session: Session, dataset: Dataset, stored: _Stored, ours: set[str]) -> None:
    """Add the columns and widen the types that the contract has gained."""
    for column in dataset.columns:
        name, kind = column.name, column.type
        if name not in stored.columns:
            session.compose(
                "alter table {table} add column {column} {kind}",
                table=_table(dataset), column=sql.Identifier(name), kind=sql.SQL(kind),
            )  # fmt: skip
            log.info("%s: added column %s", dataset.code, name)
        elif _plain(stored.columns[name]) != _plain(kind):
            relations.drop_those_on(session, f"core.{dataset.table}", ours)
            session.compose(
                "alter table {table} alter column {column} type {kind}",
                table=_table(dataset), column=sql.Identifier(name), kind=sql.SQL(kind),
            )  # fmt: skip
            was = stored.columns[name]
            log.info("%s: column %s is %s now, was %s", dataset.code, name, kind, was)


def _create(session: Session, dataset: Dataset) -> None:
    definitions = [(column.name, column.type) for column in dataset.columns]
    definitions += [(name, kind) for name, (kind, _) in SYSTEM_COLUMNS.items()]
    session.compose(
        "create table {table} ({columns}, primary key ({identity}))",
        table=_table(dataset),
        columns=sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in definitions
        ),
        identity=names((*dataset.key, dataset.version)),
    )


def _comment(session: Session, dataset: Dataset) -> None:
    session.compose(
        "comment on table {table} is {text}",
        table=_table(dataset), text=sql.Literal(f"{dataset.description} ({dataset.grain})"),
    )  # fmt: skip
    texts = {
        column.name: f"{column.label}. {column.description} [{column.classification}]"
        for column in dataset.columns
    } | {name: comment for name, (_, comment) in SYSTEM_COLUMNS.items()}
    for name, comment in texts.items():
        session.compose(
            "comment on column {column} is {text}",
            column=sql.Identifier("core", dataset.table, name), text=sql.Literal(comment),
        )  # fmt: skip


def _index_of_loads(session: Session, dataset: Dataset) -> None:
    """What identity verification and KPIs look up by: what a load brought. The registry's index of
    birth dates is made when it has records (core.index_births).

    Loads are appended, so block ranges find them at a hundredth of a B-tree's size and upkeep.
    """
    session.compose(
        "create index if not exists {index} on {table} using brin (_load_id)"
        " with (pages_per_range = 32, autosummarize = on)",
        index=sql.Identifier(f"{dataset.table}__load"), table=_table(dataset),
    )  # fmt: skip


def _table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier("core", dataset.table)


def _plain(kind: str) -> str:
    aliases = {"timestamptz": "timestamp with time zone", "bool": "boolean", "int": "integer"}
    kind = kind.lower().replace("character varying", "varchar")
    return aliases.get(kind, kind)
