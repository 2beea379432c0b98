"""Roles of a warehouse on a server that others use too."""

from dean06 import roles, settings
from dean06.details.detail import detail
from dean06.errors import WarehouseError
from dean06.warehouse import Session, sql_file


def make(session: Session) -> None:
    """Make the roles that are missing. Run as the account that owns the warehouse.

    Raises WarehouseError when another account made roles of these names, and so has a warehouse of
    its own on this server; or when this warehouse has its roles under other names.
    """
    taken = session.rows(
        """select rolname from pg_roles
           where rolname = any(:names) and not pg_has_role(oid, 'set')
               and not pg_has_role(oid, 'member with admin option')
           order by rolname""",
        names=roles.all_named(),
    )
    if taken:
        names = [row.rolname for row in taken]
        raise WarehouseError(detail("roles_of_another_owner", roles=names))
    session.script(sql_file("roles.sql"))
    entered = session.one(
        """select to_regclass('ops.applied_migration') is null
               or has_schema_privilege(:loader, 'ops', 'usage') as is_same""",
        loader=roles.named("dean06_loader"),
    )
    if not entered.is_same:
        raise WarehouseError(detail("roles_renamed", prefix=settings.role_prefix()))
