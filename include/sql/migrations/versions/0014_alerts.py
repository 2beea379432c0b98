"""What the watchdog has told people, and when the sources' credentials end."""

from pathlib import Path

from alembic import op

revision = "0014_alerts"
down_revision = "0013_verdict_counts"


def upgrade() -> None:
    """Run the SQL file beside this one."""
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    )
