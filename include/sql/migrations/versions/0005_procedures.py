"""Administrative procedures with their codes, and campaigns, from ``include/reference``."""

from pathlib import Path

from alembic import op

revision = "0005_procedures"
down_revision = "0004_breakdowns"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
