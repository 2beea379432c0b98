"""Bring a warehouse forward: roles, migrations, core tables from contracts, reference data, and the
views and functions; compiled suites beside it.

Safe to run on an existing database, any number of times: only what is missing or changed is made.
One transaction: a warehouse is as before or as this version wants it, also when it is cut short.
"""

import logging

from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.kpi import family
from dean06.privacy import retention
from dean06.schema import (
    deadlines,
    dimensions,
    fact_views,
    migrations,
    owned_roles,
    relations,
    suites,
    targets,
)
from dean06.schema.contract_diff import is_wider
from dean06.warehouse import Lock, Session, names, sql_file, transaction

log = logging.getLogger(__name__)

_SYSTEM_COLUMNS = {
    "_load_id": ("bigint not null", "Load that brought this version. | Lượt nạp."),
    "_is_current": ("boolean not null", "Newest version of its key. | Phiên bản mới nhất."),
    "_valid_to": (
        "date",
        "Day from which the next version counts. | Ngày phiên bản tiếp theo bắt đầu được tính.",
    ),
}
_OWNER = ""
"""No SET ROLE: structure belongs to the account that the DSN names."""


def migrate() -> int:
    """Run everything. Returns how many migrations were applied.

    Raises ContractError when a contract changes a column's type or a suite is refused,
    WarehouseError when a step, a view or a function cannot be applied.
    """
    suites.compile_all()
    with transaction(role=_OWNER) as session:
        # Two at once: the second waits, and finds nothing to do.
        session.lock(Lock.MIGRATE)
        owned_roles.make(session)
        session.script(sql_file("limits.sql"))
        applied = migrations.apply(session)
        wanted = [*relations.files(), *fact_views.relations(session, contract.datasets())]
        ours = {relation.name for relation in wanted}
        for dataset in contract.datasets():
            _core_table(session, dataset, ours)
            _core_comments(session, dataset)
            _index_of_loads(session, dataset)
        dimensions.fill(session)
        family.store_definitions(session)
        targets.store(session)
        retention.store_rules(session)
        _bind_corrections(session)
        deadlines.store(session)
        # Last: readers wait for a view that is replaced until this transaction ends.
        relations.bring(session, wanted)
    log.info("warehouse is at the latest version")
    return applied


def _core_table(session: Session, dataset: Dataset, ours: set[str]) -> None:
    """Create the dataset's core table, or add the columns and widen the types that the contract has
    gained. ``ours``: views and functions that are made again afterwards."""
    table = sql.Identifier("core", dataset.table)
    existing = {
        row.column_name: row.data_type
        for row in session.rows(
            """select a.attname as column_name, format_type(a.atttypid, a.atttypmod) as data_type
               from pg_attribute as a
               where a.attrelid = to_regclass(:name) and a.attnum > 0 and not a.attisdropped""",
            name=f"core.{dataset.table}",
        )
    }
    wanted = {column.name: column.type for column in dataset.columns}
    if not existing:
        _create(session, dataset, table)
        return
    for name, kind in wanted.items():
        if name not in existing:
            session.compose(
                "alter table {table} add column {column} {kind}",
                table=table, column=sql.Identifier(name), kind=sql.SQL(kind),
            )  # fmt: skip
            log.info("%s: added column %s", dataset.code, name)
        elif _plain(existing[name]) == _plain(kind):
            continue
        elif is_wider(_plain(existing[name]), _plain(kind)):
            relations.drop_those_on(session, f"core.{dataset.table}", ours)
            session.compose(
                "alter table {table} alter column {column} type {kind}",
                table=table, column=sql.Identifier(name), kind=sql.SQL(kind),
            )  # fmt: skip
            log.info("%s: column %s is %s now, was %s", dataset.code, name, kind, existing[name])
        else:
            raise ContractError(
                detail(
                    "column_type_narrower",
                    column=f"{dataset.code}.{name}",
                    existing=existing[name],
                    agreed=kind,
                ),
            )


def _create(session: Session, dataset: Dataset, table: sql.Identifier) -> None:
    definitions = [(column.name, column.type) for column in dataset.columns]
    definitions += [(name, kind) for name, (kind, _) in _SYSTEM_COLUMNS.items()]
    session.compose(
        "create table {table} ({columns}, primary key ({identity}))",
        table=table,
        columns=sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in definitions
        ),
        identity=names((*dataset.key, dataset.version)),
    )


def _core_comments(session: Session, dataset: Dataset) -> None:
    table = sql.Identifier("core", dataset.table)
    session.compose(
        "comment on table {table} is {text}",
        table=table, text=sql.Literal(f"{dataset.description} ({dataset.grain})"),
    )  # fmt: skip
    texts = {
        column.name: f"{column.label}. {column.description} [{column.classification}]"
        for column in dataset.columns
    } | {name: comment for name, (_, comment) in _SYSTEM_COLUMNS.items()}
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
        index=sql.Identifier(f"{dataset.table}__load"), table=sql.Identifier("core", dataset.table),
    )  # fmt: skip


def _plain(kind: str) -> str:
    aliases = {"timestamptz": "timestamp with time zone", "bool": "boolean", "int": "integer"}
    kind = kind.lower().replace("character varying", "varchar")
    return aliases.get(kind, kind)


def _bind_corrections(session: Session) -> None:
    """What a correction keeps unless a second person approves: key, version and the bound columns
    of each dataset."""
    session.run("delete from ops.replay_binding")
    for dataset in contract.datasets():
        about = {*dataset.bound}
        about |= {n for c in dataset.columns if c.name in about for n in c.derived_from}
        session.run(
            "insert into ops.replay_binding values (:source, :dataset, :key, :version, :person)",
            source=dataset.source,
            dataset=dataset.name,
            key=[*dataset.key],
            version=dataset.version,
            person=[c.name for c in dataset.staged if c.name in about - {*dataset.key}],
        )
