"""Bring a warehouse forward: roles, migrations, core tables from contracts, reference data, and the
views and functions; compiled suites beside it.

Safe to run on an existing database, any number of times: only what is missing or changed is made.
One transaction: a warehouse is as before or as this version wants it, also when it is cut short.
"""

import logging

from dean06 import contract
from dean06.kpi import family
from dean06.privacy import retention
from dean06.schema import (
    core_tables,
    deadlines,
    dimensions,
    fact_views,
    migrations,
    owned_roles,
    relations,
    suites,
    targets,
)
from dean06.warehouse import Lock, Session, sql_file, transaction

log = logging.getLogger(__name__)

_OWNER = ""
"""No SET ROLE: structure belongs to the account that the DSN names."""


def migrate() -> int:
    """Run everything. Returns how many migrations were applied.

    Raises ContractError when stored records do not fit a contract or a suite is refused,
    CoreSqlError when DuckDB cannot run the core SQL of a dataset,
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
        core_tables.bring(session, contract.datasets(), ours)
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
