"""What a load has in schema staging, and what it is called there."""

from psycopg2 import sql

from dean06.load.ledger import Load
from dean06.warehouse import Session

ROW, PROBLEM, RAW = "_row", "_problem", "_raw"
"""System columns of a staging table: position in the load; why and what could not be read."""
KINDS = "_kinds"
"""System column too: the fields of a row that came as another kind than the contract lists."""
WITHDRAWN = "_withdrawn"
"""Whether the row only names a record that the source withdrew: it has a key and a version."""
PLACE = "_place"
"""Of failing rows: where in the staging table they are stored. Nothing moves there once staged, so
they are fetched without a search."""


def staging_table(load: Load) -> sql.Identifier:
    """The received records of a load, as text."""
    return sql.Identifier("staging", load.staging_table)


def failing_rows_table(load: Load) -> sql.Identifier:
    """Rows that broke a critical rule, with the codes of those rules: validate to quarantine."""
    return sql.Identifier("staging", f"{load.staging_table}__failed")


def drop_staging(session: Session, load: Load) -> None:
    """Remove everything staging holds of a load."""
    for table in (failing_rows_table(load), staging_table(load)):
        session.compose("drop table if exists {table}", table=table)
