"""The views and functions of a warehouse, and how a test edits, changes and makes them."""

from pathlib import Path

from dean06 import contract
from dean06.schema import fact_views, relations
from dean06.schema.relations import Relation
from dean06.warehouse import Session, transaction

MADE = """
    select kind, name, oid::bigint, changed from (
        select 'view' as kind, n.nspname || '.' || c.relname as name, c.oid,
               c.xmin::text || ' ' || r.xmin::text || ' ' || c.relacl::text as changed
        from pg_class as c join pg_namespace as n on c.relnamespace = n.oid
        join pg_rewrite as r on r.ev_class = c.oid
        where c.relkind = 'v' and n.nspname in ('core', 'ops', 'mart')
        union all
        select 'function', n.nspname || '.' || p.proname, p.oid, p.xmin::text
        from pg_proc as p join pg_namespace as n on p.pronamespace = n.oid
        where n.nspname in ('core', 'ops', 'mart')
            and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    ) as made order by name, oid
"""
"""Views and functions with what changes when they are touched."""
SAID = """
    select n.nspname || '.' || c.relname || '.' || a.attname, col_description(c.oid, a.attnum),
           array(select x::text from unnest(c.relacl) as x order by 1)
    from pg_class as c join pg_namespace as n on c.relnamespace = n.oid
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
    where c.relkind = 'v' and n.nspname in ('core', 'ops', 'mart') order by 1
"""
"""Columns of views with their comments, and who may read them."""


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} says {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def as_owner(statement: str) -> list[tuple[object, ...]]:
    with transaction(role="") as session:
        return [tuple(row) for row in session.rows(statement)]


def run(*statements: str) -> None:
    with transaction(role="") as session:
        for statement in statements:
            session.run(statement)


def wanted(session: Session) -> list[Relation]:
    return [*relations.files(), *fact_views.relations(session, contract.datasets())]


def bring() -> list[str]:
    with transaction(role="") as session:
        return relations.bring(session, wanted(session))
