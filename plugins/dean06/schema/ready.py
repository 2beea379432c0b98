"""Ready: whether a warehouse has what this version of dean06 expects, for whoever met an error."""

from dean06 import contract
from dean06.details.detail import Detail, detail
from dean06.schema import migrations, relations
from dean06.warehouse import Session, transaction


def why_not() -> Detail | None:
    """What the warehouse lacks, and the command that brings it; None where it lacks nothing.

    Raises WarehouseError when it cannot be read by the account of the DSN.
    """
    with transaction(role="") as session:
        has, known = migrations.newest(session), len(migrations.steps())
        if has is None:
            return detail("warehouse_without_tables")
        if has < known:
            return detail("warehouse_behind", has=has, known=known)
        if has > known:
            return detail("warehouse_ahead", has=has, known=known)
        if tables := _missing_tables(session):
            return detail("warehouse_without_table", datasets=tables)
        if _has_other_relations(session):
            return detail("warehouse_with_other_views")
    return None


def _missing_tables(session: Session) -> list[str]:
    """Datasets of the contracts without a table in core."""
    known = {dataset.table: dataset.code for dataset in contract.datasets()}
    there = session.rows(
        """select relname::text as name from pg_class
           where relnamespace = 'core'::regnamespace and relkind = 'r'"""
    )
    return sorted(known[name] for name in known.keys() - {row.name for row in there})


def _has_other_relations(session: Session) -> bool:
    """Whether a view or function is missing, or was made by another version."""
    made = {
        row.relation_name: row.text_digest
        for row in session.rows("select relation_name, text_digest from ops.applied_relation")
    }
    return any(made.get(each.name) != each.digest for each in relations.files())
