"""What was received is kept as long as it is needed: what is due, what went, and who may do it."""

from pathlib import Path

from alembic import op

revision = "0022_retention"
down_revision = "0021_province_readers"


def upgrade() -> None:
    """Run the SQL files beside this one: tables and rights, then what is due."""
    bind = op.get_bind().execution_options(no_parameters=True)
    for name in ("0022_retention.sql", "0022_retention_due.sql"):
        bind.exec_driver_sql(Path(__file__).with_name(name).read_text(encoding="utf-8"))
