"""The audit trail under attack."""

from dean06.warehouse import sql_file, transaction


def tried(*statements: str) -> list[str]:
    """What verify says of a warehouse in which a superuser has run the statements."""
    with transaction(role="") as session:
        session.run("set local session_replication_role = replica")
        for statement in statements:
            session.run(statement)
        session.run("set local timezone = 'UTC'")
        found = session.rows(sql_file("audit/differences.sql"))
        session.connection.rollback()
    return [f"{row.kind} {row.source_id}: {row.difference}" for row in found]
