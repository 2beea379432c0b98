"""Functions of the columnar engine: what rules and core SQL call there, one file each.

``include/sql/scan/<name>.sql`` defines macro ``core.<name>``, with the meaning that the function of
that name has in the warehouse.
"""

from duckdb import DuckDBPyConnection

from dean06 import settings
from dean06.warehouse import sql_file


def define(connection: DuckDBPyConnection) -> None:
    """Make the functions known to a connection."""
    connection.execute("create schema if not exists core")
    for path in sorted((settings.SQL / "scan").glob("*.sql")):
        connection.execute(sql_file(path.relative_to(settings.SQL)))
